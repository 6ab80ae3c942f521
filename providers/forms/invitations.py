"""Forms of this room."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.roles import PROVIDER_ROLES, HeldFor, Role
from providers.models import Neighbourhood, Provider
from providers.models.invitation import INVITED_BY_TRUST
from sutg.nhsuk.forms import (
    Checkboxes,
    EmailInput,
    Form,
    PasswordInput,
    Radios,
    Select,
    SplitDateField,
    TextInput,
)

_UNTIL_HINT = "Leave empty if there is no last day yet"


class _InvitationForm(Form):
    """Address and dates; subclasses say to what."""

    email = forms.EmailField(
        label="Email address",
        max_length=254,
        widget=EmailInput({"autocomplete": "off"}),
        error_messages={"required": "Enter the email address to invite"},
    )
    since = SplitDateField(label="First day")
    until = SplitDateField(label="Last day", required=False, help_text=_UNTIL_HINT)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "Last day must be the same as or after the first day")
        return cleaned


class InvitePersonForm(_InvitationForm):
    """A provider's manager invites somebody to their own organisation. ``cafes`` are the provider's own."""

    role = forms.ChoiceField(
        label="Role",
        choices=[(role.value, role.label) for role in PROVIDER_ROLES],
        widget=Radios(),
        error_messages={"required": "Select a role"},
    )
    cafes = forms.MultipleChoiceField(
        label="Cafés",
        required=False,
        help_text="For café workers and café leads. Leave empty for every café.",
        widget=Checkboxes(),
        error_messages={"invalid_choice": "Choose cafés from the list"},
    )
    field_order = ("email", "role", "cafes", "since", "until")

    def __init__(self, *args: Any, cafes: Mapping[uuid.UUID, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["cafes"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  narrows the type
        field.choices = [(str(cafe_id), name) for cafe_id, name in cafes.items()]
        if not cafes:
            del self.fields["cafes"]

    @property
    def cafe_ids(self) -> list[uuid.UUID]:
        return [uuid.UUID(chosen) for chosen in self.cleaned_data.get("cafes", [])]


class InviteForTrustForm(_InvitationForm):
    """The service administrator invites somebody; what the role is held for is asked beside it."""

    role = forms.ChoiceField(
        label="Role",
        choices=[(role.value, role.label) for role in INVITED_BY_TRUST],
        widget=Radios(
            reveals={
                Role.NEIGHBOURHOOD_LEAD.value: "neighbourhoods",
                Role.PROVIDER_MANAGER.value: "organisation",
            }
        ),
        error_messages={"required": "Select a role"},
    )
    # Two roles ask for it, and a field can be revealed by one choice only: so it stands below them.
    team = forms.CharField(
        label="Receiving team",
        help_text="For pathway clinicians and coordinators",
        max_length=100,
        required=False,
        widget=TextInput(width=20),
    )
    neighbourhoods = forms.ModelMultipleChoiceField(
        Neighbourhood.objects.all(), label="Neighbourhoods", required=False, widget=Checkboxes(small=True)
    )
    organisation = forms.ModelChoiceField(
        Provider.objects.all(), label="Provider", required=False, widget=Select(), empty_label="Select a provider"
    )
    field_order = ("email", "role", "team", "neighbourhoods", "organisation", "since", "until")

    def clean(self) -> dict[str, Any]:
        """Only what belongs to the chosen role counts: the rest may be left from a choice that was changed."""
        cleaned = super().clean()
        held_for = Role(cleaned["role"]).held_for if cleaned.get("role") else None
        if held_for is not HeldFor.PATHWAY:
            cleaned["team"] = ""
        if held_for is not HeldFor.NEIGHBOURHOODS:
            cleaned["neighbourhoods"] = []
        if held_for is not HeldFor.PROVIDER:
            cleaned["organisation"] = None
        return cleaned


class NewAccountForm(Form):
    """The name and password of somebody who accepts and has no account. ``email`` is the invited one."""

    full_name = forms.CharField(
        label="Full name",
        max_length=200,
        widget=TextInput({"autocomplete": "name"}),
        error_messages={"required": "Enter your full name"},
    )
    password = forms.CharField(
        label="Password",
        help_text="At least 12 characters. Three random words work well.",
        strip=False,
        max_length=1000,
        widget=PasswordInput({"autocomplete": "new-password"}),
        error_messages={"required": "Enter a password"},
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if password := cleaned.get("password"):
            try:
                validate_password(password, User(email=self.email, full_name=cleaned.get("full_name", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned
