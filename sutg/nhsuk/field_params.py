"""Turns a bound field, of any Django form, into an NHS.UK component and the parameters of its macro."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.template.loader import get_template
from django.utils.encoding import force_str
from django.utils.html import format_html_join
from django.utils.safestring import SafeData

from sutg.nhsuk.error_list import element_id, faulty_parts
from sutg.nhsuk.plain import plain
from sutg.nhsuk.widgets import SplitDateInput

Params = dict[str, Any]

# Left out on purpose: a length limit cuts off what was pasted without a word, placeholders vanish while typing,
# browsers word their own errors for the rest, and autofocus would take the focus from the error summary.
DROPPED_ATTRIBUTES = {
    "autofocus", "class", "cols", "id", "max", "maxlength", "min", "minlength", "multiple", "placeholder", "required",
    "rows", "size", "step",
}  # fmt: skip
# Parameters of the input macro that Django keeps among a widget's attributes.
INPUT_PARAMETERS = ("autocomplete", "inputmode", "spellcheck", "autocapitalize", "pattern")
DJANGO_ROWS = "10"


def field_params(bound: BoundField, overrides: Mapping[str, Any] | None = None) -> Params:
    """Return ``{"component": name, "params": {…}}`` for the field() macro.

    ``overrides`` are what a page passes to the macro: ``label``, ``label_size``, ``page_heading``, ``hint``, and any
    parameter of the component. They win over those of the widget.
    """
    widget = bound.field.widget
    options = {**getattr(widget, "component_options", {}), **(overrides or {})}
    component, build = _component(widget)
    label = {
        "text": plain(options.pop("label", bound.label)),
        "size": options.pop("label_size", None),
        "isPageHeading": options.pop("page_heading", False),
    }
    params = {
        "id": element_id(bound),
        "name": bound.html_name,
        "hint": _hint(options.pop("hint", bound.help_text)),
        "errorMessage": _error_message(bound),
        "disabled": bound.field.disabled,
        "attributes": _attributes(widget),
        "classes": widget.attrs.get("class"),
        **build(bound, label, options),
    }
    # A macro takes an absent parameter for a default, but None for a value.
    return {
        "component": component,
        "params": {key: value for key, value in {**params, **options}.items() if value is not None},
    }


def revealed_names(form: forms.BaseForm) -> set[str]:
    """Return the names of fields that radios or checkboxes of the form show inside themselves."""
    options = [getattr(field.widget, "component_options", {}) for field in form.fields.values()]
    return {name for option in options for name in option.get("reveals", {}).values()}


def render_field(bound: BoundField) -> str:
    """Render a whole component, for what radios reveal."""
    return get_template("nhsuk/forms/field.jinja").render({"field": bound})


def _component(widget: forms.Widget) -> tuple[str, Callable[[BoundField, Params, Params], Params]]:
    named = getattr(widget, "component", None)
    for component, kind, build in BUILDERS:
        if named == component or (named is None and isinstance(widget, kind)):
            return component, build
    return "other", _other


def _input(bound: BoundField, label: Params, options: Params) -> Params:
    widget: Any = bound.field.widget
    is_number = isinstance(widget, forms.NumberInput)
    known = {key: widget.attrs[key] for key in INPUT_PARAMETERS if key in widget.attrs}
    if is_number:
        whole = isinstance(bound.field, forms.IntegerField) and not isinstance(bound.field, forms.DecimalField)
        known.setdefault("inputmode", "numeric" if whole else "decimal")
        # A plain text input: number inputs lose what they can't read, and scrolling changes them.
        known.setdefault("width", options.pop("width", 5))
    input_type = "text" if is_number else widget.input_type
    return {"label": label, "value": _text_value(bound), "type": input_type, **known}


def _password(bound: BoundField, label: Params, options: Params) -> Params:
    return {"label": label, "autocomplete": bound.field.widget.attrs.get("autocomplete")}


def _textarea(bound: BoundField, label: Params, options: Params) -> Params:
    rows = str(bound.field.widget.attrs.get("rows", DJANGO_ROWS))
    return {
        "label": label,
        "value": _text_value(bound),
        "rows": None if rows == DJANGO_ROWS else rows,
        "autocomplete": bound.field.widget.attrs.get("autocomplete"),
    }


def _character_count(bound: BoundField, label: Params, options: Params) -> Params:
    is_limited = "maxwords" in options or "maxlength" in options
    limit = None if is_limited else getattr(bound.field, "max_length", None)
    return {**_textarea(bound, label, options), "maxlength": limit}


def _select(bound: BoundField, label: Params, options: Params) -> Params:
    chosen = _chosen(bound)
    items = [
        {
            "value": value,
            "text": "Select an option" if not value and not text.strip("-") else text,
            "selected": value in chosen,
        }
        for value, text in _choices(bound)
    ]
    return {"label": label, "items": items}


def _radios(bound: BoundField, label: Params, options: Params) -> Params:
    return _choice_items(bound, label, options)


def _checkboxes(bound: BoundField, label: Params, options: Params) -> Params:
    return _choice_items(bound, label, options)


def _checkbox(bound: BoundField, label: Params, options: Params) -> Params:
    value = bound.field.widget.attrs.get("value", "on")
    item = {"value": value, "text": label["text"], "checked": bool(bound.value())}
    return {"idPrefix": element_id(bound), "id": None, "items": [item]}


def _choice_items(bound: BoundField, label: Params, options: Params) -> Params:
    chosen = _chosen(bound)
    hints, reveals = options.pop("hints", {}), options.pop("reveals", {})
    dividers, exclusive = options.pop("divider_before", {}), options.pop("exclusive", ())
    items: list[Params] = []
    for value, text in _choices(bound):
        if not value and not text.strip("-"):
            continue  # Django's empty choice: with radios, not choosing is the empty choice
        if value in dividers:
            items.append({"divider": plain(dividers[value])})
        item: Params = {"value": value, "text": text, "checked": value in chosen}
        if value in hints:
            item["hint"] = _hint(hints[value])
        if value in reveals:
            item["conditional"] = {"html": render_field(bound.form[reveals[value]])}
        if value in exclusive:
            item["behaviour"] = "exclusive"
        items.append(item)
    # The component numbers its inputs from idPrefix; its own id would be that of the group.
    return {"idPrefix": element_id(bound), "id": None, "fieldset": {"legend": label}, "items": items}


def _date(bound: BoundField, label: Params, options: Params) -> Params:
    widget: Any = bound.field.widget
    typed, faulty = widget.format_value(bound.value()), faulty_parts(bound)
    is_birthday = widget.attrs.get("autocomplete") == "bday"
    items = [
        {
            "id": f"{element_id(bound)}_{part}",
            "name": f"{bound.html_name}_{part}",
            "label": part.capitalize(),
            "value": plain(typed[part]),
            "width": 4 if part == "year" else 2,
            "error": part in faulty,
            "autocomplete": f"bday-{part}" if is_birthday else None,
        }
        for part in SplitDateInput.parts
    ]
    return {
        "fieldset": {"legend": label},
        "items": [{key: value for key, value in item.items() if value is not None} for item in items],
        "attributes": None,
    }


def _file(bound: BoundField, label: Params, options: Params) -> Params:
    return {"label": label, "multiple": bool(getattr(bound.field.widget, "allow_multiple_selected", False))}


def _hidden(bound: BoundField, label: Params, options: Params) -> Params:
    return {"html": bound.as_hidden()}


def _other(bound: BoundField, label: Params, options: Params) -> Params:
    return {"label": label, "html": bound.as_widget()}


# The first that fits, so subclasses come before what they derive from.
BUILDERS: list[tuple[str, Any, Callable[[BoundField, Params, Params], Params]]] = [
    ("hidden", (forms.HiddenInput, forms.MultipleHiddenInput), _hidden),
    ("date_input", SplitDateInput, _date),
    ("password_input", forms.PasswordInput, _password),
    ("file_upload", forms.FileInput, _file),
    ("checkboxes", forms.CheckboxSelectMultiple, _checkboxes),
    ("radios", forms.RadioSelect, _radios),
    ("checkbox", forms.CheckboxInput, _checkbox),
    ("select", forms.Select, _select),
    ("character_count", (), _character_count),
    ("textarea", forms.Textarea, _textarea),
    ("input", forms.widgets.Input, _input),
]


def _hint(hint: Any) -> Params | None:
    """Take help that Django's own code marked safe (password rules are a list) for HTML, all else for text."""
    if not hint:
        return None
    text = force_str(hint)  # lazy text shows its mark only now
    return {"html": text} if isinstance(text, SafeData) else {"text": plain(text)}


