"""The file that a tablet saved is loaded as if its records had been sent: once, and past what is damaged."""

from __future__ import annotations

import json
import os
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.roles import Role
from cafes.models import Cafe, Tablet, TabletRecord
from cafes.services.tablet_exports import Loaded, load_export, read_export
from cafes.services.tablets import revoke_tablet
from providers.models import Provider
from sutg.audit.models import ProviderEvent
from sutg.common.errors import DomainError, NotFound
from tests.factories import make_cafe, make_membership, make_provider
from tests.factories.scoped import TESTS, acting_for
from tests.factories.tablets import make_tablet
from tests.integration.cafes.tablets import enrolled, opening, records, standing_visits, visit
from tests.integration.cafes.test_return_pages import signed_in
from tests.support.tablet import SimulatedTablet

pytestmark = [pytest.mark.django_db, pytest.mark.database]
State = TabletRecord.State


@pytest.fixture
def provider() -> Provider:
    return make_provider()


@pytest.fixture
def cafe(provider: Provider) -> Cafe:
    return make_cafe(provider=provider)


@pytest.fixture
def tablet(provider: Provider, cafe: Cafe) -> SimulatedTablet:
    """One with a session and two visits that it never sent."""
    tablet = enrolled(provider, cafe)
    session = opening(tablet)
    for _ in range(2):
        tablet.record("visit", visit(session))
    return tablet


@pytest.fixture
def manager(provider: Provider) -> Client:
    return signed_in(make_membership(provider=provider, role=Role.PROVIDER_MANAGER).user)


def id_of(tablet: SimulatedTablet) -> uuid.UUID:
    return uuid.UUID(tablet.enrolment["device_id"])


def load(provider: Provider, tablet: SimulatedTablet, content: bytes | None = None) -> Loaded:
    with acting_for(provider):
        export = read_export(tablet.export() if content is None else content)
        return load_export(tablet_id=id_of(tablet), export=export, by=TESTS, now=timezone.now())


def stored(provider: Provider) -> Tablet:
    with acting_for(provider):
        found: Tablet = Tablet.objects.get()
        return found


def test_file_loaded_is_as_if_its_records_had_been_sent(provider: Provider, tablet: SimulatedTablet) -> None:
    loaded = load(provider, tablet)

    assert loaded == Loaded(new=3)
    assert len(standing_visits(provider)) == 2
    assert [row.state for row in records(provider)] == [State.APPLIED] * 3
    with acting_for(provider):
        event = ProviderEvent.objects.get(name="tablet_file_loaded")
    assert (event.subject, event.detail) == (id_of(tablet), {"records": 3, "new": 3, "attention": 0})


def test_file_loaded_twice_and_sent_afterwards_counts_once(provider: Provider, tablet: SimulatedTablet) -> None:
    load(provider, tablet)

    again = load(provider, tablet)
    tablet.sync()

    assert again == Loaded(known=3)
    assert len(standing_visits(provider)) == 2
    assert tablet.held == {}


def test_file_of_a_tablet_whose_access_ended_is_loaded(provider: Provider, tablet: SimulatedTablet) -> None:
    with acting_for(provider):
        revoke_tablet(tablet_id=id_of(tablet), by=TESTS, now=timezone.now())

    assert load(provider, tablet).new == 3


def test_file_of_more_than_one_step_is_loaded_whole(provider: Provider, tablet: SimulatedTablet) -> None:
    session = uuid.UUID(tablet.held[1]["id"])
    for _ in range(120):
        tablet.record("visit", visit(session))
    tablet.record("session_closed", {"session": str(session), "door_tally": 122})

    loaded = load(provider, tablet)

    assert (loaded.new, loaded.attention) == (124, 0)
    assert len(standing_visits(provider)) == 122
    assert {row.state for row in records(provider)} == {State.APPLIED}


def test_file_names_numbers_that_were_lost_and_leaves_later_ones(provider: Provider, tablet: SimulatedTablet) -> None:
    tablet.post([])  # three are held
    with acting_for(provider):
        Tablet.objects.update(missing=[9], last_number=9)
    del tablet.held[2]

    load(provider, tablet)

    after = stored(provider)
    assert (after.missing, after.held, after.accounted_to, after.last_number) == ([2, 9], 1, 1, 9)


def test_loading_a_file_does_not_say_that_the_tablet_was_heard_of(provider: Provider, tablet: SimulatedTablet) -> None:
    load(provider, tablet)

    assert (stored(provider).last_seen_at, stored(provider).app_version) == (None, "")


