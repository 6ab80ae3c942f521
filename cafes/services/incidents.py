"""Writing an incident down, and seeing that somebody takes it in hand.

It is told to the provider's people in the same transaction as it is stored, by way of the outbox; and told again, to
more of them, for as long as nobody says that they have it.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from cafes.models import Cafe, Incident, IncidentNote
from sutg.audit.services import record
from sutg.common.errors import DomainError, NotFound
from sutg.outbox.services import enqueue
from sutg.tenancy.scope import Actor

TELL = "cafes.incident_raised"
REMIND = "cafes.incident_unacknowledged"
# When somebody asks whether it has been taken in hand, and how often after that.
FIRST_REMINDER = {
    Incident.Severity.SERIOUS: timedelta(minutes=15),
    Incident.Severity.SOME_HARM: timedelta(hours=1),
    Incident.Severity.NO_HARM: timedelta(hours=4),
}
SAFEGUARDING_REMINDER = timedelta(minutes=30)
FURTHER_REMINDER = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Report:
    """What whoever was there writes down. ``client_uuid`` is of the form that it was typed into."""

    client_uuid: uuid.UUID
    cafe_id: uuid.UUID
    happened_at: datetime
    kind: str
    severity: str
    what_happened: str
    what_was_done: str = ""
    told: tuple[str, ...] = ()
    session_id: uuid.UUID | None = None

    @property
    def identity(self) -> uuid.UUID:
        """The same for a second sending, and another for one that says something else: neither is dropped.

        A hash of the account, and no way back to it: the form's random UUID goes in and is kept nowhere.
        """
        return uuid.uuid5(self.client_uuid, json.dumps(asdict(self), default=str, sort_keys=True))


def raise_incident(*, provider_id: uuid.UUID, report: Report, now: datetime, by: Actor) -> Incident:
    """Store an incident and have it told. Sent twice it is stored once; changed and sent again it is one more.

    Refused for a time to come, and for a café that is not the provider's.
    """
    if report.happened_at > now:
        raise DomainError("The time must be in the past.", field="happened_on")
    if not Cafe.objects.filter(id=report.cafe_id).exists():
        raise DomainError("Select one of your cafés.", field="cafe")
    try:
        with transaction.atomic():
            return _store(provider_id, report, now, by)
    except IntegrityError as error:
        if "cafes_incident_client_uuid" not in str(error):
            raise
        return Incident.objects.get(client_uuid=report.identity)


def _store(provider_id: uuid.UUID, report: Report, now: datetime, by: Actor) -> Incident:
    incident = Incident.objects.create(
        provider_id=provider_id,
        client_uuid=report.identity,
        cafe_id=report.cafe_id,
        session_id=report.session_id,
        happened_at=report.happened_at,
        kind=report.kind,
        severity=report.severity,
        told=list(report.told),
        raised_at=now,
        raised_by=str(by),
    )
    _write(incident, IncidentNote.Kind.HAPPENED, report.what_happened, now, by)
    if report.what_was_done:
        _write(incident, IncidentNote.Kind.DONE, report.what_was_done, now, by)
    record("incident_raised", by=by, subject=incident.id, provider_id=provider_id, kind=incident.kind)
    enqueue(provider_id=provider_id, kind=TELL, subject=incident.id, by=by)
    enqueue(provider_id=provider_id, kind=REMIND, subject=incident.id, by=by, not_before=now + first_reminder(incident))
    return incident


def first_reminder(incident: Incident) -> timedelta:
    """How long an incident may wait before it is told to more people."""
    usual = FIRST_REMINDER[Incident.Severity(incident.severity)]
    return min(usual, SAFEGUARDING_REMINDER) if incident.kind in Incident.SAFEGUARDING else usual


@transaction.atomic
def acknowledge_incident(*, incident_id: uuid.UUID, now: datetime, by: Actor) -> Incident:
    """Take it in hand. The first to say so has it; a second is told who."""
    incident = _lock(incident_id)
    if incident.acknowledged_at is not None:
        raise DomainError("Somebody has this in hand already.")
    incident.acknowledged_at, incident.acknowledged_by = now, str(by)
    incident.save(update_fields=["acknowledged_at", "acknowledged_by"])
    record("incident_acknowledged", by=by, subject=incident.id, provider_id=incident.provider_id)
    return incident


@transaction.atomic
def add_incident_note(*, incident_id: uuid.UUID, text: str, now: datetime, by: Actor) -> IncidentNote:
    """Add what was done since. Refused once it is closed."""
    incident = _lock(incident_id)
    if incident.closed_at is not None:
        raise DomainError("This is closed. Raise it again if there is something new.")
    return _write(incident, IncidentNote.Kind.FOLLOW_UP, text, now, by)


@transaction.atomic
def close_incident(*, incident_id: uuid.UUID, outcome: str, now: datetime, by: Actor) -> Incident:
    """Say how it ended. Refused before somebody took it in hand, and a second time."""
    incident = _lock(incident_id)
    if incident.acknowledged_at is None:
        raise DomainError("Take this in hand before you close it.")
    if incident.closed_at is not None:
        raise DomainError("This is closed already.")
    _write(incident, IncidentNote.Kind.OUTCOME, outcome, now, by)
    incident.closed_at, incident.closed_by = now, str(by)
    incident.save(update_fields=["closed_at", "closed_by"])
    record("incident_closed", by=by, subject=incident.id, provider_id=incident.provider_id)
    return incident


def _lock(incident_id: uuid.UUID) -> Incident:
    incident = Incident.objects.select_for_update().filter(id=incident_id).first()
    if incident is None:
        raise NotFound
    return incident


def _write(incident: Incident, kind: str, text: str, now: datetime, by: Actor) -> IncidentNote:
    note = IncidentNote.objects.create(
        provider_id=incident.provider_id,
        incident_id=incident.id,
        kind=kind,
        text=text,
        written_at=now,
        written_by=str(by),
    )
    record("incident_note_written", by=by, subject=incident.id, provider_id=incident.provider_id, kind=str(kind))
    return note
