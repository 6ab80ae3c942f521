"""Opening a session, saying who is on duty, and closing it with the count at the door."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from cafes.codes import CorrectionReason
from cafes.models import OnDuty, Session, Visit
from cafes.selectors.sessions import is_reported
from cafes.services.holding import hold_cafes, hold_session, refresh_sessions
from providers.models import Membership, StaffMember
from sutg.audit.services import record
from sutg.common.errors import DomainError, NotFound
from sutg.tenancy.scope import Actor

State = Session.State
Why = Session.TallyReason
OPENED_LATE_BY = timedelta(days=31)
SOON = timedelta(hours=1)
LARGEST_TALLY = 1000
LONGEST_INITIALS = 6


@dataclass(frozen=True, slots=True)
class Duty:
    """Who is on duty: people with an account, initials of those without, and people of the provider's register."""

    user_ids: frozenset[uuid.UUID] = field(default_factory=frozenset)
    initials: frozenset[str] = field(default_factory=frozenset)
    staff_ids: frozenset[uuid.UUID] = field(default_factory=frozenset)


@transaction.atomic
def open_session(*, session_id: uuid.UUID, duty: Duty, by: Actor, now: datetime) -> Session:
    """Open a planned session. Of two people who open it at once both get it, and all whom they named are on duty."""
    session = hold_session(session_id)
    if session.state == State.OPEN:
        _add_duty(session, duty, now)
        return session
    if session.state != State.PLANNED:
        raise DomainError(f"This session is {session.get_state_display().lower()}, so it can’t be opened.")
    today = timezone.localtime(now).date()
    if not today - OPENED_LATE_BY <= session.held_on <= today:
        raise DomainError("A session is opened on its day, or entered up to 31 days later.")
    return _open(session, duty, by, now)


@transaction.atomic
def open_unplanned_session(*, cafe_id: uuid.UUID, duty: Duty, by: Actor, now: datetime) -> Session:
    """Open a café now. Where a session is open, or planned for this hour, that is the one that is opened."""
    hold_cafes([cafe_id])
    local = timezone.localtime(now)
    day = Session.objects.standing().filter(cafe_id=cafe_id, held_on=local.date(), opens__isnull=False)
    found = day.filter(state=State.OPEN).first() or _planned_now(day, local)
    if found is not None:
        return open_session(session_id=found.id, duty=duty, by=by, now=now)
    provider_id = hold_cafes([cafe_id])[0].provider_id
    # What the plan took back keeps its place: day and time are a session’s name.
    taken = Session.objects.filter(cafe_id=cafe_id, held_on=local.date()).values_list("opens", flat=True)
    opens = _free_minute({begins for begins in taken if begins}, local.time())
    fresh = Session(provider_id=provider_id, cafe_id=cafe_id, held_on=local.date(), opens=opens, state=State.PLANNED)
    return _open(fresh, duty, by, now)


def _planned_now(day: Any, local: datetime) -> Session | None:
    for session in day.filter(state=State.PLANNED).order_by("opens"):
        opens = datetime.combine(session.held_on, session.opens, local.tzinfo)
        closes = datetime.combine(session.held_on, session.closes or time.max, local.tzinfo)
        if opens - SOON <= local <= closes:
            found: Session = session
            return found
    return None


def _free_minute(taken: set[time], now: time) -> time:
    """This minute, or the next that no session of the café begins at."""
    first = now.hour * 60 + now.minute
    for minute in [*range(first, 24 * 60), *range(first - 1, -1, -1)]:
        begins = time(*divmod(minute, 60))
        if begins not in taken:
            return begins
    raise DomainError("This café has too many sessions today.")


def _open(session: Session, duty: Duty, by: Actor, now: datetime) -> Session:
    if is_reported(session.cafe_id, session.held_on):
        raise DomainError(
            "A return that was loaded has visits of this café on this day. Recording them here would count them twice."
        )
    session.state, session.opened_at, session.opened_by = State.OPEN, now, str(by)
    session.save()
    _add_duty(session, duty, now)
    record("session_opened", by=by, subject=session.id, provider_id=session.provider_id)
    refresh_sessions([session], by)
    return session


@transaction.atomic
def set_on_duty(*, session_id: uuid.UUID, duty: Duty, by: Actor, now: datetime) -> Session:
    """Say anew who is on duty at an open session."""
    session = hold_session(session_id)
    _refuse_unless_open(session)
    OnDuty.objects.filter(session_id=session.id).delete()
    _add_duty(session, duty, now)
    on_duty = len(duty.user_ids) + len(duty.initials) + len(duty.staff_ids)
    record("session_duty_set", by=by, subject=session.id, provider_id=session.provider_id, people=on_duty)
    return session


