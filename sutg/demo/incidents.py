"""The demo's incidents, one in each state. Invented, like everybody in them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from cafes.models import Incident
from cafes.selectors.cafes import cafe_ids_by_name
from cafes.services.incidents import Report, acknowledge_incident, close_incident, raise_incident
from providers.models import Provider
from sutg.demo.personas import BY_KEY, FIRST
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Actor, Scope

CAFE = "Belgrave Neighbourhood Café"
_SPACE = uuid.UUID("5f0d6c1e-6b0a-4d5e-9a53-2f1f6f3f7a10")


def seed_incidents(say: Callable[[str], None]) -> None:
    """Three incidents of one café; what is there already is left alone."""
    provider = Provider.objects.get(slug=FIRST)
    worker, manager = (_actor(key) for key in ("cafe-worker", "provider-manager"))
    with scopes.enter(Scope.provider(worker, provider.id)), transaction.atomic():
        if Incident.objects.exists():
            return
        cafe_id = cafe_ids_by_name()[CAFE]
        now = timezone.now()
        for number, (days, kind, severity, happened, done) in enumerate(_INCIDENTS):
            report = Report(
                client_uuid=uuid.uuid5(_SPACE, str(number)),
                cafe_id=cafe_id,
                happened_at=now - timedelta(days=days, minutes=40),
                kind=kind,
                severity=severity,
                what_happened=happened,
                what_was_done=done,
            )
            at = now - timedelta(days=days)
            incident = raise_incident(provider_id=provider.id, report=report, now=at, by=worker)
            if number > 0:
                acknowledge_incident(incident_id=incident.id, now=at + timedelta(hours=1), by=manager)
            if number > 1:
                outcome = "The landlord has put a light there. Told the whole team at the meeting."
                close_incident(incident_id=incident.id, outcome=outcome, now=at + timedelta(days=6), by=manager)
    say(f"{len(_INCIDENTS)} incidents")


_INCIDENTS = (
    (
        0,
        Incident.Kind.SAFEGUARDING_ADULT,
        Incident.Severity.SOME_HARM,
        "A visitor said that a relative keeps her bank card and that she has not eaten since yesterday.",
        "Gave her a meal and stayed with her. She agreed to come back on Thursday.",
    ),
    (
        3,
        Incident.Kind.VIOLENCE,
        Incident.Severity.NO_HARM,
        "Two visitors shouted at each other about a seat. One of them left.",
        "Spoke with both of them apart.",
    ),
    (
        20,
        Incident.Kind.MEDICAL,
        Incident.Severity.SOME_HARM,
        "Somebody fell on the steps when leaving in the dark and hurt a wrist.",
        "First aid, and a taxi to the urgent treatment centre.",
    ),
)


def _actor(key: str) -> Actor:
    return Actor.user(User.objects.get(email=BY_KEY[key].email).id)
