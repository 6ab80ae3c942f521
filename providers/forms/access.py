"""Forms about ending access."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms

from accounts.endings import EndReason
from sutg.nhsuk.forms import Checkbox, Form, Radios, TextInput

KEEP, END = "keep", "end"
_ROLE = "role_"


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


class ReviewForm(Form):
    """One answer for each role, and the signature. ``roles``: field → what is asked about, and its dates."""

    signed = forms.BooleanField(
        label="I have looked at each role. Whoever keeps one needs it for their work.",
        widget=Checkbox(),
        error_messages={"required": "Tick the box to sign"},
    )

    def __init__(self, *args: Any, roles: Mapping[uuid.UUID, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for role_id, (title, term) in roles.items():
            self.fields[f"{_ROLE}{role_id}"] = forms.ChoiceField(
                label=title,
                help_text=term,
                choices=[(KEEP, "Keep"), (END, "End now")],
                widget=Radios(inline=True),
                error_messages={"required": f"Select whether to keep or end: {title}"},
            )
        self.order_fields([*(name for name in self.fields if name != "signed"), "signed"])

    def answered(self, answer: str) -> list[uuid.UUID]:
        """The roles that were answered so."""
        return [
            uuid.UUID(name.removeprefix(_ROLE))
            for name, given in self.cleaned_data.items()
            if name.startswith(_ROLE) and given == answer
        ]
