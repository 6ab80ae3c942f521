"""What becomes of the programs of a person who leaves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from accounts.leaving import Departure
from accounts.selectors.api_clients import programs_under
from accounts.services.api_clients import end_programs_of
from sutg.tenancy.scope import Actor


def describe_programs(departure: Departure) -> Iterable[str]:
    for name in programs_under(departure.user, departure.hat_key):
        yield (
            f"The program “{name}” stops fetching figures. It has no new owner, because {departure.user} knows its "
            "secret: whoever needs it registers it again."
        )


def end_programs(departure: Departure, by: Actor, now: datetime) -> None:
    end_programs_of(user=departure.user, hat_key=departure.hat_key, by=by)
