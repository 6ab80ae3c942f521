"""Forms of weekly openings, single days and planned sessions."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms

from cafes.forms.fields import ClockField
from cafes.models import OpeningPattern, Session
from sutg.nhsuk.forms import Form, Radios, Select, SplitDateField


class OpeningForm(Form):
    weekday = forms.TypedChoiceField(
        label="Day of the week",
        coerce=int,
        choices=[("", "Select a day"), *OpeningPattern.Weekday.choices],
        widget=Select(),
        error_messages={"required": "Select a day of the week"},
    )
    opens = ClockField(label="Opens at")
    closes = ClockField(label="Closes at")
    since = SplitDateField(label="From which day")


class EndOpeningForm(Form):
    until = SplitDateField(label="Last day on which this opening holds")


class AddSessionForm(Form):
    day = SplitDateField(label="Day")
    opens = ClockField(label="Opens at")
    closes = ClockField(label="Closes at")


class CloseDayForm(Form):
    day = SplitDateField(label="Day")
    reason = forms.CharField(
        label="Reason (optional)", required=False, max_length=200, help_text="Visitors may be told. Name nobody."
    )


class OtherTimesForm(CloseDayForm):
    """``pattern`` is the weekly opening that is at other times on that day."""

    field_order = ("pattern", "day", "opens", "closes", "reason")
    pattern = forms.TypedChoiceField(
        label="Which opening",
        coerce=uuid.UUID,
        widget=Select(),
        error_messages={"required": "Select an opening"},
    )
    opens = ClockField(label="Opens at, on that day")
    closes = ClockField(label="Closes at, on that day")

    def __init__(self, *args: Any, patterns: Sequence[OpeningPattern], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(str(pattern.id), str(pattern)) for pattern in patterns]
        self.fields["pattern"].choices = [("", "Select an opening"), *offered]  # type: ignore[attr-defined]


class CancelSessionForm(Form):
    reason = forms.ChoiceField(
        label="Why is it cancelled?",
        choices=[choice for choice in Session.CancelReason.choices if choice[0] != Session.CancelReason.PATTERN],
        widget=Radios(),
        error_messages={"required": "Select why the session is cancelled"},
    )
