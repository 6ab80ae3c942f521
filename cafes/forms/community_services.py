"""Forms of the directory of community services."""

from __future__ import annotations

from typing import Any

from django import forms

from cafes.models import OwnService, ServiceKind, SharedService
from cafes.services.community_services import Facts
from providers.models import Place
from sutg.nhsuk.forms import Checkboxes, Form, Select, Textarea, TextInput
from sutg.nhsuk.versions import VersionedForm


class ServicesFilter(Form):
    """What a visitor needs help with, and words."""

    kind = forms.ChoiceField(
        label="Help with", choices=[("", "Anything"), *ServiceKind.choices], required=False, widget=Select()
    )
    words = forms.CharField(label="Words", required=False, max_length=100, widget=TextInput())


class ServiceForm(VersionedForm):
    """What the directory says of one service."""

    name = forms.CharField(
        label="Name of the service",
        max_length=200,
        widget=TextInput(),
        error_messages={"required": "Enter the name of the service"},
    )
    kind = forms.ChoiceField(
        label="What it helps with", choices=[("", "Select what it helps with"), *ServiceKind.choices], widget=Select()
    )
    what_for = forms.CharField(
        label="What a visitor can expect",
        help_text="One or two sentences that can be read out.",
        max_length=500,
        widget=Textarea(rows=3),
    )
    phone = forms.CharField(
        label="Telephone number", max_length=50, required=False, widget=TextInput({"inputmode": "tel"}, width=20)
    )
    website = forms.URLField(
        label="Website", max_length=300, required=False, assume_scheme="https", widget=TextInput({"inputmode": "url"})
    )
    address = forms.CharField(label="Address", max_length=300, required=False, widget=TextInput())
    when_open = forms.CharField(
        label="When it is open", help_text="For example, weekdays 9am to 5pm", max_length=200, required=False,
        widget=TextInput(),
    )  # fmt: skip
    place_codes = forms.MultipleChoiceField(
        label="Where it helps people",
        help_text="Select none if it helps people everywhere.",
        required=False,
        widget=Checkboxes(),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place_codes"].choices = list(Place.objects.values_list("code", "name"))  # type: ignore[attr-defined]

    def facts(self) -> Facts:
        values = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return Facts(**values | {"place_codes": tuple(values["place_codes"])})

    @staticmethod
    def values_of(service: OwnService | SharedService) -> dict[str, Any]:
        """What the form holds when it is opened on ``service``."""
        names = (*Facts.__dataclass_fields__, "version")
        return {name: getattr(service, name) for name in names}
