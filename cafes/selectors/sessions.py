"""Finding sessions, within the cafés that somebody may see."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from accounts.roles import Role
from cafes.models import DifferingVisit, OnDuty, Session, Visit
from providers.models import Membership, StaffMember
from sutg.common.errors import NotFound
from sutg.common.periods import Period

State = Session.State
HELD_HERE = (State.OPEN, State.CLOSED)
CafeIds = Collection[uuid.UUID] | None


def sessions_of(cafe_ids: CafeIds) -> QuerySet[Session]:
    """Sessions of these cafés, or of every café of the scope when ``cafe_ids`` is None; the latest first."""
    found: QuerySet[Session] = Session.objects.standing().select_related("cafe")
    return found if cafe_ids is None else found.filter(cafe_id__in=cafe_ids)


def todays_sessions(cafe_ids: CafeIds, today: date) -> QuerySet[Session]:
    """What is planned, open or closed today, and what was opened last night and goes on."""
    late = Q(held_on=today - timedelta(days=1), state=State.OPEN)
    today_too = Q(held_on=today, state__in=[State.PLANNED, State.CANCELLED, *HELD_HERE])
    return sessions_of(cafe_ids).filter(today_too | late).order_by("held_on", "opens", "id")


def sessions_left_open(cafe_ids: CafeIds, today: date) -> QuerySet[Session]:
    """Sessions of earlier days that nobody closed, the oldest first."""
    return sessions_of(cafe_ids).filter(state=State.OPEN, held_on__lt=today).order_by("held_on", "opens", "id")


def sessions_held(cafe_ids: CafeIds) -> QuerySet[Session]:
    """Sessions that were recorded here, the latest first."""
    return sessions_of(cafe_ids).filter(state__in=HELD_HERE).order_by("-held_on", "-opens", "id")


def find_session(session_id: uuid.UUID, cafe_ids: CafeIds = None) -> Session:
    """The session, if it is of one of these cafés; :class:`NotFound` for any other."""
    found = sessions_of(cafe_ids).filter(id=session_id).first()
    if found is None:
        raise NotFound
    return found


def visits_of(session: Session) -> QuerySet[Visit]:
    """Its standing visits in the order in which people came."""
    visits: QuerySet[Visit] = Visit.objects.standing().filter(session_id=session.id)
    return visits.order_by("arrived_at", "recorded_at", "id")


def on_duty_at(session: Session) -> QuerySet[OnDuty]:
    rows = OnDuty.objects.filter(session_id=session.id).select_related("user", "staff_member")
    return rows.order_by("user__full_name", "initials", "staff_member_id")


def people_for_duty(cafe_id: uuid.UUID, day: date) -> list[tuple[uuid.UUID, str]]:
    """Id and name of whoever works or volunteers at this café on ``day`` and has a role here."""
    members = Membership.objects.held_on(day).filter(role__in=[Role.CAFE_WORKER, Role.CAFE_LEAD])
    here = members.filter(Q(cafe_ids=[]) | Q(cafe_ids__contains=[cafe_id])).select_related("user")
    return sorted({(m.user_id, m.user.full_name) for m in here}, key=lambda person: (person[1], person[0]))


def staff_for_duty(cafe_id: uuid.UUID, day: date, but: Collection[uuid.UUID]) -> list[tuple[uuid.UUID, str]]:
    """Id and name of whoever the register has at this café on ``day``, without those whose accounts are ``but``."""
    here = StaffMember.objects.here_on(day).filter(Q(cafe_ids=[]) | Q(cafe_ids__contains=[cafe_id]), name__isnull=False)
    offered = [(staff.id, staff.name.open()) for staff in here if staff.user_id not in but]
    return sorted(offered, key=lambda person: (person[1], person[0]))


def find_visit(session: Session, visit_id: uuid.UUID) -> Visit:
    """A standing visit of this session; :class:`NotFound` for any other."""
    found = Visit.objects.standing().filter(session_id=session.id, id=visit_id).first()
    if found is None:
        raise NotFound
    return found


def differences_of(session: Session) -> QuerySet[DifferingVisit]:
    """What came under a client UUID of this session's visits, said something else, and waits for a person."""
    waiting: QuerySet[DifferingVisit] = DifferingVisit.objects.unsettled()
    return waiting.filter(visit__session_id=session.id).select_related("visit")


def find_difference(session: Session, differing_visit_id: uuid.UUID) -> DifferingVisit:
    """One of :func:`differences_of`; :class:`NotFound` for any other, and for what is settled."""
    found = differences_of(session).filter(id=differing_visit_id).first()
    if found is None:
        raise NotFound
    return found


def find_difference_of(visit_id: uuid.UUID) -> DifferingVisit | None:
    """What waits to be settled of a visit, the latest."""
    found: DifferingVisit | None = DifferingVisit.objects.unsettled().filter(visit_id=visit_id).last()
    return found


def days_recorded_here(period: Period) -> Mapping[str, frozenset[date]]:
    """Café name → the days of ``period`` on which it held sessions that were recorded here, not by a return."""
    held = Session.objects.standing().filter(state__in=HELD_HERE, held_on__range=(period.start, period.end))
    days: defaultdict[str, set[date]] = defaultdict(set)
    for name, day in held.order_by().values_list("cafe__name", "held_on"):
        days[name].add(day)
    return {name: frozenset(found) for name, found in days.items()}


def is_reported(cafe_id: uuid.UUID, day: date) -> bool:
    """Whether a loaded return speaks of this café on this day."""
    return sessions_of([cafe_id]).filter(held_on=day, state=State.REPORTED).exists()
