"""Forms of a session: who is on duty, and the count at the door."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms

from cafes.codes import CorrectionReason
from cafes.models import Cafe, Session
from cafes.services.sessions import LARGEST_TALLY, Duty
from sutg.nhsuk.forms import Checkboxes, Form, Radios, TextInput, WholeNumberInput


class DutyForm(Form):
    """Who is on duty: members and people on the register ticked, and initials of whoever is on neither."""

    people = forms.MultipleChoiceField(label="Who is on duty?", required=False, widget=Checkboxes())
    initials = forms.CharField(
        label="Initials of others on duty (optional)",
        help_text="People who are not listed, separated by commas. For example, WK, JS",
        required=False,
        max_length=100,
        widget=TextInput(width=10),
    )

    def __init__(
        self,
        *args: Any,
        people: Sequence[tuple[uuid.UUID, str]],
        staff: Sequence[tuple[uuid.UUID, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.staff_ids = {staff_id for staff_id, _ in staff}
        choices = [(str(one), name) for one, name in sorted([*people, *staff], key=lambda person: person[1])]
        self.fields["people"].choices = choices  # type: ignore[attr-defined]
        if not choices:
            del self.fields["people"]

    def duty(self) -> Duty:
        written = self.cleaned_data["initials"].replace(";", ",").split(",")
        ticked = frozenset(map(uuid.UUID, self.cleaned_data.get("people", [])))
        initials = frozenset(part.strip() for part in written if part.strip())
        return Duty(ticked - self.staff_ids, initials, ticked & self.staff_ids)


class CafeForm(Form):
    """Which café is opened, for whoever works at several."""

    cafe = forms.ChoiceField(
        label="Which café are you opening?", widget=Radios(), error_messages={"required": "Select the café"}
    )

    def __init__(self, *args: Any, cafes: Sequence[Cafe], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cafe"].choices = [(str(cafe.id), cafe.name) for cafe in cafes]  # type: ignore[attr-defined]


class TallyForm(Form):
    """The count at the door, and why it differs from the records. ``is_closed``: it is put right, with a reason."""

    door_tally = forms.IntegerField(
        label="How many people were counted at the door?",
        min_value=0,
        max_value=LARGEST_TALLY,
        widget=WholeNumberInput(width=4),
        error_messages={
            "required": "Enter how many people were counted at the door",
            "invalid": "Enter a whole number",
        },
    )
    tally_reason = forms.ChoiceField(
        label="If the count and the records differ, why?",
        choices=Session.TallyReason.choices,
        required=False,
        widget=Radios(hints={"unrecorded": "They count as visits of which nothing is known."}),
    )
    reason = forms.ChoiceField(
        label="Why is the count put right?",
        choices=CorrectionReason.choices,
        widget=Radios(),
        error_messages={"required": "Select why the count is put right"},
    )
    signed = forms.BooleanField(label="I have checked this", error_messages={"required": "Confirm that you checked it"})

    def __init__(self, *args: Any, is_closed: bool, signing: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signed"].label = f"I, {signing}, have checked this against the records"
        if not is_closed:
            del self.fields["reason"]
