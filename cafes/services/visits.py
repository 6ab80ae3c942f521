"""Recording visits: one at a desk, or what a tablet gathered in an evening without a network.

A client UUID decides what is one visit, within a provider, and the database says whether it is there. A message may
come twice, in part, late or in another order; each entry is settled by itself, and one that is refused stops no other.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from cafes.entries import VisitEntry
from cafes.models import Session, Visit
from cafes.services.holding import hold_sessions, refresh_sessions
from cafes.services.sessions import keep_tally
from cafes.services.visit_checks import check_reason, check_session, check_visit, warnings_of
from cafes.services.visit_storing import Prepared, said_by, store_visits
from cafes.services.visitors import Visitors
from sutg.audit.services import record
from sutg.common.errors import DomainError, NotFound
from sutg.common.ids import new_id
from sutg.tenancy.scope import Actor


@dataclass(frozen=True, slots=True)
class Recorded:
    """The receipt of an entry. ``is_repeat``: the visit was there already, and stays as it was recorded first."""

    client_uuid: uuid.UUID
    visit_id: uuid.UUID
    is_repeat: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """Why an entry was not recorded. It may be mended and sent again under the same client UUID."""

    client_uuid: uuid.UUID
    error: DomainError


Settled = Recorded | Refused


@transaction.atomic
def record_visit(*, entry: VisitEntry, by: Actor, now: datetime, reason: str = "") -> Recorded:
    """Record one visit at an open session, or at a closed one for a ``reason`` (a ``CorrectionReason``).

    The same client UUID once more is the same visit. Raises :class:`NotFound` for a session that is not the scope's,
    and :class:`DomainError` for what may not be recorded.
    """
    settled = record_visits(entries=[entry], by=by, now=now, reason=reason)[0]
    if isinstance(settled, Refused):
        raise settled.error
    return settled


@transaction.atomic
def record_visits(*, entries: Sequence[VisitEntry], by: Actor, now: datetime, reason: str = "") -> list[Settled]:
    """Record any number of visits in a few statements; what became of each, in the order in which they were given.

    Exactly what :func:`record_visit` would do of one after the other.
    """
    if reason:
        check_reason(reason)
    sessions = hold_sessions({entry.session_id for entry in entries})
    asked = [(sessions[e.session_id].cafe_id, e.who) for e in entries if e.session_id in sessions]
    if not sessions:
        return [_settled_before(entry, _there(entries)) for entry in entries]
    provider_id = next(iter(sessions.values())).provider_id
    visitors = Visitors(provider_id, asked, by=by, now=now)
    there, settled, prepared = _there(entries), list[Settled](), list[Prepared]()
    for entry in entries:
        if entry.client_uuid in there:
            settled.append(Recorded(entry.client_uuid, there[entry.client_uuid], is_repeat=True))
            continue
        try:
            visit = _prepare(entry, sessions.get(entry.session_id), visitors, reason)
        except DomainError as error:
            settled.append(Refused(entry.client_uuid, error))
            continue
        prepared.append(visit)
        there[entry.client_uuid] = visit.id
        settled.append(Recorded(entry.client_uuid, visit.id, warnings=warnings_of(entry.particulars)))
    if prepared:
        store_visits(provider_id, prepared, visitors, by=by, now=now)
        _conclude(prepared, by, reason)
    return settled


def _there(entries: Sequence[VisitEntry]) -> dict[uuid.UUID, uuid.UUID]:
    """The visits that are recorded already, withdrawn ones too: what was taken back does not come back by itself."""
    uuids = [entry.client_uuid for entry in entries]
    return dict(Visit.objects.filter(client_uuid__in=uuids).values_list("client_uuid", "id"))


def _settled_before(entry: VisitEntry, there: dict[uuid.UUID, uuid.UUID]) -> Settled:
    if entry.client_uuid in there:
        return Recorded(entry.client_uuid, there[entry.client_uuid], is_repeat=True)
    return Refused(entry.client_uuid, NotFound())


def _prepare(entry: VisitEntry, session: Session | None, visitors: Visitors, reason: str) -> Prepared:
    if session is None:
        raise NotFound
    check_session(session, reason)
    check_visit(entry.particulars, entry.answers, entry.who)
    visitors.check(session.cafe_id, entry.who)
    visitor_id = visitors.find_or_add(session.cafe_id, entry.who)
    visit_id = new_id()
    said = said_by(visitors, visitor_id or visit_id, entry.answers)
    return Prepared(visit_id, entry, session, visitor_id, visitors.is_new(visitor_id), said)


def _conclude(prepared: Sequence[Prepared], by: Actor, reason: str) -> None:
    sessions = {visit.session.id: visit.session for visit in prepared}
    keep_tally(list(sessions.values()))
    for session in sessions.values():
        number = sum(visit.session.id == session.id for visit in prepared)
        record(
            "visits_recorded",
            by=by,
            subject=session.id,
            provider_id=session.provider_id,
            visits=number,
            reason=reason,
        )
    refresh_sessions(list(sessions.values()), by, reason=reason)
