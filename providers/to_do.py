"""What a person should do next about people, for their start page."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone

from accounts.navigation import Task
from accounts.principal import Principal
from providers.models import Invitation, TrustInvitation
from providers.permissions import INVITE_OWN_PEOPLE, INVITE_TRUST_PEOPLE
from providers.selectors.invitations import count_unsent


def invitations_to_do(principal: Principal) -> Iterable[Task]:
    """Invitations whose mail could not be sent."""
    if not principal.can(INVITE_OWN_PEOPLE) and not principal.can(INVITE_TRUST_PEOPLE):
        return
    kind = Invitation if principal.can(INVITE_OWN_PEOPLE) else TrustInvitation
    if unsent := count_unsent(kind, timezone.now()):
        yield Task(
            title="Send invitations again that could not be sent",
            href=reverse("providers:invitations"),
            status=f"{unsent} not sent",
            colour="red",
        )
