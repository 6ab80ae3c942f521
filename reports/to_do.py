"""What a person may look at next, for their start page."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from accounts.navigation import Task
from accounts.principal import Principal
from reports.permissions import SEE_FIGURES, SEE_OWN_FIGURES


def figures_to_see(principal: Principal) -> Iterable[Task]:
    """The figures page. Whether there are figures yet costs queries, and the page says it."""
    if principal.can(SEE_OWN_FIGURES) or principal.can(SEE_FIGURES):
        yield Task("See who the cafés reach", reverse("reports:figures"), hint="Visits and people by month and area")
