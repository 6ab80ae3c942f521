"""What the error summary on top of a page says, and where each line leads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.forms import BaseForm, BaseFormSet
from django.forms.boundfield import BoundField

from sutg.nhsuk.plain import plain
from sutg.nhsuk.widgets import SplitDateInput


def has_errors(*forms: Any) -> bool:
    """Say whether any form or formset has an error; anything else (an undefined variable, None) has none."""
    return any(
        form.total_error_count() > 0 if isinstance(form, BaseFormSet) else bool(form.errors)
        for form in forms
        if isinstance(form, BaseForm | BaseFormSet)
    )


def errors_of(*forms: Any) -> list[dict[str, str]]:
    """Return ``{"text", "href"}`` for each error, in the order of the inputs; no href where no input is to blame."""
    return [entry for form in forms for entry in _entries(form)]


def element_id(bound: BoundField) -> str:
    """Return the id of a field's input, or of the first of its inputs."""
    return bound.field.widget.attrs.get("id") or bound.auto_id or bound.html_name


def faulty_parts(bound: BoundField) -> list[str]:
    """Return the boxes of a date that its errors are about; all of them when none is named."""
    data = bound.form.errors.as_data().get(bound.name, []) if bound.errors else []
    named = {part for error in data for part in (getattr(error, "params", None) or {}).get("parts", [])}
    parts = SplitDateInput.parts
    return [part for part in parts if part in named] or (list(parts) if data else [])


def _entries(form: Any) -> Iterator[dict[str, str]]:
    if isinstance(form, BaseFormSet):
        for error in form.non_form_errors() if form.is_bound else []:
            yield {"text": plain(error)}
        for member in form.forms:
            yield from _entries(member)
    elif isinstance(form, BaseForm):
        for error in form.non_field_errors():
            yield {"text": plain(error)}
        for bound in form:
            for error in bound.errors:
                yield {"text": plain(error), **_link(bound)}


def _link(bound: BoundField) -> dict[str, str]:
    if bound.is_hidden:
        return {}
    identifier = element_id(bound)
    if isinstance(bound.field.widget, SplitDateInput):
        identifier = f"{identifier}_{faulty_parts(bound)[0]}"
    return {"href": f"#{identifier}"}
