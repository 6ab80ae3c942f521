"""What may be done with providers and the people who belong to them."""

from __future__ import annotations

from accounts.permissions import declare
from accounts.roles import Role

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
