"""What ends when a person's access ends, besides their roles.

Rooms above this one gave the person more than roles (programs, invitations, links for tablets) and register here what
becomes of it: the arrow from here to them stays down.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from sutg.tenancy.scope import Actor


@dataclass(frozen=True, slots=True)
class Departure:
    """``user`` no longer wears the hat ``hat_key``. ``provider_id`` is None for what is not a provider's."""

    user: User
    hat_key: str
    provider_id: uuid.UUID | None


Describe = Callable[[Departure], Iterable[str]]
End = Callable[[Departure, Actor, datetime], None]


@dataclass(frozen=True, slots=True)
class _Consequence:
    describe: Describe
    end: End


_CONSEQUENCES: list[_Consequence] = []


def register_on_leaving(*, describe: Describe, end: End) -> None:
    """Add what ends. Both run in the scope that was left (the provider's, or the trust's) and in one transaction.

    ``describe`` gives sentences for the page that asks before anything is done; ``end`` does it, and is called again
    without harm.
    """
    consequence = _Consequence(describe, end)
    if consequence not in _CONSEQUENCES:
        _CONSEQUENCES.append(consequence)


def consequences_of(departure: Departure) -> list[str]:
    return [sentence for each in _CONSEQUENCES for sentence in each.describe(departure)]


def end_what_follows(departure: Departure, *, by: Actor, now: datetime) -> None:
    for each in _CONSEQUENCES:
        each.end(departure, by, now)
