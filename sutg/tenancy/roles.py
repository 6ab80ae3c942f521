"""The database roles, and the statements that create them in a cluster. Imports nothing of Django.

``sutg_owner`` owns every table and runs migrations. ``sutg_app`` is the login of web, worker and tests: it owns
nothing and, being NOINHERIT, has no right to a tenant table until a transaction takes one of the scope roles.
"""

from __future__ import annotations

from enum import StrEnum

LOGIN_OWNER = "sutg_owner"
LOGIN_APP = "sutg_app"


class ScopeRole(StrEnum):
    """What a transaction may reach. Each has policies of its own, so that none branches on who is asking."""

    PROVIDER = "sutg_provider"  # one organisation's own rows
    TRUST = "sutg_trust"  # grants, rosters, café and session facts; no table that holds people
    PATHWAY = "sutg_pathway"  # referrals sent to the pathway, nothing else about people
    REPORT = "sutg_report"  # reads what is counted, of everybody; no table that identifies anyone
    PUBLIC = "sutg_public"  # the published directory
    IDENTITY = "sutg_identity"  # one signed-in person's own memberships, before an organisation is chosen


SCOPE_ROLES: tuple[str, ...] = tuple(role.value for role in ScopeRole)


def _create_role(name: str, attributes: str) -> str:
    return (
        f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') "
        f"THEN CREATE ROLE {name}; END IF; END $$; ALTER ROLE {name} {attributes}"
    )


def _literal(text: str) -> str:
    if "\\" in text or "\x00" in text:
        msg = "a database password may hold neither a backslash nor a NUL"
        raise ValueError(msg)
    return "'" + text.replace("'", "''") + "'"


def cluster_sql(owner_password: str, app_password: str) -> list[str]:
    """Statements, run by a superuser once per cluster and harmless again, that create the logins and scope roles."""
    nothing = "NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS"
    statements = [
        _create_role(LOGIN_OWNER, f"LOGIN CREATEDB INHERIT {nothing} PASSWORD {_literal(owner_password)}"),
        # NOINHERIT before the grants below: from PostgreSQL 16 on it decides whether a membership is inherited.
        _create_role(LOGIN_APP, f"LOGIN NOCREATEDB NOINHERIT {nothing} PASSWORD {_literal(app_password)}"),
    ]
    for role in SCOPE_ROLES:
        statements.append(_create_role(role, f"NOLOGIN NOCREATEDB NOINHERIT {nothing}"))
        statements.append(f"GRANT {role} TO {LOGIN_APP}")
    return statements
