"""What a tablet needs to know of its café so that it can open without a connection. No visitor, no visit."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.roles import Role
from cafes.models import Cafe, Session, Tablet, TabletRecord
from cafes.selectors.community_services import Service, community_services
from cafes.selectors.sessions import sessions_of, todays_sessions
from providers.models import Membership
from sutg.common.errors import NotFound

DAYS_AHEAD = timedelta(days=14)
MOST_AHEAD = 20
# Far more than anybody looks through: what a tablet keeps and is sent does not grow without end.
MOST_SERVICES = 500
# A settlement that was being stored while the last answer was made has an earlier time than that answer: the next one
# goes back as far. What a tablet hears twice changes nothing.
OVERLAP = timedelta(minutes=10)
_OPENS_TABLETS = (Role.CAFE_WORKER, Role.CAFE_LEAD, Role.PROVIDER_MANAGER)


@dataclass(frozen=True, slots=True)
class TabletPerson:
    """``user_id`` is what records name as who recorded them."""

    user_id: uuid.UUID
    membership_id: uuid.UUID
    name: str
    is_lead: bool
    is_manager: bool


@dataclass(frozen=True, slots=True)
class TabletDay:
    """``records``: all of this tablet that a person has to look at, and what people settled since it last asked."""

    cafe: Cafe
    sessions: list[Session]
    people: list[TabletPerson]
    services: list[Service]
    records: list[TabletRecord]
    settled_until: datetime


def tablet_day(*, tablet_id: uuid.UUID, since: datetime | None, now: datetime) -> TabletDay:
    """All of it, in as many queries however much there is. :class:`NotFound` for a tablet that is revoked."""
    tablet = Tablet.objects.standing().filter(id=tablet_id).select_related("cafe__provider").first()
    if tablet is None:
        raise NotFound
    today = timezone.localtime(now).date()
    ahead = sessions_of([tablet.cafe_id]).filter(
        held_on__gt=today, held_on__lte=today + DAYS_AHEAD, state=Session.State.PLANNED
    )
    return TabletDay(
        tablet.cafe,
        [*todays_sessions([tablet.cafe_id], today), *ahead.order_by("held_on", "opens", "id")[:MOST_AHEAD]],
        people_who_open(tablet.cafe_id, now),
        community_services()[:MOST_SERVICES],
        _records(tablet, since),
        now - OVERLAP,
    )


def people_who_open(cafe_id: uuid.UUID, now: datetime) -> list[TabletPerson]:
    """Whoever may open the tablet of this café today, once each, by name."""
    members = Membership.objects.held_on(timezone.localtime(now).date()).filter(role__in=_OPENS_TABLETS)
    here = members.filter(Q(cafe_ids=[]) | Q(cafe_ids__contains=[cafe_id]), user__is_active=True)
    people: dict[uuid.UUID, TabletPerson] = {}
    for member in here.select_related("user").order_by("id"):
        known = people.get(member.user_id)
        people[member.user_id] = TabletPerson(
            member.user_id,
            known.membership_id if known else member.id,
            member.user.full_name,
            member.role == Role.CAFE_LEAD or bool(known and known.is_lead),
            member.role == Role.PROVIDER_MANAGER or bool(known and known.is_manager),
        )
    return sorted(people.values(), key=lambda person: (person.name.casefold(), person.user_id))


def _records(tablet: Tablet, since: datetime | None) -> list[TabletRecord]:
    """No more than people have looked at, or have to: none of them may be left out of the answer."""
    settled = Q(settled_at__isnull=False) if since is None else Q(settled_at__gte=since)
    told = Q(state=TabletRecord.State.ATTENTION) | settled
    return list(TabletRecord.objects.filter(told, tablet_id=tablet.id).defer("payload").order_by("number", "id"))
