"""The filters of the figures page."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django import forms

from reports.selectors.areas import OWN_CODE, Area, Level
from reports.shows import SHOWS
from sutg.common.periods import Period, PeriodKind
from sutg.nhsuk.forms import Checkbox, Form, Select, WholeNumberInput

_KINDS = (PeriodKind.YEAR, PeriodKind.QUARTER, PeriodKind.MONTH)
_WORDS = {Level.PLACE: " (place)", Level.NEIGHBOURHOOD: "", Level.CAFE: " (café)"}


class FiguresFilter(Form):
    """Fixed choices only. Whether an area may be seen is the view's to say, with a 404."""

    show = forms.ChoiceField(
        label="Show",
        choices=[(show.code, show.label) for show in SHOWS],
        widget=Select(),
        error_messages={"invalid_choice": "Select what to show from the list"},
    )
    area = forms.ChoiceField(label="Area or café", widget=Select())
    period = forms.ChoiceField(
        label="Period",
        widget=Select(),
        error_messages={"invalid_choice": "Select a month, quarter or financial year from the list"},
    )

    def __init__(self, data: Mapping[str, Any], *, areas: Iterable[Area], periods: Iterable[Period]) -> None:
        super().__init__(data)
        self.fields["area"].choices = [(area.code, _name(area)) for area in _ordered(areas)]  # type: ignore[attr-defined]
        self.fields["period"].choices = [(str(period), _when(period)) for period in _latest_first(periods)]  # type: ignore[attr-defined]


def _latest_first(periods: Iterable[Period]) -> list[Period]:
    latest = sorted(periods, reverse=True)
    return [period for kind in _KINDS for period in latest if period.kind is kind]


def _ordered(areas: Iterable[Area]) -> list[Area]:
    return sorted(areas, key=lambda area: (area.key[0], area.name.casefold()))


def _name(area: Area) -> str:
    """Short, since a select shows no more than some twenty letters of it."""
    if area.level is Level.TOTAL:
        return "All your cafés" if area.code == OWN_CODE else "All areas"
    return area.name + _WORDS[area.level]


def _when(period: Period) -> str:
    is_year = period.kind is PeriodKind.YEAR
    return f"{period.start.year}/{period.end.year % 100:02d} (year)" if is_year else period.label


class LockMonthForm(Form):
    """The signature under a month: the signer's own account is the pen."""

    not_held = forms.IntegerField(min_value=0, max_value=30_000, widget=forms.HiddenInput)
    signed = forms.BooleanField(widget=Checkbox())

    def __init__(self, *args: Any, month: str, not_held: int, for_trust: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, initial={"not_held": not_held}, **kwargs)
        without = f" {_sessions(not_held)} without a record was not held, or left none." if not_held else ""
        told = "The deadline is over and the provider has not locked" if for_trust else "I have checked the records of"
        signed = self.fields["signed"]
        signed.label = f"{told} {month}.{'' if for_trust else without} It cannot be unlocked."
        signed.error_messages["required"] = "Tick the box to sign"


class MonthFilter(Form):
    """Which month the trust looks at."""

    month = forms.ChoiceField(
        label="Month", widget=Select(), error_messages={"invalid_choice": "Select a month from the list"}
    )

    def __init__(self, data: Mapping[str, Any], *, months: Iterable[Period]) -> None:
        super().__init__(data)
        self.fields["month"].choices = [(str(month), month.label) for month in months]  # type: ignore[attr-defined]


def _sessions(number: int) -> str:
    return "The session" if number == 1 else f"Each of the {number} sessions"


class WhatIfForm(Form):
    """What to add and where, sent by GET: its answer is an address that can be passed on."""

    HOURS, CAFE = "hours", "cafe"

    where = forms.ChoiceField(
        label="Neighbourhood",
        widget=Select(),
        error_messages={"required": "Select a neighbourhood", "invalid_choice": "Select a neighbourhood from the list"},
    )
    add = forms.ChoiceField(
        label="Add",
        choices=[(HOURS, "Hours at an open café"), (CAFE, "A café")],
        widget=Select(),
        error_messages={
            "required": "Select what to add",
            "invalid_choice": "Select hours at an open café, or a café",
        },
    )
    hours = forms.IntegerField(
        label="Open hours a week",
        min_value=1,
        max_value=100,
        widget=WholeNumberInput(width=3),
        error_messages={
            "required": "Enter how many hours a week",
            "invalid": "Hours must be a whole number, like 4",
            "min_value": "Hours must be 1 or more",
            "max_value": "Hours must be 100 or fewer",
        },
    )

    def __init__(
        self, data: Mapping[str, Any] | None, *, names: Mapping[str, str], without_cafe: Collection[str]
    ) -> None:
        """``names`` are the neighbourhoods to choose from, by code; ``without_cafe`` those where none is open."""
        super().__init__(data, initial={"hours": 4, "add": self.CAFE})
        self._names, self._without_cafe = names, without_cafe
        self.fields["where"].choices = list(names.items())  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        where = cleaned.get("where", "")
        if where in self._without_cafe and cleaned.get("add") == self.HOURS:
            self.add_error("add", f"{self._names[where]} has no open café to add hours to: select a café")
        return cleaned
