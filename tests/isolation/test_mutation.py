"""Weaken every lock in every way we know, one at a time, and see that a guard notices each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from sutg.tenancy.catalogue import find_faults, tenant_tables
from sutg.tenancy.roles import LOGIN_APP
from tests.factories import make_provider, make_user
from tests.support.crossings import Tenants, find_crossings
from tests.support.database import empty_all_tables
from tests.support.mutations import Mutation, every_mutation
from tests.support.planting import plant
from tests.support.superuser import superuser_connection

pytestmark = pytest.mark.database


@pytest.fixture(scope="module")
def tenants(django_db_setup: None, django_db_blocker: Any) -> Iterator[Tenants]:
    """Two providers with a committed row in every tenant table."""
    from django.db import connections

    with django_db_blocker.unblock():
        own, other = make_provider(), make_provider()
        plant(own)
        plant(other)
        yield Tenants(own.id, other.id, make_user().id)
        connections["default"].close()
        empty_all_tables()
        connections["owner"].close()


@pytest.fixture
def superuser(tenants: Tenants) -> Iterator[psycopg.Connection[Any]]:
    with superuser_connection() as connection:
        yield connection
        connection.rollback()


class _UndoneError(Exception):
    pass


@contextmanager
def mutated(connection: psycopg.Connection[Any], mutation: Mutation) -> Iterator[None]:
    """The database with one lock weakened, for the length of a block and for this transaction alone."""
    try:
        with connection.transaction():
            for statement in mutation.statements:
                connection.execute(statement.encode())
            yield
            raise _UndoneError
    except _UndoneError:
        pass


def test_every_mutation_of_every_tenant_table_is_noticed(
    superuser: psycopg.Connection[Any], tenants: Tenants, capsys: pytest.CaptureFixture[str]
) -> None:
    by_catalogue: Counter[str] = Counter()
    by_behaviour: Counter[str] = Counter()
    tried: Counter[str] = Counter()
    unnoticed = []

    for mutation in every_mutation(superuser):
        with mutated(superuser, mutation):
            named = any(fault.subject == mutation.subject for fault in find_faults(superuser, login=mutation.login))
            crossed = bool(mutation.tables) and bool(find_crossings(superuser, tenants, list(mutation.tables)))
        tried[mutation.kind] += 1
        by_catalogue[mutation.kind] += named
        by_behaviour[mutation.kind] += crossed
        if not named:
            unnoticed.append(str(mutation))

    with capsys.disabled():
        print(f"\n{'mutation':58} tried  catalogue  behaviour")
        for kind, count in sorted(tried.items()):
            print(f"{kind:58} {count:5} {by_catalogue[kind]:10} {by_behaviour[kind] or '':>10}")
        print(f"{tried.total() - len(unnoticed)} of {tried.total()} mutations noticed")
    assert unnoticed == []


def test_unmutated_database_is_found_in_order(superuser: psycopg.Connection[Any], tenants: Tenants) -> None:
    faults = find_faults(superuser, login=LOGIN_APP)

    assert faults == []
    assert find_crossings(superuser, tenants, list(tenant_tables())) == []


def test_database_with_an_invoker_view_is_found_in_order(superuser: psycopg.Connection[Any], tenants: Tenants) -> None:
    table = next(iter(tenant_tables()))
    superuser.execute(f"CREATE VIEW asked WITH (security_invoker = true) AS SELECT * FROM {table}".encode())

    faults = find_faults(superuser, login=LOGIN_APP)

    assert faults == []
    assert find_crossings(superuser, tenants, [table]) == []


@pytest.mark.parametrize("table", sorted(tenant_tables()))
def test_mutation_undone_is_found_in_order(superuser: psycopg.Connection[Any], tenants: Tenants, table: str) -> None:
    for mutation in every_mutation(superuser):
        if mutation.subject == f"table {table}" and mutation.kind in {"policy dropped", "FORCE dropped"}:
            with mutated(superuser, mutation):
                assert find_faults(superuser, login=LOGIN_APP) != []

    assert find_faults(superuser, login=LOGIN_APP) == []
    assert find_crossings(superuser, tenants, [table]) == []
