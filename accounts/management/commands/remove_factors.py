"""Take somebody's second steps away after they lost phone, key and recovery codes. See docs/operations.md."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.services.factors import remove_factors
from accounts.services.people import find_person
from sutg.tenancy.scope import Actor


class Command(BaseCommand):
    help = "Remove every second step of one person, once you have made sure that it is them. It is recorded."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("email")

    def handle(self, *_: Any, email: str, **__: Any) -> None:
        user = find_person(email)
        if user is None:
            msg = "Nobody signs in with this address."
            raise CommandError(msg)
        removed = remove_factors(user_id=user.id, by=Actor.job("remove_factors"))
        self.stdout.write(f"{removed} removed. They set a second step up when they next sign in.")
