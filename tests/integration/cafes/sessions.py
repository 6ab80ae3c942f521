"""A café's evening, as services see it."""

from __future__ import annotations

import uuid
from datetime import date, time, timedelta
from typing import Any

from django.utils import timezone

from accounts.roles import Role
from cafes.entries import Anonymous, Particulars, ReturnCode, SupportGiven, VisitEntry, Who
from cafes.models import Cafe, Session
from cafes.services.sessions import Duty, close_session, open_session, open_unplanned_session
from cafes.services.visits import record_visit
from providers.models import Provider
from reports.models import Figure
from tests.factories import make_membership, make_session
from tests.factories.scoped import TESTS, acting_for

NOW = timezone.make_aware(timezone.datetime(2026, 11, 24, 18, 30))
TODAY = NOW.date()
DUTY = Duty(initials=frozenset({"WK"}))


def planned(provider: Provider, cafe: Cafe | None = None, held_on: date = TODAY, **fields: Any) -> Session:
    values = {"opens": time(17), "closes": time(21), "state": Session.State.PLANNED, **fields}
    return make_session(provider=provider, cafe=cafe, held_on=held_on, **values)


def opened(provider: Provider, cafe: Cafe | None = None, held_on: date = TODAY, **fields: Any) -> Session:
    session = planned(provider, cafe, held_on, **fields)
    with acting_for(provider):
        return open_session(session_id=session.id, duty=DUTY, by=TESTS, now=NOW)


def unplanned(provider: Provider, cafe: Cafe, now: Any = NOW) -> Session:
    with acting_for(provider):
        return open_unplanned_session(cafe_id=cafe.id, duty=DUTY, by=TESTS, now=now)


def closed(session: Session, tally: int, reason: str = "") -> Session:
    with acting_for(session.provider):
        return close_session(session_id=session.id, door_tally=tally, tally_reason=reason, by=TESTS, now=NOW)


def entry(session: Session, who: Who | None = None, **particulars: Any) -> VisitEntry:
    facts = {"reasons": ("anxiety", "stress"), "distress_before": 7, **particulars}
    return VisitEntry(uuid.uuid4(), session.id, who or Anonymous(), Particulars(**facts))


def recorded(session: Session, who: Who | None = None, **particulars: Any) -> uuid.UUID:
    with acting_for(session.provider):
        return record_visit(entry=entry(session, who, **particulars), by=TESTS, now=NOW).visit_id


def figures(provider: Provider, kind: str = "month") -> dict[tuple[str, str], int]:
    with acting_for(provider):
        rows = Figure.objects.filter(period_kind=kind).values_list("measure", "category", "value")
        return {(measure, category): value for measure, category, value in rows}


def member(provider: Provider, role: Role = Role.CAFE_WORKER, **fields: Any) -> uuid.UUID:
    return make_membership(provider=provider, role=role, **fields).user_id


YESTERDAY = TODAY - timedelta(days=1)
CODE = ReturnCode("blue heron")
ONE_TO_ONE = SupportGiven("one_to_one", 55)
