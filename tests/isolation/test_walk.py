"""Every address × every role × own, foreign and absent ids in path, query and body, reads and writes."""

from __future__ import annotations

import json
import logging
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import time
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator

from accounts.roles import HeldFor, Role
from accounts.web import PUBLIC
from cafes.entries import Named, VisitEntry
from cafes.models import Cafe, ReturnContent, ReturnFile, Session
from cafes.permissions import RECOVER_TABLET, SEE_TABLET_DAY, SYNC_TABLET
from cafes.services.return_work import check_return_file
from cafes.services.visit_contents import content_of
from providers.models import Provider
from sutg.audit.models import ProviderEvent, TrustEvent
from sutg.tenancy import scope as scopes
from sutg.tenancy.catalogue import tenant_models, tenant_tables
from sutg.tenancy.roles import ScopeRole
from tests.factories import make_provider
from tests.factories.scoped import TESTS, acting_for
from tests.integration.cafes.tablets import enrolled
from tests.support.planting import canaries_of, canary, plant
from tests.support.walk import (
    DESCRIBED,
    Description,
    NotDescribedError,
    Route,
    Tenant,
    Variant,
    arguments_of,
    description_of,
    person_of,
    routes,
    variants,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]

OURS = [route for route in routes() if not route.is_third_party]
THIRD_PARTY = [route for route in routes() if route.is_third_party]
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# What the trust and a neighbourhood's lead may know of anybody: a café's name is public, a return's arrival is theirs,
# and what an organisation says of itself it says to the trust.
KNOWN_TO_THE_TRUST = (
    "Cafe.",
    "CafeAddress.",
    "CafeName.",
    "CafeStatus.",
    "Document.",
    "DocumentVersion.",
    "Insurance.",
    "OpeningException.",
    "ProfileVersion.",
    "ReturnFile.",
)
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_TOKEN = re.compile(r'(csrfmiddlewaretoken" value|csrftoken)="?[A-Za-z0-9]+|expires=[^;]+')


@dataclass
class World:
    own_provider: Provider
    other_provider: Provider
    own: Tenant
    other: Tenant
    canaries: dict[str, str]


RETURN = "Date;Cafe;Reference;New or returning;Ethnicity;Reason\n02/04/2024;{name};;New;White British;Anxiety\n"


def planted(provider: Provider, **given: Any) -> Tenant:
    """A row of each table, with a return that has really been checked and leaves a name to choose."""
    content = RETURN.format(name=canary(provider, ReturnContent, "content")).encode()
    rows = plant(
        provider,
        return_file={"state": ReturnFile.State.CHECKING, "filename": "return.csv"},
        return_content={"content": content},
        return_check={"aliases": {}},
        figure={"period_kind": "year", "measure": "sessions"},
        # Open today, so that whoever works at the café has it before them.
        session={
            "held_on": timezone.localdate(),
            "opens": time(0),
            "state": Session.State.OPEN,
            "opened_at": timezone.now(),
            "opened_by": str(TESTS),
        },
        # Read when it is shown, so it says something; a name, that no page may show.
        differing_visit={"content": content_of(VisitEntry(uuid.uuid4(), uuid.uuid4(), Named("Ada Lovelace")))},
        **given,
    )
    with acting_for(provider):
        file = check_return_file(return_file_id=rows["return_file"].id, by=TESTS)
    assert file.state == ReturnFile.State.CHECKED, file.refusal
    return Tenant.of(provider, rows)


@pytest.fixture
def world(db: None) -> World:
    """A provider to walk as, and another whose every text is a canary."""
    own, other = make_provider(), make_provider(name="Another provider")
    theirs = planted(other, canaries=True, cafe={"neighbourhood_code": "LEI02", "name": canary(other, Cafe, "name")})
    return World(own, other, planted(own), theirs, canaries_of(other))


@dataclass(frozen=True)
class Answer:
    status: int
    text: str

    @property
    def alike(self) -> tuple[int, str]:
        """What two answers must share that are not to be told apart."""
        return self.status, _TOKEN.sub("", _ID.sub("<id>", self.text))


