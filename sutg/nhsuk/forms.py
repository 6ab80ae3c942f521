"""Forms whose fields are whole NHS.UK components: what every room builds its forms from.

class VisitForm(Form):
    arrived_on = SplitDateField(label="Date of visit")
    route = forms.ChoiceField(label="How they came", choices=Route, widget=Radios(inline=True))
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from django import forms
from django.forms.renderers import BaseRenderer, DjangoTemplates
from django.template.loader import get_template

from sutg.nhsuk.fields import SplitDateField
from sutg.nhsuk.widgets import (
    CharacterCount,
    Checkbox,
    Checkboxes,
    EmailInput,
    FileUpload,
    MoneyInput,
    PasswordInput,
    Radios,
    Select,
    SplitDateInput,
    Textarea,
    TextInput,
    WholeNumberInput,
)
from sutg.nhsuk.wording import use_nhs_wording

__all__ = [
    "CharacterCount",
    "Checkbox",
    "Checkboxes",
    "EmailInput",
    "FileUpload",
    "Form",
    "FormMixin",
    "ModelForm",
    "MoneyInput",
    "NhsukRenderer",
    "PasswordInput",
    "Radios",
    "Refusal",
    "Select",
    "SplitDateField",
    "SplitDateInput",
    "TextInput",
    "Textarea",
    "WholeNumberInput",
    "add_domain_error",
]

if TYPE_CHECKING:
    AnyModelForm = forms.ModelForm[Any]
else:
    AnyModelForm = forms.ModelForm


class NhsukRenderer(DjangoTemplates):
    """Renders ``{{ form }}`` and ``as_field_group()`` as NHS.UK components; name it in ``FORM_RENDERER``.

    Widgets of Django itself keep Django's own templates, for the rare one that is no component.
    """

    form_template_name = "nhsuk/forms/form.jinja"
    formset_template_name = "nhsuk/forms/formset.jinja"
    field_template_name = "nhsuk/forms/field.jinja"

    def get_template(self, template_name: str) -> Any:
        """Take our templates from the project's Jinja engine."""
        if template_name.startswith("nhsuk/"):
            return get_template(template_name)
        return super().get_template(template_name)


class FormMixin:
    """What makes a Django form ours: wording, rendering, and no validation by the browser in its own words."""

    default_renderer: BaseRenderer | type[BaseRenderer] | None = NhsukRenderer
    use_required_attribute = False
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if field.label is None:
                field.label = forms.utils.pretty_name(name)
            use_nhs_wording(field, str(field.label))


class Form(FormMixin, forms.Form):
    """A form that renders as NHS.UK components."""


class ModelForm(FormMixin, AnyModelForm):
    """A form of a model that renders as NHS.UK components. It validates; services write."""


class Refusal(Protocol):
    """What a service's error tells: the input at fault, or None, and a sentence for the person."""

    field: str | None
    reason: str


def add_domain_error(form: forms.BaseForm, error: Refusal) -> None:
    """Put a service's refusal where the person can mend it: at its field, or on top of the form.

    A field that this form does not have is no reason to lose the message.
    """
    field = error.field if error.field in form.fields else None
    form.add_error(field, error.reason)