def _add_duty(session: Session, duty: Duty, now: datetime) -> None:
    initials = {"".join(written.split()).upper() for written in duty.initials} - {""}
    if any(len(written) > LONGEST_INITIALS or not written.isalnum() for written in initials):
        raise DomainError("Enter initials of up to 6 letters or numbers, separated by commas", field="initials")
    is_nobody = not duty.user_ids and not duty.staff_ids and not initials
    if is_nobody and not OnDuty.objects.filter(session_id=session.id).exists():
        raise DomainError("Select who is on duty, or enter their initials", field="people")
    _refuse_strangers(duty, timezone.localtime(now).date())
    rows: list[dict[str, Any]] = [
        *({"user_id": user_id} for user_id in sorted(duty.user_ids)),
        *({"staff_member_id": staff_id} for staff_id in sorted(duty.staff_ids)),
        *({"initials": written} for written in sorted(initials)),
    ]
    OnDuty.objects.bulk_create(
        [OnDuty(provider_id=session.provider_id, session_id=session.id, **row) for row in rows],
        ignore_conflicts=True,
    )


def _refuse_strangers(duty: Duty, day: date) -> None:
    members = Membership.objects.held_on(day).filter(user_id__in=duty.user_ids)
    staff = StaffMember.objects.here_on(day).filter(id__in=duty.staff_ids)
    if set(members.values_list("user_id", flat=True)) != set(duty.user_ids):
        raise NotFound
    if set(staff.values_list("id", flat=True)) != set(duty.staff_ids):
        raise NotFound


@transaction.atomic
def close_session(*, session_id: uuid.UUID, door_tally: int, tally_reason: str, by: Actor, now: datetime) -> Session:
    """Close an open session with the count at the door. Where it differs from the records, ``tally_reason`` says why.

    People who came and were not recorded one by one count as visits of which nothing is known. Closing again with the
    same count changes nothing.
    """
    session = hold_session(session_id)
    if session.state == State.CLOSED and session.door_tally == door_tally:
        return session
    _refuse_unless_open(session)
    _reconcile(session, door_tally, tally_reason)
    session.state, session.closed_at, session.closed_by = State.CLOSED, now, str(by)
    session.save()
    _note(session, "session_closed", by)
    return session


@transaction.atomic
def reconcile_session(*, session_id: uuid.UUID, door_tally: int, tally_reason: str, reason: str, by: Actor) -> Session:
    """Put the count at the door of a closed session right, for one of the ``CorrectionReason``."""
    session = hold_session(session_id)
    if session.state != State.CLOSED:
        raise DomainError("The count at the door is put right after a session was closed.")
    if reason not in CorrectionReason.values:
        raise DomainError("Select why the count is put right", field="reason")
    before = session.unrecorded_visits
    _reconcile(session, door_tally, tally_reason)
    session.save()
    _note(session, "session_reconciled", by, reason=reason, unrecorded_before=before)
    return session


def _note(session: Session, name: str, by: Actor, *, reason: str = "", **detail: int) -> None:
    counts = {"tally": session.door_tally or 0, "unrecorded": session.unrecorded_visits}
    said = {"reason": reason} if reason else {}
    record(name, by=by, subject=session.id, provider_id=session.provider_id, **counts, **said, **detail)
    refresh_sessions([session], by, reason=reason)


def _reconcile(session: Session, door_tally: int, tally_reason: str) -> None:
    if not 0 <= door_tally <= LARGEST_TALLY:
        raise DomainError(f"The count at the door must be from 0 to {LARGEST_TALLY}", field="door_tally")
    records = count_records(session)
    if door_tally == records:
        tally_reason = ""
    elif tally_reason not in Why.values:
        raise DomainError("Select why the count at the door and the records differ", field="tally_reason")
    elif door_tally < records and tally_reason != Why.MISCOUNTED:
        raise DomainError(
            "More visits are recorded than people were counted, so the count was wrong, or a record is: "
            "withdraw a visit that nobody made",
            field="tally_reason",
        )
    session.door_tally, session.tally_reason = door_tally, tally_reason
    session.unrecorded_visits = door_tally - records if tally_reason == Why.UNRECORDED else 0


def count_records(session: Session) -> int:
    """Standing visits of the session, recorded one by one."""
    return Visit.objects.standing().filter(session_id=session.id).count()


def keep_tally(sessions: Collection[Session]) -> None:
    """After records of closed sessions changed: who was counted at the door and has no record stays counted, once."""
    for session in sessions:
        if session.state == State.CLOSED and session.tally_reason == Why.UNRECORDED:
            session.unrecorded_visits = max(0, (session.door_tally or 0) - count_records(session))
            session.save(update_fields=["unrecorded_visits"])


def _refuse_unless_open(session: Session) -> None:
    if session.state != State.OPEN:
        raise DomainError(f"This session is {session.get_state_display().lower()}, so this can’t be done now.")
