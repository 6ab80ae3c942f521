"""Correcting and withdrawing visits. Who saves second sees what the first saved; what it said is kept."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from cafes.codes import Helped, Reason
from cafes.entries import Anonymous, VisitChange
from cafes.models import Demographics, Session, Visit, VisitRevision, VisitSignpost, VisitSupport
from cafes.selectors.visitor_merges import same_person
from cafes.services.holding import hold_session, refresh_sessions
from cafes.services.sessions import keep_tally
from cafes.services.visit_checks import check_reason, check_session, check_visit
from cafes.services.visit_signposting import Directory
from cafes.services.visit_storing import in_order, kinds_of, set_answers, support_rows
from cafes.services.visitors import Visitors
from sutg.audit.services import record
from sutg.common.errors import DomainError, NotFound
from sutg.common.ids import new_id
from sutg.tenancy.scope import Actor

Kind = VisitRevision.Kind
_KEPT = [
    "arrived_at",
    "is_new",
    "came_for",
    "route_in",
    "reasons",
    "support",
    "helped",
    "outcome",
    "alternative",
    "distress_before",
    "distress_after",
    "age_band",
    "gender",
    "ethnic_category",
]


class ChangedMeanwhile(DomainError):
    """Somebody saved this visit since it was opened here; ``version`` is what stands now."""

    def __init__(self, version: int) -> None:
        super().__init__("Somebody else changed this visit while you had it open. Compare, and save again.")
        self.version = version


@transaction.atomic
def change_visit(
    *, visit_id: uuid.UUID, version: int, change: VisitChange, by: Actor, now: datetime, reason: str = ""
) -> Visit:
    """Have a visit say what ``change`` says. Free while its session is open; afterwards it needs a ``reason``.

    Raises :class:`ChangedMeanwhile` when ``version`` is not what stands.
    """
    session, visit = _hold(visit_id, version, reason)
    check_visit(change.particulars, change.answers, change.who)
    directory = Directory(change.particulars.signposted or ())
    directory.check(change.particulars)
    _keep(visit, Kind.CHANGED, reason, by, now, whose_changed=change.who is not None)
    visitors = Visitors(visit.provider_id, [(visit.cafe_id, change.who)], by=by, now=now)
    visitors.check(visit.cafe_id, change.who)
    if change.who is not None:
        _set_visitor(visit, change, visitors)
    _set_particulars(visit, change)
    _set_signposts(visit, change, directory)
    _set_answers(visit, change, by, now)
    _conclude(session, visit, "visit_changed", reason, by)
    return visit


@transaction.atomic
def withdraw_visit(*, visit_id: uuid.UUID, version: int, reason: str, by: Actor, now: datetime) -> Visit:
    """Take a visit back that nobody made, or that is recorded elsewhere. It is kept, and counts nowhere."""
    session, visit = _hold(visit_id, version, reason)
    check_reason(reason)
    _keep(visit, Kind.WITHDRAWN, reason, by, now, whose_changed=False)
    visit.withdrawn_at = now
    _conclude(session, visit, "visit_withdrawn", reason, by)
    return visit


def _hold(visit_id: uuid.UUID, version: int, reason: str) -> tuple[Session, Visit]:
    found = Visit.objects.standing().filter(id=visit_id).values_list("session_id", flat=True).first()
    if found is None:
        raise NotFound
    session = hold_session(found)
    visit = Visit.objects.standing().select_for_update().filter(id=visit_id).first()
    if visit is None:
        raise NotFound
    check_session(session, reason)
    if reason:
        check_reason(reason)
    if visit.version != version:
        raise ChangedMeanwhile(visit.version)
    return session, visit


def _keep(visit: Visit, kind: str, reason: str, by: Actor, now: datetime, *, whose_changed: bool) -> None:
    supports = VisitSupport.objects.filter(visit_id=visit.id)
    before: dict[str, Any] = {name: getattr(visit, name) for name in _KEPT}
    before["arrived_at"] = visit.arrived_at.isoformat() if visit.arrived_at else None
    before["minutes"] = dict(supports.values_list("kind", "minutes"))
    signposts = VisitSignpost.objects.filter(visit_id=visit.id)
    before["signposted"] = sorted(str(signpost.service_id) for signpost in signposts)
    before["whose_changed"] = whose_changed
    VisitRevision.objects.create(
        provider_id=visit.provider_id,
        visit_id=visit.id,
        version=visit.version,
        kind=kind,
        reason=reason,
        before=before,
        changed_at=now,
        changed_by=str(by),
    )


def _set_visitor(visit: Visit, change: VisitChange, visitors: Visitors) -> None:
    visitor_id = visitors.find_or_add(visit.cafe_id, change.who or Anonymous())
    visitor_id = visitors.store().get(visitor_id, visitor_id) if visitor_id else None
    if visitor_id == visit.visitor_id:
        return
    visit.visitor_id, visit.is_new = visitor_id, None
    if visitor_id:
        others = Visit.objects.standing().filter(visitor_id__in=same_person(visitor_id)).exclude(id=visit.id)
        visit.is_new = not others.exists()


def _set_particulars(visit: Visit, change: VisitChange) -> None:
    particulars = change.particulars
    for name in ("came_for", "route_in", "outcome", "alternative", "distress_before", "distress_after", "arrived_at"):
        setattr(visit, name, getattr(particulars, name))
    visit.reasons, visit.helped = in_order(particulars.reasons, Reason), in_order(particulars.helped, Helped)
    visit.support = kinds_of(particulars)
    VisitSupport.objects.filter(visit_id=visit.id).delete()
    VisitSupport.objects.bulk_create(support_rows(visit.provider_id, visit.id, particulars))


def _set_signposts(visit: Visit, change: VisitChange, directory: Directory) -> None:
    if change.particulars.signposted is None:
        return
    VisitSignpost.objects.filter(visit_id=visit.id).delete()
    VisitSignpost.objects.bulk_create(directory.rows(visit.provider_id, visit.id, change.particulars))


def _set_answers(visit: Visit, change: VisitChange, by: Actor, now: datetime) -> None:
    """What the visitor said, as it should be; where nothing was asked now, as it was said before."""
    of_visit = Demographics.objects.filter(visit_id=visit.id).first()
    of_visitor = Demographics.objects.filter(visitor_id=visit.visitor_id).first() if visit.visitor_id else None
    row = of_visitor or of_visit
    said = change.answers.as_stored()
    if row is not None:
        said = said.over(row.answers)
    if said:
        row = row or Demographics(provider_id=visit.provider_id, id=new_id())
        if asdict(row.answers) != asdict(said) or row is of_visit:
            # Answers given at a visit go with the visitor, once it is known whose visit it was.
            row.visit_id, row.visitor_id = (None, visit.visitor_id) if visit.visitor_id else (visit.id, None)
            set_answers(row, said, by, now)
            row.save()
    visit.age_band, visit.gender = said.counted_age_band, said.counted_gender
    visit.ethnic_category = said.nhs_ethnic_category


def _conclude(session: Session, visit: Visit, name: str, reason: str, by: Actor) -> None:
    visit.version += 1
    visit.save()
    keep_tally([session])
    record(name, by=by, subject=visit.id, provider_id=visit.provider_id, version=visit.version, reason=reason)
    refresh_sessions([session], by, reason=reason)
