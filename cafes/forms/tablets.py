"""Forms of tablets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from cafes.models import Cafe, TabletRecord
from cafes.selectors.tablets import TabletPerson
from cafes.services.tablet_exports import LARGEST
from sutg.nhsuk.forms import FileUpload, Form, Radios, Select, TextInput


class AddTabletForm(Form):
    """Where a tablet is to stand, and what people there call it."""

    cafe = forms.ChoiceField(label="Café", widget=Select(), error_messages={"required": "Select the café"})
    name = forms.CharField(
        label="Name of the tablet",
        help_text="What people at the café call it, for example Front desk",
        max_length=60,
        widget=TextInput(width=20),
        error_messages={"required": "Enter a name for the tablet"},
    )

    def __init__(self, *args: Any, cafes: Sequence[Cafe], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(str(cafe.id), cafe.name) for cafe in cafes]
        # One café is no question.
        self.fields["cafe"].choices = offered if len(offered) == 1 else [("", "Select the café"), *offered]  # type: ignore[attr-defined]


class NewPinForm(Form):
    """Who may set a new PIN."""

    person = forms.ChoiceField(label="Who has forgotten their PIN?", widget=Select())

    def __init__(self, *args: Any, people: Sequence[TabletPerson], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Select the person"), *((str(person.user_id), person.name) for person in people)]
        self.fields["person"].choices = choices  # type: ignore[attr-defined]
        self.fields["person"].error_messages["required"] = "Select the person"


class EndTabletForm(Form):
    """Nothing to fill in: the page says what it comes to."""


class SetAsideForm(Form):
    """Why a record counts nowhere."""

    because = forms.ChoiceField(
        label="Why does it count nowhere?",
        choices=TabletRecord.WhyAside.choices,
        widget=Radios(),
        error_messages={"required": "Select why it counts nowhere"},
    )


class LoadExportForm(Form):
    """The file that a tablet saved."""

    file = forms.FileField(
        label="File from the tablet",
        widget=FileUpload(),
        help_text=f"A file of up to {LARGEST // 1_000_000} MB. Nobody but this service can open it.",
        error_messages={"required": "Select a file", "empty": "The file is empty"},
    )

    def __init__(self, *args: Any, too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.too_large = too_large

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file = cleaned.get("file")
        if self.too_large or (file is not None and file.size > LARGEST):
            self.errors.pop("file", None)
            self.add_error("file", f"The file must be smaller than {LARGEST // 1_000_000} MB")
        return cleaned