@contextmanager
def undone() -> Iterator[None]:
    """Whatever a call writes is taken back, so that the next one finds what the last one found."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ask(client: Client, route: Route, method: str, variant: Variant) -> Answer:
    described = DESCRIBED.get(route.name, Description()) if method == "GET" else description_of(route, method)
    address = reverse(route.name, kwargs=arguments_of(route, variant.provider, variant.row))
    if query := described.query(variant.values):
        address += "?" + "&".join(f"{name}={value}" for name, value in query.items())
    body = described.body(variant.values) if described.body and method != "GET" else None
    if body is None or method in {"POST", "GET"}:
        response = client.generic("GET", address) if method == "GET" else client.post(address, body or {})
    else:
        response = client.generic(method, address, json.dumps(body, default=str), content_type="application/json")
    content = b"".join(response.streaming_content) if response.streaming else response.content
    headers = {name: value for name, value in response.headers.items() if name != "X-Request-ID"}
    return Answer(response.status_code, f"{headers}\n{response.cookies}\n{content.decode('utf-8', 'replace')}")


def signed_in(role: Role, world: World) -> Client:
    client = Client()
    client.force_login(person_of(role, world.own_provider))
    return client


def leaks(world: World, role: Role | None, answer: Answer, caplog: pytest.LogCaptureFixture) -> list[str]:
    """Canaries of the other tenant in the answer, its headers, the log, mail, or the walker's own record."""
    may_know = KNOWN_TO_THE_TRUST if role and role.held_for in {HeldFor.TRUST, HeldFor.NEIGHBOURHOODS} else ()
    with acting_for(world.own_provider):
        own_record = repr(list(ProviderEvent.objects.values()))
    with transaction.atomic():
        trust_record = repr(list(TrustEvent.objects.values()))
    places = {
        "answer": answer.text,
        "log": "\n".join(repr(vars(record)) + record.getMessage() for record in caplog.records),
        "mail": "\n".join(f"{message.subject}\n{message.body}" for message in mail.outbox),
        "own record": own_record,
        "trust's record": trust_record,
    }
    found = [
        f"{source} in the {place}"
        for word, source in world.canaries.items()
        for place, text in places.items()
        if word in text and not (place == "answer" and source.startswith(may_know or "-"))
    ]
    if any(str(row) in own_record for row in world.other.ids.values()):
        found.append("an id in the own record")
    return found


def everything_of(provider: Provider) -> dict[str, Any]:
    with acting_for(provider):
        return {
            model.__name__: sorted(map(repr, model.objects.values()))
            for model in tenant_models()
            if model is not ProviderEvent
        }


def answered_methods(route: Route, world: World) -> list[str]:
    """Methods that a route answers; one that writes and is not described fails here."""
    role = next((role for role in Role if route.permissions == PUBLIC or route.lets(role)), Role.PROVIDER_MANAGER)
    client = signed_in(role, world)
    nowhere = Tenant.absent()
    address = reverse(route.name, kwargs=arguments_of(route, nowhere, nowhere))
    found = []
    for method in METHODS:
        with undone():
            response = client.generic(method, address, "{}", content_type="application/json")
            if response.streaming:
                b"".join(response.streaming_content)
            if response.status_code != 405:
                # A write that a page does not expect is refused by its form, or is none; GET needs no body.
                found.append(method)
    return [method for method in found if method in {"GET", "POST"} or route.is_api]


