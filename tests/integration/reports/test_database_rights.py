"""The database itself knows which role may count people."""

from __future__ import annotations

import pytest
from django.db import connection

from sutg.tenancy.roles import ScopeRole

pytestmark = [pytest.mark.django_db, pytest.mark.database]
PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")


def rights(role: ScopeRole, table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p FROM unnest(%s::text[]) AS p WHERE has_table_privilege(%s, %s, p)",
            [list(PRIVILEGES), role.value, table],
        )
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.parametrize("table", ["cafes_visit", "cafes_visitor", "cafes_visitorreference", "reports_figure"])
def test_trust_has_no_right_to_what_holds_or_counts_people(table: str) -> None:
    assert rights(ScopeRole.TRUST, table) == set()


@pytest.mark.parametrize("table", ["cafes_visit", "cafes_cafe", "cafes_session", "reports_figure"])
def test_reports_read_and_never_write(table: str) -> None:
    assert rights(ScopeRole.REPORT, table) == {"SELECT"}


def test_reports_cannot_read_what_identifies_anyone() -> None:
    assert rights(ScopeRole.REPORT, "cafes_visitorreference") == set()
