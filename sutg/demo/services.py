"""The demo's community services. Names, numbers and addresses are invented; the numbers are Ofcom's for drama."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from cafes.models import OwnService, SharedService
from cafes.services.community_services import Facts, add_service
from providers.models import Provider
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Actor, Scope

FILE = Path(__file__).resolve().parent / "data" / "services.csv"
BY = Actor.job("demo")


def seed_services(say: Callable[[str], None]) -> None:
    """Fill the trust's directory and two providers' own; what is there already is left alone."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    today = timezone.localdate()
    for number, row in enumerate(rows):
        # One that nobody has looked at for long, so that the tag and the task have something to show.
        _service(row, today - timedelta(days=400 if number == 3 else 20 + number))
    say(f"{len(rows)} community services")


def _service(row: dict[str, str], checked_on: date) -> None:
    provider = Provider.objects.get(slug=row["provider"]) if row["provider"] else None
    scope = Scope.provider(BY, provider.id) if provider else Scope.trust(BY)
    facts = Facts(
        name=row["name"],
        kind=row["kind"],
        what_for=row["what_for"],
        phone=row["phone"],
        website=row["website"],
        address=row["address"],
        when_open=row["when_open"],
        place_codes=tuple(filter(None, row["places"].split("|"))),
    )
    with scopes.enter(scope), transaction.atomic():
        known = OwnService.objects if provider else SharedService.objects
        if not known.filter(name=facts.name).exists():
            add_service(provider_id=provider.id if provider else None, facts=facts, today=checked_on, by=BY)
