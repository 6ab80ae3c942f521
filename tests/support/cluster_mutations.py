"""Ways to weaken a lock that are no single table's: roles, schemas, functions, settings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sutg.tenancy.catalogue import tenant_tables
from sutg.tenancy.roles import LOGIN_APP, LOGIN_OWNER, SCOPE_ROLES


@dataclass(frozen=True)
class Mutation:
    """``kind`` is what the score is counted by; a fault must name ``subject``.

    ``tables`` are those at which the behavioural guard looks. ``login`` is whom the application connects as.
    """

    kind: str
    subject: str
    statements: tuple[str, ...]
    tables: tuple[str, ...] = ()
    login: str = LOGIN_APP

    def __str__(self) -> str:
        return f"{self.kind}: {self.subject}"


def mutations_of_roles(server_version: int) -> Iterator[Mutation]:
    """What could be given to the login or to a scope role."""
    everything = tuple(tenant_tables())[:2]
    for role in (LOGIN_APP, *SCOPE_ROLES):
        for attribute in ("BYPASSRLS", "SUPERUSER", "CREATEROLE", "REPLICATION"):
            yield Mutation(f"{attribute} granted", f"role {role}", (f"ALTER ROLE {role} {attribute}",), everything)
        yield Mutation("role that inherits", f"role {role}", (f"ALTER ROLE {role} INHERIT",), everything)
        for stronger in (LOGIN_OWNER, "pg_read_all_data", "pg_write_all_data", "postgres"):
            inherits = " WITH INHERIT TRUE" if server_version >= 160000 else ""
            yield Mutation(
                "membership in a stronger role", f"role {role}", (f"GRANT {stronger} TO {role}{inherits}",), everything
            )
        yield Mutation(
            "provider set for a role", f"role {role}", (f"ALTER ROLE {role} SET sutg.provider_id = 'x'",), everything
        )
        yield Mutation("row security off for a role", f"role {role}", (f"ALTER ROLE {role} SET row_security = off",))
        yield Mutation(
            "may create in the schema", f"role {role}", (f"GRANT CREATE ON SCHEMA public TO {role}",), everything
        )
    for role in SCOPE_ROLES:
        yield Mutation("scope role that logs in", f"role {role}", (f"ALTER ROLE {role} LOGIN",))
        yield Mutation(
            "admin of a scope role", f"role {LOGIN_APP}", (f"GRANT {role} TO {LOGIN_APP} WITH ADMIN OPTION",)
        )
        yield Mutation("scope role lost", f"role {LOGIN_APP}", (f"REVOKE {role} FROM {LOGIN_APP}",))
        if server_version >= 160000:
            inherits = f"GRANT {role} TO {LOGIN_APP} WITH INHERIT TRUE"
            yield Mutation("scope role inherited", f"role {LOGIN_APP}", (inherits,), everything)
    for login in (LOGIN_OWNER, "postgres"):
        yield Mutation("another login connects", f"role {login}", (), login=login)


def mutations_of_the_database() -> Iterator[Mutation]:
    """What could be added to the database beside its tables."""
    table = next(iter(tenant_tables()))
    yield Mutation(
        "new table without a policy",
        "table fresh",
        ("CREATE TABLE fresh (provider_id uuid NOT NULL, id uuid NOT NULL, PRIMARY KEY (provider_id, id))",),
    )
    yield Mutation("new table nobody listed", "table fresh", ("CREATE TABLE fresh (id uuid PRIMARY KEY)",))
    yield Mutation(
        "partitioned table without a policy",
        "table fresh",
        ("CREATE TABLE fresh (provider_id uuid NOT NULL, id uuid) PARTITION BY LIST (provider_id)",),
    )
    yield Mutation(
        "table in another schema",
        "table elsewhere.copied",
        ("CREATE SCHEMA elsewhere", f"CREATE TABLE elsewhere.copied AS SELECT * FROM {table}"),
    )
    yield Mutation(
        "definer function in another schema",
        "function copied",
        (
            "CREATE SCHEMA elsewhere",
            f"""CREATE FUNCTION elsewhere.copied() RETURNS SETOF {table} LANGUAGE sql SECURITY DEFINER
            AS $$ SELECT * FROM {table} $$""",
        ),
    )
    yield Mutation(
        "shared table given a provider_id",
        "table accounts_appointment",
        ("ALTER TABLE accounts_appointment ADD COLUMN provider_id uuid",),
    )
    for role in (LOGIN_APP, *SCOPE_ROLES, "PUBLIC"):
        yield Mutation(
            "default privileges",
            f"role {role}",
            (f"ALTER DEFAULT PRIVILEGES FOR ROLE {LOGIN_OWNER} GRANT SELECT ON TABLES TO {role}",),
        )
    yield Mutation("anybody may create in the schema", "role PUBLIC", ("GRANT CREATE ON SCHEMA public TO PUBLIC",))
    yield Mutation(
        "function that reads a setting and claims to be immutable",
        "function who",
        (
            """CREATE FUNCTION who() RETURNS text LANGUAGE sql IMMUTABLE
            AS $$ SELECT current_setting('sutg.provider_id', true) $$""",
        ),
    )
    yield Mutation(
        "function that runs before the policy",
        "function peek",
        (
            """CREATE FUNCTION peek(text) RETURNS boolean LANGUAGE plpgsql COST 0.0001 LEAKPROOF
            AS $$ BEGIN RAISE NOTICE '%', $1; RETURN true; END $$""",
        ),
    )
    yield Mutation(
        "current_setting marked immutable",
        "function current_setting",
        ("ALTER FUNCTION pg_catalog.current_setting(text, boolean) IMMUTABLE",),
    )
    yield Mutation(
        "provider set for the database",
        "the database",
        ("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET sutg.provider_id = %L', current_database(), 'x'); END $$",),
    )
