from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from cafes.models import Cafe, Incident, IncidentNote
from providers.models import Provider
from tests.factories.cafes import make_cafe
from tests.factories.scoped import TESTS, acting_for

AT = datetime(2026, 5, 4, 17, 30, tzinfo=UTC)


def make_incident(*, provider: Provider, cafe: Cafe | None = None, **fields: Any) -> Incident:
    cafe = cafe or make_cafe(provider=provider)
    values = {
        "client_uuid": uuid.uuid4(),
        "happened_at": AT,
        "kind": Incident.Kind.VIOLENCE,
        "severity": Incident.Severity.SOME_HARM,
        "raised_at": AT,
        "raised_by": str(TESTS),
        **fields,
    }
    with acting_for(provider):
        return Incident.objects.create(provider=provider, cafe_id=cafe.id, **values)


def make_incident_note(
    *, provider: Provider, incident: Incident | None = None, text: str = "A chair was thrown.", **fields: Any
) -> IncidentNote:
    incident = incident or make_incident(provider=provider)
    values = {"kind": IncidentNote.Kind.HAPPENED, "written_at": AT, "written_by": str(TESTS), **fields}
    with acting_for(provider):
        return IncidentNote.objects.create(provider=provider, incident_id=incident.id, text=text, **values)
