"""Which reviews of access were signed, which is due, and what is to be reviewed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Min

from accounts.models import Appointment
from providers.models import AccessReview, Membership, NeighbourhoodLead, TrustAccessReview
from providers.selectors.access import HeldRole, PersonAccess, people_of_provider, people_of_trust
from sutg.common.errors import NotFound
from sutg.common.periods import Period

AnyReview = AccessReview | TrustAccessReview
ReviewKind = type[AccessReview] | type[TrustAccessReview]


@dataclass(frozen=True, slots=True)
class ReviewState:
    """How the review of a quarter stands. ``missed`` is the last quarter that ended without one, if it did."""

    quarter: Period
    is_signed: bool
    missed: Period | None

    @property
    def is_overdue(self) -> bool:
        return self.missed is not None


def review_state(kind: ReviewKind, day: date) -> ReviewState:
    """How it stands on ``day``, for the scope's provider or for the trust. Two queries at most, or three."""
    quarter = Period.quarter_of(day)
    before = Period.quarter_of(quarter.start - timedelta(days=1))
    signed = set(kind.objects.filter(quarter__in=[str(quarter), str(before)]).values_list("quarter", flat=True))
    if str(quarter) in signed:
        return ReviewState(quarter, is_signed=True, missed=None)
    first = _first_day(kind) if str(before) not in signed else None
    return ReviewState(quarter, is_signed=False, missed=before if first is not None and first <= before.end else None)


def reviews(kind: ReviewKind) -> Sequence[AnyReview]:
    """Every signed one, the latest first: four a year."""
    return list(kind.objects.order_by("-signed_at"))


def find_review(kind: ReviewKind, review_id: uuid.UUID) -> AnyReview:
    """One that was signed; :class:`NotFound` for another provider's or nobody's."""
    found: AnyReview | None = kind.objects.filter(id=review_id).first()
    if found is None:
        raise NotFound
    return found


def people_to_review(kind: ReviewKind) -> list[PersonAccess]:
    """Everybody whose roles the review is about, by name, with all of them, standing or not."""
    return people_of_provider() if kind is AccessReview else people_of_trust()


def roles_to_review(kind: ReviewKind, day: date) -> list[HeldRole]:
    """Every role that is held on ``day`` or will be, by the name of who holds it."""
    return [held for person in people_to_review(kind) for held in person.standing(day)]


def _first_day(kind: ReviewKind) -> date | None:
    """When somebody first held a role that is reviewed."""
    kinds: list[Any] = [Membership] if kind is AccessReview else [Appointment, NeighbourhoodLead]
    days = [model.objects.aggregate(first=Min("since"))["first"] for model in kinds]
    return min((day for day in days if day is not None), default=None)
