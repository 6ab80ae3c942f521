from accounts.views.api_access import api_access, remove_access
from accounts.views.audit import download_audit, show_audit
from accounts.views.hats import change_hat
from accounts.views.home import home
from accounts.views.permissions import show_permissions
from accounts.views.readings import show_readings
from accounts.views.tokens import token

__all__ = [
    "api_access",
    "change_hat",
    "download_audit",
    "home",
    "remove_access",
    "show_audit",
    "show_permissions",
    "show_readings",
    "token",
]
