"""The daily job that plans the sessions of the coming weeks."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from cafes.selectors.cafes import cafes
from cafes.services.planning import plan_sessions
from sutg.celery import app
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Actor, Scope

JOB = Actor.job("plan sessions")


@app.task(scope_free=True)
def plan_all_sessions() -> int:
    """Plan every café's sessions, each in its provider's scope and a transaction of its own; how many changed.

    Run twice, or by two workers at once, it changes nothing more.
    """
    today = timezone.localdate()
    with scopes.enter(Scope.trust(JOB)), transaction.atomic():
        found = list(cafes())
    changed = 0
    for cafe in found:
        with scopes.enter(Scope.provider(JOB, cafe.provider_id)):
            changed += plan_sessions(cafe=cafe, today=today, by=JOB)
    return changed
