"""Forms of this room."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from sutg.nhsuk.forms import Form, Radios, Select, SplitDateField, Textarea, TextInput, WholeNumberInput
from sutg.privacy.models import RetentionHold


class ApiClientForm(Form):
    name = forms.CharField(
        label="What the program is called",
        help_text="For example, monthly neighbourhood report",
        max_length=100,
        widget=TextInput(),
        error_messages={"required": "Enter what the program is called"},
    )


class RetentionPeriodForm(Form):
    """For how long one class of records is kept."""

    months = forms.IntegerField(
        label="Keep for how many months?",
        help_text="8 years are 96 months. A shorter period applies after 7 days.",
        min_value=1,
        max_value=1200,
        widget=WholeNumberInput(width=4),
        error_messages={"required": "Enter for how many months this is kept"},
    )
    reason = forms.CharField(
        label="Why does it change?",
        help_text="For example, the decision it follows. Do not name a person.",
        max_length=300,
        widget=Textarea(rows=2),
        error_messages={"required": "Enter why the period changes"},
    )


class HoldForm(Form):
    """What is not to be erased, whatever its age."""

    provider = forms.ChoiceField(
        label="Organisation", widget=Select(), error_messages={"required": "Select the organisation"}
    )
    record_id = forms.UUIDField(
        label="Id of one record (optional)",
        help_text="Of a visitor, visit, incident or return. Leave it empty to hold everything of the organisation.",
        required=False,
        widget=TextInput(),
        error_messages={"invalid": "An id is 32 letters and numbers, like 01890a5d-ac96-774b-bcce-b302099a8057"},
    )
    reason = forms.ChoiceField(
        label="Why is it held?",
        choices=RetentionHold.Reason.choices,
        widget=Radios(),
        error_messages={"required": "Select why it is held"},
    )
    reference = forms.CharField(
        label="Number of the case",
        help_text="Not a name.",
        max_length=60,
        widget=TextInput(width=20),
        error_messages={"required": "Enter the number of the case"},
    )
    until = SplitDateField(label="Last day of the hold (optional)", required=False)

    def __init__(self, *args: Any, providers: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provider"].choices = [("", "Select an organisation"), *providers]  # type: ignore[attr-defined]
