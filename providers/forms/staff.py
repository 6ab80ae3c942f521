"""Forms of the register of staff and volunteers."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms

from providers.forms.profiles import _phone
from providers.models import StaffCheck, StaffMember
from providers.services.staff import Person
from sutg.nhsuk.forms import Checkboxes, Form, Radios, Select, SplitDateField, TextInput
from sutg.nhsuk.versions import VersionedForm


class StaffForm(VersionedForm):
    """``cafes`` and ``accounts`` are the provider's own: id → name."""

    name = forms.CharField(
        label="Full name",
        max_length=200,
        widget=TextInput(width=30),
        error_messages={"required": "Enter their full name"},
    )
    kind = forms.ChoiceField(
        label="Are they paid?",
        choices=StaffMember.Kind.choices,
        widget=Radios(inline=True),
        error_messages={"required": "Select if they are paid or a volunteer"},
    )
    post = forms.ChoiceField(
        label="What they do",
        choices=[("", "Select what they do"), *StaffMember.Post.choices],
        widget=Select(),
        error_messages={"required": "Select what they do"},
    )
    cafes = forms.MultipleChoiceField(
        label="Cafés",
        required=False,
        widget=Checkboxes(small=True),
        help_text="Leave empty if they work at every café.",
    )
    since = SplitDateField(label="First day")
    phone = forms.CharField(
        label="Phone number", required=False, max_length=40, widget=TextInput({"inputmode": "tel"}, width=20)
    )
    lived_experience = forms.ChoiceField(
        label="Lived experience of mental ill health",
        required=False,
        choices=[("", "They have not said"), ("yes", "Yes"), ("no", "No")],
        widget=Radios(),
        help_text="Only if they choose to say, and agree that it is written here.",
    )
    account = forms.ChoiceField(
        label="Their account",
        required=False,
        widget=Select(),
        help_text="Only if they sign in to this service. Nobody needs an account to be on the register.",
    )

    def __init__(
        self, *args: Any, cafes: Mapping[uuid.UUID, str], accounts: Mapping[uuid.UUID, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._offer("cafes", [], cafes)
        self._offer("account", [("", "No account")], accounts)
        if not cafes:
            del self.fields["cafes"]

    def _offer(self, name: str, first: list[tuple[str, str]], choices: Mapping[uuid.UUID, str]) -> None:
        self.fields[name].choices = [*first, *((str(key), label) for key, label in choices.items())]  # type: ignore[attr-defined]

    def clean_phone(self) -> str:
        return _phone(str(self.cleaned_data["phone"]))

    @property
    def person(self) -> Person:
        given = self.cleaned_data
        return Person(
            name=given["name"],
            kind=given["kind"],
            post=given["post"],
            since=given["since"],
            phone=given["phone"],
            lived_experience=given["lived_experience"],
            cafe_ids=tuple(uuid.UUID(chosen) for chosen in given.get("cafes", [])),
            user_id=uuid.UUID(given["account"]) if given["account"] else None,
        )

    @staticmethod
    def saved(member: StaffMember) -> dict[str, Any]:
        """Field of the form → what is saved, opened."""
        return {
            "name": member.name.open() if member.name is not None else "",
            "phone": member.phone.open() if member.phone is not None else "",
            "lived_experience": member.lived_experience.open() if member.lived_experience is not None else "",
            "kind": member.kind,
            "post": member.post,
            "since": member.since,
            "cafes": [str(cafe_id) for cafe_id in member.cafe_ids],
            "account": str(member.user_id) if member.user_id else "",
        }


class LeavingForm(Form):
    until = SplitDateField(label="Their last day")


class StaffCheckForm(Form):
    kind = forms.ChoiceField(
        label="Check or training",
        choices=[("", "Select a check or training"), *StaffCheck.Kind.choices],
        widget=Select(),
        error_messages={"required": "Select a check or training"},
    )
    since = SplitDateField(label="Day of the check or training")
    until = SplitDateField(
        label="Last day before it must be renewed",
        required=False,
        help_text="Leave empty if it does not run out.",
    )
