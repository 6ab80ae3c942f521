"""What may be done with cafés, visits and returns."""

from __future__ import annotations

from accounts.permissions import declare
from accounts.roles import Role

LOAD_OWN_RETURN = declare(
    "cafes.load_own_return",
    "check and load a quarterly return of their own organisation, and see the earlier ones.",
    roles=[Role.PROVIDER_MANAGER],
)
LOAD_ANY_RETURN = declare(
    "cafes.load_any_return",
    "check and load a quarterly return that any provider sent, and see which have come in. Each time is recorded.",
    roles=[Role.GRANT_OFFICER],
)
