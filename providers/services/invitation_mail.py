"""Each mail of an invitation, from its turn to its end: claimed, then sent or failed.

The secret is made when the mail is about to go and is known to that mail alone: neither the queue nor the database
ever holds it. A worker that dies between sending and saying so sends a second mail, whose link is the one that works.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from providers.links import Link, new_link
from providers.models import Invitation, InvitationState, MailState
from providers.services.invitations import AnyInvitation, Kind, lock_invitation, record_of
from sutg.common.errors import NotFound
from sutg.tenancy.scope import Actor

LEASE = timedelta(minutes=2)
LONGEST_WAIT = timedelta(hours=1)
MOST_ATTEMPTS = 12


@transaction.atomic
def claim_mail(*, kind: Kind, invitation_id: uuid.UUID, now: datetime) -> tuple[AnyInvitation, Link] | None:
    """Take the invitation's mail to send it; None when it is not due, sent already, or another worker has it."""
    try:
        invitation = lock_invitation(kind, invitation_id)
    except NotFound:
        return None
    is_due = invitation.mail_due_at is not None and invitation.mail_due_at <= now
    if invitation.mail != MailState.QUEUED or not is_due or invitation.state_at(now) is not InvitationState.PENDING:
        return None
    link = new_link(invitation.provider_id if isinstance(invitation, Invitation) else None, invitation.id)
    invitation.digest = link.digest
    invitation.mail_attempts += 1
    invitation.mail_due_at = now + LEASE
    invitation.save(update_fields=["digest", "mail_attempts", "mail_due_at"])
    return invitation, link


@transaction.atomic
def note_mail_sent(*, kind: Kind, link: Link, by: Actor) -> None:
    invitation = lock_invitation(kind, link.row_id)
    if not link.opens(invitation.digest):
        return  # sent again or taken back meanwhile
    invitation.mail, invitation.mail_due_at = MailState.SENT, None
    invitation.save(update_fields=["mail", "mail_due_at"])
    record_of(invitation, "invitation_mailed", by, attempts=invitation.mail_attempts)


@transaction.atomic
def note_mail_failed(*, kind: Kind, link: Link, by: Actor, now: datetime) -> None:
    """Have it tried again, later each time; after a day or so of tries leave it to a person."""
    invitation = lock_invitation(kind, link.row_id)
    if not link.opens(invitation.digest):
        return
    if invitation.mail_attempts >= MOST_ATTEMPTS:
        invitation.mail, invitation.mail_due_at = MailState.FAILED, None
        record_of(invitation, "invitation_mail_failed", by, attempts=invitation.mail_attempts)
    else:
        invitation.mail_due_at = now + min(timedelta(minutes=2**invitation.mail_attempts), LONGEST_WAIT)
    invitation.save(update_fields=["mail", "mail_due_at"])
