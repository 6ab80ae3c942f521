"""Forms of returns."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from providers.models import Provider
from sutg.common.periods import Period
from sutg.common.uploads import LARGEST
from sutg.nhsuk.forms import FileUpload, Form, Select

QUARTERS_OFFERED = 13
LARGEST_MB = f"{LARGEST // 1_000_000} MB"
NOT_OURS = "-"


class UploadReturnForm(Form):
    """Whose return, for which quarter, and the file. A provider's own people are not asked whose."""

    provider = forms.ChoiceField(label="Provider", widget=Select(), error_messages={"required": "Select a provider"})
    quarter = forms.ChoiceField(
        label="Quarter",
        widget=Select(),
        help_text="Quarters of the financial year, April to March.",
        error_messages={"required": "Select a quarter"},
    )
    file = forms.FileField(
        label="Return",
        widget=FileUpload(),
        help_text=f"An Excel workbook (.xlsx) or a CSV file of up to {LARGEST_MB}, as the provider sent it.",
        error_messages={"required": "Select a file", "empty": "The file is empty"},
    )

    def __init__(
        self, *args: Any, providers: Sequence[Provider], today: date, too_large: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.too_large = too_large
        if len(providers) == 1:
            del self.fields["provider"]
            self.only_provider: uuid.UUID | None = providers[0].id
        else:
            self.only_provider = None
            offered = [("", "Select a provider"), *((str(p.id), p.name) for p in providers)]
            self.fields["provider"].choices = offered  # type: ignore[attr-defined]
        self.fields["quarter"].choices = [("", "Select a quarter"), *_quarters(today)]  # type: ignore[attr-defined]

    @property
    def provider_id(self) -> uuid.UUID:
        return self.only_provider or uuid.UUID(self.cleaned_data["provider"])

    @property
    def period(self) -> Period:
        return Period.parse(self.cleaned_data["quarter"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.too_large:
            self.errors.pop("file", None)
            self.add_error("file", f"The file must be smaller than {LARGEST_MB}. Remove pictures and other sheets.")
        return cleaned


def _quarters(today: date) -> list[tuple[str, str]]:
    """The quarter of ``today`` and those before it, the latest first."""
    quarters = []
    period = Period.quarter_of(today)
    for _ in range(QUARTERS_OFFERED):
        quarters.append((str(period), period.label))
        period = Period.quarter_of(date.fromordinal(period.start.toordinal() - 1))
    return quarters


class NameCafesForm(Form):
    """Which café is meant by each name as written. Nothing is chosen beforehand: a name is never guessed."""

    def __init__(
        self, *args: Any, candidates: dict[str, list[str]], cafes: Sequence[str], chosen: dict[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.written = dict(enumerate(sorted(candidates.keys() | chosen.keys())))
        for number, written in self.written.items():
            near = candidates.get(written, [])
            others = [cafe for cafe in cafes if cafe not in near]
            self.fields[f"cafe_{number}"] = forms.ChoiceField(
                label=f"“{written}”",
                widget=Select(),
                choices=[
                    ("", "Select a café"),
                    *((cafe, cafe) for cafe in [*near, *others]),
                    (NOT_OURS, "None of these: leave these rows out"),
                ],
                initial=chosen.get(written, ""),
                error_messages={"required": f"Select which café “{written}” is, or that it is none of these"},
            )

    def aliases(self) -> dict[str, str]:
        """Name as written → café, without those that are no café of the provider's."""
        picked = {written: self.cleaned_data[f"cafe_{number}"] for number, written in self.written.items()}
        return {written: cafe for written, cafe in picked.items() if cafe != NOT_OURS}
