"""Weaken the trigger that keeps two openings of a café apart in every way we know: a probe notices each."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from cafes.models import Cafe
from tests.factories import make_cafe, make_provider
from tests.support.database import empty_all_tables
from tests.support.superuser import superuser_connection

pytestmark = pytest.mark.database

TRIGGER = "cafes_opening_no_overlap"
LOCK = "FOR UPDATE"
# A clause of the function → what is put in its place: each lets some overlap through.
WEAKER = {
    "other.opens < NEW.closes": "other.opens < NEW.opens",
    "NEW.opens < other.closes": "NEW.closes < other.closes",
    "daterange(other.since, other.until + 1)": "daterange(other.since, other.until)",
    "daterange(NEW.since, NEW.until + 1)": "daterange(NEW.since, NEW.until)",
    "RAISE EXCEPTION": "RAISE NOTICE",
}
STATEMENTS = {
    "dropped": f"DROP TRIGGER {TRIGGER} ON cafes_openingpattern",
    "disabled": f"ALTER TABLE cafes_openingpattern DISABLE TRIGGER {TRIGGER}",
    "for new rows only": f"DROP TRIGGER {TRIGGER} ON cafes_openingpattern; CREATE TRIGGER {TRIGGER} BEFORE INSERT "
    f"ON cafes_openingpattern FOR EACH ROW EXECUTE FUNCTION {TRIGGER}()",
    "for changed rows only": f"DROP TRIGGER {TRIGGER} ON cafes_openingpattern; CREATE TRIGGER {TRIGGER} BEFORE UPDATE "
    f"ON cafes_openingpattern FOR EACH ROW EXECUTE FUNCTION {TRIGGER}()",
}
# Wednesdays from 10 to 12, in 2030: what overlaps that, each at one edge, as (weekday, opens, closes, since, until).
STANDING = (3, "10:00", "12:00", "2030-01-01", "2030-06-30")
OVERLAPPING = [
    (3, "10:00", "12:00", "2030-01-01", "2030-06-30"),
    (3, "10:30", "11:30", "2030-02-01", "2030-02-28"),
    (3, "09:00", "13:00", "2029-01-01", None),
    (3, "11:59", "14:00", "2030-06-30", None),
    (3, "08:00", "10:01", "2029-01-01", "2030-01-01"),
    (3, "11:00", "13:00", "2030-03-01", "2030-03-01"),
    (3, "09:00", "11:00", "2030-03-01", "2030-03-01"),
]
APART = [
    (3, "12:00", "14:00", "2030-01-01", None),
    (3, "08:00", "10:00", "2030-01-01", None),
    (4, "10:00", "12:00", "2030-01-01", None),
    (3, "10:00", "12:00", "2030-07-01", None),
    (3, "10:00", "12:00", "2029-01-01", "2029-12-31"),
]
Opening = tuple[int, str, str, str, str | None]


@pytest.fixture(scope="module")
def cafe(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cafe]:
    from django.db import connections

    with django_db_blocker.unblock():
        yield make_cafe(provider=make_provider())
        connections["default"].close()
        empty_all_tables()
        connections["owner"].close()


@pytest.fixture
def superuser(cafe: Cafe) -> Iterator[psycopg.Connection[Any]]:
    with superuser_connection() as connection:
        yield connection
        connection.rollback()


def add(connection: psycopg.Connection[Any], cafe: Cafe, opening: Opening) -> uuid.UUID:
    row = uuid.uuid4()
    connection.execute("SET LOCAL sutg.actor = 'job:tests'")  # a change in nobody's name is refused
    connection.execute(
        "INSERT INTO cafes_openingpattern (provider_id, id, cafe_id, weekday, opens, closes, since, until) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        [cafe.provider_id, row, cafe.id, *opening],
    )
    return row


def is_refused(connection: psycopg.Connection[Any], act: Callable[[], object]) -> bool:
    """Whether the database refuses ``act``, all of which is undone."""
    try:
        with connection.transaction(force_rollback=True):
            act()
    except psycopg.errors.ExclusionViolation:
        return True
    return False


def let_through(connection: psycopg.Connection[Any], cafe: Cafe) -> list[str]:
    """Overlaps that the database does not refuse, as a new opening and as a changed one."""
    found = []
    for opening in OVERLAPPING:

        def inserted(opening: Opening = opening) -> None:
            add(connection, cafe, STANDING)
            add(connection, cafe, opening)

        def changed(opening: Opening = opening) -> None:
            add(connection, cafe, STANDING)
            row = add(connection, cafe, (6, *opening[1:]))
            connection.execute("UPDATE cafes_openingpattern SET weekday = 3 WHERE id = %s", [row])

        found += [f"new {opening}"] * (not is_refused(connection, inserted))
        found += [f"changed {opening}"] * (not is_refused(connection, changed))
    return found


def weakened(connection: psycopg.Connection[Any], clause: str, by: str) -> str:
    row = connection.execute("SELECT pg_get_functiondef(%s::regproc)", [TRIGGER]).fetchone()
    assert row is not None
    assert clause in row[0]
    return str(row[0]).replace(clause, by)


def test_trigger_as_it_is_refuses_every_overlap(superuser: psycopg.Connection[Any], cafe: Cafe) -> None:
    assert let_through(superuser, cafe) == []


@pytest.mark.parametrize("opening", APART, ids=str)
def test_trigger_as_it_is_lets_openings_apart_stand(
    superuser: psycopg.Connection[Any], cafe: Cafe, opening: Opening
) -> None:
    refused = is_refused(superuser, lambda: (add(superuser, cafe, STANDING), add(superuser, cafe, opening)))

    assert not refused


@pytest.mark.parametrize("statements", STATEMENTS.values(), ids=STATEMENTS.keys())
def test_trigger_taken_away_is_noticed(superuser: psycopg.Connection[Any], cafe: Cafe, statements: str) -> None:
    with superuser.transaction(force_rollback=True):
        for statement in statements.split("; "):
            superuser.execute(statement.encode())

        assert let_through(superuser, cafe) != []


@pytest.mark.parametrize(("clause", "by"), WEAKER.items(), ids=WEAKER.keys())
def test_function_with_a_weaker_clause_is_noticed(
    superuser: psycopg.Connection[Any], cafe: Cafe, clause: str, by: str
) -> None:
    with superuser.transaction(force_rollback=True):
        superuser.execute(weakened(superuser, clause, by).encode())

        assert let_through(superuser, cafe) != []


def both_stand(cafe: Cafe) -> bool:
    """Two people add overlapping openings at once, neither seeing the other's: whether both come to stand."""
    with superuser_connection() as one, superuser_connection() as two:
        add(one, cafe, STANDING)
        two.execute("SET lock_timeout = '300ms'")
        try:
            add(two, cafe, STANDING)
        except psycopg.errors.LockNotAvailable:
            return False
        finally:
            one.rollback()
            two.rollback()
        return True


def test_two_at_once_come_one_after_the_other(cafe: Cafe) -> None:
    assert not both_stand(cafe)


def test_function_that_holds_no_row_is_noticed(superuser: psycopg.Connection[Any], cafe: Cafe) -> None:
    whole = weakened(superuser, LOCK, LOCK)
    superuser.execute(weakened(superuser, LOCK, "").encode())
    superuser.commit()

    try:
        assert both_stand(cafe)
    finally:
        superuser.execute(whole.encode())
        superuser.commit()
