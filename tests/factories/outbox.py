from __future__ import annotations

import uuid
from typing import Any

from django.utils import timezone

from providers.models import Provider
from sutg.outbox.models import OutboxMessage
from tests.factories.scoped import TESTS, acting_for


def make_outbox_message(*, provider: Provider, **fields: Any) -> OutboxMessage:
    now = timezone.now()
    values = {
        "kind": "tests.told",
        "subject": uuid.uuid4(),
        "created_at": now,
        "created_by": str(TESTS),
        "not_before": now,
        "due_at": now,
        **fields,
    }
    if values.get("acknowledgement"):
        values.setdefault("delivered_at", now)
    with acting_for(provider):
        return OutboxMessage.objects.create(provider=provider, **values)
