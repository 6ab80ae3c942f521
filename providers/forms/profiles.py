"""Forms of a provider's own profile: what it is, its safeguarding lead, its insurance and its policies."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms

from providers.models import Insurance, Membership, Policy, ProfileVersion
from providers.registers import CHARITY_REGISTERS
from providers.selectors.safeguarding import HeldPost
from providers.services.profiles import Profile
from providers.services.safeguarding import Named
from sutg.nhsuk.forms import EmailInput, Form, MoneyInput, Select, SplitDateField, Textarea, TextInput
from sutg.nhsuk.versions import VersionedForm

_REGISTERS = [(register.scheme, register.name) for register in CHARITY_REGISTERS.values()]
FIELDS = Profile.__slots__


def _phone(written: str) -> str:
    if written and sum(letter.isdigit() for letter in written) < 10:
        raise forms.ValidationError("Enter a phone number, like 0116 496 0000")
    return written


class ProfileForm(VersionedForm):
    legal_form = forms.ChoiceField(
        label="Legal form", choices=[("", "Select a legal form"), *ProfileVersion.LegalForm.choices], widget=Select()
    )
    charity_register = forms.ChoiceField(
        label="Charity register",
        required=False,
        choices=[("", "Not a registered charity"), *_REGISTERS],
        widget=Select(),
    )
    charity_number = forms.CharField(label="Charity number", required=False, max_length=20, widget=TextInput(width=10))
    company_number = forms.CharField(
        label="Company number",
        required=False,
        max_length=20,
        help_text="As Companies House writes it, for example 01234567. Leave empty if it is no company.",
        widget=TextInput(width=10),
    )
    address = forms.CharField(label="Registered address", required=False, max_length=300, widget=Textarea(rows=4))
    phone = forms.CharField(
        label="Phone number", required=False, max_length=40, widget=TextInput({"inputmode": "tel"}, width=20)
    )
    email = forms.EmailField(
        label="Email address",
        required=False,
        max_length=200,
        help_text="Of the organisation. Do not enter anybody’s own address.",
        widget=EmailInput(),
    )
    website = forms.URLField(
        label="Website", required=False, max_length=300, assume_scheme="https", widget=TextInput({"inputmode": "url"})
    )

    def clean_phone(self) -> str:
        return _phone(str(self.cleaned_data["phone"]))

    @property
    def profile(self) -> Profile:
        return Profile(**{name: self.cleaned_data[name] for name in FIELDS})

    @staticmethod
    def initial_of(version: ProfileVersion | None) -> dict[str, Any]:
        return {"version": 0} if version is None else saved(version) | {"version": version.number}


def saved(version: ProfileVersion) -> dict[str, Any]:
    """Field of the form → what is saved."""
    return {name: getattr(version, name) for name in FIELDS}


class InsuranceForm(Form):
    kind = forms.ChoiceField(
        label="Kind of insurance", choices=[("", "Select a kind"), *Insurance.Kind.choices], widget=Select()
    )
    insurer = forms.CharField(label="Insurer", max_length=200, widget=TextInput(width=30))
    policy_number = forms.CharField(label="Policy number", max_length=60, widget=TextInput(width=20))
    cover = forms.CharField(label="Cover", max_length=20, help_text="In pounds, for example 5,000,000.")
    since = SplitDateField(label="First day")
    until = SplitDateField(label="Last day")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cover"].widget = MoneyInput(width=20)

    def clean_cover(self) -> int:
        written = (
            str(self.cleaned_data["cover"]).replace(",", "").replace(" ", "").removeprefix("£").removesuffix(".00")
        )
        if not (written.isascii() and written.isdigit()) or len(written) > 12:
            raise forms.ValidationError("Enter the cover in whole pounds, like 5,000,000")
        return int(written)


class PolicyForm(Form):
    kind = forms.ChoiceField(label="Policy", choices=[("", "Select a policy"), *Policy.Kind.choices], widget=Select())
    since = SplitDateField(label="Day it was approved")
    until = SplitDateField(label="Day by which it is reviewed")


class SafeguardingForm(Form):
    """Lead and deputy among ``members``, by membership."""

    lead = forms.ChoiceField(label="Safeguarding lead", widget=Select())
    lead_phone = forms.CharField(
        label="Phone number of the lead",
        max_length=40,
        help_text="Everybody who works for the organisation sees it.",
        widget=TextInput({"inputmode": "tel"}, width=20),
    )
    deputy = forms.ChoiceField(label="Deputy", required=False, widget=Select())
    deputy_phone = forms.CharField(
        label="Phone number of the deputy",
        required=False,
        max_length=40,
        widget=TextInput({"inputmode": "tel"}, width=20),
    )

    def __init__(self, *args: Any, members: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: dict[uuid.UUID, tuple[str, str]] = {}
        for member in members:
            people.setdefault(member.user_id, (str(member.id), member.user.full_name))
        self.fields["lead"].choices = [("", "Select a person"), *people.values()]  # type: ignore[attr-defined]
        self.fields["deputy"].choices = [("", "Nobody"), *people.values()]  # type: ignore[attr-defined]

    def clean_lead_phone(self) -> str:
        return _phone(str(self.cleaned_data["lead_phone"]))

    def clean_deputy_phone(self) -> str:
        return _phone(str(self.cleaned_data["deputy_phone"]))

    @property
    def lead_named(self) -> Named:
        return Named(uuid.UUID(self.cleaned_data["lead"]), self.cleaned_data["lead_phone"])

    @property
    def deputy_named(self) -> Named | None:
        chosen = self.cleaned_data["deputy"]
        return Named(uuid.UUID(chosen), self.cleaned_data["deputy_phone"]) if chosen else None

    @staticmethod
    def initial_of(posts: dict[str, HeldPost], members: Iterable[Membership]) -> dict[str, str]:
        first: dict[uuid.UUID, str] = {}
        for member in members:
            first.setdefault(member.user_id, str(member.id))
        initial: dict[str, str] = {}
        for kind, held in posts.items():
            initial |= {kind: first.get(held.user.id, ""), f"{kind}_phone": held.phone}
        return initial
