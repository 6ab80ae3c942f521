"""Telling that a tablet has records and is not heard of: after a day, and once more after three."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from cafes.models import Tablet
from sutg.audit.services import record
from sutg.outbox.models import OutboxMessage
from sutg.outbox.services import enqueue
from sutg.tenancy.scope import Actor

SILENT = "cafes.tablet_silent"
STEPS = (timedelta(hours=24), timedelta(hours=72))


@transaction.atomic
def tell_of_silent_tablets(*, by: Actor, now: datetime) -> int:
    """Have each silence of the scope's tablets told, each step of it once; how many were told of now.

    Run twice, or by two workers at once, it tells nothing more. A tablet that was heard of meanwhile begins anew.
    """
    silent = Tablet.objects.standing().filter(held__gt=0, last_seen_at__lte=now - STEPS[0])
    return sum(_tell(tablet, by, now) for tablet in silent.select_for_update().order_by("id"))


def _tell(tablet: Tablet, by: Actor, now: datetime) -> bool:
    seen = tablet.last_seen_at
    assert seen is not None  # noqa: S101  narrows the type
    # Where nobody was told after a day, because nothing ran, the graver step is told alone.
    hours = int(max(step for step in STEPS if now - seen >= step).total_seconds() // 3600)
    message_id = uuid.uuid5(tablet.id, f"silent since {seen.isoformat()} for {hours}")
    if OutboxMessage.objects.filter(id=message_id).exists():
        return False
    enqueue(
        provider_id=tablet.provider_id,
        kind=SILENT,
        subject=tablet.id,
        by=by,
        message_id=message_id,
        hours=hours,
        seen=seen.isoformat(),
    )
    record("tablet_silent", by=by, subject=tablet.id, provider_id=tablet.provider_id, hours=hours, held=tablet.held)
    return True
