"""Doing what a tablet's records say, by the same services as the pages call.

Each record is settled by itself: one that cannot be applied is kept and put before a person, and stops no other. One
whose session or visit has not arrived waits for it; the order of arrival means nothing.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

from django.db import InterfaceError, OperationalError, transaction

from cafes.codes import CorrectionReason
from cafes.entries import VisitChange, VisitEntry
from cafes.models import Session, Tablet, TabletRecord, Visit
from cafes.payloads import (
    KINDS,
    AnswersGiven,
    DutySet,
    Payload,
    SessionClosed,
    SessionOpened,
    VisitChanged,
    VisitMade,
    VisitWithdrawn,
    read_payload,
)
from cafes.services.sessions import close_session, open_session, open_unplanned_session, set_on_duty
from cafes.services.tablet_references import Waits, duty_of, particulars_of, referred_visit
from cafes.services.visit_changes import change_visit, withdraw_visit
from cafes.services.visits import Refused, Settled, record_visits
from sutg.common.errors import DomainError
from sutg.tenancy.scope import Actor, ActorKind

logger = logging.getLogger(__name__)
State = TabletRecord.State
_SAY_A_VISIT = ("visit", "visit_changed", "answers")
# A deadlock, a lock that took too long, a connection that went: nothing is wrong with the record. The whole message
# fails, nothing of it is stored, and the tablet sends it again.
_PASSES = (OperationalError, InterfaceError)
_TWO_CONTENTS = "Two different records came for this visit. Compare the two, and settle which stands."


@dataclass(frozen=True, slots=True)
class _Read:
    row: TabletRecord
    payload: Payload


@dataclass(slots=True)
class Acts:
    """What one message has to be applied with. ``clock_ahead``: by how much the tablet's clock is ahead of ours.

    ``received``: numbers of this tablet that have arrived, those of this message included, above ``accounted_to``.
    """

    tablet: Tablet
    now: datetime
    clock_ahead: timedelta
    received: frozenset[int]
    accounted_to: int
    # A person said so: what was made after its session was closed counts, as left out.
    counts_late: bool = False
    # Rows that this run applied: they are not stored yet, and later ones refer to them.
    _applied: list[TabletRecord] = field(default_factory=list)
    _sessions: dict[uuid.UUID, Session] = field(default_factory=dict)

    def apply(self, rows: Sequence[TabletRecord]) -> None:
        """Settle each row: its state, reason and what it became part of. Rows are changed and not saved."""
        read = [each for row in rows if (each := self._read(row)) is not None]
        read.sort(key=lambda each: (KINDS.index(each.payload.kind), each.row.number))
        for kind, group in groupby(read, key=lambda each: each.payload.kind):
            if kind == "visit":
                self._apply_visits(list(group))
            else:
                for each in group:
                    self._settle(each)

    def _read(self, row: TabletRecord) -> _Read | None:
        assert row.payload is not None  # noqa: S101  what is not applied is kept
        try:
            return _Read(row, read_payload(row.payload.open()))
        except DomainError as error:
            _needs_attention(row, error.reason)
            return None

    def _settle(self, each: _Read) -> None:
        row = each.row
        try:
            with transaction.atomic():
                self._note_applied(row, self._act(each))
        except Waits:
            row.state = State.WAITING
        except DomainError as error:
            _needs_attention(row, error.reason)
        except _PASSES:
            raise
        except Exception as error:
            # One record must not keep a tablet from sending for ever. The error's text may quote what was recorded.
            logger.error("tablet_record_failed", extra={"record": str(row.id), "error": type(error).__name__})
            _needs_attention(row, "This record could not be applied, through a fault of the service. It is kept.")

    def _act(self, each: _Read) -> uuid.UUID:
        match each.payload.said:
            case SessionOpened() as said:
                return self._open(said, each.payload)
            case DutySet(ref, user_ids, initials):
                session_id = self._session(ref).id
                set_on_duty(
                    session_id=session_id, duty=duty_of(user_ids, initials, self.now), by=self._by(each), now=self.now
                )
                return session_id
            case VisitChanged() as said:
                return self._change(each, said)
            case AnswersGiven(visit_ref, answers):
                visit = referred_visit(visit_ref)
                change = VisitChange(particulars_of(visit), answers)
                return self._change_to(each, visit, change)
            case VisitWithdrawn(visit_ref, reason):
                visit = referred_visit(visit_ref)
                withdraw_visit(visit_id=visit.id, version=visit.version, reason=reason, by=self._by(each), now=self.now)
                return visit.id
            case SessionClosed() as said:
                return self._close(each, said)
            case VisitMade():
                return self._visit_alone(each)

    # Sessions

    def _open(self, said: SessionOpened, payload: Payload) -> uuid.UUID:
        at, by = self._at(payload), self._by_of(payload)
        duty = duty_of(said.user_ids, said.initials, self.now)
        if said.session_id is None:
            return open_unplanned_session(cafe_id=self.tablet.cafe_id, duty=duty, by=by, now=at).id
        session = Session.objects.standing().filter(id=said.session_id, cafe_id=self.tablet.cafe_id).first()
        if session is None:
            raise Waits
        if session.state == Session.State.CLOSED:
            return session.id  # somebody opened it at a desk, and closed it since
        return open_session(session_id=session.id, duty=duty, by=by, now=at).id

    def _close(self, each: _Read, said: SessionClosed) -> uuid.UUID:
        if not self._has_all_before(each.row.number):
            raise Waits  # closing counts the records, so every one of them comes first
        session_id = self._session(said.session_ref).id
        close_session(
            session_id=session_id,
            door_tally=said.door_tally,
            tally_reason=said.tally_reason,
            by=self._by(each),
            now=self.now,
        )
        return session_id

    def _session(self, ref: uuid.UUID) -> Session:
        """The session of a reference, by its id or by that of the record that opened it; looked up once a message."""
        if ref not in self._sessions:
            wanted = self._opened_by(ref) or ref
            found = Session.objects.standing().filter(id=wanted, cafe_id=self.tablet.cafe_id).first()
            if found is None:
                raise Waits
            self._sessions[ref] = found
        return self._sessions[ref]

    def _opened_by(self, ref: uuid.UUID) -> uuid.UUID | None:
        for row in self._applied:
            if row.kind == "session_opened" and row.record_id == ref:
                return row.applied_to
        known = TabletRecord.objects.filter(record_id=ref, kind="session_opened", state=State.APPLIED)
        return known.values_list("applied_to", flat=True).first()

    # Visits

    def _apply_visits(self, visits: list[_Read]) -> None:
        """Many at once, as a tablet brings them after an evening; one by one where the batch meets an error."""
        entries: list[tuple[_Read, VisitEntry, str]] = []
        for each in visits:
            try:
                entries.append((each, *self._entry(each)))
            except Waits:
                each.row.state = State.WAITING
        entries.sort(key=lambda entry: (str(entry[0].payload.recorded_by), entry[2]))
        for (_, reason), group in groupby(entries, key=lambda entry: (entry[0].payload.recorded_by, entry[2])):
            batch = list(group)
            try:
                # All of them or, behind its own savepoint, none.
                settled = record_visits(
                    entries=[entry for _, entry, _ in batch],
                    by=self._by(batch[0][0]),
                    now=self.now,
                    reason=reason,
                    keeps_differing=False,
                )
            except _PASSES:
                raise
            except Exception:
                # Found again, and noted, when each is tried by itself.
                for each, _, _ in batch:
                    self._settle(each)
            else:
                for (each, _, _), one in zip(batch, settled, strict=True):
                    self._settle_visit(each.row, one)

    def _settle_visit(self, row: TabletRecord, settled: Settled) -> None:
        if isinstance(settled, Refused):
            _needs_attention(row, settled.error.reason)
        elif settled.is_repeat:
            _needs_attention(row, _TWO_CONTENTS)
        else:
            self._note_applied(row, settled.visit_id)

    def _visit_alone(self, each: _Read) -> uuid.UUID:
        entry, reason = self._entry(each)
        settled = record_visits(entries=[entry], by=self._by(each), now=self.now, reason=reason, keeps_differing=False)[
            0
        ]
        if isinstance(settled, Refused):
            raise settled.error
        if settled.is_repeat:
            raise DomainError(_TWO_CONTENTS)
        return settled.visit_id

    def _entry(self, each: _Read) -> tuple[VisitEntry, str]:
        said = each.payload.said
        assert isinstance(said, VisitMade)  # noqa: S101  narrows the type
        session = self._session(said.session_ref)
        is_late = self._is_late(session, each.payload)
        entry = VisitEntry(each.row.record_id, session.id, said.who, said.particulars, said.answers)
        return entry, CorrectionReason.LEFT_OUT if is_late else ""

    def _change(self, each: _Read, said: VisitChanged) -> uuid.UUID:
        visit = referred_visit(said.visit)
        rows = self._rows_of(visit)
        wordings = [row.hash for row in rows if row.kind != "answers"]
        if said.follows not in wordings:
            raise Waits
        # What the visitor answered alone is added to a visit and changes none of its wordings.
        if said.follows != wordings[-1] or visit.version != len(rows):
            raise DomainError("Somebody else changed this visit meanwhile. Compare the two, and settle which stands.")
        return self._change_to(each, visit, VisitChange(said.particulars, who=said.who))

    def _change_to(self, each: _Read, visit: Visit, change: VisitChange) -> uuid.UUID:
        session = Session.objects.get(id=visit.session_id)
        is_late = self._is_late(session, each.payload)
        change_visit(
            visit_id=visit.id,
            version=visit.version,
            change=change,
            by=self._by(each),
            now=self.now,
            reason=CorrectionReason.LEFT_OUT if is_late else "",
        )
        return visit.id

    def _rows_of(self, visit: Visit) -> list[TabletRecord]:
        """The records of this tablet that made the visit what it is, the first recorded first."""
        stored = TabletRecord.objects.filter(tablet_id=self.tablet.id, applied_to=visit.id, kind__in=_SAY_A_VISIT)
        rows = {row.id: row for row in stored.filter(state=State.APPLIED)}
        rows |= {row.id: row for row in self._applied if row.applied_to == visit.id and row.kind in _SAY_A_VISIT}
        return sorted(rows.values(), key=lambda row: row.number)

    def _note_applied(self, row: TabletRecord, applied_to: uuid.UUID) -> None:
        row.state, row.reason, row.payload, row.applied_to = State.APPLIED, "", None, applied_to
        self._applied.append(row)

    # Who and when

    def _by(self, each: _Read) -> Actor:
        return self._by_of(each.payload)

    def _by_of(self, payload: Payload) -> Actor:
        whom = f"{ActorKind.USER}:{payload.recorded_by}" if payload.recorded_by else ""
        return Actor(ActorKind.DEVICE, str(self.tablet.id), whom)

    def _at(self, payload: Payload) -> datetime:
        """When it happened by our clock, as far as the tablet's can be trusted; never in the future."""
        return min(payload.recorded_at - self.clock_ahead, self.now)

    def _is_late(self, session: Session, payload: Payload) -> bool:
        """Made before the session was closed at a desk, and sent after it: it was left out, and it counts."""
        closed_at = session.closed_at
        return closed_at is not None and (self.counts_late or self._at(payload) <= closed_at)

    def _has_all_before(self, number: int) -> bool:
        return all(n in self.received for n in range(self.accounted_to + 1, number))


def _needs_attention(row: TabletRecord, reason: str) -> None:
    row.state, row.reason = State.ATTENTION, reason[:300]
    row.settled_at, row.settled_by = None, ""
