"""Whether somebody has been before: by the whole return code or the whole name, at one café. There is no list."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from cafes.models import Demographics, Visit, VisitorIdentity, VisitorReference
from cafes.references import digest_of, name_key, reference_key


@dataclass(frozen=True, slots=True)
class Known:
    """A visitor whom the café knows. ``contact_ends``: the last characters of a named visitor's contact, to tell two
    of one name apart; reading it, from ``identity``, is recorded by whoever shows it."""

    visitor_id: uuid.UUID
    last_visit: date | None
    asked_at: datetime | None
    identity: VisitorIdentity | None = None
    contact_ends: str = ""


def find_by_code(provider_id: uuid.UUID, cafe_id: uuid.UUID, code: str) -> Known | None:
    digest = digest_of(reference_key(provider_id), cafe_id, code)
    reference = VisitorReference.objects.filter(cafe_id=cafe_id, digest=digest).first()
    return _known(reference.visitor_id) if reference else None


def find_by_name(provider_id: uuid.UUID, cafe_id: uuid.UUID, name: str) -> list[Known]:
    """Everybody of exactly this name, case and spaces apart."""
    digest = digest_of(name_key(provider_id), cafe_id, name)
    identities = VisitorIdentity.objects.filter(cafe_id=cafe_id, name_digest=digest).order_by("recorded_at", "id")
    return [_known(i.visitor_id, i, i.contact.open()[-3:] if i.contact is not None else "") for i in identities]


def find_asked(visit: Visit) -> Demographics | None:
    """What the visitor said, at this visit or at an earlier one."""
    if visit.visitor_id:
        return Demographics.objects.filter(visitor_id=visit.visitor_id).first()
    return Demographics.objects.filter(visit_id=visit.id).first()


def named_among(visitor_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these visitors are known by name; no name is read."""
    return set(VisitorIdentity.objects.filter(visitor_id__in=visitor_ids).values_list("visitor_id", flat=True))


def _known(visitor_id: uuid.UUID, identity: VisitorIdentity | None = None, contact_ends: str = "") -> Known:
    visits = Visit.objects.standing().filter(visitor_id=visitor_id).order_by("-visited_on")
    asked = Demographics.objects.filter(visitor_id=visitor_id).first()
    last = visits.first()
    return Known(
        visitor_id, last.visited_on if last else None, asked.asked_at if asked else None, identity, contact_ends
    )
