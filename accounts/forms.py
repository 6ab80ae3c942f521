"""Forms of this room."""

from __future__ import annotations

from django import forms

from sutg.nhsuk.forms import Form, TextInput


class ApiClientForm(Form):
    name = forms.CharField(
        label="What the program is called",
        help_text="For example, monthly neighbourhood report",
        max_length=100,
        widget=TextInput(),
        error_messages={"required": "Enter what the program is called"},
    )
