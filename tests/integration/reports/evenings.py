"""A provider's evenings, done through the real services, beside a plain account of what must have come of them."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.utils import timezone

from cafes.entries import Anonymous, Particulars, ReturnCode, VisitChange, VisitEntry, Who
from cafes.models import Session, Visit
from cafes.services.sessions import close_session, open_session, reconcile_session
from cafes.services.visit_changes import change_visit, withdraw_visit
from cafes.services.visitor_merges import join_codes, part_codes
from cafes.services.visits import record_visit
from reports.models import LockedFigure, MonthLock
from reports.services.months import lock_month, lock_overdue_month
from sutg.common.errors import DomainError
from sutg.common.periods import Period
from tests.factories import make_cafe, make_provider
from tests.factories.scoped import TESTS, acting_for
from tests.integration.cafes.sessions import DUTY, planned
from tests.integration.reports.counting import persons_of
from tests.integration.reports.locking import assert_sums_add_up

State, Tally = Session.State, Session.TallyReason
# Café, day: two evenings of one café in October, one of another, and one a month until the quarter is whole.
EVENINGS = [
    (0, date(2026, 10, 7)),
    (0, date(2026, 10, 21)),
    (1, date(2026, 10, 7)),
    (0, date(2026, 11, 4)),
    (1, date(2026, 12, 2)),
]
MONTHS = [date(2026, month, 1) for month in (10, 11, 12)]
CODES = ["", "blue heron", "old clock", "market day"]
AFTERWARDS = datetime(2027, 2, 20, 12, tzinfo=UTC)


@dataclass
class Evening:
    """What is known of a session without looking: ``explained`` is the reason that was given for a difference."""

    session: Session
    state: str = State.PLANNED
    tally: int | None = None
    explained: str = ""
    visits: set[uuid.UUID] = field(default_factory=set)

    @property
    def now(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.session.held_on, time(18)))

    @property
    def unrecorded(self) -> int:
        return max(0, (self.tally or 0) - len(self.visits)) if self.explained == Tally.UNRECORDED else 0

    def takes_visits(self, reason: str) -> bool:
        return self.state == State.OPEN or (self.state == State.CLOSED and bool(reason))

    def accepts_tally(self, tally: int, explained: str) -> bool:
        """Fewer at the door than were written down is a miscount; every difference has a reason."""
        difference = tally - len(self.visits)
        return tally >= 0 and (
            difference == 0 or explained == Tally.MISCOUNTED or (difference > 0 and explained in Tally.values)
        )

    def count(self, tally: int, explained: str) -> None:
        self.tally, self.explained = tally, explained if tally != len(self.visits) else ""


class Evenings:
    """One provider with two cafés. Each step is tried, and must be refused exactly when the account says so."""

    def __init__(self) -> None:
        self.provider = make_provider()
        self.cafes = [make_cafe(provider=self.provider) for _ in range(2)]
        self.evenings = [Evening(planned(self.provider, self.cafes[cafe], day)) for cafe, day in EVENINGS]
        self.recorded: list[tuple[Evening, uuid.UUID]] = []
        self.merges: list[uuid.UUID] = []
        self.signed: dict[date, list[tuple[Any, ...]]] = {}
        for number in (0, 1, 2):
            self.open(number)

    def do(self, name: str, *given: Any) -> None:
        getattr(self, name)(*given)
        self.check()

    def open(self, number: int) -> None:
        evening = self.evenings[number]
        allowed = evening.state in (State.PLANNED, State.OPEN)
        self._try(allowed, lambda: open_session(session_id=evening.session.id, duty=DUTY, by=TESTS, now=evening.now))
        if allowed:
            evening.state = State.OPEN

    def record(self, number: int, code: str, reason: str) -> None:
        evening = self.evenings[number]
        entry = VisitEntry(uuid.uuid4(), evening.session.id, _who(code), Particulars(reasons=("stress",)))
        allowed = evening.takes_visits(reason)
        made = self._try(allowed, lambda: record_visit(entry=entry, by=TESTS, now=evening.now, reason=reason))
        if allowed:
            evening.visits.add(made.visit_id)
            self.recorded.append((evening, made.visit_id))

    def change(self, position: int, code: str | None, reason: str) -> None:
        """Somebody else came, or (None) for something else."""
        if found := self._nth(position):
            evening, visit_id = found
            change = VisitChange(Particulars(reasons=("housing", "work")), who=None if code is None else _who(code))
            version = self._version(visit_id)
            self._try(
                evening.takes_visits(reason) and visit_id in evening.visits,
                lambda: change_visit(
                    visit_id=visit_id, version=version, change=change, by=TESTS, now=evening.now, reason=reason
                ),
            )

    def withdraw(self, position: int, reason: str) -> None:
        if found := self._nth(position):
            evening, visit_id = found
            allowed = bool(reason) and evening.takes_visits(reason) and visit_id in evening.visits
            version = self._version(visit_id)
            self._try(
                allowed,
                lambda: withdraw_visit(visit_id=visit_id, version=version, reason=reason, by=TESTS, now=evening.now),
            )
            if allowed:
                evening.visits.remove(visit_id)

    def close(self, number: int, difference: int, explained: str) -> None:
        evening, tally = self.evenings[number], len(self.evenings[number].visits) + difference
        again = evening.state == State.CLOSED and evening.tally == tally
        allowed = evening.state == State.OPEN and evening.accepts_tally(tally, explained)
        self._try(
            allowed or again,
            lambda: close_session(
                session_id=evening.session.id, door_tally=tally, tally_reason=explained, by=TESTS, now=evening.now
            ),
        )
        if allowed:
            evening.state = State.CLOSED
            evening.count(tally, explained)

    def reconcile(self, number: int, difference: int, explained: str, reason: str) -> None:
        evening, tally = self.evenings[number], len(self.evenings[number].visits) + difference
        allowed = evening.state == State.CLOSED and bool(reason) and evening.accepts_tally(tally, explained)
        self._try(
            allowed,
            lambda: reconcile_session(
                session_id=evening.session.id, door_tally=tally, tally_reason=explained, reason=reason, by=TESTS
            ),
        )
        if allowed:
            evening.count(tally, explained)

    def join(self, cafe: int, one: int, other: int) -> None:
        """Whether codes can be joined is tests/integration/cafes/test_visitor_merges.py's to say."""
        with acting_for(self.provider):
            try:
                merge = join_codes(
                    cafe_id=self.cafes[cafe].id, first=CODES[one], second=CODES[other], by=TESTS, now=AFTERWARDS
                )
            except DomainError:
                return
        self.merges.append(merge.id)

    def part(self, position: int) -> None:
        if self.merges:
            merge = self.merges.pop(position % len(self.merges))
            self._try(allowed=True, act=lambda: part_codes(visitor_merge_id=merge, by=TESTS, now=AFTERWARDS))

    def sign(self, month: date, sees_all: bool) -> None:
        """The provider's manager signs, having been shown every planned session or one too few."""
        states = Counter(evening.state for evening in self._of(month))
        not_held = states[State.PLANNED] + (0 if sees_all else 1)
        allowed = month in self.signed or (sees_all and not states[State.OPEN])
        self._lock(month, allowed, lock_month, not_held=not_held)

    def settle(self, unrecorded: int) -> None:
        """Every evening opened is closed, with so many people more at the door; and every month is signed."""
        for number, evening in enumerate(self.evenings):
            if evening.state == State.OPEN:
                self.close(number, unrecorded, Tally.UNRECORDED)
        for month in MONTHS:
            self.sign(month, sees_all=True)

    def overdue(self, month: date) -> None:
        """The trust locks, whatever is open still."""
        self._lock(month, allowed=True, service=lock_overdue_month)

    def _lock(self, month: date, allowed: bool, service: Callable[..., MonthLock], **given: int) -> None:
        period, provider_id = Period.month_of(month), self.provider.id
        lock = self._try(
            allowed, lambda: service(provider_id=provider_id, month=period, by=TESTS, now=AFTERWARDS, **given)
        )
        if allowed and month not in self.signed:
            with acting_for(self.provider):
                self.signed[month] = _figures_signed_with(lock.id)

    def _try(self, allowed: bool, act: Callable[[], Any]) -> Any:
        if allowed:
            with acting_for(self.provider):
                return act()
        with pytest.raises(DomainError), acting_for(self.provider):
            act()
        return None

    def _nth(self, position: int) -> tuple[Evening, uuid.UUID] | None:
        return self.recorded[position % len(self.recorded)] if self.recorded else None

    def _version(self, visit_id: uuid.UUID) -> int:
        with acting_for(self.provider):
            version: int = Visit.objects.values_list("version", flat=True).get(id=visit_id)
            return version

    def _of(self, month: date) -> list[Evening]:
        return [evening for evening in self.evenings if evening.session.held_on.replace(day=1) == month]

    # What holds after every step

    def check(self) -> None:
        with acting_for(self.provider):
            sessions = {session.id: session for session in Session.objects.all()}
            standing = list(Visit.objects.standing().values_list("id", "session_id", "visitor_id", "is_new"))
            signed = {lock.month: _figures_signed_with(lock.id) for lock in MonthLock.objects.all()}
        for evening in self.evenings:
            session = sessions[evening.session.id]
            assert {visit for visit, of, _, _ in standing if of == session.id} == evening.visits
            assert (session.state, session.door_tally) == (evening.state, evening.tally)
            assert (session.tally_reason, session.unrecorded_visits) == (evening.explained, evening.unrecorded)
        persons = persons_of(self.provider)
        first_visits = Counter(persons.get(visitor, visitor) for _, _, visitor, is_new in standing if is_new)
        assert all(number == 1 for number in first_visits.values()), "Somebody came for the first time twice"
        assert signed == self.signed, "What was signed has changed"
        assert_sums_add_up(self.provider)


def _who(code: str) -> Who:
    return ReturnCode(code) if code else Anonymous()


def _figures_signed_with(lock_id: uuid.UUID) -> list[tuple[Any, ...]]:
    columns = ("cafe_id", "period_kind", "period_start", "measure", "category", "value", "published")
    return sorted(LockedFigure.objects.filter(month_lock_id=lock_id).values_list(*columns))
