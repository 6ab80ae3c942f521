"""Telling managers that a check or training of somebody on the register runs out: what the outbox calls.

The mail names nobody: who it is stands on the register.
"""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from providers.models import StaffCheck, StaffMember
from providers.reminders import managers_on
from providers.selectors.staff import standings_of_staff
from sutg.nhsuk.formats import nhs_date
from sutg.outbox.letters import send_to_each
from sutg.outbox.models import OutboxMessage


def remind_of_check(message: OutboxMessage) -> str:
    """Tell the provider's managers, unless it was renewed or the person has left; what the mail server said."""
    today = timezone.localdate()
    with transaction.atomic():
        check = StaffCheck.objects.filter(id=message.subject).first()
        if check is None:
            return "erased before"
        is_here = StaffMember.objects.exclude(until__lt=today).filter(id=check.staff_member_id).exists()
        latest = standings_of_staff([check.staff_member_id]).get(check.staff_member_id, [])
        people = managers_on(today)
    if check.withdrawn_at is not None:
        return "withdrawn before"
    if not is_here:
        return "left before"
    if check.id not in {standing.check.id for standing in latest}:
        return "renewed before"
    subject = f"{check.get_kind_display()} of somebody on your register ends on {nhs_date(check.until)}"
    link = f"{settings.SERVICE_URL}{reverse('providers:staff')}"
    text = f"{subject}.\n\nSee who it is, and write down the renewal:\n{link}\n"
    return send_to_each(message, people, subject=subject, text=text)
