"""The scope never outlives its transaction: errors, savepoints, killed connections, threads, pools, late readers."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, ProgrammingError, connection, transaction
from django.http import StreamingHttpResponse

from cafes.models import Cafe
from providers.models import Provider
from sutg.tenancy import scope as scopes
from sutg.tenancy.errors import ScopeForbids, ScopeLeaked, ScopeMissing
from sutg.tenancy.scope import Actor, Scope
from sutg.tenancy.streaming import stream
from tests.factories import make_cafe, make_provider
from tests.factories.scoped import TESTS
from tests.support.connecting import connecting, is_behind_pooler

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("committed_db")]


@pytest.fixture
def mine(committed_db: None) -> Provider:
    provider = make_provider()
    make_cafe(provider=provider, name="Mine")
    return provider


@pytest.fixture
def theirs(committed_db: None) -> Provider:
    provider = make_provider()
    make_cafe(provider=provider, name="Theirs")
    return provider


def of(provider: Provider) -> Scope:
    return Scope.provider(TESTS, provider.id)


def seen() -> set[str]:
    """Names of the cafés that PostgreSQL shows, with no help from the manager."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM cafes_cafe")
        return {name for (name,) in cursor.fetchall()}


def brought_along() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user = session_user, coalesce(current_setting('sutg.provider_id', true), ''), "
            "coalesce(current_setting('sutg.user_id', true), '')"
        )
        return list(cursor.fetchone())


NOBODY = [True, "", ""]


def fail() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")


def test_scope_after_commit_is_gone(mine: Provider) -> None:
    with scopes.enter(of(mine)), transaction.atomic():
        assert seen() == {"Mine"}

    assert brought_along() == NOBODY
    assert scopes.current() is None


def test_scope_after_rollback_is_gone(mine: Provider) -> None:
    with pytest.raises(DatabaseError), scopes.enter(of(mine)), transaction.atomic():
        fail()

    assert brought_along() == NOBODY
    assert scopes.current() is None


def test_scope_outside_a_transaction_reaches_nothing(mine: Provider) -> None:
    with scopes.enter(of(mine)), pytest.raises(ProgrammingError, match="permission denied"):
        Cafe.objects.count()


def test_scope_after_an_error_in_a_savepoint_still_stands(mine: Provider, theirs: Provider) -> None:
    with scopes.enter(of(mine)), transaction.atomic():
        with pytest.raises(DatabaseError), transaction.atomic():
            fail()

        assert seen() == {"Mine"}


def test_nested_scope_inside_a_transaction_ends_with_its_block(mine: Provider, theirs: Provider) -> None:
    with scopes.enter(of(mine)), transaction.atomic():
        with scopes.enter(of(theirs)):
            assert seen() == {"Theirs"}
            assert {cafe.name for cafe in Cafe.objects.all()} == {"Theirs"}

        assert seen() == {"Mine"}
        assert {cafe.name for cafe in Cafe.objects.all()} == {"Mine"}


def test_nested_scope_that_fails_gives_way_to_the_one_before(mine: Provider, theirs: Provider) -> None:
    with scopes.enter(of(mine)), transaction.atomic():
        with pytest.raises(DatabaseError), scopes.enter(of(theirs)):
            fail()

        assert seen() == {"Mine"}


def test_nested_scope_that_swallows_an_error_gives_way_to_the_one_before(mine: Provider, theirs: Provider) -> None:
    """The transaction is broken when the block ends: what is noted of it must be the earlier scope all the same."""
    with scopes.enter(of(mine)), transaction.atomic():
        with pytest.raises(DatabaseError), scopes.enter(of(theirs)), pytest.raises(DatabaseError):
            fail()
        with scopes.enter(of(theirs)):
            pass

        assert seen() == {"Mine"}


def test_nobody_inside_a_transaction_sees_nothing(mine: Provider) -> None:
    with scopes.enter(of(mine)), transaction.atomic():
        with scopes.enter(None), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            seen()

        assert seen() == {"Mine"}


def test_scope_of_a_role_without_a_right_is_refused_by_the_manager(mine: Provider) -> None:
    with scopes.enter(Scope.pathway(TESTS)), pytest.raises(ScopeForbids):
        Cafe.objects.count()


def test_insert_under_a_scope_for_another_provider_is_refused(mine: Provider, theirs: Provider) -> None:
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        scopes.enter(of(mine)),
        transaction.atomic(),
    ):
        Cafe.objects.create(provider=theirs, name="Taken", neighbourhood_id="LEI01", local_authority_id="E06000016")


def test_scope_of_a_killed_connection_is_gone(mine: Provider) -> None:
    def kill_this_session() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (pid,) = cursor.fetchone()
        another = connection.copy()
        with another.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])
        another.close()

    def go_on_after_a_kill() -> None:
        with scopes.enter(of(mine)), transaction.atomic():
            kill_this_session()
            seen()

    with pytest.raises(OperationalError):
        go_on_after_a_kill()
    connection.close()

    assert scopes.current() is None
    assert brought_along() == NOBODY
    with pytest.raises(ProgrammingError, match="permission denied"):
        seen()


