from accounts.views.hats import change_hat
from accounts.views.home import home
from accounts.views.permissions import show_permissions

__all__ = ["change_hat", "home", "show_permissions"]
