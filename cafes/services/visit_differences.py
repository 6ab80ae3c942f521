"""One client UUID, two contents: the second is kept beside the visit, and a person says which stands."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from cafes.entries import VisitEntry
from cafes.models import DifferingVisit, Visit
from cafes.services.visit_changes import change_visit
from cafes.services.visit_contents import change_from, content_key, content_of, digest_of_content
from sutg.audit.services import record
from sutg.common.errors import DomainError, NotFound
from sutg.tenancy.scope import Actor

Outcome = DifferingVisit.Outcome


class Contents:
    """What visits of one provider were recorded with first, and what came under their client UUIDs since."""

    def __init__(self, provider_id: uuid.UUID, there: Iterable[Visit], *, by: Actor, now: datetime) -> None:
        self.provider_id, self.by, self.now = provider_id, by, now
        self._key = content_key(provider_id)
        there = list(there)
        self.visit_ids = {visit.client_uuid: visit.id for visit in there}
        self._digests = {visit.client_uuid: visit.content_digest for visit in there}
        self._differing: list[DifferingVisit] = []

    def note(self, entry: VisitEntry, visit_id: uuid.UUID) -> bytes:
        """The digest of what is recorded now, under which a later one of this client UUID is compared."""
        digest = digest_of_content(self._key, content_of(entry))
        self.visit_ids[entry.client_uuid], self._digests[entry.client_uuid] = visit_id, digest
        return digest

    def differs(self, entry: VisitEntry) -> bool:
        """Whether an entry says something else than the visit was recorded with; if so it is to be kept.

        A visit of which that is not known (it came in a return) is taken to differ: a person can tell.
        """
        content = content_of(entry)
        digest, first = digest_of_content(self._key, content), self._digests[entry.client_uuid]
        if first is not None and bytes(first) == digest:
            return False
        self._differing.append(
            DifferingVisit(
                provider_id=self.provider_id,
                visit_id=self.visit_ids[entry.client_uuid],
                digest=digest,
                content=content,
                received_at=self.now,
                received_by=str(self.by),
            )
        )
        return True

    def store_differing(self) -> None:
        """Keep what differs; what is kept already stays as it is, settled or not."""
        if not self._differing:
            return
        wanted = {(row.visit_id, row.digest): row for row in self._differing}
        known = DifferingVisit.objects.filter(visit_id__in={visit_id for visit_id, _ in wanted})
        for visit_id, digest in known.values_list("visit_id", "digest"):
            wanted.pop((visit_id, bytes(digest)), None)
        DifferingVisit.objects.bulk_create(wanted.values())
        for visit_id, _ in wanted:
            record("visit_differs", by=self.by, subject=visit_id, provider_id=self.provider_id)


@transaction.atomic
def settle_difference(
    *, differing_visit_id: uuid.UUID, outcome: str, version: int, by: Actor, now: datetime, reason: str = ""
) -> DifferingVisit:
    """Say which of two contents stands. The second replaces what the visit says as any change would.

    ``version`` is that of the visit as it was compared; ``reason`` is needed where its session is closed. What does
    not stand is kept. Raises what :func:`change_visit` raises, and :class:`DomainError` when it is settled already.
    """
    if outcome not in Outcome.values:
        raise DomainError("Select which of the two stands", field="outcome")
    found = DifferingVisit.objects.filter(id=differing_visit_id).first()
    if found is None:
        raise NotFound
    if outcome == Outcome.SECOND:
        _change(found, version, by, now, reason)
    row = DifferingVisit.objects.select_for_update().get(id=differing_visit_id)
    if row.settled_at is not None:
        raise DomainError("Somebody else settled this meanwhile.")
    row.outcome, row.settled_at, row.settled_by = outcome, now, str(by)
    row.save()
    record("visit_difference_settled", by=by, subject=row.visit_id, provider_id=row.provider_id, outcome=outcome)
    return row


def _change(row: DifferingVisit, version: int, by: Actor, now: datetime, reason: str) -> None:
    if not Visit.objects.standing().filter(id=row.visit_id).exists():
        raise DomainError("This visit was withdrawn. If it was made, record it anew.", field="outcome")
    change_visit(
        visit_id=row.visit_id, version=version, change=change_from(row.content.open()), by=by, now=now, reason=reason
    )
