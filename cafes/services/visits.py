"""Recording visits: one at a desk, or what a tablet gathered in an evening without a network.

A client UUID decides what is one visit, within a provider, and the database says whether it is there. A message may
come twice, in part, late or in another order; each entry is settled by itself, and one that is refused stops no other.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from cafes.entries import VisitEntry
from cafes.models import Session, Visit
from cafes.services.holding import hold_sessions, refresh_sessions
from cafes.services.sessions import keep_tally
from cafes.services.visit_checks import check_reason, check_session, check_visit, warnings_of
from cafes.services.visit_differences import Contents
from cafes.services.visit_signposting import Directory
from cafes.services.visit_storing import Prepared, said_by, store_visits
from cafes.services.visitors import Visitors
from sutg.audit.services import record
from sutg.common.errors import DomainError, NotFound
from sutg.common.ids import new_id
from sutg.tenancy.scope import Actor


@dataclass(frozen=True, slots=True)
class Recorded:
    """The receipt of an entry. ``is_repeat``: the visit was there already, and stays as it was recorded first.

    ``differs``: what came again says something else. It is kept as a :class:`DifferingVisit`, for a person to settle.
    """

    client_uuid: uuid.UUID
    visit_id: uuid.UUID
    is_repeat: bool = False
    differs: bool = False
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
def record_visits(
    *, entries: Sequence[VisitEntry], by: Actor, now: datetime, reason: str = "", keeps_differing: bool = True
) -> list[Settled]:
    """Record any number of visits in a few statements; what became of each, in the order in which they were given.

    Exactly what :func:`record_visit` would do of one after the other. ``keeps_differing=False`` is for a caller who
    keeps every content by itself, as that of a tablet's records does.
    """
    if reason:
        check_reason(reason)
    sessions = hold_sessions({entry.session_id for entry in entries})
    asked = [(sessions[e.session_id].cafe_id, e.who) for e in entries if e.session_id in sessions]
    there = _there(entries)
    if not sessions and not there:
        return [Refused(entry.client_uuid, NotFound()) for entry in entries]
    provider_id = next(iter(sessions.values() or there.values())).provider_id
    visitors = Visitors(provider_id, asked, by=by, now=now)
    directory = Directory({service_id for entry in entries for service_id in entry.particulars.signposted or ()})
    contents = Contents(provider_id, there.values(), by=by, now=now)
    settled, prepared = list[Settled](), list[Prepared]()
    for entry in entries:
        if entry.client_uuid in contents.visit_ids:
            differs = contents.differs(entry)
            visit_id = contents.visit_ids[entry.client_uuid]
            settled.append(Recorded(entry.client_uuid, visit_id, is_repeat=True, differs=differs))
            continue
        try:
            visit = _prepare(entry, sessions.get(entry.session_id), visitors, directory, reason)
        except DomainError as error:
            settled.append(Refused(entry.client_uuid, error))
            continue
        prepared.append(replace(visit, digest=contents.note(entry, visit.id)))
        settled.append(Recorded(entry.client_uuid, visit.id, warnings=warnings_of(entry.particulars)))
    if prepared:
        store_visits(provider_id, prepared, visitors, directory, by=by, now=now)
        _conclude(prepared, by, reason)
    if keeps_differing:
        contents.store_differing()
    return settled


def _there(entries: Sequence[VisitEntry]) -> dict[uuid.UUID, Visit]:
    """The visits that are recorded already, withdrawn ones too: what was taken back does not come back by itself."""
    found = Visit.objects.filter(client_uuid__in=[entry.client_uuid for entry in entries])
    return {visit.client_uuid: visit for visit in found}


def _prepare(
    entry: VisitEntry, session: Session | None, visitors: Visitors, directory: Directory, reason: str
) -> Prepared:
    if session is None:
        raise NotFound
    check_session(session, reason)
    check_visit(entry.particulars, entry.answers, entry.who)
    directory.check(entry.particulars)
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
