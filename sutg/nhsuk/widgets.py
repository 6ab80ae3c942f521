"""Form widgets that say which NHS.UK component they are and how it should look.

Any Django widget becomes a component (:mod:`sutg.nhsuk.field_params` chooses by class); those here carry options
besides. Keywords are parameters of the component's macro, such as ``width``, ``small`` or ``inline``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms


class Component(forms.Widget):
    """Mixin: keeps the options of an NHS.UK component beside Django's attributes."""

    component: str | None = None

    def __init__(self, attrs: Mapping[str, Any] | None = None, **options: Any) -> None:
        choices = {"choices": options.pop("choices")} if "choices" in options else {}
        self.component_options = options
        super().__init__(attrs=dict(attrs) if attrs else None, **choices)


class TextInput(Component, forms.TextInput):
    """Text input; ``width`` is in characters (2, 3, 4, 5, 10, 20, 30)."""


class WholeNumberInput(Component, forms.TextInput):
    """Text input with a number pad: a spinner changes the number when a person scrolls past it."""

    def __init__(self, attrs: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__({"inputmode": "numeric", **(attrs or {})}, **{"width": 5, **options})


class MoneyInput(Component, forms.TextInput):
    """Text input with a £ before it."""

    def __init__(self, attrs: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__({"inputmode": "decimal", **(attrs or {})}, **{"prefix": "£", "width": 10, **options})


class EmailInput(Component, forms.EmailInput):
    """E-mail input with autofill and without spelling marks."""

    def __init__(self, attrs: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__({"autocomplete": "email", "spellcheck": "false", **(attrs or {})}, **options)


class PasswordInput(Component, forms.PasswordInput):
    """Password input with a button that shows what was typed."""


class Textarea(Component, forms.Textarea):
    """Textarea; ``rows`` high."""


class CharacterCount(Component, forms.Textarea):
    """Textarea that counts down to ``maxlength`` characters or ``maxwords`` words."""

    component = "character_count"


class Select(Component, forms.Select):
    """Select: for long lists only, radios are easier for everybody."""


class Radios(Component, forms.RadioSelect):
    """Radios; ``hints`` and ``reveals`` (name of another field of the form) are keyed by value.

    ``divider_before`` is keyed by value too and holds a word, usually "or".
    """


class Checkboxes(Component, forms.CheckboxSelectMultiple):
    """Checkboxes; ``exclusive`` is the set of values that clear the others ("None of these")."""


class Checkbox(Component, forms.CheckboxInput):
    """One checkbox; the field's label stands beside it."""


class FileUpload(Component, forms.FileInput):
    """File upload; ``attrs={"accept": …}`` narrows what the browser offers, never what the server checks."""


class SplitDateInput(Component):
    """Date input: three boxes, posted as name_day, name_month and name_year."""

    component = "date_input"
    parts = ("day", "month", "year")

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, str]:
        """Return what was typed in each box."""
        return {part: str(data.get(f"{name}_{part}", "")).strip() for part in self.parts}

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Say whether none of the boxes was posted."""
        return not any(f"{name}_{part}" in data for part in self.parts)

    def id_for_label(self, id_: str) -> str:
        """Return the id of the first box, which is where a link to the field should lead."""
        return f"{id_}_day" if id_ else id_

    def format_value(self, value: Any) -> dict[str, str]:
        """Split a date, or hand back what was typed."""
        if isinstance(value, Mapping):
            return {part: str(value.get(part, "")) for part in self.parts}
        if hasattr(value, "year"):
            return {part: str(getattr(value, part)) for part in self.parts}
        return dict.fromkeys(self.parts, "")

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Refuse: three boxes without a legend would be a page that nobody can use by ear."""
        raise NotImplementedError("Render a date with the field() macro.")
