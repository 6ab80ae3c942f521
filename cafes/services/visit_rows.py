"""Turning a return's rows into sessions, visitors and visits, in batches and bounded memory."""

from __future__ import annotations

import itertools
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from django.db import connection
from django.utils import timezone

from cafes.codes import Occasion
from cafes.models import ReturnFile, Session, Visit, Visitor, VisitorReference
from cafes.models.session import SessionQuerySet
from cafes.references import digest_of, reference_key
from cafes.refreshers import refresh
from cafes.returns import VisitRecord
from sutg.common.ids import new_id
from sutg.tenancy.bulk import Column, insert_rows
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
    refresh(provider_id=file.provider_id, cafe_days=cafe_days, by=by, reason=Occasion.RETURN_LOADED, subject=file.id)
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
    # A session that the corrected file reports as well is brought back when its first row is stored. One that had been
    # planned, and so has its times, is planned again: nothing is known any more of whether it was held.
    reported = Session.objects.standing().filter(return_file_id=earlier.id, state=Session.State.REPORTED)
    reported.filter(opens__isnull=False).update(state=Session.State.PLANNED, return_file_id=None)
    reported.filter(opens__isnull=True).update(withdrawn_at=now)


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
        self._insert(batch, [visitors[digest] if digest else None for digest in digests])

    def _insert(self, batch: list[VisitRecord], visitors: list[uuid.UUID | None]) -> None:
        """The visits in one statement: as objects, a large return would take minutes."""
        file, cafe_ids = self.file, [self.cafe_ids[record.cafe] for record in batch]
        sessions = [self.session_ids[cafe_id, r.date] for cafe_id, r in zip(cafe_ids, batch, strict=True)]
        insert_rows(
            Visit._meta.db_table,
            {
                "provider_id": Column("uuid", [file.provider_id] * len(batch)),
                "id": Column("uuid", [new_id() for _ in batch]),
                # The same row of the same file is the same visit, however often its loading is tried.
                "client_uuid": Column("uuid", [uuid.uuid5(file.id, f"{r.sheet}\n{r.row}") for r in batch]),
                "session_id": Column("uuid", sessions),
                "cafe_id": Column("uuid", cafe_ids),
                "visitor_id": Column("uuid", visitors),
                "return_file_id": Column("uuid", [file.id] * len(batch)),
                "visited_on": Column("date", [r.date for r in batch]),
                "arrived_at": Column("time", [r.time for r in batch]),
                "is_new": Column("boolean", [r.is_new for r in batch]),
                "age_band": Column("text", [r.age_band for r in batch]),
                "gender": Column("text", [r.gender for r in batch]),
                "ethnic_category": Column("text", [r.ethnic_category for r in batch]),
                "ethnicity_as_written": Column("text", [_to_review(r) for r in batch]),
                "reasons": Column("text[]", [r.reasons for r in batch]),
                "support": Column("text[]", [r.support for r in batch]),
                "onward_referral": Column("text", [r.onward_referral for r in batch]),
                "alternative": Column("text", [r.alternative for r in batch]),
                "distress_before": Column("smallint", [r.distress_before for r in batch]),
                "distress_after": Column("smallint", [r.distress_after for r in batch]),
                "postcode_district": Column("text", [r.postcode_district for r in batch]),
            },
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
        self._report_planned(wanted)
        ordered = sorted(wanted - self.session_ids.keys())  # in one order, so that two loads cannot wait for each other
        if not ordered:
            return
        Session.objects.bulk_create(
            [
                Session(provider_id=self.file.provider_id, cafe_id=cafe_id, held_on=day, return_file_id=self.file.id)
                for cafe_id, day in ordered
            ],
            ignore_conflicts=True,
        )
        for session in self._of_days(wanted).filter(opens__isnull=True, state=Session.State.REPORTED):
            if (session.cafe_id, session.held_on) in wanted:
                self.session_ids.setdefault((session.cafe_id, session.held_on), session.id)
                if session.withdrawn_at is not None:
                    session.withdrawn_at, session.return_file_id = None, self.file.id
                    session.save(update_fields=["withdrawn_at", "return_file_id"])

    def _report_planned(self, wanted: set[tuple[uuid.UUID, date]]) -> None:
        """Take the sessions that were planned for these days for the reported ones.

        A return knows days only: of several planned for one day it is the first. A day that a return reported by
        itself, or that it reports again, keeps its session.
        """
        of_days = list(self._of_days(wanted).standing().select_for_update().order_by("opens", "id"))
        for session in of_days:
            if session.state == Session.State.REPORTED and (session.cafe_id, session.held_on) in wanted:
                self.session_ids[session.cafe_id, session.held_on] = session.id
        for session in of_days:
            day = session.cafe_id, session.held_on
            if session.state == Session.State.PLANNED and day in wanted and day not in self.session_ids:
                session.state, session.return_file_id = Session.State.REPORTED, self.file.id
                session.save(update_fields=["state", "return_file_id"])
                self.session_ids[day] = session.id

    @staticmethod
    def _of_days(wanted: set[tuple[uuid.UUID, date]]) -> SessionQuerySet:
        days = {day for _, day in wanted}
        cafes = {cafe_id for cafe_id, _ in wanted}
        found: SessionQuerySet = Session.objects.filter(cafe_id__in=cafes, held_on__range=(min(days), max(days)))
        return found

    def _find_visitors(self, digests: set[tuple[uuid.UUID, bytes]]) -> dict[tuple[uuid.UUID, bytes], uuid.UUID]:
        """The visitor behind each reference, added when it is new."""
        found = self._known(digests)
        missing = sorted(digests - found.keys())
        if missing:
            provider_id = self.file.provider_id
            added = {entry: new_id() for entry in missing}
            cafe_ids, ids = [cafe_id for cafe_id, _ in missing], [added[entry] for entry in missing]
            provider = Column("uuid", [provider_id] * len(missing))
            insert_rows(
                Visitor._meta.db_table,
                {
                    "provider_id": provider,
                    "id": Column("uuid", ids),
                    "cafe_id": Column("uuid", cafe_ids),
                    "created_at": Column("timestamptz", [timezone.now()] * len(missing)),
                },
            )
            insert_rows(
                VisitorReference._meta.db_table,
                {
                    "provider_id": provider,
                    "id": Column("uuid", [new_id() for _ in missing]),
                    "cafe_id": Column("uuid", cafe_ids),
                    "visitor_id": Column("uuid", ids),
                    "digest": Column("bytea", [digest for _, digest in missing]),
                },
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


def _to_review(record: VisitRecord) -> str:
    """What was written, where a person must code it; elsewhere the code says it all."""
    return record.ethnicity_as_written if record.ethnic_category == "review" else ""
