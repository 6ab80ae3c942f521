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
RECORD_VISITS = declare(
    "cafes.record_visits",
    "open a session of their cafés, say who is on duty, record visits, and see and add to those of today’s session.",
    roles=[Role.CAFE_WORKER, Role.CAFE_LEAD],
)
RECONCILE_SESSIONS = declare(
    "cafes.reconcile_sessions",
    "close a session of their cafés with the count at the door, see earlier ones, correct or withdraw visits, "
    "and say which return codes are one person’s.",
    roles=[Role.CAFE_LEAD],
)
LOAD_ANY_RETURN = declare(
    "cafes.load_any_return",
    "check and load a quarterly return that any provider sent, and see which have come in. Each time is recorded.",
    roles=[Role.GRANT_OFFICER],
)

SEE_OWN_CAFES = declare(
    "cafes.see_own_cafes",
    "see their own organisation's cafés: name, place, access, opening times, and what is planned.",
    roles=[Role.CAFE_WORKER, Role.CAFE_LEAD, Role.PROVIDER_MANAGER, Role.PROVIDER_FINANCE],
)
SEE_ANY_CAFE = declare(
    "cafes.see_any_cafe",
    "see every provider's cafés: name, place, access, opening times, and what is planned. No person is named there.",
    roles=[
        Role.GRANT_OFFICER,
        Role.GRANT_ASSESSOR,
        Role.GRANT_APPROVER,
        Role.ROSTER_COORDINATOR,
        Role.EQUALITY_LEAD,
        Role.SERVICE_ADMINISTRATOR,
    ],
)
CHANGE_OWN_CAFES = declare(
    "cafes.change_own_cafes",
    "propose cafés of their own organisation, change what is said of them, and open, pause and close them.",
    roles=[Role.PROVIDER_MANAGER],
)
PLAN_OWN_SESSIONS = declare(
    "cafes.plan_own_sessions",
    "set the weekly openings of their own cafés, and cancel, bring back and add sessions.",
    roles=[Role.PROVIDER_MANAGER, Role.CAFE_LEAD],
)
APPROVE_CAFE = declare(
    "cafes.approve_cafe",
    "agree to a café that a provider proposes. Each time is recorded with the provider, in their own name.",
    roles=[Role.GRANT_OFFICER],
)
KEEP_TABLETS = declare(
    "cafes.keep_tablets",
    "give cafés a tablet, see how each is, settle what it could not, and take its access away.",
    roles=[Role.CAFE_LEAD, Role.PROVIDER_MANAGER],
)
SEE_TABLET_DAY = declare(
    "cafes.see_tablet_day",
    "learn what its café needs to open without a connection: sessions, who works there, services to point people to.",
    is_for_devices=True,
)
RECOVER_TABLET = declare(
    "cafes.recover_tablet",
    "deposit its recovery share, and have it back when somebody was allowed a new PIN.",
    is_for_devices=True,
)
SYNC_TABLET = declare("cafes.sync_tablet", "send what was recorded on the café’s tablet.", is_for_devices=True)
