"""What information governance decides: for how long a class is kept, and what is held whatever its age."""

from __future__ import annotations

import uuid
from datetime import date

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from sutg.audit.services import record
from sutg.common.catalogue import Retention
from sutg.common.errors import DomainError, NotFound
from sutg.privacy.erasing import NOTICE
from sutg.privacy.models import RetentionHold, RetentionPeriod
from sutg.privacy.retention import months_in_force
from sutg.tenancy.scope import Actor

MOST_MONTHS = 1200


@transaction.atomic
def set_period(*, retention: Retention, months: int, reason: str, today: date, by: Actor) -> RetentionPeriod:
    """Have a class kept for so many months. A shorter period applies after a week's notice, a longer one at once."""
    if not 1 <= months <= MOST_MONTHS:
        raise DomainError(f"The period must be from 1 to {MOST_MONTHS:,} months", field="months")
    if not reason.strip():
        raise DomainError("Enter why the period changes", field="reason")
    before = months_in_force(today + NOTICE)[retention]
    if months == before:
        raise DomainError(f"This class is kept for {months} months already", field="months")
    period = RetentionPeriod.objects.create(
        retention=retention.code,
        months=months,
        reason=reason.strip(),
        applies_from=today + NOTICE if months < before else today,
        set_at=timezone.now(),
        set_by=str(by),
    )
    record("retention.period_set", by=by, subject=period.id, retention=retention.code, months=months, before=before)
    return period


@transaction.atomic
def place_hold(
    *,
    provider_id: uuid.UUID,
    record_id: uuid.UUID | None,
    reason: str,
    reference: str,
    until: date | None,
    today: date,
    by: Actor,
) -> RetentionHold:
    """Keep all of a provider's records, or all that hangs on one, from being erased until a day or a release."""
    if not apps.get_model(settings.TENANT_MODEL)._default_manager.filter(pk=provider_id).exists():
        raise NotFound
    if reason not in RetentionHold.Reason.values:
        raise DomainError("Select why it is held", field="reason")
    if not reference.strip():
        raise DomainError("Enter the number of the case", field="reference")
    if until is not None and until < today:
        raise DomainError("The last day must be today or later", field="until")
    hold = RetentionHold.objects.create(
        organisation_id=provider_id,
        record_id=record_id,
        reason=reason,
        reference=reference.strip(),
        until=until,
        placed_at=timezone.now(),
        placed_by=str(by),
    )
    record("retention.hold_placed", by=by, subject=hold.id, organisation=str(provider_id), reason=reason)
    return hold


@transaction.atomic
def release_hold(*, hold_id: uuid.UUID, by: Actor) -> RetentionHold:
    """End a hold. Once is enough: a hold that is released already stays as it was released."""
    hold = RetentionHold.objects.select_for_update().filter(id=hold_id).first()
    if hold is None:
        raise NotFound
    if hold.released_at is None:
        hold.released_at, hold.released_by = timezone.now(), str(by)
        hold.save(update_fields=["released_at", "released_by"])
        record("retention.hold_released", by=by, subject=hold.id, organisation=str(hold.organisation_id))
    return hold
