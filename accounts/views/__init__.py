from accounts.views.api_access import api_access, remove_access
from accounts.views.hats import change_hat
from accounts.views.home import home
from accounts.views.permissions import show_permissions
from accounts.views.tokens import token

__all__ = ["api_access", "change_hat", "home", "remove_access", "show_permissions", "token"]
