"""The demo's locked months: those of the first provider's first quarter, signed by its manager."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from providers.models import Provider
from reports.selectors.months import month_state
from reports.services.months import lock_month
from sutg.common.periods import Period
from sutg.demo.personas import BY_KEY, FIRST
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Actor, Scope


def seed_months(say: Callable[[str], None]) -> None:
    """Three months; what is locked already stays as it was signed."""
    provider = Provider.objects.get(slug=FIRST)
    manager = Actor.user(User.objects.get(email=BY_KEY["provider-manager"].email).id)
    months = Period.quarter(2024, 1).split_into_months()
    with scopes.enter(Scope.provider(manager, provider.id)), transaction.atomic():
        for month in months:
            state = month_state(month, timezone.localdate())
            lock_month(provider_id=provider.id, month=month, not_held=state.planned, by=manager, now=timezone.now())
    say(f"{len(months)} locked months")
