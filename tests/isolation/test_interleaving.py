"""Many tenants' transactions, mixed over few connections, and never a foreign row.

Through PgBouncer in transaction mode where the application connects through one, else over a pool in this process.
"""

from __future__ import annotations

import os
import random
import threading
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from django.db import DatabaseError, ProgrammingError, connection, connections, transaction

from cafes.models import Visitor
from sutg.tenancy import scope as scopes
from sutg.tenancy.errors import ScopeMissing
from sutg.tenancy.scope import Scope
from tests.factories import make_cafe, make_provider
from tests.factories.scoped import TESTS
from tests.support.connecting import connecting, is_behind_pooler

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("committed_db")]

TENANTS = 64
CONNECTIONS = 8
THREADS = 12


@dataclass
class Ledger:
    """What each tenant must end up with, and everything that went wrong."""

    cafes: dict[uuid.UUID, uuid.UUID]
    written: Counter[uuid.UUID] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def expect(self, what: str, found: object, wanted: object) -> None:
        if found != wanted:
            with self.lock:
                self.wrong.append(f"{what}: {found!r} instead of {wanted!r}")


def whose() -> set[uuid.UUID]:
    """Whose rows PostgreSQL shows, with no help from the manager."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT provider_id FROM cafes_visitor UNION SELECT provider_id FROM cafes_cafe")
        return {provider for (provider,) in cursor.fetchall()}


def add(ledger: Ledger, provider: uuid.UUID) -> None:
    Visitor.objects.create(provider_id=provider, cafe_id=ledger.cafes[provider])


def read(ledger: Ledger, provider: uuid.UUID, other: uuid.UUID) -> None:
    with scopes.enter(Scope.provider(TESTS, provider)), transaction.atomic():
        ledger.expect("read", whose(), {provider})
        found = set(Visitor.objects.values_list("provider_id", flat=True)[:5])
        ledger.expect("read by the manager", found - {provider}, set())


def write(ledger: Ledger, provider: uuid.UUID, other: uuid.UUID) -> None:
    with scopes.enter(Scope.provider(TESTS, provider)), transaction.atomic():
        add(ledger, provider)
        ledger.expect("read after writing", whose(), {provider})
    with ledger.lock:
        ledger.written[provider] += 1


def write_for_another(ledger: Ledger, provider: uuid.UUID, other: uuid.UUID) -> None:
    try:
        with scopes.enter(Scope.provider(TESTS, provider)), transaction.atomic():
            add(ledger, other)
    except ProgrammingError:
        return
    ledger.expect("write for another", "went through", "refused")


def roll_back(ledger: Ledger, provider: uuid.UUID, other: uuid.UUID) -> None:
    with scopes.enter(Scope.provider(TESTS, provider)), transaction.atomic():
        add(ledger, provider)
        transaction.set_rollback(True)


def fail(ledger: Ledger, provider: uuid.UUID, other: uuid.UUID) -> None:
    try:
        with scopes.enter(Scope.provider(TESTS, provider)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
    except DatabaseError:
        return


def fail_in_savepoint(ledger: Ledger, provider: uuid.UUID, other: uuid.UUID) -> None:
    with scopes.enter(Scope.provider(TESTS, provider)), transaction.atomic():
        write_for_another(ledger, provider, other)
        ledger.expect("read after an error in a savepoint", whose(), {provider})


def nest(ledger: Ledger, provider: uuid.UUID, other: uuid.UUID) -> None:
    with scopes.enter(Scope.provider(TESTS, provider)), transaction.atomic():
        with scopes.enter(Scope.provider(TESTS, other)):
            ledger.expect("read in a nested scope", whose(), {other})
        ledger.expect("read after a nested scope", whose(), {provider})


def go_without(ledger: Ledger, provider: uuid.UUID, other: uuid.UUID) -> None:
    try:
        with transaction.atomic():
            ledger.expect("read for nobody", whose(), "refused")
    except ProgrammingError:
        pass
    try:
        Visitor.objects.count()
    except ScopeMissing:
        return
    ledger.expect("manager for nobody", "went through", "refused")


KINDS = {read: 8, write: 3, write_for_another: 1, roll_back: 1, fail: 1, fail_in_savepoint: 1, nest: 2, go_without: 1}


@contextmanager
def eight_connections() -> Iterator[None]:
    if is_behind_pooler():
        yield
        return
    with connecting(pool={"min_size": CONNECTIONS, "max_size": CONNECTIONS, "timeout": 60}):
        yield


def interleave(ledger: Ledger, transactions: int, seed: int) -> None:
    def work(number: int) -> None:
        chance = random.Random(seed + number)  # noqa: S311  repeatable, not secret
        providers = list(ledger.cafes)
        kinds = chance.choices(list(KINDS), weights=list(KINDS.values()), k=transactions // THREADS + 1)
        try:
            for kind in kinds:
                kind(ledger, *chance.sample(providers, 2))
                connection.close()
                with ledger.lock:
                    ledger.done[kind.__name__] += 1
        except Exception as error:
            ledger.expect("thread", repr(error), "no error")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("transactions", [3_000, pytest.param(100_000, marks=pytest.mark.soak)], ids=["brief", "whole"])
def test_transactions_of_many_tenants_interleaved_never_see_a_foreign_row(
    transactions: int, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = int(os.environ.get("SUTG_SEED") or random.SystemRandom().randrange(2**32))
    ledger = Ledger({})
    for _ in range(TENANTS):
        provider = make_provider()
        ledger.cafes[provider.id] = make_cafe(provider=provider).id

    with eight_connections():
        interleave(ledger, transactions, seed)

    through = "PgBouncer" if is_behind_pooler() else "a pool in this process"
    with capsys.disabled():
        print(f"\n{ledger.done.total()} transactions of {TENANTS} tenants through {through}, SUTG_SEED={seed}")
        print(f"{len(ledger.wrong)} foreign rows or other faults; {dict(ledger.done)}")
    assert ledger.wrong == []
    assert ledger.done.total() >= transactions
    for provider in ledger.cafes:
        with scopes.enter(Scope.provider(TESTS, provider)), transaction.atomic():
            assert Visitor.objects.count() == ledger.written[provider]
