"""Finding returns and what is known of them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from cafes.models import ReturnCheck, ReturnFile
from sutg.common.errors import NotFound

State = ReturnFile.State


def return_files() -> QuerySet[ReturnFile]:
    """Every return that the scope may see, the latest first."""
    return ReturnFile.objects.order_by("-uploaded_at", "id")


def find_return_file(return_file_id: uuid.UUID) -> ReturnFile:
    """The scope's return of this id; :class:`NotFound` when it has none."""
    found = ReturnFile.objects.filter(id=return_file_id).first()
    if found is None:
        raise NotFound
    return found


def find_loaded(quarter: str) -> ReturnFile | None:
    """The return that is loaded for ``quarter``, within one provider's scope."""
    return ReturnFile.objects.filter(quarter=quarter, state=State.LOADED).first()


def find_check(return_file: ReturnFile) -> ReturnCheck:
    return ReturnCheck.objects.get(return_file_id=return_file.id)


def left_returns(now: datetime) -> QuerySet[ReturnFile]:
    """Returns on which somebody should be working and nobody is: the message or the worker was lost."""
    return return_files().filter(
        Q(lease_until__isnull=True) | Q(lease_until__lt=now), state__in=[State.CHECKING, State.LOADING]
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """How one figure of a corrected file differs from the file it would replace."""

    what: str
    key: str
    before: int
    after: int


_COMPARED = {
    "accepted": "Visits",
    "people_with_reference": "People with a reference",
    "visits_by_cafe": "Visits by café",
    "visits_by_month": "Visits by month",
    "visits_by_reason": "Visits by reason",
    "visits_by_ethnic_category": "Visits by ethnic category",
    "visits_by_gender": "Visits by gender",
    "visits_by_age_band": "Visits by age band",
}


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
    """Every figure of two tallies that differs, in the order in which a page shows them."""
    found: list[Difference] = []
    for name, what in _COMPARED.items():
        old, new = before[name], after[name]
        if isinstance(new, int):
            old, new = {"": old}, {"": new}
        found += [
            Difference(what, key, old.get(key, 0), new.get(key, 0))
            for key in sorted(old.keys() | new.keys())
            if old.get(key, 0) != new.get(key, 0)
        ]
    return found
