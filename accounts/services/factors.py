"""Secrets of second factors at rest, and taking somebody's factors away when they have lost them."""

from __future__ import annotations

import base64
import uuid
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts.models import User
from sutg.audit.services import record
from sutg.common.errors import NotFound
from sutg.privacy.envelope import Place, header_of, ring, seal, unseal
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Actor

# allauth seals a secret before its row has an id: all of them are bound to the column alone.
_PLACE = Place("mfa_authenticator", "data", None, uuid.UUID(int=0))
_SECRETS = ("secret", "seed")


def seal_secret(text: str) -> str:
    return base64.b64encode(seal(text.encode(), _PLACE)).decode()


def open_secret(sealed: str) -> str:
    return unseal(base64.b64decode(sealed), _PLACE).decode()


def reseal_secrets() -> int:
    """Bring every factor's secret under the current key, a row at a time; how many were exchanged."""
    exchanged = 0
    header = header_of(ring().current)
    with scopes.enter(None):
        for pk in list(Authenticator.objects.order_by("pk").values_list("pk", flat=True)):
            with transaction.atomic():
                row = Authenticator.objects.select_for_update().filter(pk=pk).first()
                if row is not None and _reseal(row.data, header):
                    row.save(update_fields=["data"])
                    exchanged += 1
    return exchanged


def count_under_other_keys() -> int:
    """Factors whose secrets are not under the current key."""
    header = header_of(ring().current)
    with scopes.enter(None):
        return sum(bool(_under_other_keys(row.data, header)) for row in Authenticator.objects.all())


def _reseal(data: dict[str, Any], header: bytes) -> bool:
    old = _under_other_keys(data, header)
    for name in old:
        data[name] = seal_secret(open_secret(data[name]))
    return bool(old)


def _under_other_keys(data: dict[str, Any], header: bytes) -> list[str]:
    return [name for name in _SECRETS if name in data and not base64.b64decode(data[name]).startswith(header)]


def remove_factors(*, user_id: uuid.UUID, by: Actor) -> int:
    """Take away every second factor of somebody who lost them; how many. They set one up when they next sign in."""
    with scopes.enter(None), transaction.atomic():
        user = User.objects.select_for_update().filter(id=user_id).first()
        if user is None:
            raise NotFound
        removed = int(Authenticator.objects.filter(user_id=user.pk).delete()[0])
        record("factors_removed", by=by, subject=user.id, factors=removed)
    return removed
