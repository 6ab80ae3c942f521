from providers.views.acceptance import accept
from providers.views.documents import (
    download_any,
    download_own,
    list_documents,
    put_aside,
    show_document,
    upload_document,
)
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
    "download_any",
    "download_own",
    "edit_profile",
    "invite_person",
    "list_documents",
    "list_invitations",
    "list_providers",
    "name_safeguarding",
    "put_aside",
    "resend",
    "resend_for_trust",
    "revoke",
    "revoke_for_trust",
    "show_document",
    "show_own_profile",
    "show_provider",
    "upload_document",
    "withdraw_insurance",
    "withdraw_policy",
]
