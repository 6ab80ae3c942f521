from __future__ import annotations

import itertools
from typing import Any

from providers.models import Provider
from sutg.privacy.models import ProviderKey
from tests.factories.scoped import acting_for

_numbers = itertools.count(1)


def make_provider_key(*, provider: Provider, key: bytes = b"k" * 32, **fields: Any) -> ProviderKey:
    values = {"purpose": f"purpose {next(_numbers)}", **fields}
    with acting_for(provider):
        return ProviderKey.objects.create(provider=provider, key=key, **values)
