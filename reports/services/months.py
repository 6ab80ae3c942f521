"""Locking a month: its figures stand, and whatever changes them is a dated adjustment. There is no unlock."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from cafes.models import Cafe
from cafes.services.holding import hold_cafes
from reports.models import MonthLock
from reports.selectors.months import MonthState, month_state
from reports.services.adjusting import take_locks
from sutg.audit.services import record
from sutg.common.errors import ChangedMeanwhile, DomainError
from sutg.common.periods import Period, PeriodKind
from sutg.tenancy import scope as scopes
from sutg.tenancy.errors import ScopeForbids
from sutg.tenancy.scope import Actor

LockedAs = MonthLock.LockedAs

_LOCK_FIGURES = """
WITH said AS (
    UPDATE reports_figure SET first_value = value, first_published = published
    WHERE provider_id = %(provider_id)s AND period_kind = %(kind)s AND period_start = %(start)s
    RETURNING cafe_id, measure, category, value, published
)
INSERT INTO reports_lockedfigure (provider_id, id, month_lock_id, cafe_id, period_kind, period_start, measure, category,
                                  value, published)
SELECT %(provider_id)s, gen_random_uuid(), %(month_lock_id)s, cafe_id, %(kind)s, %(start)s, measure, category, value,
       published
FROM said
"""


@transaction.atomic
def lock_month(*, provider_id: uuid.UUID, month: Period, not_held: int, by: Actor, now: datetime) -> MonthLock:
    """The provider's manager signs for a month, in the provider's scope. Of two who sign at once the first has signed.

    ``not_held`` is how many planned sessions the signer was shown of which nothing is known, and says were not held.
    Refused while the month goes on, while a session is open or a return waits, and with :class:`ChangedMeanwhile`
    when there are other sessions to account for than were shown.
    """
    state = _hold(provider_id, month, now)
    if state.lock is not None:
        return state.lock
    if not state.is_over:
        raise DomainError(f"{month.label} is not over yet.")
    if state.left_open:
        raise DomainError("A session of this month is still open. Close it first.")
    if state.waiting_returns:
        raise DomainError("A return for this quarter is not loaded yet. Load it or discard it first.")
    if state.planned != not_held:
        raise ChangedMeanwhile("The sessions of this month changed while you were reading. Check them again.")
    return _lock(provider_id, state, LockedAs.PROVIDER, by, now)


@transaction.atomic
def lock_overdue_month(*, provider_id: uuid.UUID, month: Period, by: Actor, now: datetime) -> MonthLock:
    """The trust locks a month that the provider did not lock by the deadline, in the provider's scope.

    What is open stays open: nothing is lost, and what comes of it is an adjustment.
    """
    state = _hold(provider_id, month, now)
    if state.lock is not None:
        return state.lock
    if not state.is_overdue:
        raise DomainError(f"The provider may lock {month.label} until {state.deadline.day} {state.deadline:%B %Y}.")
    return _lock(provider_id, state, LockedAs.TRUST, by, now)


def _hold(provider_id: uuid.UUID, month: Period, now: datetime) -> MonthState:
    """How the month stands, with nobody counting, recording or locking until the transaction ends."""
    if scopes.require().provider_id != provider_id:
        msg = "A month is locked in the provider's own scope."
        raise ScopeForbids(msg)
    if month.kind is not PeriodKind.MONTH:
        raise DomainError("Only a month can be locked.")
    # The cafés first, as whoever records a visit does; then those who count for a café that is newer than this look.
    hold_cafes(list(Cafe.objects.values_list("id", flat=True)))
    take_locks(provider_id)
    return month_state(month, timezone.localtime(now).date())


def _lock(provider_id: uuid.UUID, state: MonthState, locked_as: str, by: Actor, now: datetime) -> MonthLock:
    lock = MonthLock.objects.create(
        provider_id=provider_id,
        month=state.month.start,
        locked_at=now,
        locked_by=str(by),
        locked_as=locked_as,
        not_held=state.planned,
        left_open=state.left_open,
    )
    for period in _completed(state.month):
        with connection.cursor() as cursor:
            cursor.execute(
                _LOCK_FIGURES,
                {
                    "provider_id": provider_id,
                    "kind": period.kind.value,
                    "start": period.start,
                    "month_lock_id": lock.id,
                },
            )
    record(
        "reports.month_locked",
        by=by,
        subject=lock.id,
        provider_id=provider_id,
        month=str(state.month),
        locked_as=locked_as,
        held=state.held,
        not_held=state.planned,
        left_open=state.left_open,
    )
    return lock


def _completed(month: Period) -> Iterator[Period]:
    """The month, and its quarter and its year when it was the last of their months to be locked."""
    yield month
    for longer in (Period.quarter_of(month.start), Period.year_of(month.start)):
        locked = set(MonthLock.objects.filter(month__range=(longer.start, longer.end)).values_list("month", flat=True))
        if locked == {part.start for part in longer.split_into_months()}:
            yield longer
