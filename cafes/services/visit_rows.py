"""Turning a return's rows into sessions, visitors and visits, in batches and bounded memory."""

from __future__ import annotations

import itertools
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from django.db import connection
from django.utils import timezone

from cafes.models import ReturnFile, Session, Visit, Visitor, VisitorReference
from cafes.references import digest_of, reference_key
from cafes.refreshers import refresh
from cafes.returns import VisitRecord
from sutg.common.ids import new_id
from sutg.tenancy.scope import Actor

BATCH = 1000


def replace_visits(
    *, file: ReturnFile, outcomes: Iterable[object], cafe_ids: Mapping[str, uuid.UUID], by: Actor
) -> int:
    """Store the accepted rows of ``file`` in place of what was loaded for its quarter; the number of visits.

    Earlier visits are withdrawn, never deleted. Everything derived from the days of both is refreshed.
    """
    # Two files for one quarter wait for each other here; the lock ends with the transaction.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{file.provider_id} {file.quarter}"])
    cafe_days: defaultdict[uuid.UUID, set[date]] = defaultdict(set)
    _withdraw_earlier(file, cafe_days)
    rows = _Rows(file, cafe_ids)
    records = (outcome for outcome in outcomes if isinstance(outcome, VisitRecord))
    count = 0
    for batch in _batches(records):
        rows.store(batch)
        count += len(batch)
    for cafe_id, day in rows.session_ids:
        cafe_days[cafe_id].add(day)
    refresh(provider_id=file.provider_id, cafe_days=cafe_days, by=by)
    return count


def _batches(records: Iterator[VisitRecord]) -> Iterator[list[VisitRecord]]:
    while batch := list(itertools.islice(records, BATCH)):
        yield batch


def _withdraw_earlier(file: ReturnFile, cafe_days: defaultdict[uuid.UUID, set[date]]) -> None:
    earlier = ReturnFile.objects.filter(quarter=file.quarter, state=ReturnFile.State.LOADED).first()
    if earlier is None:
        return
    visits = Visit.objects.standing().filter(return_file_id=earlier.id)
    for cafe_id, day in visits.values_list("cafe_id", "visited_on").distinct():
        cafe_days[cafe_id].add(day)
    now = timezone.now()
    visits.update(withdrawn_at=now)
    # A session that the corrected file reports as well is brought back when its first row is stored.
    Session.objects.standing().filter(return_file_id=earlier.id).update(withdrawn_at=now)


class _Rows:
    """Stores batches of one file, remembering its sessions: a quarter has few."""

    def __init__(self, file: ReturnFile, cafe_ids: Mapping[str, uuid.UUID]) -> None:
        self.file = file
        self.cafe_ids = cafe_ids
        self.key = reference_key(file.provider_id)
        self.session_ids: dict[tuple[uuid.UUID, date], uuid.UUID] = {}

    def store(self, batch: list[VisitRecord]) -> None:
        self._open_sessions({(self.cafe_ids[record.cafe], record.date) for record in batch} - self.session_ids.keys())
        digests = [self._digest(record) for record in batch]
        visitors = self._find_visitors({d for d in digests if d is not None})
        Visit.objects.bulk_create(
            self._visit(record, visitors[digest] if digest else None)
            for record, digest in zip(batch, digests, strict=True)
        )

    def _visit(self, record: VisitRecord, visitor_id: uuid.UUID | None) -> Visit:
        cafe_id = self.cafe_ids[record.cafe]
        return Visit(
            provider_id=self.file.provider_id,
            # The same row of the same file is the same visit, however often its loading is tried.
            client_uuid=uuid.uuid5(self.file.id, f"{record.sheet}\n{record.row}"),
            session_id=self.session_ids[cafe_id, record.date],
            cafe_id=cafe_id,
            visitor_id=visitor_id,
            return_file_id=self.file.id,
            visited_on=record.date,
            arrived_at=record.time,
            is_new=record.is_new,
            age_band=record.age_band,
            gender=record.gender,
            ethnic_category=record.ethnic_category,
            ethnicity_as_written=record.ethnicity_as_written if record.ethnic_category == "review" else "",
            reasons=list(record.reasons),
            support=list(record.support),
            onward_referral=record.onward_referral,
            alternative=record.alternative,
            distress_before=record.distress_before,
            distress_after=record.distress_after,
            postcode_district=record.postcode_district,
        )

    def _digest(self, record: VisitRecord) -> tuple[uuid.UUID, bytes] | None:
        if not record.reference:
            return None
        cafe_id = self.cafe_ids[record.cafe]
        return cafe_id, digest_of(self.key, cafe_id, record.reference)

    def _open_sessions(self, wanted: set[tuple[uuid.UUID, date]]) -> None:
        """Find or add the sessions of these cafés and days, and bring back those that a replaced file had."""
        if not wanted:
            return
        ordered = sorted(wanted)  # in one order, so that two loads cannot wait for each other
        Session.objects.bulk_create(
            [
                Session(provider_id=self.file.provider_id, cafe_id=cafe_id, held_on=day, return_file_id=self.file.id)
                for cafe_id, day in ordered
            ],
            ignore_conflicts=True,
        )
        days = {day for _, day in ordered}
        for session in Session.objects.filter(held_on__range=(min(days), max(days))):
            if (session.cafe_id, session.held_on) in wanted:
                self.session_ids[session.cafe_id, session.held_on] = session.id
                if session.withdrawn_at is not None:
                    session.withdrawn_at, session.return_file_id = None, self.file.id
                    session.save(update_fields=["withdrawn_at", "return_file_id"])

    def _find_visitors(self, digests: set[tuple[uuid.UUID, bytes]]) -> dict[tuple[uuid.UUID, bytes], uuid.UUID]:
        """The visitor behind each reference, added when it is new."""
        found = self._known(digests)
        missing = sorted(digests - found.keys())
        if missing:
            provider_id = self.file.provider_id
            added = {entry: new_id() for entry in missing}
            Visitor.objects.bulk_create(
                Visitor(provider_id=provider_id, id=added[cafe_id, digest], cafe_id=cafe_id)
                for cafe_id, digest in missing
            )
            VisitorReference.objects.bulk_create(
                VisitorReference(
                    provider_id=provider_id, cafe_id=cafe_id, digest=digest, visitor_id=added[cafe_id, digest]
                )
                for cafe_id, digest in missing
            )
            found |= added
        return found

    def _known(self, digests: set[tuple[uuid.UUID, bytes]]) -> dict[tuple[uuid.UUID, bytes], uuid.UUID]:
        if not digests:
            return {}
        references = VisitorReference.objects.filter(
            cafe_id__in={cafe_id for cafe_id, _ in digests}, digest__in=[digest for _, digest in digests]
        )
        return {
            (cafe_id, bytes(digest)): visitor_id
            for cafe_id, digest, visitor_id in references.values_list("cafe_id", "digest", "visitor_id")
        }
