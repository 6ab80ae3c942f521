"""Signing a review of access: every role is kept or ended, all at once, in somebody's name."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.endings import EndReason
from accounts.services.appointments import end_appointment, lock_administrators
from providers.models import AccessReview
from providers.selectors.access import HeldRole, Kind
from providers.selectors.access_reviews import AnyReview, ReviewKind, roles_to_review
from providers.services.leaving import end_lead, end_membership, lock_managers
from sutg.audit.services import record
from sutg.common.errors import DomainError
from sutg.common.periods import Period
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Actor


@transaction.atomic
def sign_review(
    *, kind: ReviewKind, kept: Collection[uuid.UUID], ended: Collection[uuid.UUID], by: Actor, now: datetime
) -> AnyReview:
    """Keep and end the roles of the scope's provider, or of the trust, and sign that for the quarter of ``now``.

    Whole or not at all. Refused when it is signed already, when the roles are no longer those that were looked at, for
    the reviewer's own role, and where ending it would leave nobody in charge.
    """
    lock_managers(now) if kind is AccessReview else lock_administrators(now)
    today = timezone.localdate(now)
    quarter = str(Period.quarter_of(today))
    if kind.objects.filter(quarter=quarter).exists():
        raise DomainError("The review of this quarter is signed already. Nothing was changed.")
    roles = {held.id: held for held in roles_to_review(kind, today)}
    if {*kept, *ended} != set(roles) or set(kept) & set(ended):
        raise DomainError("Somebody gave or ended a role meanwhile. Look at the list again, and sign it.")
    for role_id in sorted(ended):
        _end(roles[role_id], by, now)
    facts = {"quarter": quarter, "kept_ids": sorted(kept), "ended_ids": sorted(ended)}
    owner: dict[str, Any] = {"provider_id": scopes.require().provider_id} if kind is AccessReview else {}
    review: AnyReview = kind.objects.create(**facts, signed_at=now, signed_by=str(by), **owner)
    record("access_reviewed", by=by, subject=review.id, kept=len(kept), ended=len(ended), quarter=quarter, **owner)
    return review


def _end(held: HeldRole, by: Actor, now: datetime) -> None:
    if str(by) == str(Actor.user(held.user.id)):
        raise DomainError("You cannot end a role of your own here: whoever signs stays. End it on your own page.")
    match held.kind:
        case Kind.MEMBERSHIP:
            end_membership(membership_id=held.id, by=by, now=now, reason=EndReason.REVIEW)
        case Kind.APPOINTMENT:
            end_appointment(appointment_id=held.id, by=by, now=now, reason=EndReason.REVIEW)
        case Kind.LEAD:
            end_lead(lead_id=held.id, by=by, now=now, reason=EndReason.REVIEW)
