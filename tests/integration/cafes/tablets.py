"""A café with a tablet, by the real API."""

from __future__ import annotations

import uuid
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import User
from cafes.models import Cafe, Session, TabletRecord, Visit
from cafes.services.tablets import add_tablet
from providers.models import Provider
from tests.factories import make_cafe, make_membership
from tests.factories.scoped import TESTS, acting_for
from tests.support.tablet import SimulatedTablet

ENROL = "/api/v1/tablet/enrol"


def enrolled(provider: Provider, cafe: Cafe | None = None, name: str = "Front desk", **given: Any) -> SimulatedTablet:
    cafe = cafe or make_cafe(provider=provider)
    with acting_for(provider):
        _, link = add_tablet(cafe_id=cafe.id, name=name, by=TESTS, now=timezone.now())
    response = Client().post(ENROL, {"link": link.as_text()}, content_type="application/json")
    assert response.status_code == 200, response.content
    return SimulatedTablet(response.json(), **given)


def worker(provider: Provider) -> User:
    user: User = make_membership(provider=provider).user
    return user


def opening(tablet: SimulatedTablet, session: Session | None = None) -> uuid.UUID:
    """A record that opens a session; what later records call that session."""
    made = tablet.record("session_opened", {"session": str(session.id) if session else None, "initials": ["WK"]})
    return session.id if session else uuid.UUID(made["id"])


def visit(session_ref: uuid.UUID, **facts: Any) -> dict[str, Any]:
    return {"session": str(session_ref), "came_for": "self", "reasons": ["anxiety"], "distress_before": 7, **facts}


def standing_visits(provider: Provider) -> list[Visit]:
    with acting_for(provider):
        return list(Visit.objects.standing().order_by("recorded_at", "id"))


def records(provider: Provider) -> list[TabletRecord]:
    with acting_for(provider):
        return list(TabletRecord.objects.order_by("number"))
