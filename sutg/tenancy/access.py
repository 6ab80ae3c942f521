"""Which scope role may do what with a tenant table, and the policies that say so in SQL.

A model declares its access in one line, ``tenancy = Access(provider=WRITE, report=READ)``; its first migration carries
the same line in :class:`sutg.tenancy.operations.EnableTenancy`; the catalogue guard compares both with the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sutg.tenancy.roles import ScopeRole


class Right(StrEnum):
    """Rights on a table, as SQL writes them. Nobody is ever given TRUNCATE: policies do not see it."""

    NONE = ""
    READ = "SELECT"
    ADD = "SELECT, INSERT"
    FORGET = "SELECT, INSERT, DELETE"
    WRITE = "SELECT, INSERT, UPDATE"
    REPLACE = "SELECT, INSERT, UPDATE, DELETE"

    @property
    def privileges(self) -> frozenset[str]:
        return frozenset(filter(None, self.value.split(", ")))


READ, ADD, FORGET, WRITE, REPLACE = Right.READ, Right.ADD, Right.FORGET, Right.WRITE, Right.REPLACE

# Read once per statement: a scalar subselect becomes an InitPlan, where a bare call would be made for every row
# (22 s instead of 0.7 s over a million rows). An unset setting and an empty one are both nobody.
OWN_PROVIDER = "provider_id = (SELECT nullif(current_setting('sutg.provider_id', true), '')::uuid)"
OWN_PERSON = "user_id = (SELECT nullif(current_setting('sutg.user_id', true), '')::uuid)"
EVERY_ROW = "true"

_PREDICATE = {
    ScopeRole.PROVIDER: OWN_PROVIDER,
    ScopeRole.IDENTITY: OWN_PERSON,
}


@dataclass(frozen=True, slots=True)
class Access:
    """The right of each scope role to one tenant table; a role left out has none."""

    provider: Right = Right.NONE
    trust: Right = Right.NONE
    pathway: Right = Right.NONE
    report: Right = Right.NONE
    public: Right = Right.NONE
    identity: Right = Right.NONE

    def __post_init__(self) -> None:
        for role in (ScopeRole.REPORT, ScopeRole.PUBLIC, ScopeRole.IDENTITY):
            if self.right_of(role) not in (Right.NONE, Right.READ):
                msg = f"{role} reads and never writes."
                raise ValueError(msg)

    def right_of(self, role: ScopeRole) -> Right:
        return Right(getattr(self, role.name.lower()))

    def given(self) -> Iterator[tuple[ScopeRole, Right]]:
        for role in ScopeRole:
            if right := self.right_of(role):
                yield role, right


def policy_name(table: str, role: ScopeRole) -> str:
    return f"{table}_{role.name.lower()}"


def predicate_of(role: ScopeRole) -> str:
    return _PREDICATE.get(role, EVERY_ROW)


def enable_sql(table: str, access: Access) -> list[str]:
    """Statements that lock ``table``: row security enabled and forced, then a policy and a grant for each role."""
    statements = [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
        f'REVOKE ALL ON TABLE "{table}" FROM PUBLIC',
    ]
    for role, right in access.given():
        predicate = predicate_of(role)
        command, check = ("SELECT", "") if right is Right.READ else ("ALL", f" WITH CHECK ({predicate})")
        statements.append(
            f'CREATE POLICY "{policy_name(table, role)}" ON "{table}" AS PERMISSIVE FOR {command} '
            f"TO {role} USING ({predicate}){check}"
        )
        statements.append(f'GRANT {right.value} ON TABLE "{table}" TO {role}')
    return statements


def close_sql(table: str, access: Access) -> list[str]:
    """Statements that take every policy and grant of ``access`` away and leave row security on: nobody gets in."""
    statements = []
    for role, _ in access.given():
        statements.append(f'REVOKE ALL ON TABLE "{table}" FROM {role}')
        statements.append(f'DROP POLICY "{policy_name(table, role)}" ON "{table}"')
    return statements


def disable_sql(table: str, access: Access) -> list[str]:
    return [
        *close_sql(table, access),
        f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY',
    ]
