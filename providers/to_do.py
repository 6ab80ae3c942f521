"""What a person should do next about people and about what an organisation must have, for their start page."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone

from accounts.navigation import Task
from accounts.principal import Principal
from providers.models import AccessReview, Invitation, TrustAccessReview, TrustInvitation
from providers.permissions import (
    INVITE_OWN_PEOPLE,
    INVITE_TRUST_PEOPLE,
    KEEP_ANY_ACCESS,
    KEEP_OWN_ACCESS,
    KEEP_OWN_PROFILE,
    KEEP_OWN_STAFF,
    SEE_ANY_PROFILE,
)
from providers.selectors.access_reviews import review_state
from providers.selectors.invitations import count_unsent
from providers.selectors.profiles import State, standings_of
from providers.selectors.providers import providers
from providers.selectors.safeguarding import safeguarding_posts
from providers.selectors.staff import count_pressing
from sutg.nhsuk.formats import nhs_date

SHOWN = 5


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


def reviews_to_do(principal: Principal) -> Iterable[Task]:
    """The quarter's review of access, until it is signed."""
    if principal.can(KEEP_OWN_ACCESS):
        state, href = review_state(AccessReview, timezone.localdate()), reverse("providers:access_reviews")
    elif principal.can(KEEP_ANY_ACCESS):
        state, href = review_state(TrustAccessReview, timezone.localdate()), reverse("providers:trust_access_reviews")
    else:
        return
    if not state.is_signed:
        yield Task(
            title="Review who has access",
            href=href,
            status="Overdue" if state.is_overdue else f"Due by {nhs_date(state.quarter.end)}",
            colour="red" if state.is_overdue else "yellow",
        )


def safeguarding_to_do(principal: Principal) -> Iterable[Task]:
    """That nobody leads on safeguarding, or that whoever did is no longer there."""
    if not principal.can(KEEP_OWN_PROFILE):
        return
    lead = safeguarding_posts(timezone.localdate()).get("lead")
    if lead is None or not lead.is_here:
        yield Task(
            title="Name your safeguarding lead",
            href=reverse("providers:name_safeguarding"),
            status="Nobody is told of concerns" if lead else "Nobody is named",
            colour="red",
        )


def assurance_to_do(principal: Principal) -> Iterable[Task]:
    """What has expired, what ends within 60 days, and how much was never written down."""
    hat = principal.hat
    if not principal.can(KEEP_OWN_PROFILE) or hat is None or hat.provider_id is None:
        return
    standings = standings_of([hat.provider_id], timezone.localdate())[hat.provider_id]
    href = reverse("providers:own_profile")
    pressing = [standing for standing in standings if standing.state in {State.EXPIRED, State.SOON}]
    for standing in sorted(pressing, key=lambda one: (one.ends is None, one.ends))[:SHOWN]:
        is_over = standing.state is State.EXPIRED
        is_insurance = standing.model.__name__ == "Insurance"
        yield Task(
            title=f"Renew {standing.label.lower()} insurance" if is_insurance else f"Review: {standing.label} policy",
            href=href,
            status=f"{'Expired' if is_over else 'Ends'} on {nhs_date(standing.ends)}",
            colour="red" if is_over else "yellow",
        )
    if missing := sum(1 for standing in standings if standing.state is State.MISSING):
        yield Task(
            title="Write down the insurance and policies that you must have",
            href=href,
            status=f"{missing} missing",
            colour="orange",
        )


def staff_to_do(principal: Principal) -> Iterable[Task]:
    """How many checks and trainings of people on the register are over, or end within 60 days."""
    if not principal.can(KEEP_OWN_STAFF):
        return
    over, soon = count_pressing(timezone.localdate())
    if over or soon:
        yield Task(
            title="Renew checks and training of staff and volunteers",
            href=reverse("providers:staff"),
            status=f"{over} ended" if over else f"{soon} end within 60 days",
            colour="red" if over else "yellow",
        )


def providers_to_do(principal: Principal) -> Iterable[Task]:
    """How many providers have let something expire, for the trust."""
    if not principal.can(SEE_ANY_PROFILE):
        return
    standings = standings_of(providers().values_list("id", flat=True), timezone.localdate())
    if late := sum(any(one.state is State.EXPIRED for one in mine) for mine in standings.values()):
        yield Task(
            title="Ask providers about what has expired",
            href=reverse("providers:providers"),
            status=f"{late} to ask",
            colour="red",
        )
