"""Telling managers that an insurance ends or a policy is due for review: what the outbox calls."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from providers.models import Insurance, Membership, Policy
from providers.selectors.profiles import AnyAssurance, standing_on
from sutg.nhsuk.formats import nhs_date
from sutg.outbox.letters import send_to_each
from sutg.outbox.models import OutboxMessage


def remind(message: OutboxMessage) -> str:
    """Tell the provider's managers, unless a renewal is written down already; what the mail server said."""
    model: type[Insurance] | type[Policy] = Insurance if message.detail["of"] == "insurance" else Policy
    today = timezone.localdate()
    with transaction.atomic():
        row = model.objects.get(id=message.subject)
        rows: list[AnyAssurance] = list(model.objects.standing().filter(kind=row.kind))
        people = managers_on(today)
    if row.withdrawn_at is not None:
        return "withdrawn before"
    standing = standing_on(model, row.kind, rows, today)
    if standing.ends is not None and standing.ends > row.until:
        return "renewed before"
    subject, text = _letter(row)
    return send_to_each(message, people, subject=subject, text=text)


def managers_on(day: date) -> list[User]:
    """Whom a reminder goes to, in the scope's provider."""
    managers = Membership.objects.held_on(day).filter(role=Role.PROVIDER_MANAGER, user__is_active=True)
    return list(User.objects.filter(id__in=managers.values("user_id")).order_by("full_name"))


def _letter(row: AnyAssurance) -> tuple[str, str]:
    """True on the day it is read: it names the day and does not count."""
    kind = row.get_kind_display()
    if isinstance(row, Insurance):
        subject = f"{kind} insurance ends on {nhs_date(row.until)}"
        what = f"Your organisation’s {kind[0].lower()}{kind[1:]} insurance is written down until {nhs_date(row.until)}."
        then = "When it is renewed, add the new term"
    else:
        subject = f"{kind} policy: review by {nhs_date(row.until)}"
        what = f"Your organisation’s policy “{kind}” is to be reviewed by {nhs_date(row.until)}."
        then = "When it is reviewed and approved, add it again with its new date"
    link = f"{settings.SERVICE_URL}{reverse('providers:own_profile')}"
    return subject, f"{what}\n\n{then}:\n{link}\n\nThe trust sees what has expired.\n"
