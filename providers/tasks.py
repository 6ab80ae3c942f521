"""The jobs of this room: the mails of invitations. A message is only a hint: what is due stands in the database."""

from __future__ import annotations

import logging
import uuid
from smtplib import SMTPException

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.roles import Role
from accounts.selectors.people import names_of
from providers.letters import INVITATION_SUBJECT, invitation_letter
from providers.links import Link
from providers.models import Invitation, Provider, TrustInvitation
from providers.services.acceptance import held_for_in_words
from providers.services.invitation_mail import claim_mail, note_mail_failed, note_mail_sent
from providers.services.invitations import AnyInvitation, Kind
from sutg.celery import app
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Actor, Scope

logger = logging.getLogger(__name__)
JOB = Actor.job("send invitations")
_KINDS: dict[str, Kind] = {"provider": Invitation, "trust": TrustInvitation}


@app.task
def send_invitation(kind: str, invitation_id: str) -> None:
    """Send one invitation's mail if it is due, under the scope of whoever asked."""
    claimed = claim_mail(kind=_KINDS[kind], invitation_id=uuid.UUID(invitation_id), now=timezone.now())
    if claimed is None:
        return
    invitation, link = claimed
    try:
        _letter(invitation, link).send()
    except (SMTPException, OSError) as error:
        logger.warning("invitation_not_sent", extra={"invitation": invitation_id, "error": type(error).__name__})
        note_mail_failed(kind=_KINDS[kind], link=link, by=JOB, now=timezone.now())
    else:
        note_mail_sent(kind=_KINDS[kind], link=link, by=JOB)


@app.task(scope_free=True)
def take_up_left_invitations() -> None:
    """Send out again what a lost message, a lost worker or a mail server that was away left lying.

    Each provider in its own scope: the trust's role has no right to the table that says who is invited where.
    """
    with scopes.enter(Scope.trust(JOB)), transaction.atomic():
        providers = list(Provider.objects.all())
    for scope in (Scope.trust(JOB), *(Scope.provider(JOB, provider.id) for provider in providers)):
        kind: Kind = Invitation if scope.provider_id else TrustInvitation
        with scopes.enter(scope):
            with transaction.atomic():
                due: list[AnyInvitation] = list(kind.objects.with_mail_due(timezone.now()))
            for invitation in due:
                hint(invitation)


def hint(invitation: AnyInvitation) -> None:
    """Tell a worker that a mail waits, under the present scope. A broker that is away only makes it wait longer."""
    kind = "provider" if isinstance(invitation, Invitation) else "trust"
    try:
        send_invitation.delay(kind, str(invitation.id))
    except OperationalError:
        logger.warning("invitation_hint_not_sent", extra={"invitation": str(invitation.id)})


def _letter(invitation: AnyInvitation, link: Link) -> EmailMessage:
    with transaction.atomic():
        body = invitation_letter(
            link=link,
            role=Role(invitation.role),
            held_for=held_for_in_words(invitation),
            invited_by=names_of([invitation.invited_by])[invitation.invited_by],
            expires_at=invitation.expires_at,
        )
    return EmailMessage(INVITATION_SUBJECT, body, to=[invitation.email])
