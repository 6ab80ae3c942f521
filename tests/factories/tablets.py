from __future__ import annotations

import itertools
import uuid
from typing import Any

from django.utils import timezone

from cafes.models import Cafe, Tablet, TabletRecord
from cafes.sealed_records import DeviceKeys, hash_of
from providers.models import Provider
from tests.factories.cafes import make_cafe
from tests.factories.scoped import TESTS, acting_for

_numbers = itertools.count(1)


def make_tablet(*, provider: Provider, cafe: Cafe | None = None, **fields: Any) -> Tablet:
    """A tablet that is enrolled, though nobody has its token."""
    cafe = cafe or make_cafe(provider=provider)
    now = timezone.now()
    values = {
        "name": f"Tablet {next(_numbers)}",
        "added_at": now,
        "added_by": str(TESTS),
        "enrolled_at": now,
        "token_digest": "0" * 64,
        "secrets": DeviceKeys.generate().as_bytes(),
        **fields,
    }
    with acting_for(provider):
        return Tablet.objects.create(provider=provider, cafe_id=cafe.id, **values)


def make_tablet_record(*, provider: Provider, tablet: Tablet | None = None, **fields: Any) -> TabletRecord:
    """A record that needs a person."""
    tablet = tablet or make_tablet(provider=provider)
    values = {
        "record_id": uuid.uuid4(),
        "hash": hash_of(str(next(_numbers)).encode()),
        "number": 1,
        "kind": "visit",
        "state": TabletRecord.State.ATTENTION,
        "reason": "This session is planned.",
        "payload": b"{}",
        "received_at": timezone.now(),
        **fields,
    }
    with acting_for(provider):
        return TabletRecord.objects.create(provider=provider, tablet_id=tablet.id, **values)
