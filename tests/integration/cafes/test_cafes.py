"""What is said of a café: name, facts, addresses and status, each with who may and what is refused."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cafes.models import Cafe, CafeAddress, CafeName, CafeStatus
from cafes.selectors.cafes import cafes_that_are, status_on, statuses_of
from cafes.services.addresses import Place, add_delivery_point, end_delivery_point, move_cafe, tidy_postcode
from cafes.services.cafe_statuses import MOVES, approve_cafe, call_off_move, close_cafe, open_cafe, pause_cafe
from cafes.services.cafes import ChangedMeanwhile, Facts, change_facts, propose_cafe, rename_cafe
from providers.models import LocalAuthority, Neighbourhood, Provider
from sutg.audit.models import ProviderEvent
from sutg.common.errors import DomainError, NotFound
from tests.factories import make_cafe, make_cafe_address, make_cafe_status, make_open_cafe, make_provider
from tests.factories.scoped import TESTS, acting_for

pytestmark = pytest.mark.django_db
State = CafeStatus.State
TODAY = date(2026, 9, 28)
HALL = Place("The Hall", "1 Example Street", "Leicester", "le1 1aa")
SERVICES = {State.APPROVED: approve_cafe, State.OPEN: open_cafe, State.PAUSED: pause_cafe, State.CLOSED: close_cafe}


@pytest.fixture
def provider() -> Provider:
    return make_provider()


@pytest.fixture
def cafe(provider: Provider) -> Cafe:
    return make_open_cafe(provider=provider, name="The Hearth")


def propose(provider: Provider, *, name: str = "The Hearth", authority: str = "E06000016") -> Cafe:
    return propose_cafe(
        provider=provider,
        name=name,
        neighbourhood=Neighbourhood.objects.get(code="LEI01"),
        local_authority=LocalAuthority.objects.get(code=authority),
        since=TODAY,
        by=TESTS,
    )


def recorded(name: str) -> ProviderEvent:
    return ProviderEvent.objects.get(name=name)


def test_cafe_proposed_waits_for_the_trust(provider: Provider) -> None:
    with acting_for(provider):
        cafe = propose(provider)

        assert [found.id for found in cafes_that_are(State.PROPOSED)] == [cafe.id]
        assert recorded("cafe_proposed").subject == cafe.id


def test_cafe_of_a_taken_name_is_refused(provider: Provider, cafe: Cafe) -> None:
    with acting_for(provider), pytest.raises(DomainError) as refused:
        propose(provider, name="the hearth")

    assert refused.value.field == "name"


def test_cafe_in_an_authority_outside_its_neighbourhood_is_refused(provider: Provider) -> None:
    with acting_for(provider), pytest.raises(DomainError, match="Rutland has no part in") as refused:
        propose(provider, authority="E06000017")

    assert refused.value.field == "local_authority"


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("to", list(SERVICES))
def test_status_moves_only_along_the_table(provider: Provider, state: str, to: State) -> None:
    cafe = make_cafe(provider=provider)
    make_cafe_status(provider=provider, cafe=cafe, state=state, since=TODAY)
    move = {"cafe": cafe, "since": TODAY, "reason": "Because", "today": TODAY, "by": TESTS}

    with acting_for(provider):
        if to in MOVES[state]:
            moved = SERVICES[to](**move)
            assert (moved.state, recorded("cafe_moved").detail["state"]) == (to, to)
        else:
            with pytest.raises(DomainError, match="cannot become"):
                SERVICES[to](**move)


def test_status_of_a_day_is_the_last_move_before_it(provider: Provider, cafe: Cafe) -> None:
    with acting_for(provider):
        pause_cafe(cafe=cafe, since=TODAY + timedelta(days=7), reason="Roof", today=TODAY, by=TESTS)
        statuses = statuses_of([cafe])[cafe.id]

        found = [status_on(statuses, TODAY + timedelta(days=n)) for n in (-2000, 0, 6, 7)]

        assert [status and status.state for status in found] == [None, State.OPEN, State.OPEN, State.PAUSED]


def test_move_before_the_last_one_is_refused(provider: Provider, cafe: Cafe) -> None:
    with acting_for(provider), pytest.raises(DomainError) as refused:
        pause_cafe(cafe=cafe, since=date(2023, 12, 31), reason="Roof", today=TODAY, by=TESTS)

    assert refused.value.field == "since"


@pytest.mark.parametrize("service", [pause_cafe, close_cafe])
def test_pause_or_close_without_a_reason_is_refused(provider: Provider, cafe: Cafe, service: Any) -> None:
    with acting_for(provider), pytest.raises(DomainError) as refused:
        service(cafe=cafe, since=TODAY, reason="", today=TODAY, by=TESTS)

    assert refused.value.field == "reason"


def test_cafe_paused_twice_on_a_day_is_paused_by_the_second(provider: Provider, cafe: Cafe) -> None:
    move = {"cafe": cafe, "since": TODAY, "today": TODAY, "by": TESTS}

    with acting_for(provider):
        pause_cafe(reason="Pressed by mistake", **move)
        open_cafe(reason="", **move)
        pause_cafe(reason="Roof", **move)

        statuses = statuses_of([cafe])[cafe.id]
    assert [status.state for status in statuses][1:] == [State.PAUSED, State.OPEN, State.PAUSED]
    holding = status_on(statuses, TODAY)
    assert holding is not None
    assert holding.reason == "Roof"


def test_move_that_has_happened_cannot_be_called_off(provider: Provider, cafe: Cafe) -> None:
    with acting_for(provider), pytest.raises(DomainError, match="no change ahead"):
        call_off_move(cafe=cafe, today=TODAY, by=TESTS)


def test_move_of_another_providers_cafe_is_not_found(provider: Provider) -> None:
    theirs = make_open_cafe(provider=make_provider())

    with acting_for(provider), pytest.raises(NotFound):
        pause_cafe(cafe=theirs, since=TODAY, reason="Because", today=TODAY, by=TESTS)


def test_name_changed_keeps_the_earlier_with_its_days(provider: Provider, cafe: Cafe) -> None:
    with acting_for(provider):
        rename_cafe(cafe=cafe, name="The Ember", since=date(2025, 1, 1), today=TODAY, by=TESTS)
        rename_cafe(cafe=cafe, name="The Lantern", since=date(2026, 1, 1), today=TODAY, by=TESTS)

        names = list(CafeName.objects.order_by("until").values_list("name", "since", "until"))
        assert Cafe.objects.get().name == "The Lantern"
        assert names == [
            ("The Hearth", date(2024, 1, 1), date(2024, 12, 31)),
            ("The Ember", date(2025, 1, 1), date(2025, 12, 31)),
        ]
        assert ProviderEvent.objects.filter(name="cafe_renamed").count() == 2


@pytest.mark.parametrize(
    ("name", "since", "field"),
    [
        ("The Hearth", TODAY, "name"),
        ("Another café", TODAY, "name"),
        ("The Ember", TODAY + timedelta(days=1), "since"),
        ("The Ember", date(2024, 1, 1), "since"),
    ],
)
def test_name_that_cannot_be_is_refused(provider: Provider, cafe: Cafe, name: str, since: date, field: str) -> None:
    make_cafe(provider=provider, name="Another café")

    with acting_for(provider), pytest.raises(DomainError) as refused:
        rename_cafe(cafe=cafe, name=name, since=since, today=TODAY, by=TESTS)

    assert refused.value.field == field


def test_facts_changed_by_two_tell_the_second(provider: Provider, cafe: Cafe) -> None:
    change = {"cafe": cafe, "seen": cafe.version, "today": TODAY, "by": TESTS}
    with acting_for(provider):
        change_facts(facts=Facts(for_whom="Adults", languages=["gu"]), **change)

        with pytest.raises(ChangedMeanwhile):
            change_facts(facts=Facts(for_whom="Everybody"), **change)

        assert Cafe.objects.get().for_whom == "Adults"
        assert recorded("cafe_changed").detail == {"fields": "for_whom languages"}


@pytest.mark.parametrize("facts", [Facts(languages=["xx"]), Facts(features=["lift", "helipad"])])
def test_fact_outside_its_list_is_refused(provider: Provider, cafe: Cafe, facts: Facts) -> None:
    with acting_for(provider), pytest.raises(DomainError):
        change_facts(cafe=cafe, facts=facts, seen=cafe.version, today=TODAY, by=TESTS)


def test_cafe_that_moves_ends_its_address_the_day_before(provider: Provider, cafe: Cafe) -> None:
    with acting_for(provider):
        first = move_cafe(cafe=cafe, place=HALL, since=date(2024, 1, 1), by=TESTS)
        second = move_cafe(cafe=cafe, place=HALL, since=TODAY, by=TESTS)

        first.refresh_from_db()
        assert (first.until, second.until) == (TODAY - timedelta(days=1), None)
        assert second.postcode == "LE1 1AA"
        assert ProviderEvent.objects.filter(name="cafe_address_added").count() == 2


def test_cafe_in_two_places_at_once_is_refused_by_service_and_database(provider: Provider, cafe: Cafe) -> None:
    with acting_for(provider):
        move_cafe(cafe=cafe, place=HALL, since=TODAY, by=TESTS)

        with pytest.raises(DomainError) as refused:
            move_cafe(cafe=cafe, place=HALL, since=TODAY, by=TESTS)
        with pytest.raises(IntegrityError, match="one_main"), transaction.atomic():
            make_cafe_address(provider=provider, cafe=cafe, kind=CafeAddress.Kind.MAIN)

        assert refused.value.field == "since"


def test_delivery_point_ends_on_its_last_day(provider: Provider, cafe: Cafe) -> None:
    with acting_for(provider):
        point = add_delivery_point(cafe=cafe, place=HALL, since=TODAY, by=TESTS)
        with pytest.raises(DomainError, match="delivers at this address already"):
            add_delivery_point(cafe=cafe, place=HALL, since=TODAY, by=TESTS)
        with pytest.raises(DomainError, match="before the first"):
            end_delivery_point(cafe=cafe, address_id=point.id, until=TODAY - timedelta(days=1), by=TESTS)

        ended = end_delivery_point(cafe=cafe, address_id=point.id, until=TODAY, by=TESTS)

        assert ended.until == TODAY
        assert recorded("delivery_point_ended").subject == point.id


def test_delivery_point_that_is_not_there_is_not_found(provider: Provider, cafe: Cafe) -> None:
    with acting_for(provider), pytest.raises(NotFound):
        end_delivery_point(cafe=cafe, address_id=uuid.uuid4(), until=TODAY, by=TESTS)


@pytest.mark.parametrize(
    ("written", "postcode"), [("le45ab", "LE4 5AB"), (" LE15  6QR ", "LE15 6QR"), ("w1a-0ax", "W1A 0AX")]
)
def test_postcode_however_written_is_tidied(written: str, postcode: str) -> None:
    assert tidy_postcode(written) == postcode


@pytest.mark.parametrize("written", ["", "LE4", "LE4 5A", "LE4 5CI", "1AA LE1", "LE1234 5AB", "Leicester"])
def test_postcode_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(DomainError) as refused:
        tidy_postcode(written)

    assert refused.value.field == "postcode"
