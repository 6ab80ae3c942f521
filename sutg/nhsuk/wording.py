"""Error messages in the words of the NHS.UK content guide, derived from a field's label."""

from __future__ import annotations

from django import forms
from django.utils.encoding import force_str
from django.utils.functional import Promise

CHOOSING = (forms.ChoiceField, forms.ModelChoiceField)


def sentence_start(label: str | Promise) -> str:
    """Return a label fit to start a sentence."""
    text = force_str(label).strip().rstrip("?:")
    return text[:1].upper() + text[1:]


def mid_sentence(label: str | Promise) -> str:
    """Return a label fit for the middle of a sentence; abbreviations ("NHS number") keep their capitals."""
    text = force_str(label).strip().rstrip(":")
    is_abbreviation = len(text) > 1 and text[1].isupper()
    return text if is_abbreviation else text[:1].lower() + text[1:]


def use_nhs_wording(field: forms.Field, label: str) -> None:
    """Replace Django's own messages on ``field`` by ours; a message that the form's author gave stays."""
    for code, message in _messages(field, label).items():
        given = field.error_messages.get(code)
        if given is None or given == _django_default(field, code):
            field.error_messages[code] = message


def _messages(field: forms.Field, label: str) -> dict[str, str]:
    # Django interpolates the messages that come with parameters, and those alone.
    name, start = _escaped(mid_sentence(label)), _escaped(sentence_start(label))
    messages = {
        "required": _required(field, label),
        "max_length": f"{start} must be %(limit_value)d characters or fewer",
        "min_length": f"{start} must be %(limit_value)d characters or more",
        "max_decimal_places": f"{start} must have %(max)s decimal places or fewer",
    }
    if isinstance(field, forms.IntegerField):  # decimals and floats are subclasses
        kind = "a whole number" if type(field).to_python is forms.IntegerField.to_python else "a number"
        messages["invalid"] = f"{sentence_start(label)} must be {kind}"
        messages["max_value"] = f"{start} must be %(limit_value)s or fewer"
        messages["min_value"] = f"{start} must be %(limit_value)s or more"
    elif isinstance(field, forms.EmailField):
        messages["invalid"] = "Enter an email address in the correct format, like name@example.com"
    elif isinstance(field, forms.URLField):
        messages["invalid"] = f"Enter {name} in the correct format, like https://www.example.com"
    elif isinstance(field, CHOOSING):
        messages["invalid_choice"] = f"Choose {name} from the list"
    elif isinstance(field, forms.FileField):
        messages["empty"] = "The selected file is empty"
        messages["max_length"] = "The name of the selected file must be %(max)d characters or fewer"
    return messages


def _required(field: forms.Field, label: str) -> str:
    name = mid_sentence(label)
    if name.endswith("?"):
        return f"Answer the question “{label}”"
    if isinstance(field, forms.FileField):
        return "Select a file"
    if isinstance(field, forms.BooleanField):
        return f"Select “{label}” to continue"
    return f"{'Select' if isinstance(field, CHOOSING) else 'Enter'} {name}"


def _escaped(text: str) -> str:
    return text.replace("%", "%%")


def _django_default(field: forms.Field, code: str) -> str | Promise | None:
    """Return Django's own message; one that a field class of ours or of a library defines is meant to stay."""
    for owner in type(field).__mro__:
        messages: dict[str, str | Promise] = vars(owner).get("default_error_messages", {})
        if code in messages:
            return messages[code] if owner.__module__.startswith("django.") else None
    return None