def test_times_in_a_file_are_put_right_by_how_wrong_the_clock_was(provider: Provider, cafe: Cafe) -> None:
    tablet = enrolled(provider, cafe, clock_ahead=timedelta(hours=-5))
    tablet.record("visit", visit(opening(tablet)))

    load(provider, tablet)

    with acting_for(provider):
        opened = TabletRecord.objects.get(kind="session_opened").applied_to
        at = standing_visits(provider)[0].session.opened_at
    assert opened is not None
    assert timezone.now() - at < timedelta(minutes=1)


@pytest.mark.parametrize(
    "entry",
    [
        None,
        {},
        {"id": "x"},
        {"number": 0},
        {"number": True},
        {"hash": "short"},
        {"envelope": {"key": "a", "iv": "b"}},
        {"envelope": {"key": "a", "iv": "b", "data": "é"}},
        {"envelope": "sealed"},
    ],
    ids=str,
)
def test_entry_that_is_no_record_is_counted_and_stops_no_other(
    provider: Provider, tablet: SimulatedTablet, entry: dict[str, Any] | None
) -> None:
    whole = list(tablet.held.values())
    damaged = entry if not entry else {**whole[2], **entry}

    loaded = load(provider, tablet, tablet.export(records=[damaged, *whole[:2]]))

    assert (loaded.new, loaded.damaged) == (2, 1)


def test_record_that_was_changed_in_the_file_is_kept_for_a_person(provider: Provider, tablet: SimulatedTablet) -> None:
    envelope = tablet.held[3]["envelope"]
    tablet.held[3]["envelope"] = {**envelope, "data": envelope["data"][:-4] + "AAAA"}

    loaded = load(provider, tablet)

    assert (loaded.new, loaded.attention) == (3, 1)
    assert "cannot be opened" in records(provider)[-1].reason


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04",
        b"[]",
        b"[" * 5000,
        b'{"format": "sutg-tablet-export-1"}',
        b'{"format": "other", "records": []}',
        b'{"format": "sutg-tablet-export-1", "records": [], "device_id": 7}',
        os.urandom(64),
    ],
    ids=range(8),
)
def test_file_that_no_tablet_saved_is_refused(content: bytes) -> None:
    with pytest.raises(DomainError, match="not a file that a tablet saved"):
        read_export(content)


@pytest.mark.parametrize("ahead", [True, "x", None, float("nan"), 1e30, [1]], ids=str)
def test_clock_that_cannot_be_so_wrong_is_taken_to_be_right(tablet: SimulatedTablet, ahead: Any) -> None:
    assert read_export(tablet.export(clock_ahead_ms=ahead)).clock_ahead == timedelta()


def test_file_of_another_tablet_is_refused_and_stores_nothing(
    provider: Provider, cafe: Cafe, tablet: SimulatedTablet
) -> None:
    other = enrolled(provider, cafe, name="Kitchen")

    with pytest.raises(DomainError, match="another tablet"):
        load(provider, other, tablet.export())
    assert records(provider) == []


def test_file_for_a_tablet_that_was_never_set_up_is_refused(provider: Provider, tablet: SimulatedTablet) -> None:
    bare = make_tablet(provider=provider, enrolled_at=None, token_digest="", secrets=None)
    export = read_export(tablet.export(device_id=str(bare.id)))

    with acting_for(provider), pytest.raises(DomainError, match="never set up"):
        load_export(tablet_id=bare.id, export=export, by=TESTS, now=timezone.now())


def test_file_of_another_provider_is_not_found(tablet: SimulatedTablet) -> None:
    with pytest.raises(NotFound):
        load(make_provider(), tablet)


def uploaded(client: Client, tablet: SimulatedTablet, content: bytes) -> str:
    file = SimpleUploadedFile("tablet.json", content, content_type="application/json")
    answer = client.post(f"/tablets/{id_of(tablet)}/file/", {"file": file}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_manager_loads_a_file_and_is_told_what_became_of_it(
    manager: Client, provider: Provider, tablet: SimulatedTablet
) -> None:
    damaged = json.loads(tablet.export())
    damaged["records"].append({})

    first = uploaded(manager, tablet, json.dumps(damaged).encode())
    second = uploaded(manager, tablet, tablet.export())

    assert "3 records loaded. 1 part of the file could not be read" in first
    assert "Nothing new, 3 had arrived before." in second
    assert len(standing_visits(provider)) == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"{}", "not a file that a tablet saved"), (b"", "The file is empty"), (b" " * 20_000_001, "smaller than 20 MB")],
    ids=["other", "empty", "large"],
)
def test_manager_who_loads_what_is_no_such_file_is_told_so(
    manager: Client, tablet: SimulatedTablet, content: bytes, said: str
) -> None:
    html = uploaded(manager, tablet, content)

    assert "There is a problem" in html
    assert said in html
