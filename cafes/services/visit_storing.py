"""Writing prepared visits, with their support and what visitors said of themselves, in a few statements."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db.models import TextChoices

from cafes.codes import Helped, Reason, SupportKind
from cafes.demographics import Answers
from cafes.entries import Particulars, VisitEntry
from cafes.models import Demographics, Session, Visit, VisitSignpost, VisitSupport
from cafes.services.visit_signposting import Directory
from cafes.services.visitors import Visitors
from sutg.common.ids import new_id
from sutg.tenancy.bulk import Column, insert_rows
from sutg.tenancy.scope import Actor

_FIELDS = list(Answers.__dataclass_fields__)
# Place of each code in its list: Django makes such a list anew at each mention.
_PLACES: dict[type[TextChoices], dict[str, int]] = {
    codes: {code: place for place, code in enumerate(codes.values)} for codes in (Helped, Reason, SupportKind)
}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A visit that may be stored. ``said``: all that is known of its visitor, what was said now included.

    ``digest`` is of the entry's content.
    """

    id: uuid.UUID
    entry: VisitEntry
    session: Session
    visitor_id: uuid.UUID | None
    is_new: bool | None
    said: Answers
    digest: bytes | None = None


def in_order(codes: Sequence[str], known: type[TextChoices]) -> list[str]:
    """Each code once, in the order of its list: how often and in which order somebody clicked says nothing."""
    return sorted(set(codes), key=_PLACES[known].__getitem__)


def kinds_of(particulars: Particulars) -> list[str]:
    return in_order([given.kind for given in particulars.support], SupportKind)


def said_by(visitors: Visitors, whose: uuid.UUID, answers: Answers) -> Answers:
    """What is known of somebody once these ``answers`` are added to the earlier ones; kept for the next visit."""
    known = visitors.said.get(whose, Answers())
    said = answers.as_stored().over(known)
    if said != known:
        visitors.said[whose] = said
        visitors.said_anew.add(whose)
    return said


def store_visits(
    provider_id: uuid.UUID,
    prepared: Sequence[Prepared],
    visitors: Visitors,
    directory: Directory,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Insert what is prepared. The cafés are held; a client UUID that is taken all the same is an error, not a loss."""
    instead = visitors.store()
    visitor_ids = [instead.get(v.visitor_id, v.visitor_id) if v.visitor_id else None for v in prepared]
    _insert_visits(provider_id, prepared, visitor_ids, by, now)
    VisitSupport.objects.bulk_create(
        [row for visit in prepared for row in support_rows(provider_id, visit.id, visit.entry.particulars)]
    )
    VisitSignpost.objects.bulk_create(
        [row for visit in prepared for row in directory.rows(provider_id, visit.id, visit.entry.particulars)]
    )
    _store_answers(provider_id, prepared, visitors, instead, by, now)


def _insert_visits(
    provider_id: uuid.UUID,
    prepared: Sequence[Prepared],
    visitor_ids: Sequence[uuid.UUID | None],
    by: Actor,
    now: datetime,
) -> None:
    n, facts = len(prepared), [visit.entry.particulars for visit in prepared]
    insert_rows(
        Visit._meta.db_table,
        {
            "provider_id": Column("uuid", [provider_id] * n),
            "id": Column("uuid", [visit.id for visit in prepared]),
            "client_uuid": Column("uuid", [visit.entry.client_uuid for visit in prepared]),
            "content_digest": Column("bytea", [visit.digest for visit in prepared]),
            "session_id": Column("uuid", [visit.session.id for visit in prepared]),
            "cafe_id": Column("uuid", [visit.session.cafe_id for visit in prepared]),
            "visitor_id": Column("uuid", visitor_ids),
            "visited_on": Column("date", [visit.session.held_on for visit in prepared]),
            "arrived_at": Column("time", [fact.arrived_at for fact in facts]),
            "is_new": Column("boolean", [visit.is_new for visit in prepared]),
            "age_band": Column("text", [visit.said.counted_age_band for visit in prepared]),
            "gender": Column("text", [visit.said.counted_gender for visit in prepared]),
            "ethnic_category": Column("text", [visit.said.nhs_ethnic_category for visit in prepared]),
            "reasons": Column("text[]", [in_order(fact.reasons, Reason) for fact in facts]),
            "support": Column(
                "text[]", [in_order([given.kind for given in fact.support], SupportKind) for fact in facts]
            ),
            "helped": Column("text[]", [in_order(fact.helped, Helped) for fact in facts]),
            **{
                name: Column("text", [getattr(fact, name) for fact in facts])
                for name in ("came_for", "route_in", "outcome", "alternative")
            },
            "distress_before": Column("smallint", [fact.distress_before for fact in facts]),
            "distress_after": Column("smallint", [fact.distress_after for fact in facts]),
            "recorded_at": Column("timestamptz", [now] * n),
            "recorded_by": Column("text", [str(by)] * n),
            **{
                blank: Column("text", [""] * n)
                for blank in ("ethnicity_as_written", "onward_referral", "postcode_district")
            },
        },
    )


def support_rows(provider_id: uuid.UUID, visit_id: uuid.UUID, particulars: Particulars) -> list[VisitSupport]:
    return [
        VisitSupport(provider_id=provider_id, visit_id=visit_id, kind=given.kind, minutes=given.minutes)
        for given in particulars.support
    ]


def _store_answers(
    provider_id: uuid.UUID,
    prepared: Sequence[Prepared],
    visitors: Visitors,
    instead: dict[uuid.UUID, uuid.UUID],
    by: Actor,
    now: datetime,
) -> None:
    visits = {visit.id for visit in prepared}
    added, changed = [], []
    for whose in sorted(visitors.said_anew):
        row = visitors.demographics.get(whose)
        if row is None:
            named = {"visit_id": whose} if whose in visits else {"visitor_id": instead.get(whose, whose)}
            row = Demographics(provider_id=provider_id, id=new_id(), **named)
            added.append(row)
        else:
            changed.append(row)
        set_answers(row, visitors.said[whose], by, now)
    Demographics.objects.bulk_create(added)
    if changed:
        Demographics.objects.bulk_update(changed, [*_FIELDS, "asked_at", "asked_by"])


def set_answers(row: Demographics, said: Answers, by: Actor, now: datetime) -> None:
    for name, value in asdict(said).items():
        setattr(row, name, list(value) if name == "disability" else value)
    row.asked_at, row.asked_by = now, str(by)
