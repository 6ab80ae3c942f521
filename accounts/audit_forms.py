"""The filters above events of the audit record. Their values are ids, codes and days: addresses are kept and shared."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from sutg.audit.selectors import Search
from sutg.nhsuk.forms import Form, Select, SplitDateField, TextInput

TRUST = "trust"
_EVERYTHING = ("", "Everything")


class DaysForm(Form):
    """From one day to another, both of them included."""

    since = SplitDateField(label="From", required=False)
    until = SplitDateField(label="To", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "“To” must be the same day as “From”, or after it")
        return cleaned

    def days(self) -> dict[str, datetime | None]:
        """The moments between which the days lie, as a :class:`Search` takes them."""
        until: date | None = self.cleaned_data["until"]
        return {
            "since": _midnight(self.cleaned_data["since"]),
            "before": _midnight(until + timedelta(days=1)) if until and until < date.max else None,
        }


class AuditFilter(DaysForm):
    who = forms.ChoiceField(label="Who", required=False, widget=Select())
    what = forms.ChoiceField(label="What", required=False, widget=Select())
    organisation = forms.ChoiceField(label="Organisation", required=False, widget=Select())
    object = forms.UUIDField(
        label="Id of a record",
        required=False,
        widget=TextInput(),
        error_messages={"invalid": "Enter an id as this page shows it, 36 letters, digits and hyphens"},
    )

    def __init__(
        self,
        data: Mapping[str, Any],
        *,
        people: Mapping[str, str],
        events: Mapping[str, str],
        organisations: Mapping[uuid.UUID, str],
    ) -> None:
        super().__init__(data)
        self._choose("who", [("", "Anybody"), ("job:", "The service itself"), ("device:", "A tablet"), *people.items()])
        self._choose("what", [_EVERYTHING, *sorted(events.items(), key=lambda item: item[1])])
        names = [(str(key), name) for key, name in organisations.items()]
        self._choose("organisation", [("", "All"), (TRUST, "The trust’s own"), *names])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def search(self) -> Search:
        """What is asked for, once the form is valid."""
        chosen = self.cleaned_data
        organisation = chosen["organisation"]
        return Search(
            **self.days(),
            actor=chosen["who"],
            name=chosen["what"],
            provider_id=uuid.UUID(organisation) if organisation not in ("", TRUST) else None,
            of_trust=organisation == TRUST,
            object_id=chosen["object"],
        )


class ReadingsFilter(DaysForm):
    who = forms.ChoiceField(label="Who", required=False, widget=Select())

    def __init__(self, data: Mapping[str, Any], *, people: Mapping[str, str]) -> None:
        super().__init__(data)
        self.fields["who"].choices = [("", "Anybody"), *people.items()]  # type: ignore[attr-defined]

    def search(self) -> Search:
        return Search(**self.days(), actor=self.cleaned_data["who"])  # type: ignore[arg-type]


def _midnight(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, datetime.min.time())) if day else None
