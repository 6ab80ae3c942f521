"""What a tablet's records refer to, as it is here."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.utils import timezone

from cafes.entries import Particulars, SupportGiven
from cafes.models import Visit, VisitSupport
from cafes.services.sessions import Duty
from providers.models import Membership, StaffMember


class Waits(Exception):
    """Something that a record refers to has not arrived."""


def duty_of(user_ids: frozenset[uuid.UUID], initials: frozenset[str], now: datetime) -> Duty:
    """``user_ids`` are accounts or people of the register.

    Whoever left since the tablet was last online is left out: that they were named must not stop the session.
    """
    members = Membership.objects.held_on(timezone.localtime(now).date()).filter(user_id__in=user_ids)
    staff = StaffMember.objects.here_on(timezone.localtime(now).date()).filter(id__in=user_ids)
    return Duty(
        frozenset(members.values_list("user_id", flat=True)), initials, frozenset(staff.values_list("id", flat=True))
    )


def referred_visit(client_uuid: uuid.UUID) -> Visit:
    visit = Visit.objects.standing().filter(client_uuid=client_uuid).first()
    if visit is None:
        raise Waits
    return visit


def particulars_of(visit: Visit) -> Particulars:
    """A visit as it stands, for a change that leaves it so."""
    given = VisitSupport.objects.filter(visit_id=visit.id).values_list("kind", "minutes")
    return Particulars(
        came_for=visit.came_for,
        route_in=visit.route_in,
        reasons=tuple(visit.reasons),
        support=tuple(SupportGiven(kind, minutes) for kind, minutes in given),
        helped=tuple(visit.helped),
        outcome=visit.outcome,
        alternative=visit.alternative,
        distress_before=visit.distress_before,
        distress_after=visit.distress_after,
        arrived_at=visit.arrived_at,
    )
