"""One letter to several people, each by itself: an address that the mail server refuses keeps it from nobody else."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from smtplib import SMTPException
from typing import Protocol

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from sutg.outbox.delivery import NotDelivered
from sutg.outbox.models import OutboxMessage
from sutg.outbox.services import LEASE

# A server that does not answer costs EMAIL_TIMEOUT for each; the rest come next time, before the lease is over.
AT_MOST = LEASE / 2
WRITTEN_TO = "written_to"


class Recipient(Protocol):
    @property
    def id(self) -> uuid.UUID: ...
    @property
    def email(self) -> str: ...


def send_to_each(message: OutboxMessage, people: Sequence[Recipient], *, subject: str, text: str) -> str:
    """Write to everybody whose mail server has not taken this message yet; what it said.

    Whom it was taken for is stored at once, in the message, and they are not written to again when it is tried again
    for those left. :class:`NotDelivered` while somebody is left, or when nobody is to be told.
    """
    written = set(message.detail.get(WRITTEN_TO, []))
    if not people and not written:
        code = "nobody to tell"
        raise NotDelivered(code)
    until = timezone.now() + AT_MOST
    fault = ""
    for person in people:
        if str(person.id) in written:
            continue
        if timezone.now() > until:
            fault = fault or "no time left"
            break
        try:
            headers = {"Message-ID": f"<{message.id}.{person.id}@step-up-to-great>"}
            EmailMessage(subject, text, to=[person.email], headers=headers).send()
        except (SMTPException, OSError, ValueError) as error:  # the last: an address that is none
            fault = type(error).__name__
        else:
            written.add(str(person.id))
            _note(message, written)
    if fault:
        raise NotDelivered(fault)
    return f"accepted by the mail server for {len(written)}"


def _note(message: OutboxMessage, written: set[str]) -> None:
    message.detail = {**message.detail, WRITTEN_TO: sorted(written)}
    with transaction.atomic():
        OutboxMessage.objects.undelivered().filter(id=message.id).update(detail=message.detail)
