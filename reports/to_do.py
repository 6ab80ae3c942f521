"""What a person may look at next, for their start page."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone

from accounts.navigation import Task
from accounts.principal import Principal
from reports.permissions import LOCK_OVERDUE_MONTHS, LOCK_OWN_MONTHS, SEE_FIGURES, SEE_OWN_FIGURES
from reports.selectors.months import last_overdue_month, month_states, states_by_provider


def months_to_lock(principal: Principal) -> Iterable[Task]:
    """Months that are over and not locked: the manager’s own, or those that providers left beyond the deadline."""
    today = timezone.localdate()
    if principal.can(LOCK_OVERDUE_MONTHS):
        month = last_overdue_month(today)
        left = sum(state.is_overdue for state in states_by_provider(month, today).values())
        if left:
            href = f"{reverse('reports:months')}?month={month}"
            yield Task(f"Lock {month.label} where providers have not", href, status=f"{left} overdue", colour="red")
    elif principal.can(LOCK_OWN_MONTHS):
        waiting = [state for state in month_states(today) if state.is_over and state.lock is None]
        if waiting:
            yield Task(
                "Lock the months that are over",
                reverse("reports:months"),
                status=f"{len(waiting)} to lock",
                colour="red" if any(state.is_overdue for state in waiting) else "blue",
            )


def figures_to_see(principal: Principal) -> Iterable[Task]:
    """The figures page. Whether there are figures yet costs queries, and the page says it."""
    if principal.can(SEE_OWN_FIGURES) or principal.can(SEE_FIGURES):
        yield Task("See who the cafés reach", reverse("reports:figures"), hint="Visits and people by month and area")
