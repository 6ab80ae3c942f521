"""Telling managers that an insurance ends or a policy is due for review: what the outbox calls."""

from __future__ import annotations

from datetime import date
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from providers.models import Insurance, Membership, Policy
from providers.selectors.profiles import AnyAssurance, standing_on
from sutg.nhsuk.formats import nhs_date
from sutg.outbox.delivery import NotDelivered
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
    return send_to(people, *_letter(row), message)


def managers_on(day: date) -> list[User]:
    """Whom a reminder goes to, in the scope's provider."""
    managers = Membership.objects.held_on(day).filter(role=Role.PROVIDER_MANAGER, user__is_active=True)
    return list(User.objects.filter(id__in=managers.values("user_id")).order_by("full_name"))


def send_to(people: list[User], subject: str, text: str, message: OutboxMessage) -> str:
    """One mail to each; what the mail server said. :class:`NotDelivered` when it did not, or nobody is to be told."""
    if not people:
        code = "nobody to tell"
        raise NotDelivered(code)
    try:
        for person in people:
            headers = {"Message-ID": f"<{message.id}.{person.id}@step-up-to-great>"}
            EmailMessage(subject, text, to=[person.email], headers=headers).send()
    except (SMTPException, OSError) as error:
        raise NotDelivered(type(error).__name__) from error
    return f"accepted by the mail server for {len(people)}"


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
