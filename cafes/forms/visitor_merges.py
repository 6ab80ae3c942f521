"""Two return codes that turned out to be one person's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from cafes.models import Cafe
from sutg.nhsuk.forms import Form, Radios, TextInput


def _code(label: str, missing: str) -> forms.CharField:
    widget = TextInput({"autocomplete": "off", "spellcheck": "false"}, width=20)
    return forms.CharField(label=label, max_length=100, widget=widget, error_messages={"required": missing})


class JoinForm(Form):
    """The café is asked for where there are several."""

    cafe = forms.ChoiceField(label="Café", widget=Radios(), error_messages={"required": "Select the café"})
    first = _code("One return code", "Enter a return code")
    second = _code("The other return code", "Enter the other return code")

    def __init__(self, *args: Any, cafes: Sequence[Cafe], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cafe"].choices = [(str(cafe.id), cafe.name) for cafe in cafes]  # type: ignore[attr-defined]
        if len(cafes) == 1:
            self.fields["cafe"].initial = str(cafes[0].id)
            self.fields["cafe"].widget = forms.HiddenInput()