def test_generator_that_was_closed_leaves_no_scope(mine: Provider) -> None:
    def suspended() -> Iterator[None]:
        with scopes.enter(of(mine)):
            yield

    generator = suspended()
    next(generator)
    generator.close()

    assert scopes.current() is None


def test_thread_starts_without_a_scope(mine: Provider) -> None:
    found: list[Any] = []

    def look() -> None:
        found.append(scopes.current())
        try:
            Cafe.objects.count()
        except ScopeMissing as error:
            found.append(error)

    with scopes.enter(of(mine)):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()

    assert found[0] is None
    assert isinstance(found[1], ScopeMissing)


def test_callback_after_commit_runs_under_the_scope_that_asked(mine: Provider, theirs: Provider) -> None:
    under: list[Scope | None] = []

    with scopes.enter(of(mine)), transaction.atomic():
        with scopes.enter(of(theirs)):
            transaction.on_commit(lambda: under.append(scopes.current()))
        transaction.on_commit(lambda: under.append(scopes.current()))

    assert under == [of(theirs), of(mine)]
    assert scopes.current() is None


def test_callback_after_commit_that_fails_leaves_no_scope(mine: Provider) -> None:
    with pytest.raises(DatabaseError), scopes.enter(of(mine)), transaction.atomic():
        transaction.on_commit(fail)

    assert scopes.current() is None
    assert brought_along() == NOBODY


def test_stream_read_after_the_view_gives_the_scopes_rows_and_leaves_none(mine: Provider, theirs: Provider) -> None:
    with scopes.enter(of(theirs)), transaction.atomic():
        chunks = stream(of(mine), lambda: (name.encode() for name in seen()))
        assert seen() == {"Theirs"}

    assert b"".join(chunks) == b"Mine"
    assert scopes.current() is None
    assert brought_along() == NOBODY


def test_stream_given_up_before_its_first_chunk_lets_its_file_go(mine: Provider) -> None:
    chunks = stream(of(mine), lambda: [b"first"])

    StreamingHttpResponse(chunks).close()

    assert list(chunks) == []


def test_stream_that_fails_leaves_no_scope(mine: Provider) -> None:
    def lines() -> Iterator[bytes]:
        yield b"first"
        fail()

    with pytest.raises(DatabaseError):
        stream(of(mine), lines)

    assert scopes.current() is None
    assert brought_along() == NOBODY


def test_pooled_connection_checked_out_again_brings_nothing_along(mine: Provider, theirs: Provider) -> None:
    with connecting(pool={"min_size": 1, "max_size": 1}):
        for provider, name in ((mine, "Mine"), (theirs, "Theirs"), (mine, "Mine")):
            with scopes.enter(of(provider)), transaction.atomic():
                assert seen() == {name}
            connection.close()

            assert brought_along() == NOBODY
            connection.close()


@pytest.mark.parametrize(
    "leak",
    [
        "SELECT set_config('sutg.provider_id', '00000000-0000-0000-0000-000000000001', false)",
        "SELECT set_config('sutg.user_id', '00000000-0000-0000-0000-000000000001', false)",
        "SET ROLE sutg_report",
    ],
)
@pytest.mark.parametrize("next_is", ["somebody", "nobody"])
@pytest.mark.parametrize("options", [{}, {"pool": {"min_size": 1, "max_size": 1}}], ids=["alone", "pooled"])
def test_connection_with_a_leaked_scope_is_refused_and_closed(
    mine: Provider, leak: str, next_is: str, options: dict[str, Any]
) -> None:
    """Closed for good: a pool must not hand it to the next."""
    with connecting(past_pooler=is_behind_pooler(), **options):
        with connection.cursor() as cursor:
            cursor.execute(leak)

        with (
            pytest.raises(ScopeLeaked),
            scopes.enter(of(mine) if next_is == "somebody" else None),
            transaction.atomic(),
        ):
            pytest.fail("the transaction began")

        assert connection.connection is None
        with scopes.enter(of(mine)), transaction.atomic():
            assert seen() == {"Mine"}


def test_setting_emptied_by_an_earlier_transaction_reads_as_nobody(mine: Provider) -> None:
    """After SET LOCAL a setting is '' for the rest of the session, and not unset."""
    with scopes.enter(of(mine)), transaction.atomic():
        seen()

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE sutg_provider")
        assert seen() == set()


def test_scope_on_the_wire_comes_back_as_it_was() -> None:
    person = uuid.uuid4()
    for scope in (
        Scope.provider(Actor.job("load", on_behalf_of=f"user:{person}"), uuid.uuid4()),
        Scope.identity(person),
        Scope.trust(TESTS),
        Scope.report(Actor.user(person), neighbourhood_codes=frozenset({"LEI01", "LEI02"})),
    ):
        assert Scope.from_wire(scope.as_wire()) == scope


def test_scope_of_a_provider_role_without_a_provider_is_refused() -> None:
    with pytest.raises(ValueError, match="acts for one provider"):
        Scope(TESTS, scopes.ScopeRole.PROVIDER)
    with pytest.raises(ValueError, match="acts for one user"):
        Scope(TESTS, scopes.ScopeRole.IDENTITY)
