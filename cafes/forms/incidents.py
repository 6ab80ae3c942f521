"""Forms of incidents."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from cafes.models import Cafe, Incident
from cafes.services.incidents import Report
from sutg.nhsuk.forms import Checkboxes, Form, Radios, Select, SplitDateField, Textarea, TextInput

NO_TIME = "Enter the time it happened, like 5:30pm or 17:30"


class RaiseIncidentForm(Form):
    """What whoever was there writes down, in the order in which one tells it."""

    client_uuid = forms.UUIDField(widget=forms.HiddenInput)
    cafe = forms.ChoiceField(label="Café", widget=Select(), error_messages={"required": "Select the café"})
    kind = forms.ChoiceField(
        label="What is it about?",
        choices=Incident.Kind.choices,
        widget=Radios(),
        error_messages={"required": "Select what it is about"},
    )
    severity = forms.ChoiceField(
        label="How serious is it?",
        choices=Incident.Severity.choices,
        widget=Radios(),
        error_messages={"required": "Select how serious it is"},
    )
    happened_on = SplitDateField(label="Date it happened")
    happened_time = forms.CharField(
        label="Time it happened",
        help_text="For example, 5:30pm or 17:30",
        max_length=10,
        widget=TextInput(width=5),
        error_messages={"required": NO_TIME},
    )
    what_happened = forms.CharField(
        label="What happened?",
        help_text="What you saw and heard, and what was said, in their words if you can.",
        max_length=5000,
        widget=Textarea(rows=6),
        error_messages={"required": "Enter what happened"},
    )
    what_was_done = forms.CharField(
        label="What was done straight away? (optional)", max_length=5000, required=False, widget=Textarea(rows=3)
    )
    told = forms.MultipleChoiceField(
        label="Who has been told?",
        help_text="Your own organisation is told when you send this.",
        choices=Incident.Told.choices,
        required=False,
        widget=Checkboxes(),
    )

    def __init__(self, *args: Any, cafes: Sequence[Cafe], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(str(cafe.id), cafe.name) for cafe in cafes]
        # One café is no question.
        self.fields["cafe"].choices = offered if len(offered) == 1 else [("", "Select the café"), *offered]  # type: ignore[attr-defined]

    def clean_happened_time(self) -> time:
        typed = self.cleaned_data["happened_time"].replace(" ", "").replace(".", ":").lower()
        for shape in ("%H:%M", "%I:%M%p", "%I%p"):
            try:
                return datetime.strptime(typed, shape).time()  # noqa: DTZ007  a time of day has no zone
            except ValueError:
                continue
        raise forms.ValidationError(NO_TIME)

    def report(self) -> Report:
        """What was typed, for :func:`cafes.services.incidents.raise_incident`."""
        data = self.cleaned_data
        happened = datetime.combine(data["happened_on"], data["happened_time"])
        return Report(
            client_uuid=data["client_uuid"],
            cafe_id=uuid.UUID(data["cafe"]),
            happened_at=timezone.make_aware(happened),
            kind=data["kind"],
            severity=data["severity"],
            what_happened=data["what_happened"],
            what_was_done=data["what_was_done"],
            told=tuple(data["told"]),
        )


class IncidentNoteForm(Form):
    """What was done since."""

    text = forms.CharField(
        label="What was done since?",
        max_length=5000,
        widget=Textarea(rows=3),
        error_messages={"required": "Enter what was done"},
    )


class CloseIncidentForm(Form):
    """How it ended."""

    outcome = forms.CharField(
        label="How did it end?",
        help_text="What was decided, by whom, and what changes because of it.",
        max_length=5000,
        widget=Textarea(rows=3),
        error_messages={"required": "Enter how it ended"},
    )
