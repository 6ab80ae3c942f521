"""The demo's audit record: a few named records were read, and every chain was checked once."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from accounts.models import User
from cafes.models import Incident
from providers.models import Provider
from sutg.audit.checking import check_record
from sutg.audit.selectors import last_check, readers_of_named_records
from sutg.audit.services import record_read
from sutg.demo.personas import BY_KEY, FIRST
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Actor, Scope

_READERS = ("cafe-worker", "cafe-lead", "provider-manager")


def seed_readings(say: Callable[[str], None]) -> None:
    """Each of an organisation's people has read its incidents once; whoever read any since is left alone."""
    provider = Provider.objects.get(slug=FIRST)
    for key in _READERS:
        reader = Actor.user(User.objects.get(email=BY_KEY[key].email).id)
        with scopes.enter(Scope.provider(reader, provider.id)), transaction.atomic():
            if str(reader) in readers_of_named_records():
                continue
            for incident in Incident.objects.all():
                record_read(incident, by=reader, purpose="incident")
    say(f"{len(_READERS)} readers of incidents")


def seed_check(say: Callable[[str], None]) -> None:
    """As the job does each night; its page says what was found."""
    if last_check() is None:
        check = check_record(by=Actor.job("demo"))
        say(f"{check.events} events sealed in {check.chains} chains")
