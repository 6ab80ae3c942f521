"""Fill the demo through the services that people use: providers, cafés, personas, and a year's returns."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from accounts.models import Appointment, User
from accounts.roles import HeldFor
from accounts.services.appointments import appoint
from cafes.selectors.cafes import cafe_ids_by_name
from cafes.selectors.returns import find_loaded
from cafes.services.return_files import receive_return
from cafes.services.return_work import work_through
from providers.models import Membership, Neighbourhood, NeighbourhoodLead, Provider
from providers.services.providers import appoint_lead, create_provider, grant_membership
from sutg.common.periods import Period
from sutg.demo.audit import seed_check, seed_readings
from sutg.demo.cafes import SINCE, seed_cafe
from sutg.demo.incidents import seed_incidents
from sutg.demo.months import seed_months
from sutg.demo.people import seed_people
from sutg.demo.personas import PERSONAS, Persona
from sutg.demo.profiles import seed_profiles
from sutg.demo.services import seed_services
from sutg.demo.sessions import seed_sessions
from sutg.demo.staff import seed_staff
from sutg.demo.tablets import seed_tablets
from sutg.privacy.erasing import forecast
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Actor, Scope

DATA = Path(__file__).resolve().parent / "data"
BY = Actor.job("demo")
Say = Callable[[str], None]


def seed(say: Say) -> None:
    """Bring the demo up to its data. What is there already is left alone, so that it may be stopped and run again."""
    seed_organisations(say)
    seed_services(say)
    seed_incidents(say)
    for number, path in enumerate(paths := sorted((DATA / "returns").iterdir()), start=1):
        _return(path)
        if number % 7 == 0:
            say(f"{number} of {len(paths)} returns")
    seed_sessions(say)
    seed_tablets(say)
    seed_months(say)
    forecast(today=timezone.localdate(), by=BY)
    seed_readings(say)
    seed_check(say)


def seed_organisations(say: Say) -> None:
    """Providers, their cafés, and the people to sign in as."""
    with (DATA / "cafes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    providers = {name: _provider(name) for name in sorted({row["provider"] for row in rows})}
    for number, row in enumerate(rows):
        seed_cafe(providers[row["provider"]], row, number)
    say(f"{len(providers)} providers and {len(rows)} cafés")
    for persona in PERSONAS:
        _persona(persona)
    say(f"{len(PERSONAS)} people to sign in as")
    seed_people()
    seed_profiles()
    seed_staff()


def _provider(name: str) -> Provider:
    found = Provider.objects.filter(slug=slugify(name)).first()
    if found:
        return found
    with scopes.enter(Scope.trust(BY)):
        return create_provider(name=name, by=BY)


def _persona(persona: Persona) -> None:
    with scopes.enter(Scope.trust(BY)), transaction.atomic():
        user = User.objects.filter(email=persona.email).first()
        # No password: in the demo a click is enough, and nobody can sign in otherwise.
        user = user or User.objects.create_user(email=persona.email, full_name=persona.name)
        match persona.role.held_for:
            case HeldFor.TRUST | HeldFor.PATHWAY:
                if not Appointment.objects.filter(user=user).exists():
                    appoint(user=user, role=persona.role, since=SINCE, team=persona.team, by=BY)
            case HeldFor.NEIGHBOURHOODS:
                if not NeighbourhoodLead.objects.filter(user=user).exists():
                    neighbourhood = Neighbourhood.objects.get(code=persona.neighbourhood)
                    appoint_lead(neighbourhood=neighbourhood, user=user, since=SINCE, by=BY)
    if persona.role.held_for is HeldFor.PROVIDER:
        _member(persona, user)


def _member(persona: Persona, user: User) -> None:
    provider = Provider.objects.get(slug=persona.provider)
    with scopes.enter(Scope.provider(BY, provider.id)), transaction.atomic():
        if Membership.objects.filter(user=user).exists():
            return
        cafes = [cafe_ids_by_name()[persona.cafe]] if persona.cafe else []
        grant_membership(provider=provider, user=user, role=persona.role, since=SINCE, cafe_ids=cafes, by=BY)


def _return(path: Path) -> None:
    """Load one file the way people do: hand it in, have it checked, say which cafés are meant, confirm."""
    slug, _, ending = path.stem.partition("-2024-25-q")
    period = Period.quarter(2024, int(ending))
    provider = Provider.objects.get(slug=slug)
    aliases = json.loads((DATA / "aliases.json").read_text(encoding="utf-8")).get(slug, {})
    with scopes.enter(Scope.provider(BY, provider.id)), transaction.atomic():
        if find_loaded(str(period)):
            return
        file = receive_return(
            provider_id=provider.id, period=period, filename=path.name, content=path.read_bytes(), by=BY
        )
        work_through(file=file, aliases=aliases, by=BY)
