"""The demo's live sessions: last week's, recorded and closed, and one of today that waits to be opened."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from cafes.demographics import Answers
from cafes.entries import Anonymous, Particulars, ReturnCode, SupportGiven, VisitEntry, Who
from cafes.models import Cafe, Session
from cafes.selectors.community_services import community_services
from cafes.services.planned_sessions import add_session
from cafes.services.sessions import Duty, close_session, open_session
from cafes.services.visits import record_visit, record_visits
from providers.models import Provider
from sutg.demo.personas import BY_KEY, FIRST
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Actor, Scope

CAFE = "Belgrave Neighbourhood Café"
OPENS, CLOSES = time(17), time(21)
# Days ago, visits, and who was counted besides.
_EVENINGS = ((7, 14, 0), (5, 11, 2), (2, 12, 0))
_HEADCOUNT = (3, 9)
_REASONS = (("anxiety",), ("isolation", "stress"), ("depression",), ("money_or_debt", "housing"), ("stress",))
_SUPPORT = (SupportGiven("one_to_one", 30), SupportGiven("group"), SupportGiven("peer_support"))
_ANSWERS = (
    Answers(age_band="35-39", gender_identity="2", ethnic_group="A3", religion="D", language="gu"),
    Answers(age_band="25-29", gender_identity="1", ethnic_group="W1", carer_status="1"),
    Answers(age_band="Z", gender_identity="2", ethnic_group="B1", disability=("05",)),
    Answers(ethnic_group="Z"),
    Answers(),
)
_CODES = ("blue heron", "seven hills", "market day", "old clock")


def seed_sessions(say: Callable[[str], None]) -> None:
    """Sessions of one provider's cafés; what is there already is left alone."""
    provider = Provider.objects.get(slug=FIRST)
    lead, worker = (User.objects.get(email=BY_KEY[key].email) for key in ("cafe-lead", "cafe-worker"))
    today = timezone.localdate()
    by = Actor.user(lead.id)
    duty = Duty(frozenset({lead.id, worker.id}), frozenset({"JS"}))
    with scopes.enter(Scope.provider(by, provider.id)), transaction.atomic():
        cafe = Cafe.objects.get(name=CAFE)
        if not Session.objects.filter(cafe_id=cafe.id, opened_at__isnull=False).exists():
            for days, visits, unrecorded in _EVENINGS:
                _evening(cafe, today - timedelta(days=days), duty, by, visits, unrecorded)
            other = Cafe.objects.exclude(id=cafe.id).order_by("name").first()
            if other is not None:
                _evening(other, today - timedelta(days=_HEADCOUNT[0]), duty, by, 0, _HEADCOUNT[1])
        if not Session.objects.filter(cafe_id=cafe.id, held_on=today, opens__isnull=False).exists():
            add_session(cafe=cafe, day=today, opens=OPENS, closes=CLOSES, today=today, by=by)
    say("last week’s sessions, and one of today to open")


def _evening(cafe: Cafe, day: date, duty: Duty, by: Actor, visits: int, unrecorded: int) -> None:
    session = Session.objects.filter(cafe_id=cafe.id, held_on=day, state=Session.State.PLANNED).first()
    session = session or add_session(cafe=cafe, day=day, opens=OPENS, closes=CLOSES, today=day, by=by)
    at = timezone.make_aware(datetime.combine(day, OPENS))
    open_session(session_id=session.id, duty=duty, by=by, now=at)
    record_visits(entries=list(_visits(session, visits)), by=by, now=at + timedelta(hours=3))
    if visits:
        # Sent once more with another distress on leaving: something for the lead to settle.
        first = next(_visits(session, 1))
        again = replace(first, particulars=replace(first.particulars, distress_after=1))
        record_visit(entry=again, by=by, now=at + timedelta(hours=3))
    close_session(
        session_id=session.id,
        door_tally=visits + unrecorded,
        tally_reason="unrecorded" if unrecorded else "",
        by=by,
        now=at + timedelta(hours=4),
    )


def _visits(session: Session, number: int) -> Iterator[VisitEntry]:
    services = [service.id for service in community_services()]
    for n in range(number):
        who: Who = ReturnCode(_CODES[n % len(_CODES)]) if n % 3 == 0 and n < 3 * len(_CODES) else Anonymous()
        before = 4 + n * 3 % 7
        particulars = Particulars(
            came_for="self",
            route_in=("self", "gp", "family_or_carer", "central_access_point")[n % 4],
            reasons=_REASONS[n % len(_REASONS)],
            support=(_SUPPORT[n % len(_SUPPORT)], SupportGiven("refreshments")),
            signposted=tuple(services[n % len(services) :][: n % 3]) if services else (),
            helped=("someone_to_listen",) if n % 2 else ("safe_space", "company"),
            outcome="supported",
            alternative=("gp", "nothing", "emergency_department", "")[n % 4],
            distress_before=before,
            distress_after=max(0, before - 1 - n % 4),
            arrived_at=time(17 + n // 6, n * 9 % 60),
        )
        uid = uuid.uuid5(session.id, str(n))
        yield VisitEntry(uid, session.id, who, particulars, _ANSWERS[n % len(_ANSWERS)])
