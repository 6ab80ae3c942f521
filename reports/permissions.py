"""What may be done with figures."""

from __future__ import annotations

from accounts.permissions import declare
from accounts.roles import Role

SEE_OWN_FIGURES = declare(
    "reports.see_own_figures",
    "see the exact figures of their own cafés.",
    roles=[Role.PROVIDER_MANAGER, Role.CAFE_LEAD],
)
SEE_FIGURES = declare(
    "reports.see_figures",
    "see figures of areas under disclosure control; a neighbourhood lead those of their own neighbourhoods.",
    roles=[
        Role.GRANT_OFFICER,
        Role.GRANT_ASSESSOR,
        Role.GRANT_APPROVER,
        Role.EQUALITY_LEAD,
        Role.REPRESENTATIVE,
        Role.NEIGHBOURHOOD_LEAD,
    ],
)
# The representative group is made up of providers: it sees areas, and no single café of a competitor.
SEE_FIGURES_BY_CAFE = declare(
    "reports.see_figures_by_cafe",
    "see figures of single cafés under disclosure control, within the areas they may see.",
    roles=[
        Role.GRANT_OFFICER,
        Role.GRANT_ASSESSOR,
        Role.GRANT_APPROVER,
        Role.EQUALITY_LEAD,
        Role.NEIGHBOURHOOD_LEAD,
    ],
)
SEE_COVERAGE = declare(
    "reports.see_coverage",
    "see where cafés are open, for how long and for how many people, and try what a change would do; a neighbourhood "
    "lead of their own neighbourhoods.",
    roles=[Role.EQUALITY_LEAD, Role.GRANT_OFFICER, Role.NEIGHBOURHOOD_LEAD, Role.REPRESENTATIVE],
)
LOCK_OWN_MONTHS = declare(
    "reports.lock_own_months",
    "see which months of their own organisation are locked, and lock a month for good.",
    roles=[Role.PROVIDER_MANAGER],
)
LOCK_OVERDUE_MONTHS = declare(
    "reports.lock_overdue_months",
    "see which months are locked and by whom, and lock one that a provider did not lock by the deadline.",
    roles=[Role.GRANT_OFFICER],
)
