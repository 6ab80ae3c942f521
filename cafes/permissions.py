"""What may be done with cafés, visits and returns."""

from __future__ import annotations

from accounts.permissions import declare
from accounts.roles import Role

LOAD_OWN_RETURN = declare(
    "cafes.load_own_return",
    "check and load a quarterly return of their own organisation, and see the earlier ones.",
    roles=[Role.PROVIDER_MANAGER],
)
SEE_SERVICES = declare(
    "cafes.see_services",
    "see the community services to which visitors may be pointed.",
    roles=[
        Role.CAFE_WORKER,
        Role.CAFE_LEAD,
        Role.PROVIDER_MANAGER,
        Role.GRANT_OFFICER,
        Role.EQUALITY_LEAD,
        Role.SERVICE_ADMINISTRATOR,
    ],
)
KEEP_OWN_SERVICES = declare(
    "cafes.keep_own_services",
    "add, change and end community services in the directory of their own organisation.",
    roles=[Role.CAFE_LEAD, Role.PROVIDER_MANAGER],
)
KEEP_SHARED_SERVICES = declare(
    "cafes.keep_shared_services",
    "add, change and end community services in the directory that every café sees.",
    roles=[Role.GRANT_OFFICER, Role.SERVICE_ADMINISTRATOR],
)
RAISE_INCIDENT = declare(
    "cafes.raise_incident",
    "write down an incident or a safeguarding concern, and see what became of those they wrote down.",
    roles=[Role.CAFE_WORKER, Role.CAFE_LEAD, Role.PROVIDER_MANAGER],
)
HANDLE_INCIDENTS = declare(
    "cafes.handle_incidents",
    "read incidents and safeguarding concerns of their cafés, take them in hand and close them; reading is recorded.",
    roles=[Role.CAFE_LEAD, Role.PROVIDER_MANAGER],
)
LOAD_ANY_RETURN = declare(
    "cafes.load_any_return",
    "check and load a quarterly return that any provider sent, and see which have come in. Each time is recorded.",
    roles=[Role.GRANT_OFFICER],
)
