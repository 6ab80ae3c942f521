"""Two people at one record: whoever saves second is shown what the first one changed, and decides.

A form of a record that others may edit carries the version it was opened at. Its service compares and raises
:class:`sutg.common.errors.ChangedMeanwhile`; the view then calls :meth:`VersionedForm.show_difference`, and the page
shows the macro ``changed_meanwhile(form)``. What was typed stays, and saving again is an answer given knowingly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django import forms

from sutg.nhsuk.formats import nhs_date
from sutg.nhsuk.forms import Form

if TYPE_CHECKING:
    from django.http import QueryDict

NOTHING = "Not given"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field as somebody else saved it and as this person typed it."""

    label: str
    saved: str
    typed: str


class VersionedForm(Form):
    """A form of a record that somebody else may have saved meanwhile; ``initial`` holds its ``version``."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    changed_meanwhile: tuple[Difference, ...] = ()

    def show_difference(self, saved: Mapping[str, Any], *, version: int) -> None:
        """Have the page show where ``saved`` (field → value now stored) differs from what this valid form holds."""
        self.changed_meanwhile = tuple(
            Difference(str(field.label), _written(field, saved[name]), _written(field, self.cleaned_data.get(name)))
            for name, field in self.fields.items()
            if name in saved and _plain(saved[name]) != _plain(self.cleaned_data.get(name))
        )
        typed = cast("QueryDict", self.data).copy()
        typed[self.add_prefix("version")] = str(version)
        self.data = typed
        self.add_error(None, "Somebody else saved this while you were editing. Check what changed, then save again.")


def _plain(value: Any) -> Any:
    """A value that compares by what it says: nothing is nothing, and the order of ticks says nothing."""
    if value is None or value == "" or value == []:
        return None
    return sorted(map(str, value)) if isinstance(value, list | tuple | set | frozenset) else str(value)


def _written(field: forms.Field, value: Any) -> str:
    if _plain(value) is None:
        return NOTHING
    labels = {str(key): str(label) for key, label in _flat(getattr(field, "choices", ()))}
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(labels.get(str(one), str(one)) for one in value)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return labels.get(str(value)) or (nhs_date(value) if hasattr(value, "year") else str(value))


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    """Choices without their groups."""
    flat: list[tuple[Any, Any]] = []
    for key, label in choices:
        flat.extend(label if isinstance(label, list | tuple) else [(key, label)])
    return flat
