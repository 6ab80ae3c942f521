"""What may be done with providers and the people who belong to them."""

from __future__ import annotations

from accounts.permissions import declare
from accounts.roles import PROVIDER_ROLES, Role

INVITE_OWN_PEOPLE = declare(
    "providers.invite_own_people",
    "invite people to roles with their own organisation, and see, send again or take back its invitations.",
    roles=[Role.PROVIDER_MANAGER],
)
INVITE_TRUST_PEOPLE = declare(
    "providers.invite_trust_people",
    "invite people to roles of the trust, its teams and neighbourhoods, and a provider’s first manager.",
    roles=[Role.SERVICE_ADMINISTRATOR],
)
KEEP_OWN_ACCESS = declare(
    "providers.keep_own_access",
    "see what each person may do in their own organisation, with its history, and end it.",
    roles=[Role.PROVIDER_MANAGER],
)
KEEP_ANY_ACCESS = declare(
    "providers.keep_any_access",
    "see what each person may do, with its history, end roles of the trust, its teams and neighbourhoods, "
    "and take one person out of everything.",
    roles=[Role.SERVICE_ADMINISTRATOR],
)
SEE_OWN_PROFILE = declare(
    "providers.see_own_profile",
    "see what their own organisation is, who its safeguarding lead is, and what it has in force.",
    roles=PROVIDER_ROLES,
)
KEEP_OWN_PROFILE = declare(
    "providers.keep_own_profile",
    "change what is said of their own organisation, its safeguarding lead, its insurance and its policies.",
    roles=[Role.PROVIDER_MANAGER],
)
SEE_ANY_PROFILE = declare(
    "providers.see_any_profile",
    "see what each provider is, and what it has in force or has let expire. No person is named there.",
    roles=[Role.GRANT_OFFICER, Role.SERVICE_ADMINISTRATOR],
)
READ_OWN_DOCUMENTS = declare(
    "providers.read_own_documents",
    "read the documents of their own organisation; each reading is recorded.",
    roles=[Role.PROVIDER_MANAGER, Role.CAFE_LEAD, Role.PROVIDER_FINANCE],
)
KEEP_OWN_DOCUMENTS = declare(
    "providers.keep_own_documents",
    "upload documents of their own organisation, and see who read them.",
    roles=[Role.PROVIDER_MANAGER],
)
READ_ANY_DOCUMENT = declare(
    "providers.read_any_document",
    "read the documents that a provider keeps. Each time is recorded with the provider, in their own name.",
    roles=[Role.GRANT_OFFICER],
)
KEEP_OWN_STAFF = declare(
    "providers.keep_own_staff",
    "keep the register of who works or volunteers in their own organisation’s cafés; each reading is recorded.",
    roles=[Role.PROVIDER_MANAGER],
)
