"""Forms of a café: proposing it, what is said of it, its name, its addresses, its status."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django import forms

from cafes.languages import languages
from cafes.models import Cafe
from cafes.services.addresses import Place
from cafes.services.cafes import Facts
from providers.models import LocalAuthority, Neighbourhood
from sutg.nhsuk.forms import CharacterCount, Checkboxes, EmailInput, Form, Radios, Select, SplitDateField, TextInput


class ProposeCafeForm(Form):
    name = forms.CharField(
        label="Name", max_length=200, help_text="The name that its community chose.", widget=TextInput(width=30)
    )
    neighbourhood = forms.ModelChoiceField(
        label="Neighbourhood",
        queryset=Neighbourhood.objects.none(),
        empty_label="Select a neighbourhood",
        widget=Select(),
    )
    local_authority = forms.ModelChoiceField(
        label="Local authority",
        queryset=LocalAuthority.objects.none(),
        empty_label="Select a local authority",
        widget=Select(),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["neighbourhood"].queryset = Neighbourhood.objects.all()  # type: ignore[attr-defined]
        self.fields["local_authority"].queryset = LocalAuthority.objects.all()  # type: ignore[attr-defined]


class FactsForm(Form):
    """What is said of a café. ``version`` says which state of it was shown, so that two people do not overwrite."""

    for_whom = forms.CharField(
        label="Who it is for",
        required=False,
        max_length=500,
        widget=CharacterCount(rows=3),
        help_text="For example, anybody aged 18 and over, carers included. Women's mornings on the first Friday.",
    )
    features = forms.MultipleChoiceField(
        label="Access", required=False, choices=Cafe.Feature.choices, widget=Checkboxes()
    )
    access_notes = forms.CharField(
        label="More about access",
        required=False,
        max_length=500,
        widget=CharacterCount(rows=3),
        help_text="For example, which entrance to use.",
    )
    languages = forms.CharField(
        label="Languages spoken",
        required=False,
        widget=TextInput(),
        help_text="Separate them by commas. For example, Gujarati, Panjabi, British Sign Language.",
    )
    phone = forms.CharField(
        label="Phone number for the public",
        required=False,
        max_length=40,
        widget=TextInput({"inputmode": "tel"}, width=20),
    )
    email = forms.EmailField(label="Email address for the public", required=False, max_length=200, widget=EmailInput())
    website = forms.URLField(
        label="Website", required=False, max_length=300, assume_scheme="https", widget=TextInput({"inputmode": "url"})
    )
    bank_holidays = forms.ChoiceField(label="Bank holidays", choices=Cafe.BankHolidays.choices, widget=Radios())
    version = forms.UUIDField(widget=forms.HiddenInput())

    def clean_languages(self) -> list[str]:
        by_name = {name.casefold(): code for code, name in languages().items()}
        codes = []
        for written in filter(None, (part.strip() for part in self.cleaned_data["languages"].split(","))):
            code = by_name.get(written.casefold())
            if code is None:
                raise forms.ValidationError(f"“{written}” is not in the list of languages. Check its spelling")
            if code not in codes:
                codes.append(code)
        return codes

    def clean_phone(self) -> str:
        phone = str(self.cleaned_data["phone"])
        if phone and sum(letter.isdigit() for letter in phone) < 10:
            raise forms.ValidationError("Enter a phone number, like 0116 496 0000")
        return phone

    @property
    def facts(self) -> Facts:
        return Facts(**{name: self.cleaned_data[name] for name in Facts.__slots__})

    @property
    def seen(self) -> uuid.UUID:
        found: uuid.UUID = self.cleaned_data["version"]
        return found

    @staticmethod
    def initial_of(cafe: Cafe) -> dict[str, Any]:
        named = ", ".join(languages().get(code, code) for code in cafe.languages)
        return {name: getattr(cafe, name) for name in (*Facts.__slots__, "version")} | {"languages": named}


class RenameForm(Form):
    name = forms.CharField(label="New name", max_length=200, widget=TextInput(width=30))
    since = SplitDateField(label="First day of the new name")


class AddressForm(Form):
    building = forms.CharField(label="Building", max_length=200, help_text="Its name, or a house number.")
    street = forms.CharField(label="Street", max_length=200)
    town = forms.CharField(label="Town or city", max_length=100, widget=TextInput(width=20))
    postcode = forms.CharField(label="Postcode", max_length=12, widget=TextInput(width=10))
    since = SplitDateField(label="From which day")

    @property
    def place(self) -> Place:
        return Place(*(self.cleaned_data[name] for name in ("building", "street", "town", "postcode")))


class EndDeliveryPointForm(Form):
    until = SplitDateField(label="Last day at this address")


class MoveForm(Form):
    """From which day a café has another status, and why."""

    since = SplitDateField(label="From which day", help_text="This may be a day that lies ahead.")
    reason = forms.CharField(label="Reason", required=False, max_length=500, widget=CharacterCount(rows=3))

    def __init__(self, *args: Any, today: date, needs_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"since": today}, **kwargs})
        if not needs_reason:
            self.fields["reason"].label = "Note (optional)"
        self.fields["reason"].help_text = "Do not name visitors or staff."