def _error_message(bound: BoundField) -> Params | None:
    messages = [plain(error) for error in bound.errors]
    if not messages:
        return None
    if len(messages) == 1:
        return {"text": messages[0]}
    return {"html": format_html_join("\n", '<span class="app-error-line">{}</span>', ((m,) for m in messages))}


def _attributes(widget: forms.Widget) -> Params:
    skipped = DROPPED_ATTRIBUTES | set(INPUT_PARAMETERS)
    attributes = {name: value for name, value in widget.attrs.items() if name not in skipped and value is not False}
    return {name: "" if value is True else plain(value) for name, value in attributes.items()}


def _text_value(bound: BoundField) -> str | None:
    value = bound.field.widget.format_value(bound.value())
    return None if value is None else plain(value)


def _chosen(bound: BoundField) -> set[str]:
    value = bound.field.widget.format_value(bound.value())
    return {plain(item) for item in (value if isinstance(value, list | tuple) else [value])}


def _choices(bound: BoundField) -> Iterator[tuple[str, str]]:
    """Yield (value, text); groups are flattened, since none of the components has them."""
    for value, text in bound.field.widget.choices:
        if isinstance(text, list | tuple):
            for inner_value, inner_text in text:
                yield plain(inner_value), plain(inner_text)
        else:
            yield plain("" if value is None else value), plain(text)
