"""Telling people of incidents: what the outbox calls. The letters hold nothing about anybody."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from cafes.models import Incident
from cafes.selectors.incidents import people_to_tell
from cafes.services.incidents import FURTHER_REMINDER, REMIND
from sutg.nhsuk.formats import nhs_datetime
from sutg.outbox.letters import send_to_each
from sutg.outbox.models import OutboxMessage
from sutg.outbox.services import enqueue
from sutg.tenancy.scope import Actor

JOB = Actor.job("tell of incidents")
MOST_REMINDERS = 42  # a week of them; by then the provider's page and the manager's start page have said it all along


def tell(message: OutboxMessage) -> str:
    """Tell those who answer for the café that something was written down; what the mail server said."""
    with transaction.atomic():
        incident = Incident.objects.select_related("cafe").get(id=message.subject)
        people = people_to_tell(incident, timezone.localdate(), everybody=False)
    return _mail(message, incident, people, subject=f"Incident at {incident.cafe.name}: please read it")


def remind(message: OutboxMessage) -> str:
    """Tell everybody who answers for the café that nobody has taken it in hand, and come back; or let it rest.

    The next reminder is stored first: whatever becomes of this one, it comes, and then it speaks for this one too.
    """
    with transaction.atomic():
        incident = Incident.objects.select_related("cafe").get(id=message.subject)
        people = people_to_tell(incident, timezone.localdate(), everybody=True)
    if incident.acknowledged_at is not None:
        return "acknowledged before"
    further = _come_back(message, FURTHER_REMINDER)
    if further is not None and further.not_before <= timezone.now():
        return "followed by a later one"
    return _mail(message, incident, people, subject=f"Nobody has this in hand: incident at {incident.cafe.name}")


def _come_back(message: OutboxMessage, after: timedelta) -> OutboxMessage | None:
    number = int(message.detail.get("reminder", 0)) + 1
    if number >= MOST_REMINDERS:
        return None
    with transaction.atomic():
        return enqueue(
            provider_id=message.provider_id,
            kind=REMIND,
            subject=message.subject,
            by=JOB,
            not_before=timezone.now() + after,
            # A worker that dies after this and before its answer is stored comes here again.
            message_id=uuid.uuid5(message.subject, f"reminder {number}"),
            reminder=number,
        )


def _mail(message: OutboxMessage, incident: Incident, people: list[User], *, subject: str) -> str:
    text = (
        f"On {nhs_datetime(incident.raised_at)} something was written down about {incident.cafe.name} that you need "
        "to read.\n\n"
        "Sign in to read it, and say that you have it in hand:\n"
        f"{settings.SERVICE_URL}{reverse('cafes:incident', args=[incident.id])}\n\n"
        "This message says nothing about what happened or to whom, so that it can be sent by e-mail.\n"
    )
    return send_to_each(message, people, subject=subject, text=text)
