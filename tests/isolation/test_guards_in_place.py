"""Where the guards stand: before web and worker start, in Django's checks, and around migrations."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction

from sutg.audit.capture import apply_capture
from sutg.tenancy.access import READ, WRITE, Access
from sutg.tenancy.catalogue import find_faults
from sutg.tenancy.checks import check_locks
from sutg.tenancy.errors import TenancyError
from sutg.tenancy.roles import LOGIN_APP, SCOPE_ROLES, ScopeRole, cluster_sql
from sutg.tenancy.startup import refuse_weak_locks


@pytest.mark.usefixtures("committed_db")
def test_web_and_worker_start_on_whole_locks() -> None:
    refuse_weak_locks()


@pytest.mark.usefixtures("committed_db")
def test_web_and_worker_refuse_to_start_as_the_owner() -> None:
    with pytest.raises(TenancyError, match="role sutg_owner"):
        refuse_weak_locks("owner")


@pytest.mark.usefixtures("committed_db")
def test_check_names_the_table_whose_policy_was_dropped() -> None:
    owner = connections["owner"]

    with transaction.atomic(using="owner"):
        with owner.cursor() as cursor:
            cursor.execute("DROP POLICY cafes_visit_provider ON cafes_visit")
        weak = check_locks(databases=["owner"])
        transaction.set_rollback(True, using="owner")
    whole = check_locks(databases=["owner", "default"])

    assert [message.id for message in weak] == ["tenancy.E001"]
    assert "cafes_visit" in weak[0].msg
    assert whole == []


@pytest.mark.usefixtures("committed_db")
def test_check_leaves_an_empty_database_to_its_first_migration() -> None:
    with transaction.atomic(using="owner"):
        with connections["owner"].cursor() as cursor:
            cursor.execute("DROP TABLE reports_figure")
        messages = check_locks(databases=["owner"])
        transaction.set_rollback(True, using="owner")

    assert messages == []


@pytest.mark.usefixtures("committed_db")
def test_tables_migrated_away_and_back_are_locked_again() -> None:
    call_command("migrate", "reports", "zero", database="owner", verbosity=0)
    without = set(connection.introspection.table_names())
    call_command("migrate", database="owner", verbosity=0)

    assert "reports_figure" not in without
    assert find_faults(connection) == []


@pytest.mark.usefixtures("committed_db")
def test_capture_applied_again_restores_what_was_lost() -> None:
    owner = connections["owner"]

    with transaction.atomic(using="owner"):
        with owner.cursor() as cursor:
            cursor.execute("DROP TRIGGER audit_note_update ON cafes_visit")
            cursor.execute("ALTER TABLE cafes_cafe ADD COLUMN later text")
        lost = {str(fault) for fault in find_faults(owner, login="sutg_app")}
        apply_capture(owner)
        found = find_faults(owner, login="sutg_app")
        transaction.set_rollback(True, using="owner")

    assert "table cafes_visit has no audit trigger for UPDATE" in lost
    assert "table cafes_cafe is not noted as it should be: its audit function differs" in lost
    assert found == []


@pytest.mark.parametrize("role", ["report", "public", "identity"])
def test_role_that_only_reads_is_never_given_more(role: str) -> None:
    assert dict(Access(**{role: READ}).given()) == {ScopeRole[role.upper()]: READ}
    with pytest.raises(ValueError, match="reads and never writes"):
        Access(**{role: WRITE})


def test_cluster_statements_take_inheritance_away_before_giving_roles() -> None:
    statements = cluster_sql("owner's", "app")

    no_inherit = next(n for n, s in enumerate(statements) if f"ALTER ROLE {LOGIN_APP} " in s and "NOINHERIT" in s)
    grants = [n for n, s in enumerate(statements) if s.startswith("GRANT")]
    assert len(grants) == len(SCOPE_ROLES)
    assert no_inherit < min(grants)
    assert "'owner''s'" in statements[0]


@pytest.mark.parametrize("password", ["back\\slash", "nul\x00"])
def test_password_that_a_literal_cannot_hold_is_refused(password: str) -> None:
    with pytest.raises(ValueError, match="backslash"):
        cluster_sql(password, "app")
