"""What makes the pages about people worth opening: invitations that wait, ran out, were taken back."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from providers.models import Invitation, Provider, TrustInvitation
from providers.services.invitations import invite, invite_for_trust, revoke_invitation
from sutg.demo.personas import BY_KEY, FIRST
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Actor, Scope

BY = Actor.job("demo")


def seed_people() -> None:
    """Invitations of the first provider and of the trust; harmless when run again."""
    manager = Actor.user(User.objects.get(email=BY_KEY["provider-manager"].email).id)
    administrator = Actor.user(User.objects.get(email=BY_KEY["service-administrator"].email).id)
    now = timezone.now()
    today = timezone.localdate()
    provider = Provider.objects.get(slug=FIRST)
    with scopes.enter(Scope.provider(BY, provider.id)), transaction.atomic():
        if not Invitation.objects.exists():
            for email, role, days in (
                ("nadia.farouk@demo.invalid", Role.CAFE_WORKER, 0),
                ("joe.templeton@demo.invalid", Role.CAFE_LEAD, 20),
                ("ines.carvalho@demo.invalid", Role.PROVIDER_FINANCE, 2),
            ):
                sent = now - timedelta(days=days)
                last = invite(provider=provider, email=email, role=role, since=today, by=manager, now=sent)
            revoke_invitation(kind=Invitation, invitation_id=last.id, by=manager, now=now)
    with scopes.enter(Scope.trust(BY)), transaction.atomic():
        if not TrustInvitation.objects.exists():
            invite_for_trust(
                email="hal.brennan@demo.invalid", role=Role.EQUALITY_LEAD, since=today, by=administrator, now=now
            )
