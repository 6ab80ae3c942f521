from providers.views.acceptance import accept
from providers.views.invitations import (
    invite_person,
    list_invitations,
    resend,
    resend_for_trust,
    revoke,
    revoke_for_trust,
)
from providers.views.profiles import (
    add_own_insurance,
    add_own_policy,
    edit_profile,
    list_providers,
    name_safeguarding,
    show_own_profile,
    show_provider,
    withdraw_insurance,
    withdraw_policy,
)

__all__ = [
    "accept",
    "add_own_insurance",
    "add_own_policy",
    "edit_profile",
    "invite_person",
    "list_invitations",
    "list_providers",
    "name_safeguarding",
    "resend",
    "resend_for_trust",
    "revoke",
    "revoke_for_trust",
    "show_own_profile",
    "show_provider",
    "withdraw_insurance",
    "withdraw_policy",
]
