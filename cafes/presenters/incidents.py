"""Incidents as their pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from cafes.models import Incident, IncidentNote
from sutg.nhsuk.formats import nhs_datetime

_COLOURS = {Incident.Severity.SERIOUS: "red", Incident.Severity.SOME_HARM: "orange", Incident.Severity.NO_HARM: "grey"}


@dataclass(frozen=True, slots=True)
class IncidentPresenter:
    """One incident; ``names`` knows the people who acted."""

    incident: Incident
    names: Mapping[str, str]

    @property
    def href(self) -> str:
        return reverse("cafes:incident", args=[self.incident.id])

    @property
    def kind(self) -> str:
        return self.incident.get_kind_display()

    @property
    def severity(self) -> str:
        return self.incident.get_severity_display()

    @property
    def severity_colour(self) -> str:
        return _COLOURS[Incident.Severity(self.incident.severity)]

    @property
    def state(self) -> str:
        if self.incident.closed_at:
            return "Closed"
        return "In hand" if self.incident.acknowledged_at else "Nobody has it in hand"

    @property
    def state_colour(self) -> str:
        return "green" if self.incident.closed_at else "blue" if self.incident.acknowledged_at else "red"

    def summary(self) -> list[dict[str, object]]:
        """Key and value for the summary list."""
        incident, told = self.incident, dict(Incident.Told.choices)
        rows: list[dict[str, object]] = [
            {"key": "Café", "value": incident.cafe.name},
            {"key": "About", "value": self.kind},
            {"key": "How serious", "value": self.severity},
            {"key": "When it happened", "value": nhs_datetime(incident.happened_at)},
            {"key": "Told outside", "value": [told.get(code, code) for code in incident.told] or "Nobody yet"},
            {"key": "Written down", "value": self._act(incident.raised_at, incident.raised_by)},
            {"key": "Taken in hand", "value": self._act(incident.acknowledged_at, incident.acknowledged_by)},
        ]
        if incident.closed_at:
            rows.append({"key": "Closed", "value": self._act(incident.closed_at, incident.closed_by)})
        return rows

    def _act(self, at: object, by: str) -> str:
        return f"{nhs_datetime(at)} by {self.names.get(by, 'the service')}" if at else "Not yet"  # type: ignore[arg-type]


def opened_notes(notes: list[IncidentNote], names: Mapping[str, str]) -> list[dict[str, str]]:
    """What was written, opened for a reader whose reading is recorded."""
    return [
        {
            "heading": note.get_kind_display(),
            "text": note.text.open(),
            "written": f"{nhs_datetime(note.written_at)} by {names.get(note.written_by, 'the service')}",
        }
        for note in notes
    ]