@pytest.mark.parametrize("route", list(OURS), ids=lambda route: route.name)
def test_route_by_every_role_keeps_to_the_walkers_own(
    route: Route, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    before = everything_of(world.other_provider)
    faults: list[str] = []

    methods = answered_methods(route, world)
    assert methods, f"{route.name} answers to nothing"
    for method in methods:
        described = description_of(route, method)
        faults += _walk_signed_out(route, method, world, caplog)
        for role in Role:
            for fault in _walk_as(role, route, method, described, world, caplog):
                faults.append(f"{role} {method} {route.name}: {fault}")

    assert faults == [], "\n".join(faults)
    assert everything_of(world.other_provider) == before


def _walk_signed_out(route: Route, method: str, world: World, caplog: pytest.LogCaptureFixture) -> Iterator[str]:
    for variant in (Variant("own", world.own, world.own, world.own), Variant("foreign", *[world.other] * 3)):
        with undone():
            answer = ask(Client(), route, method, variant)
            yield from leaks(world, None, answer, caplog)
        if route.permissions == PUBLIC:
            continue
        if route.is_api and answer.status != 401:
            yield f"nobody {method} {route.name}: {answer.status} instead of 401"
        if not route.is_api and (answer.status != 302 or "login" not in answer.text):
            yield f"nobody {method} {route.name}: {answer.status} instead of the way to sign in"


def _walk_as(
    role: Role, route: Route, method: str, described: Description, world: World, caplog: pytest.LogCaptureFixture
) -> Iterator[str]:
    client = signed_in(role, world)
    lets = route.permissions == PUBLIC or route.lets(role)
    with undone():
        own = ask(client, route, method, Variant("own", world.own, world.own, world.own))
        yield from leaks(world, role, own, caplog)
    if not lets and own.status != route.refused:
        yield f"{own.status} instead of {route.refused}"
    finds = lets and role.held_for is HeldFor.PROVIDER and route.permissions != PUBLIC and not described.is_personal
    if finds and own.status in {403, 404}:
        yield f"{own.status} for their own"
    if own.status >= 500:
        yield f"{own.status}"
    for foreign, absent in variants(route, world.own, world.other, described):
        with undone():
            theirs = ask(client, route, method, foreign)
            if described.is_personal or not _is_theirs_too(role, foreign):
                yield from leaks(world, role, theirs, caplog)
        with undone():
            nothing = ask(client, route, method, absent)
        yield from _compare(role, route, foreign, theirs, nothing, own, described, lets=lets)


def _is_theirs_too(role: Role, variant: Variant) -> bool:
    """The trust handles every provider's returns, and reads every café's figures: no provider is foreign to it."""
    return role.held_for is HeldFor.TRUST and variant.name != "row in own path"


def _compare(
    role: Role,
    route: Route,
    variant: Variant,
    theirs: Answer,
    nothing: Answer,
    own: Answer,
    described: Description,
    *,
    lets: bool,
) -> Iterator[str]:
    if not lets:
        if not theirs.alike == nothing.alike == own.alike or theirs.status != route.refused:
            yield f"refuses in different words ({theirs.status}, {nothing.status}, {own.status})"
    elif described.is_personal or not _is_theirs_too(role, variant):
        if theirs.alike != nothing.alike:
            yield f"{variant.name}: {theirs.status} for foreign and {nothing.status} for absent, or other words"
        refused = described.refused if variant.name == "values" else (404,)
        # A pathway's or public page may not look at the value at all.
        if theirs.status not in refused and route.permissions != PUBLIC:
            yield f"{variant.name}: {theirs.status} for foreign instead of {refused}"


@pytest.mark.parametrize("route", [route for route in OURS if route.permissions != PUBLIC], ids=lambda r: r.name)
def test_route_is_closed_to_a_tablet_unless_it_is_a_tablets_own(route: Route, world: World) -> None:
    tablet = enrolled(world.own_provider)
    client = Client(headers={"Authorization": f"Tablet {tablet.enrolment['token']}"})
    own = Variant("own", world.own, world.own, world.own)

    answers = {method: ask(client, route, method, own).status for method in answered_methods(route, world)}

    if route.permissions == (SEE_TABLET_DAY,):
        assert answers["GET"] == 200
    elif route.permissions == (RECOVER_TABLET,):
        assert answers["POST"] in {415, 422}  # let in: not understood, or nobody was allowed a new PIN
    elif route.permissions == (SYNC_TABLET,):
        assert answers["POST"] == 415  # the walk sends a form: it was let in, and not understood
    else:
        assert set(answers.values()) <= {401 if route.is_api else 302}


@pytest.mark.parametrize("route", THIRD_PARTY, ids=lambda route: route.name)
def test_route_of_a_third_party_reads_no_tenants_table(route: Route, world: World) -> None:
    """Sign-in runs in no scope; finding the walker's own hats, for the page around it, is the one exception."""
    read: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        scope = scopes.current()
        if scope is None or scope.role is not ScopeRole.IDENTITY:
            read.extend(table for table in tenant_tables() if table in sql)
            if scope is not None:
                read.append(f"scope {scope.role}")
        return execute(sql, params, many, context)

    address = reverse(route.name, kwargs=dict.fromkeys(route.arguments, "1"))
    clients = [Client(), *(signed_in(role, world) for role in (Role.PROVIDER_MANAGER, Role.GRANT_OFFICER))]
    with connection.execute_wrapper(watch):
        statuses = [client.get(address).status_code for client in clients]

    assert read == []
    assert all(status < 500 for status in statuses)


def test_api_parameter_that_takes_an_id_is_described() -> None:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    by_path = {f"/{route.path}": route for route in OURS if route.is_api}
    missing = []

    for path, operations in schema["paths"].items():
        described = DESCRIBED.get(by_path[path].name, Description()).query(Tenant.absent())
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                kind = parameter["schema"].get("items", parameter["schema"]).get("format")
                if kind == "uuid" and parameter["in"] == "query" and parameter["name"] not in described:
                    missing.append(f"{path} {parameter['name']}")

    assert missing == []


def test_route_that_nobody_described_is_refused_by_the_walk() -> None:
    strange = Route("strange", "strange/<uuid:thing_id>/", None, ("thing_id",))

    with pytest.raises(NotDescribedError):
        arguments_of(strange, Tenant.absent(), Tenant.absent())
    with pytest.raises(NotDescribedError):
        description_of(strange, "POST")
