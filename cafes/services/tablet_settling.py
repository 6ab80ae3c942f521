"""Settling a record that could not be applied: tried again, put in place of what stands, or set aside."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from cafes.codes import CorrectionReason
from cafes.entries import VisitChange
from cafes.models import Session, Tablet, TabletRecord, Visit
from cafes.payloads import VisitChanged, VisitMade, read_payload
from cafes.services.tablet_acts import Acts
from cafes.services.tablet_records import numbers_above
from cafes.services.visit_changes import change_visit
from sutg.audit.services import record
from sutg.common.errors import DomainError, NotFound
from sutg.tenancy.scope import Actor

State = TabletRecord.State


@transaction.atomic
def apply_again(*, tablet_record_id: uuid.UUID, by: Actor, now: datetime) -> TabletRecord:
    """Try once more what needed attention, after what was in its way has been put right.

    What was made after its session was closed counts now, as left out: a person says so.
    """
    row = _hold(tablet_record_id)
    tablet = Tablet.objects.get(id=row.tablet_id)
    row.state, row.reason = State.WAITING, ""
    numbers = frozenset(numbers_above(tablet, ()))
    Acts(tablet, now, timedelta(), numbers, tablet.accounted_to, counts_late=True).apply([row])
    if row.state != State.ATTENTION:
        row.settled_at, row.settled_by = now, str(by)
    row.save()
    record("tablet_record_retried", by=by, subject=row.id, provider_id=row.provider_id, state=row.state)
    return row


@transaction.atomic
def let_stand(*, tablet_record_id: uuid.UUID, version: int, by: Actor, now: datetime) -> TabletRecord:
    """Have the visit say what this record says; what it said before is kept with it, as after any change.

    ``version`` is that of the visit as it was compared. Raises what :func:`change_visit` raises, and
    :class:`DomainError` for a record that says no visit, and for a visit that was withdrawn.
    """
    row = _hold(tablet_record_id)
    visit = visit_of(row)
    if visit is None:
        raise DomainError("There is no visit that this record could change. Try it again, or set it aside.")
    session = Session.objects.get(id=visit.session_id)
    change_visit(
        visit_id=visit.id,
        version=version,
        change=change_of(row),
        by=by,
        now=now,
        reason=CorrectionReason.OTHER if session.closed_at else "",
    )
    row.state, row.reason, row.payload, row.applied_to = State.APPLIED, "", None, visit.id
    row.settled_at, row.settled_by = now, str(by)
    row.save()
    record("tablet_record_stands", by=by, subject=row.id, provider_id=row.provider_id, visit=str(visit.id))
    return row


@transaction.atomic
def set_aside(*, tablet_record_id: uuid.UUID, because: str, by: Actor, now: datetime) -> TabletRecord:
    """Say that a record counts nowhere, and why. It is kept, sealed, with who said so."""
    if because not in TabletRecord.WhyAside.values:
        raise DomainError("Select why it counts nowhere", field="because")
    row = _hold(tablet_record_id)
    row.state, row.set_aside_because = State.SET_ASIDE, because
    row.settled_at, row.settled_by = now, str(by)
    row.save()
    record("tablet_record_set_aside", by=by, subject=row.id, provider_id=row.provider_id, because=because)
    return row


@transaction.atomic
def take_up_again(*, tablet_record_id: uuid.UUID, by: Actor) -> TabletRecord:
    """Put a record that was set aside by mistake before people again. Nothing of it was lost."""
    row = _hold_row(tablet_record_id)
    if row.state != State.SET_ASIDE:
        raise DomainError("This record is not set aside.")
    row.state, row.set_aside_because = State.ATTENTION, ""
    row.reason = row.reason or "It was set aside while it waited for an earlier record."
    row.settled_at, row.settled_by = None, ""
    row.save()
    record("tablet_record_taken_up", by=by, subject=row.id, provider_id=row.provider_id)
    return row


def visit_of(row: TabletRecord) -> Visit | None:
    """The visit, as it stands, of which a record that was not applied says something else; None where there is none."""
    client_uuid = _client_uuid(row)
    if client_uuid is None:
        return None
    here = Visit.objects.standing().filter(client_uuid=client_uuid, cafe_id=row.tablet.cafe_id)
    return here.prefetch_related("supports", "signposts").first()


def change_of(row: TabletRecord) -> VisitChange:
    """What a record says of its visit. :class:`DomainError` for a record that says no visit, or cannot be read."""
    assert row.payload is not None  # noqa: S101  what is not applied is kept
    match read_payload(row.payload.open()).said:
        case VisitMade() as said:
            return VisitChange(said.particulars, said.answers, said.who)
        case VisitChanged() as said:
            return VisitChange(said.particulars, who=said.who)
        case _:
            raise DomainError("This record says nothing that a visit could be changed to.")


def _client_uuid(row: TabletRecord) -> uuid.UUID | None:
    if row.payload is None:
        return None
    try:
        said = read_payload(row.payload.open()).said
    except DomainError:
        return None
    return said.visit if isinstance(said, VisitChanged) else row.record_id if isinstance(said, VisitMade) else None


def _hold(tablet_record_id: uuid.UUID) -> TabletRecord:
    row = _hold_row(tablet_record_id)
    if row.state not in {State.ATTENTION, State.WAITING}:
        raise DomainError("This record is settled already.")
    return row


def _hold_row(tablet_record_id: uuid.UUID) -> TabletRecord:
    """The tablet first, then its record, and sessions and visits after both: as a message of the tablet does.

    A message tries what waits once more. The other way round the two stopped each other, or both applied it.
    """
    tablet_id = TabletRecord.objects.filter(id=tablet_record_id).values_list("tablet_id", flat=True).first()
    if tablet_id is None:
        raise NotFound
    Tablet.objects.select_for_update().get(id=tablet_id)
    return TabletRecord.objects.select_for_update().get(id=tablet_record_id)
