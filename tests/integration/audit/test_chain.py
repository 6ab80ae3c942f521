"""The chain over the record: sealed by anybody, twice at once, late or not; and every tampering found and named."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, OperationalError, connection
from django.utils import timezone

from providers.models import Provider
from sutg.audit import chain as chains
from sutg.audit import checking
from sutg.audit.chain import Chain
from sutg.audit.checking import check_record, faults_of_everything
from sutg.audit.models import ProviderBlock, ProviderEvent, TrustBlock, TrustEvent
from sutg.audit.sealing import seal_everything
from sutg.audit.services import record
from sutg.audit.tasks import seal_audit
from tests.factories import make_provider
from tests.factories.scoped import TESTS, acting_for
from tests.support.superuser import superuser_connection

pytestmark = [pytest.mark.usefixtures("committed_db"), pytest.mark.database]


INSERTED = (
    "INSERT INTO audit_providerevent (provider_id, id, at, name, actor, on_behalf_of, detail, block) "
    "SELECT provider_id, %(fresh)s, at, 'x', actor, '', '{}', 2 FROM audit_providerevent WHERE id = %(second)s"
)


def happen(provider: Provider, count: int = 3) -> list[uuid.UUID]:
    with acting_for(provider):
        for number in range(count):
            record("tests.happened", by=TESTS, provider_id=provider.id, number=number, word="Zoë")
        return list(ProviderEvent.objects.order_by("id").values_list("id", flat=True))[-count:]


def faults() -> list[str]:
    return list(faults_of_everything(by=TESTS, unsealed_for=timedelta(minutes=10)))


@pytest.fixture
def provider() -> Provider:
    return make_provider()


@pytest.fixture
def sealed(provider: Provider) -> list[uuid.UUID]:
    """Events in three blocks, each of three."""
    ids: list[uuid.UUID] = []
    for _ in range(3):
        ids += happen(provider)
        seal_everything(by=TESTS)
    assert faults() == []
    return ids


@pytest.fixture
def superuser(sealed: list[uuid.UUID]) -> Iterator[psycopg.Connection[Any]]:
    """The one whom no trigger stops."""
    with superuser_connection(autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        yield connection


def test_events_sealed_are_found_whole(provider: Provider, sealed: list[uuid.UUID]) -> None:
    out = StringIO()

    call_command("verify_audit", stdout=out)

    assert "as it was sealed" in out.getvalue()
    with acting_for(provider):
        assert list(ProviderBlock.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3]
        assert set(ProviderEvent.objects.filter(id__in=sealed).values_list("block", flat=True)) == {1, 2, 3}


def test_check_is_kept_in_the_record_with_what_it_found(
    provider: Provider, sealed: list[uuid.UUID], superuser: psycopg.Connection[Any]
) -> None:
    whole = check_record(by=TESTS)
    superuser.execute("DELETE FROM audit_providerevent WHERE id = %s", [sealed[4]])
    broken = check_record(by=TESTS)

    kept = [event.detail for event in TrustEvent.objects.filter(name="audit_checked").order_by("id")]

    assert [found["faults"] for found in kept] == [0, 1]
    assert kept[0]["events"] == whole.events >= 9
    assert kept[1]["first"] == broken.faults[0]
    assert str(sealed[4]) in kept[1]["first"]


def test_sealing_while_chains_are_checked_is_no_fault(
    provider: Provider, sealed: list[uuid.UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    def sealed_meanwhile() -> list[uuid.UUID]:
        happen(provider)
        seal_everything(by=TESTS)
        return [provider.id]

    monkeypatch.setattr(checking, "provider_ids", sealed_meanwhile)

    assert faults() == []


def test_sealing_killed_on_the_way_leaves_nothing_behind(provider: Provider) -> None:
    ids = happen(provider)

    def killed() -> None:
        with acting_for(provider), superuser_connection(autocommit=True) as superuser:
            chains.seal_next(Chain(provider.id), by="killed")
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")  # a pooler tells the client a number of its own
                backend = cursor.fetchone()
            superuser.execute("SELECT pg_terminate_backend(%s)", backend)
            ProviderEvent.objects.count()

    with pytest.raises(OperationalError):
        killed()
    connection.close()
    seal_everything(by=TESTS)

    assert faults() == []
    with acting_for(provider):
        assert ProviderBlock.objects.get().event_ids == ids


def test_end_of_a_chain_that_a_killed_run_left_out_is_seen_by_the_next_check(
    provider: Provider, sealed: list[uuid.UUID], superuser: psycopg.Connection[Any]
) -> None:
    happen(provider)
    with acting_for(provider):
        chains.seal_next(Chain(provider.id), by="killed before the trust's block")
    check_record(by=TESTS)

    superuser.execute("DELETE FROM audit_providerevent WHERE block = 4")
    superuser.execute("DELETE FROM audit_providerblock WHERE number = 4")

    assert any("1 blocks that the trust's chain saw are gone" in fault for fault in faults())


def test_chain_of_one_provider_is_not_there_for_another(provider: Provider, sealed: list[uuid.UUID]) -> None:
    with acting_for(make_provider()), connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM audit_providerblock), "
            "(SELECT count(*) FROM audit_providerevent WHERE block IS NOT NULL)"
        )
        blocks, events = cursor.fetchone()

    assert (blocks, events) == (0, 0)


def test_sealing_again_makes_no_block(sealed: list[uuid.UUID]) -> None:
    assert seal_everything(by=TESTS) == 0


def test_block_is_never_larger_than_its_limit(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chains, "MOST_EVENTS", 2)
    happen(provider, 5)

    seal_everything(by=TESTS)

    with acting_for(provider):
        sizes = [len(block.event_ids) for block in ProviderBlock.objects.order_by("number")]
    assert sizes == [2, 2, 1]
    assert faults() == []


def test_event_that_commits_late_is_in_a_later_block(provider: Provider) -> None:
    began, go_on = threading.Event(), threading.Event()

    def late() -> None:
        with acting_for(provider):
            record("tests.late", by=TESTS, provider_id=provider.id)
            began.set()
            go_on.wait(10)
        connection.close()

    thread = threading.Thread(target=late)
    thread.start()
    began.wait(10)
    happen(provider)
    seal_everything(by=TESTS)
    go_on.set()
    thread.join()
    seal_everything(by=TESTS)

    with acting_for(provider):
        blocks = dict(ProviderEvent.objects.values_list("name", "block"))
    assert blocks == {"tests.happened": 1, "tests.late": 2}
    assert faults() == []


def test_two_sealing_at_once_make_one_whole_chain(provider: Provider) -> None:
    happen(provider, 20)
    start = threading.Barrier(3)
    failed: list[BaseException] = []

    def seal() -> None:
        try:
            start.wait(10)
            seal_audit()
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=seal) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert faults() == []
    with acting_for(provider):
        assert sum(len(block.event_ids) for block in ProviderBlock.objects.all()) == 20


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        (
            "UPDATE audit_providerevent SET actor = 'user:else' WHERE id = %(second)s",
            "event {second} of block 2 was alt",
        ),
        ("UPDATE audit_providerevent SET at = at + '1 s' WHERE id = %(second)s", "event {second} of block 2 was alter"),
        (
            "UPDATE audit_providerevent SET at = at + '1 us' WHERE id = %(second)s",
            "event {second} of block 2 was alter",
        ),
        ("UPDATE audit_providerevent SET detail = '{}' WHERE id = %(second)s", "event {second} of block 2 was alter"),
        ("DELETE FROM audit_providerevent WHERE id = %(second)s", "event {second} of block 2 was removed"),
        ("UPDATE audit_providerevent SET block = 1 WHERE id = %(second)s", "event {second} was inserted into block 1"),
        ("UPDATE audit_providerevent SET block = NULL WHERE id = %(second)s", "event {second} of block 2 was removed"),
        ("UPDATE audit_providerevent SET block = 9 WHERE id = %(second)s", "event {second} names block 9"),
        (
            INSERTED,
            "event {fresh} was inserted into block 2",
        ),
        ("DELETE FROM audit_providerblock WHERE number = 2", "block 2 is missing"),
        ("DELETE FROM audit_providerblock WHERE number = 3", "names block 3, which is missing"),
        (
            "UPDATE audit_providerblock SET sealed_by = 'x', event_ids = event_ids[1:2] WHERE number = 2",
            "block 2 was alt",
        ),
        ("UPDATE audit_providerblock SET event_digests = sha256('x') WHERE number = 2", "block 2 was altered"),
        ("UPDATE audit_providerblock SET digest = sha256('x') WHERE number = 2", "block 3 does not follow"),
    ],
)
def test_tampering_by_the_superuser_is_found_and_named(
    superuser: psycopg.Connection[Any], sealed: list[uuid.UUID], statement: str, says: str
) -> None:
    named = {"second": sealed[4], "fresh": uuid.uuid4()}
    superuser.execute(statement.encode(), named if "%(" in statement else None)
    found = faults()

    wanted = says.format(**named)
    assert any(wanted in fault for fault in found), found
    with pytest.raises(CommandError):
        call_command("verify_audit", stderr=StringIO())


def test_blocks_in_another_order_are_found(superuser: psycopg.Connection[Any]) -> None:
    for old, new in ((2, 99), (3, 2), (99, 3)):
        superuser.execute("UPDATE audit_providerblock SET number = %s WHERE number = %s", [new, old])

    assert any("block 2 does not follow the block before it" in fault for fault in faults())


def test_end_of_a_providers_chain_cut_off_shows_in_the_trusts(superuser: psycopg.Connection[Any]) -> None:
    superuser.execute("DELETE FROM audit_providerevent WHERE block = 3")
    superuser.execute("DELETE FROM audit_providerblock WHERE number = 3")

    assert any("1 blocks that the trust's chain saw are gone" in fault for fault in faults())


def test_chain_rewritten_whole_shows_in_the_trusts(superuser: psycopg.Connection[Any], provider: Provider) -> None:
    superuser.execute("UPDATE audit_providerevent SET actor = 'user:else', block = NULL")
    superuser.execute("DELETE FROM audit_providerblock")

    with acting_for(provider):
        while chains.seal_next(Chain(provider.id), by="forger"):
            pass

    assert any("3 blocks that the trust's chain saw are gone" in fault for fault in faults())


def test_trusts_own_chain_is_verified_as_well(superuser: psycopg.Connection[Any]) -> None:
    superuser.execute("UPDATE audit_trustblock SET heads = '{}' WHERE number = 1")

    assert any(fault.startswith("chain of the trust: block 1 was altered") for fault in faults())


def test_events_left_unsealed_are_named_with_their_chain(provider: Provider) -> None:
    happen(provider, 1)

    with superuser_connection(autocommit=True) as superuser:
        superuser.execute("SET session_replication_role = replica")
        hour = timezone.now() - timedelta(hours=1)
        superuser.execute("UPDATE audit_providerevent SET at = %s", [hour])

    assert [fault for fault in faults() if "1 events are unsealed" in fault and str(provider.id) in fault]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_providerevent SET actor = 'x'",
        "UPDATE audit_providerevent SET block = 7 WHERE block IS NOT NULL",
        "UPDATE audit_providerevent SET block = NULL",
        "UPDATE audit_providerevent SET block = 7, actor = 'x' WHERE block IS NULL",
    ],
)
def test_application_changes_nothing_of_an_event_but_its_seal_once(
    provider: Provider, sealed: list[uuid.UUID], statement: str
) -> None:
    happen(provider, 1)

    with pytest.raises(DatabaseError, match="append-only"), acting_for(provider), connection.cursor() as cursor:
        cursor.execute(statement)


def test_application_changes_no_block(provider: Provider, sealed: list[uuid.UUID]) -> None:
    for statement in ("UPDATE audit_providerblock SET number = 9", "DELETE FROM audit_providerblock"):
        with pytest.raises(DatabaseError), acting_for(provider), connection.cursor() as cursor:
            cursor.execute(statement)


def test_block_of_the_trust_says_where_the_chains_of_providers_stood(
    provider: Provider, sealed: list[uuid.UUID]
) -> None:
    with acting_for(provider):
        last = ProviderBlock.objects.order_by("-number")[0]

    head = TrustBlock.objects.order_by("-number")[0].heads[str(provider.id)]

    assert head == [3, bytes(last.digest).hex()]
