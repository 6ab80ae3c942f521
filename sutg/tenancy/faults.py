"""A weakened lock, and those of the database roles: what they are, whose rights they have, what they bring along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sutg.tenancy.roles import SCOPE_ROLES


@dataclass(frozen=True, slots=True)
class Fault:
    """One weakened lock: which thing, and what is wrong with it."""

    subject: str
    problem: str

    def __str__(self) -> str:
        return f"{self.subject} {self.problem}"


class Reader:
    """Runs one query and gives its rows."""

    def __init__(self, cursor: Any) -> None:
        self.cursor = cursor

    def __call__(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        self.cursor.execute(sql, parameters or None)
        return list(self.cursor.fetchall())


def faults_of_roles(read: Reader, login: str) -> Iterator[Fault]:
    """What is wrong with the login and the scope roles themselves, whatever the tables are."""
    rows = read(
        "SELECT rolname, rolsuper, rolbypassrls, rolinherit, rolcanlogin, rolcreaterole, rolreplication "
        "FROM pg_roles WHERE rolname = ANY(%s)",
        [login, *SCOPE_ROLES],
    )
    found = {row[0] for row in rows}
    for missing in sorted({login, *SCOPE_ROLES} - found):
        yield Fault(f"role {missing}", "does not exist")
    for name, is_super, bypasses, inherits, can_login, creates_roles, replicates in rows:
        if is_super or bypasses or creates_roles or replicates:
            yield Fault(f"role {name}", "could bypass policies")
        if inherits:
            yield Fault(f"role {name}", "inherits rights instead of taking a role")
        if can_login and name in SCOPE_ROLES:
            yield Fault(f"role {name}", "can log in")
    yield from _faults_of_memberships(read, login)
    yield from _faults_of_settings(read, login)
    for (name,) in read(
        "SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm') "
        "AND pg_get_userbyid(relowner) = ANY(%s) AND relpersistence <> 't'",
        [login, *SCOPE_ROLES],
    ):
        yield Fault(f"role {name}", "owns tables, and an owner can undo its policies")


def _faults_of_memberships(read: Reader, login: str) -> Iterator[Fault]:
    rows = read(
        "SELECT r.rolname, m.rolname, coalesce((to_jsonb(a) ->> 'inherit_option')::boolean, false), a.admin_option "
        "FROM pg_auth_members a JOIN pg_roles r ON r.oid = a.roleid JOIN pg_roles m ON m.oid = a.member "
        "WHERE m.rolname = ANY(%s)",
        [login, *SCOPE_ROLES],
    )
    for role, member, inherits, administers in rows:
        if member != login or role not in SCOPE_ROLES:
            yield Fault(f"role {member}", f"may become {role}")
        elif inherits or administers:
            yield Fault(f"role {member}", f"has {role}'s rights without taking it")
    for lost in sorted(set(SCOPE_ROLES) - {role for role, member, *_ in rows if member == login}):
        yield Fault(f"role {login}", f"cannot take {lost}")


def _faults_of_settings(read: Reader, login: str) -> Iterator[Fault]:
    """Settings that a role or the database brings along: a scope from there would outlive every transaction."""
    for role, setting in read(
        "SELECT coalesce(r.rolname, ''), split_part(item, '=', 1) FROM pg_db_role_setting s "
        "CROSS JOIN LATERAL unnest(s.setconfig) item LEFT JOIN pg_roles r ON r.oid = s.setrole "
        "WHERE s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database())) "
        "AND (s.setrole = 0 OR r.rolname = ANY(%s))",
        [login, *SCOPE_ROLES],
    ):
        if setting.startswith("sutg.") or setting in {
            "role",
            "row_security",
            "search_path",
            "session_replication_role",
        }:
            yield Fault(f"role {role}" if role else "the database", f"brings a setting along: {setting}")
    for (role,) in read(
        "SELECT DISTINCT coalesce(r.rolname, 'PUBLIC') FROM pg_namespace n "
        "CROSS JOIN LATERAL aclexplode(n.nspacl) acl LEFT JOIN pg_roles r ON r.oid = acl.grantee "
        "WHERE n.nspname = 'public' AND acl.privilege_type = 'CREATE' "
        "AND (acl.grantee = 0 OR r.rolname = ANY(%s))",
        [login, *SCOPE_ROLES],
    ):
        yield Fault(f"role {role}", "may create things in the guarded schema")
