"""Storing what must be told, and noting how far its telling has come."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from sutg.common.ids import new_id
from sutg.outbox.models import OutboxMessage
from sutg.tenancy.scope import Actor

# Longer than any handler takes; a worker that died is followed by another after it.
LEASE = timedelta(minutes=2)
LONGEST_WAIT = timedelta(minutes=15)


def enqueue(
    *,
    provider_id: uuid.UUID,
    kind: str,
    subject: uuid.UUID,
    by: Actor,
    not_before: datetime | None = None,
    message_id: uuid.UUID | None = None,
    **detail: int | str | bool | None,
) -> OutboxMessage:
    """Store a message in the transaction of the change that it tells of; it is told from ``not_before`` on.

    With ``message_id`` a message is stored once, however often this is called. ``detail``: ids, codes and counts,
    never what people wrote. Tell a worker after the commit (:func:`sutg.outbox.tasks.hint`); without that the sweeper
    finds it.
    """
    now = timezone.now()
    values = {
        "kind": kind,
        "subject": subject,
        "detail": detail,
        "created_at": now,
        "created_by": str(by),
        "not_before": not_before or now,
        "due_at": not_before or now,
    }
    message, _ = OutboxMessage.objects.get_or_create(
        provider_id=provider_id, id=message_id or new_id(), defaults=values
    )
    return message


@transaction.atomic
def claim(*, message_id: uuid.UUID, now: datetime) -> OutboxMessage | None:
    """Take a due message for a while; None when it was delivered, is not due, or somebody has it."""
    message = OutboxMessage.objects.due(now).select_for_update(skip_locked=True).filter(id=message_id).first()
    if message is None:
        return None
    message.attempts += 1
    message.due_at = now + LEASE
    message.save(update_fields=["attempts", "due_at"])
    return message


@transaction.atomic
def note_delivered(*, message: OutboxMessage, acknowledgement: str, now: datetime) -> None:
    """Store what the other side answered. A second answer to one message changes nothing."""
    OutboxMessage.objects.undelivered().filter(id=message.id).update(
        delivered_at=now, acknowledgement=acknowledgement[:500] or "accepted", last_error=""
    )


@transaction.atomic
def note_not_delivered(*, message: OutboxMessage, code: str, now: datetime) -> None:
    """Have it tried again, later each time and for ever; unless somebody has taken it meanwhile."""
    wait = min(timedelta(seconds=5 * 2 ** min(message.attempts, 10)), LONGEST_WAIT)
    OutboxMessage.objects.undelivered().filter(id=message.id, attempts=message.attempts).update(
        due_at=now + wait, last_error=code[:100]
    )
