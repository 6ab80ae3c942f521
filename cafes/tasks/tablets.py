"""Telling people of tablets that keep records to themselves. The letters say which café, and nothing of anybody."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from cafes.models import Tablet
from cafes.selectors.kept_tablets import people_who_keep_tablets
from cafes.services.tablet_alarms import tell_of_silent_tablets
from providers.selectors.providers import providers
from sutg.celery import app
from sutg.nhsuk.formats import nhs_datetime
from sutg.outbox.letters import send_to_each
from sutg.outbox.models import OutboxMessage
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Actor, Scope

JOB = Actor.job("tell of silent tablets")


@app.task(scope_free=True)
def tell_of_all_silent_tablets() -> int:
    """Look through every provider's tablets, each in its provider's scope; how many were told of now."""
    now = timezone.now()
    with scopes.enter(Scope.trust(JOB)), transaction.atomic():
        provider_ids = list(providers().values_list("id", flat=True))
    told = 0
    for provider_id in provider_ids:
        with scopes.enter(Scope.provider(JOB, provider_id)):
            told += tell_of_silent_tablets(by=JOB, now=now)
    return told


def tell_of_silence(message: OutboxMessage) -> str:
    """Write to the café's leads and the provider's managers; what the mail server said."""
    with transaction.atomic():
        tablet = Tablet.objects.select_related("cafe").get(id=message.subject)
        people = people_who_keep_tablets(tablet.cafe_id, timezone.localdate())
    seen = tablet.last_seen_at
    if tablet.revoked_at is not None or seen is None or seen.isoformat() != message.detail["seen"]:
        return "heard of since"
    return _mail(message, tablet, people)


def _mail(message: OutboxMessage, tablet: Tablet, people: list[User]) -> str:
    days = int(message.detail["hours"]) // 24
    length = "a day" if days == 1 else f"{days} days"
    subject = f"A tablet of {tablet.cafe.name} has sent nothing for {length}"
    text = (
        f"A tablet of {tablet.cafe.name} was last heard of on {nhs_datetime(tablet.last_seen_at)}. It had "
        f"{tablet.held} {'record' if tablet.held == 1 else 'records'} then that had not been sent.\n\n"
        "They are safe as long as the tablet is. Connect it to the internet and open its app: it sends them by itself. "
        "If it is lost, see on its page what to do:\n"
        f"{settings.SERVICE_URL}{reverse('cafes:tablet', args=[tablet.id])}\n"
    )
    return send_to_each(message, people, subject=subject, text=text)
