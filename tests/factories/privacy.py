from __future__ import annotations

import itertools
from datetime import date
from typing import Any

from django.utils import timezone

from providers.models import Provider
from sutg.privacy.models import ProviderKey, RetentionForecast, RetentionHold, RetentionPeriod
from tests.factories.scoped import TESTS, acting_for, acting_for_trust

_numbers = itertools.count(1)


def make_provider_key(*, provider: Provider, key: bytes = b"k" * 32, **fields: Any) -> ProviderKey:
    values = {"purpose": f"purpose {next(_numbers)}", **fields}
    with acting_for(provider):
        return ProviderKey.objects.create(provider=provider, key=key, **values)


def make_retention_period(**fields: Any) -> RetentionPeriod:
    values = {
        "retention": "visit",
        "months": 12,
        "reason": "Agreed.",
        "applies_from": date(2024, 1, 1),
        "set_at": timezone.now(),
        "set_by": str(TESTS),
        **fields,
    }
    with acting_for_trust():
        return RetentionPeriod.objects.create(**values)


def make_retention_hold(*, provider: Provider, **fields: Any) -> RetentionHold:
    values = {
        "reason": RetentionHold.Reason.LEGAL,
        "reference": f"Case {next(_numbers)}",
        "placed_at": timezone.now(),
        "placed_by": str(TESTS),
        **fields,
    }
    with acting_for_trust():
        return RetentionHold.objects.create(organisation_id=provider.id, **values)


def make_retention_forecast(*, provider: Provider, **fields: Any) -> RetentionForecast:
    values = {
        "retention": "visit",
        "kind": f"cafes.Kind{next(_numbers)}",
        "due": 3,
        "oldest": date(2020, 1, 1),
        "as_of": date(2030, 1, 1),
        **fields,
    }
    with acting_for_trust():
        return RetentionForecast.objects.create(organisation_id=provider.id, **values)
