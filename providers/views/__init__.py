from providers.views.acceptance import accept
from providers.views.invitations import (
    invite_person,
    list_invitations,
    resend,
    resend_for_trust,
    revoke,
    revoke_for_trust,
)

__all__ = [
    "accept",
    "invite_person",
    "list_invitations",
    "resend",
    "resend_for_trust",
    "revoke",
    "revoke_for_trust",
]
