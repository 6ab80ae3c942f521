"""A small area with figures: two providers, three cafés, April to June 2024."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.test import Client

from accounts.models import User
from accounts.roles import Role
from cafes.models import Cafe
from providers.models import Provider
from reports.services.figures import refresh_figures
from tests.factories import (
    make_appointment,
    make_cafe,
    make_lead,
    make_membership,
    make_provider,
    make_session,
    make_user,
    make_visit,
    make_visitor,
)
from tests.factories.scoped import TESTS, acting_for

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
APRIL, MAY, JUNE = date(2024, 4, 3), date(2024, 5, 8), date(2024, 6, 5)


@dataclass(frozen=True)
class World:
    """``hearth`` and ``anchor`` are in Belgrave (LEI01), of different providers; ``harbour`` is in Rutland."""

    mine: Provider
    theirs: Provider
    hearth: Cafe
    harbour: Cafe
    anchor: Cafe


def make_world() -> World:
    mine, theirs = make_provider(name="Aegis Community Care"), make_provider(name="Beacon Trust")
    hearth = make_cafe(provider=mine, name="The Hearth", neighbourhood_code="LEI01")
    harbour = make_cafe(provider=mine, name="Harbour", neighbourhood_code="RUT01", local_authority_code="E06000017")
    anchor = make_cafe(provider=theirs, name="Anchor", neighbourhood_code="LEI01")
    visit(mine, hearth, APRIL, 17, people=7, ethnic_category="R", is_new=True)
    visit(mine, hearth, MAY, 3, ethnic_category="N", reasons=["Housing", "Stress"])
    visit(mine, harbour, APRIL, 0)
    visit(theirs, anchor, APRIL, 6, ethnic_category="A", is_new=False, reasons=["Something of their own"])
    return World(mine, theirs, hearth, harbour, anchor)


def visit(provider: Provider, cafe: Cafe, day: date, number: int, *, people: int = 0, **fields: Any) -> None:
    """A session with ``number`` visits, shared out among ``people`` known by a reference; figures included."""
    session = make_session(provider=provider, cafe=cafe, held_on=day)
    visitors = [make_visitor(provider=provider, cafe=cafe).id for _ in range(people)] or [None]
    for index in range(number):
        make_visit(provider=provider, session=session, visitor_id=visitors[index % len(visitors)], **fields)
    refresh(provider, {cafe.id: [day]})


def refresh(provider: Provider, cafe_days: dict[Any, Iterable[date]]) -> None:
    with acting_for(provider):
        refresh_figures(provider_id=provider.id, cafe_days=cafe_days, by=TESTS, reason="recorded")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def as_manager(provider: Provider) -> Client:
    return signed_in(make_membership(provider=provider, role=Role.PROVIDER_MANAGER).user)


def as_cafe_lead(provider: Provider, *cafes: Cafe) -> Client:
    ids = [cafe.id for cafe in cafes]
    return signed_in(make_membership(provider=provider, role=Role.CAFE_LEAD, cafe_ids=ids).user)


def as_trust(role: Role = Role.GRANT_OFFICER) -> Client:
    return signed_in(make_appointment(role=role).user)


def as_lead(*codes: str) -> Client:
    user = make_user()
    for code in codes:
        make_lead(user=user, neighbourhood_code=code)
    return signed_in(user)
