"""What makes the pages about people worth opening: invitations that wait, ran out, were taken back."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.endings import EndReason
from accounts.models import User
from accounts.roles import Role
from providers.models import AccessReview, Invitation, Membership, Provider, TrustAccessReview, TrustInvitation
from providers.selectors.access_reviews import ReviewKind, roles_to_review
from providers.services.access_reviews import sign_review
from providers.services.invitations import invite, invite_for_trust, revoke_invitation
from providers.services.leaving import end_membership
from providers.services.providers import grant_membership
from sutg.common.periods import Period
from sutg.demo.personas import BY_KEY, FIRST
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Actor, Scope

BY = Actor.job("demo")
LEAVER = "alun.parry@demo.invalid"


def seed_people() -> None:
    """Invitations of the first provider and of the trust; harmless when run again."""
    manager = Actor.user(User.objects.get(email=BY_KEY["provider-manager"].email).id)
    administrator = Actor.user(User.objects.get(email=BY_KEY["service-administrator"].email).id)
    now = timezone.now()
    today = timezone.localdate()
    provider = Provider.objects.get(slug=FIRST)
    with scopes.enter(Scope.trust(BY)), transaction.atomic():
        leaver = User.objects.filter(email=LEAVER).first()
        leaver = leaver or User.objects.create_user(email=LEAVER, full_name="Alun Parry")
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
        _seed_leaver(provider, leaver, manager)
        _seed_review(AccessReview, manager)
    with scopes.enter(Scope.trust(BY)), transaction.atomic():
        if not TrustInvitation.objects.exists():
            invite_for_trust(
                email="hal.brennan@demo.invalid", role=Role.EQUALITY_LEAD, since=today, by=administrator, now=now
            )
        _seed_review(TrustAccessReview, administrator)


def _seed_review(kind: ReviewKind, by: Actor) -> None:
    """The review of the quarter before this one, signed on its last day: this quarter's is due, and not overdue."""
    if kind.objects.exists():
        return
    before = Period.quarter_of(timezone.localdate()).start - timedelta(days=1)
    now = timezone.make_aware(datetime.combine(before, time(16, 30)))
    kept = [held.id for held in roles_to_review(kind, before)]
    sign_review(kind=kind, kept=kept, ended=[], by=by, now=now)


def _seed_leaver(provider: Provider, user: User, manager: Actor) -> None:
    """Somebody whose access is over. They have no password and are no persona: nobody signs in as them."""
    if Membership.objects.filter(user=user).exists():
        return
    now = timezone.now()
    since = timezone.localdate() - timedelta(days=200)
    given = grant_membership(provider=provider, user=user, role=Role.CAFE_WORKER, since=since, by=manager)
    end_membership(membership_id=given.id, by=manager, now=now - timedelta(days=30), reason=EndReason.LEFT)
