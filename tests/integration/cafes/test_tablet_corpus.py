"""What was shipped once is taken in for ever: tests/corpus/tablet, written by the tablet's own code."""

from __future__ import annotations

import json
import uuid
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from cafes.models import (
    Demographics,
    OnDuty,
    Session,
    TabletRecord,
    Visit,
    VisitorReference,
    VisitSignpost,
    VisitSupport,
)
from cafes.payloads import VERSIONS
from cafes.sealed_records import Envelope, from_text
from cafes.services.tablet_records import Incoming, Manifest, Message, take_in
from providers.models import Provider
from sutg.tenancy.scope import Actor, ActorKind
from tests.factories import make_cafe, make_own_service, make_provider, make_shared_service, make_tablet
from tests.factories.scoped import acting_for
from tests.integration.cafes.tablets import records, standing_visits

pytestmark = [pytest.mark.django_db, pytest.mark.database]
CORPUS = {path.stem: path for path in (Path(__file__).parents[2] / "corpus" / "tablet").glob("*.json")}


def test_corpus_holds_every_version() -> None:
    assert set(CORPUS) >= {f"version-{version}" for version in VERSIONS}


@pytest.mark.parametrize("name", sorted(CORPUS))
def test_shipped_records_are_opened_and_applied(name: str) -> None:
    taken_in(name)


def test_first_version_records_say_what_was_shipped() -> None:
    provider = taken_in("version-1")

    coded, plain = standing_visits(provider)
    assert (coded.route_in, coded.distress_before, coded.distress_after) == ("gp", 8, 5)
    assert (plain.came_for, plain.ethnic_category) == ("as_carer", "C")
    with acting_for(provider):
        session = Session.objects.get()
        assert (session.held_on, session.state, session.door_tally) == (date(2026, 11, 25), Session.State.CLOSED, 2)
        assert set(OnDuty.objects.values_list("initials", flat=True)) == {"WK", "AB"}
        assert VisitorReference.objects.count() == 1
        assert dict(VisitSupport.objects.values_list("kind", "minutes")) == {"one_to_one": 30, "refreshments": None}
        assert Visit.objects.filter(withdrawn_at__isnull=False).count() == 1


def test_signposted_records_say_where_visitors_were_pointed() -> None:
    provider = taken_in("version-1-signposted")

    with acting_for(provider):
        pointed = Visit.objects.standing().get(distress_before=7)
        signposts = VisitSignpost.objects.all()
        # The other visit was pointed to one of them, and then taken back by a change that names none.
        assert {each.visit_id for each in signposts} == {pointed.id}
        assert sorted(each.service.name for each in signposts) == ["Own debt advice", "Shared helpline"]
        answers = Demographics.objects.get(visit_id=pointed.id)
        assert (answers.age_band, answers.gender_identity, answers.gender_same_at_birth) == ("30-34", "Z", "")
        assert answers.interpreter_needed == "Z"


def taken_in(name: str) -> Provider:
    """Have a provider's tablet send these; each is applied, and none needs a person."""
    shipped = json.loads(CORPUS[name].read_text())
    provider = make_provider()
    if "own_service_id" in shipped:
        make_own_service(provider=provider, id=uuid.UUID(shipped["own_service_id"]), name="Own debt advice")
        make_shared_service(id=uuid.UUID(shipped["shared_service_id"]), name="Shared helpline")
    cafe = make_cafe(provider=provider, id=uuid.UUID(shipped["cafe_id"]))
    device = uuid.UUID(shipped["device_id"])
    make_tablet(provider=provider, cafe=cafe, id=device, secrets=from_text(shipped["secrets"]))

    with acting_for(provider):
        answer = take_in(
            tablet_id=device,
            message=message_of(shipped["records"]),
            by=Actor(ActorKind.DEVICE, str(device)),
            now=timezone.now(),
        )

    assert [taken.reason for taken in answer.results] == [""] * len(shipped["records"])
    assert {row.state for row in records(provider)} == {TabletRecord.State.APPLIED}
    return provider


def message_of(shipped: list[dict[str, Any]]) -> Message:
    incoming = tuple(
        Incoming(uuid.UUID(each["id"]), each["number"], each["hash"], Envelope(**each["envelope"])) for each in shipped
    )
    return Message(timezone.now(), "1", is_persistent=True, manifest=Manifest(len(shipped)), records=incoming)
