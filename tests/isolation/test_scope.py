"""The scope: who it lets through, and that it never outlives its transaction."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction

from cafes.models import Cafe
from sutg.tenancy import scope as scopes
from sutg.tenancy.catalogue import find_faults
from sutg.tenancy.errors import ScopeMissing
from sutg.tenancy.scope import Scope
from tests.factories import make_cafe, make_provider
from tests.factories.scoped import TESTS

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_catalogue_of_a_migrated_database_has_no_fault() -> None:
    assert find_faults(connection) == []


def test_manager_without_a_scope_raises() -> None:
    with pytest.raises(ScopeMissing):
        Cafe.objects.count()


def test_raw_sql_without_a_scope_is_refused() -> None:
    make_cafe(provider=make_provider())

    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT count(*) FROM cafes_cafe")


def test_raw_sql_under_a_scope_sees_the_providers_own_rows() -> None:
    mine, theirs = make_provider(), make_provider()
    cafe = make_cafe(provider=mine)
    make_cafe(provider=theirs)

    with scopes.enter(Scope.provider(TESTS, mine.id)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM cafes_cafe")
        seen = cursor.fetchall()

    assert seen == [(cafe.id,)]
