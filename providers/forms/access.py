"""Forms about ending access."""

from __future__ import annotations

from django import forms

from accounts.endings import EndReason
from sutg.nhsuk.forms import Form, Radios, TextInput


class EndingForm(Form):
    """Why access is ended."""

    reason = forms.ChoiceField(
        label="Why does this end?",
        choices=[choice for choice in EndReason.choices if choice[0] != EndReason.REVIEW],
        widget=Radios(),
        help_text="Kept in the record of who did what.",
        error_messages={"required": "Select why this ends"},
    )

    @property
    def why(self) -> EndReason:
        return EndReason(self.cleaned_data["reason"])


class PeopleFilter(Form):
    who = forms.CharField(label="Name or email address", required=False, max_length=200, widget=TextInput(width=20))
