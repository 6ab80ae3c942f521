"""What information governance should do next, for their start page."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone

from accounts.navigation import Task
from accounts.permissions import SEE_AUDIT
from accounts.presenters.audit import state_of_record
from accounts.principal import Principal
from sutg.audit.selectors import last_check


def audit_to_do(principal: Principal) -> Iterable[Task]:
    """Look into a record that is broken, or that nobody has checked for too long."""
    if not principal.can(SEE_AUDIT):
        return
    state = state_of_record(last_check(), timezone.now())
    if state.is_broken:
        yield Task("Find out how the audit record was broken", reverse("accounts:audit"), "Broken", state.text, "red")
    elif state.is_late:
        yield Task("Have the audit record checked", reverse("accounts:audit"), "Check overdue", state.text, "orange")
