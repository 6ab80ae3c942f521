"""Carrying messages out. What waits stands in the database; a Celery message is only a hint that it does."""

from __future__ import annotations

import logging
import uuid

from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from sutg.celery import app
from sutg.outbox.delivery import NotDelivered, handler_of
from sutg.outbox.models import OutboxMessage
from sutg.outbox.services import claim, note_delivered, note_not_delivered
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Actor, Scope

logger = logging.getLogger(__name__)
JOB = Actor.job("outbox")
AT_ONCE = 500


@app.task
def deliver(message_id: str) -> None:
    """Deliver one message if it is due, under its provider's scope."""
    message = claim(message_id=uuid.UUID(message_id), now=timezone.now())
    if message is None:
        return
    try:
        acknowledgement = handler_of(message.kind)(message)
    except Exception as error:
        # Whatever a handler stumbles over, the message stays: a fault that is mended tomorrow delivers it tomorrow.
        code = error.code if isinstance(error, NotDelivered) else type(error).__name__
        logger.warning("outbox_not_delivered", extra={"outbox_message": message_id, "kind": message.kind, "code": code})
        note_not_delivered(message=message, code=code, now=timezone.now())
    else:
        note_delivered(message=message, acknowledgement=acknowledgement, now=timezone.now())


@app.task(scope_free=True)
def sweep() -> None:
    """Send out again what a lost hint, a lost worker or an outside world that was away left lying."""
    with scopes.enter(Scope.trust(JOB)), transaction.atomic():
        left = list(OutboxMessage.objects.due(timezone.now()).order_by("due_at")[:AT_ONCE])
    for message in left:
        with scopes.enter(Scope.provider(JOB, message.provider_id)):
            hint(message)


def hint(message: OutboxMessage) -> None:
    """Tell a worker that a message waits, under the present scope. A broker that is away only makes it wait longer."""
    try:
        deliver.delay(str(message.id))
    except OperationalError:
        logger.warning("outbox_hint_not_sent", extra={"outbox_message": str(message.id)})
