"""``manage.py outbox_status``: an alarm that does not depend on the workers whose silence it reports."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import Count, Min
from django.utils import timezone

from sutg.outbox.models import OutboxMessage
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Actor, Scope

LATE = timedelta(minutes=2)


class Command(BaseCommand):
    help = "Say what waits to be delivered. Exits 1 when the oldest has waited for more than two minutes."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        with scopes.enter(Scope.trust(Actor.job("outbox status"))), transaction.atomic():
            # One that is stored to be told later does not wait yet.
            waiting = OutboxMessage.objects.undelivered().filter(not_before__lte=now)
            found = list(
                waiting.values("kind", "last_error")
                .annotate(messages=Count("id"), oldest=Min("not_before"))
                .order_by("oldest")
            )
        for row in found:
            self.stdout.write(
                f"{row['messages']} of {row['kind']}, the oldest from {row['oldest']:%Y-%m-%d %H:%M} UTC"
                + (f" ({row['last_error']})" if row["last_error"] else "")
            )
        if not found:
            self.stdout.write("Nothing waits.")
        elif found[0]["oldest"] < now - LATE:
            sys.exit(1)
