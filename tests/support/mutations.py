"""Ways to weaken a lock, for every tenant table, each as statements and the subject that a guard must name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg

from sutg.audit.capture import RECORD
from sutg.audit.watched import left_out, watched_shared_tables
from sutg.tenancy.access import EVERY_ROW, Access, Right, policy_name, predicate_of
from sutg.tenancy.catalogue import tenant_tables
from sutg.tenancy.roles import LOGIN_APP, ScopeRole
from tests.support.cluster_mutations import Mutation, mutations_of_roles, mutations_of_the_database


def every_mutation(connection: psycopg.Connection[Any]) -> Iterator[Mutation]:
    """All of them, from the models' declarations and from the keys that the database has."""
    for table, access in tenant_tables().items():
        yield from _of_row_security(table)
        for role, right in access.given():
            yield from _of_policy(table, role, right)
        yield from _of_grants(table, access)
        yield from _of_copies(table)
        yield from _of_unique_keys(connection, table)
        yield from _of_foreign_keys(connection, table)
        if table not in left_out():
            yield from _of_audit(table)
    for table in watched_shared_tables():
        yield from _of_audit(table)
    for table in RECORD:
        yield from _of_record(table)
    yield from mutations_of_roles(int(connection.info.server_version))
    yield from mutations_of_the_database()


def _on(table: str, kind: str, *statements: str) -> Mutation:
    return Mutation(kind, f"table {table}", statements, (table,))


def _of_row_security(table: str) -> Iterator[Mutation]:
    yield _on(table, "row security disabled", f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    yield _on(table, "FORCE dropped", f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    yield _on(
        table,
        "provider_id not required",
        f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey CASCADE",
        f"ALTER TABLE {table} ALTER provider_id DROP NOT NULL",
    )
    yield _on(
        table, "rewrite rule added", f"CREATE RULE copied AS ON INSERT TO {table} DO ALSO SELECT count(*) FROM {table}"
    )
    yield Mutation(
        "owned by the application",
        f"role {LOGIN_APP}",
        (f"GRANT CREATE ON SCHEMA public TO {LOGIN_APP}", f"ALTER TABLE {table} OWNER TO {LOGIN_APP}"),
        (table,),
    )


def _of_policy(table: str, role: ScopeRole, right: Right) -> Iterator[Mutation]:
    name, predicate = policy_name(table, role), predicate_of(role)
    writes = right is not Right.READ
    check = f"WITH CHECK ({predicate})" if writes else ""
    drop, create = f"DROP POLICY {name} ON {table}", f"CREATE POLICY {name} ON {table}"
    yield _on(table, "policy dropped", drop)
    yield _on(table, "policy renamed", f"ALTER POLICY {name} ON {table} RENAME TO kept")
    yield _on(table, "policy for PUBLIC", f"ALTER POLICY {name} ON {table} TO PUBLIC")
    yield _on(table, "policy for the login too", f"ALTER POLICY {name} ON {table} TO {role}, {LOGIN_APP}")
    yield _on(table, "second policy", f"CREATE POLICY second ON {table} TO {role} USING (true)")
    immutable = (
        "CREATE FUNCTION scoped_provider() RETURNS uuid LANGUAGE sql {} AS "
        "$$ SELECT nullif(current_setting('sutg.provider_id', true), '')::uuid $$"
    )
    for volatility in ("IMMUTABLE", "STABLE"):
        yield _on(
            table,
            f"policy through a function marked {volatility}",
            immutable.format(volatility),
            f"ALTER POLICY {name} ON {table} USING (provider_id = scoped_provider())",
        )
    if not writes:
        yield _on(table, "policy for every command", drop, f"{create} TO {role} USING ({predicate})")
    if predicate == EVERY_ROW:
        return
    opened = " WITH CHECK (true)" if writes else ""
    yield _on(table, "policy opened", f"ALTER POLICY {name} ON {table} USING (true){opened}")
    yield _on(table, "policy opened for reading", f"ALTER POLICY {name} ON {table} USING (true)")
    yield _on(
        table,
        "policy that fails open",
        f"ALTER POLICY {name} ON {table} "
        f"USING ({predicate} OR nullif(current_setting('sutg.provider_id', true), '') IS NULL)",
    )
    if writes:
        yield _on(table, "WITH CHECK opened", f"ALTER POLICY {name} ON {table} WITH CHECK (true)")
        yield _on(table, "WITH CHECK dropped", drop, f"{create} TO {role} USING ({predicate})")
        yield _on(
            table, "RESTRICTIVE in its place", drop, f"{create} AS RESTRICTIVE TO {role} USING ({predicate}) {check}"
        )


def _of_grants(table: str, access: Access) -> Iterator[Mutation]:
    for privilege in ("SELECT", "TRUNCATE", "REFERENCES", "TRIGGER"):
        yield _on(table, f"{privilege} granted to the login", f"GRANT {privilege} ON {table} TO {LOGIN_APP}")
    yield _on(table, "SELECT granted to PUBLIC", f"GRANT SELECT ON {table} TO PUBLIC")
    yield _on(table, "column granted to the login", f"GRANT SELECT (id) ON {table} TO {LOGIN_APP}")
    for role in ScopeRole:
        privileges = access.right_of(role).privileges
        # Of a role without any right, two ways in are enough to try.
        ways = {"SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"} if privileges else {"SELECT", "TRUNCATE"}
        for privilege in sorted(ways - privileges):
            yield _on(table, f"{privilege} granted to a scope role", f"GRANT {privilege} ON {table} TO {role}")
        if privileges and "UPDATE" not in privileges:
            yield _on(table, "column granted to a scope role", f"GRANT UPDATE (id) ON {table} TO {role}")
        for privilege in sorted(privileges):
            yield _on(table, "grant lost", f"REVOKE {privilege} ON {table} FROM {role}")
            yield _on(table, "grant that may be passed on", f"GRANT {privilege} ON {table} TO {role} WITH GRANT OPTION")


def _of_audit(table: str) -> Iterator[Mutation]:
    function = f"audit_note_{table}"
    for operation, references in {
        "insert": "NEW TABLE AS rows_after",
        "update": "OLD TABLE AS rows_before NEW TABLE AS rows_after",
        "delete": "OLD TABLE AS rows_before",
    }.items():
        name = f"audit_note_{operation}"
        drop = f"DROP TRIGGER {name} ON {table}"
        again = f"CREATE TRIGGER {name} AFTER {operation} ON {table} REFERENCING {references} {{}} EXECUTE FUNCTION "
        yield _unwatched(table, "audit trigger dropped", drop)
        yield _unwatched(table, "audit trigger disabled", f"ALTER TABLE {table} DISABLE TRIGGER {name}")
        yield _unwatched(table, "audit trigger for replicas", f"ALTER TABLE {table} ENABLE REPLICA TRIGGER {name}")
        yield _unwatched(table, "audit trigger on a condition", drop, again.format("WHEN (false)") + f"{function}()")
        yield _unwatched(
            table,
            "audit trigger that notes nothing",
            "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
            drop,
            again.format("") + "nothing()",
        )
    yield _unwatched(
        table,
        "audit function emptied",
        f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
    )
    yield _unwatched(table, "column that no audit function knows", f"ALTER TABLE {table} ADD COLUMN unwatched text")


def _of_record(table: str) -> Iterator[Mutation]:
    for name in (f"{table}_append_only", f"{table}_no_truncate"):
        yield _unwatched(table, "append-only trigger dropped", f"DROP TRIGGER {name} ON {table}")
        yield _unwatched(table, "append-only trigger disabled", f"ALTER TABLE {table} DISABLE TRIGGER {name}")


def _unwatched(table: str, kind: str, *statements: str) -> Mutation:
    """A weakness of the record: nothing crosses to another tenant, and so the catalogue alone can notice."""
    return Mutation(kind, f"table {table}", statements, ())


def _of_copies(table: str) -> Iterator[Mutation]:
    to_provider = f"GRANT SELECT ON copied TO {ScopeRole.PROVIDER}"
    view = f"CREATE VIEW copied {{}} AS SELECT * FROM {table}"
    invoker = view.format("WITH (security_invoker = true)")

    def view_of(kind: str, *statements: str, subject: str = "view copied") -> Mutation:
        return Mutation(kind, subject, statements, (table,))

    yield view_of("definer view", view.format(""), to_provider)
    yield view_of("view turned into a definer view", invoker, "ALTER VIEW copied SET (security_invoker = false)")
    yield view_of("view's option reset", invoker, "ALTER VIEW copied RESET (security_invoker)")
    yield view_of("materialised view", f"CREATE MATERIALIZED VIEW copied AS SELECT * FROM {table}", to_provider)
    yield view_of("copy", f"CREATE TABLE copied AS SELECT * FROM {table}", to_provider, subject="table copied")
    yield view_of(
        "partition child granted", f"CREATE TABLE copied () INHERITS ({table})", to_provider, subject="table copied"
    )
    yield view_of(
        "partition child locked and granted",
        f"CREATE TABLE copied () INHERITS ({table})",
        "ALTER TABLE copied ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY copied ON copied TO {ScopeRole.PROVIDER} USING (true)",
        to_provider,
        subject="table copied",
    )
    yield view_of(
        "SECURITY DEFINER function",
        f"CREATE FUNCTION copied() RETURNS SETOF {table} LANGUAGE sql STABLE SECURITY DEFINER "
        f"AS $$ SELECT * FROM {table} $$",
        subject="function copied",
    )


def _of_unique_keys(connection: psycopg.Connection[Any], table: str) -> Iterator[Mutation]:
    """Each unique key again without its first column, which is the provider's."""
    keys = connection.execute(
        "SELECT i.relname, c.conname, c.contype::text, pg_get_indexdef(i.oid), "
        "ARRAY(SELECT pg_get_indexdef(i.oid, n, true) FROM generate_series(1, x.indnkeyatts) n), "
        "pg_get_expr(x.indpred, x.indrelid) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid "
        "LEFT JOIN pg_constraint c ON c.conindid = i.oid AND c.contype IN ('p', 'u') "
        "WHERE x.indisunique AND x.indrelid = %s::regclass",
        [table],
    ).fetchall()
    for index, constraint, _, _, columns, condition in keys:
        rest = ", ".join(column for column in columns if column != "provider_id")
        where = f" WHERE {condition}" if condition else ""
        drop = f"ALTER TABLE {table} DROP CONSTRAINT {constraint} CASCADE" if constraint else f"DROP INDEX {index}"
        # Emptied first: planted rows of two tenants may share what is now to be unique.
        create = f"CREATE UNIQUE INDEX {index} ON {table} ({rest}{{}}){where}"
        clear = ("SET LOCAL session_replication_role = replica", f"DELETE FROM {table}")
        yield Mutation("provider_id out of a unique key", f"table {table}", (*clear, drop, create.format("")))
        last = ", provider_id"
        yield Mutation("provider_id last in a unique key", f"table {table}", (*clear, drop, create.format(last)))
    yield Mutation(
        "exclusion that joins tenants",
        f"table {table}",
        (f"ALTER TABLE {table} ADD CONSTRAINT joined EXCLUDE USING btree (id WITH =)",),
    )


def _of_foreign_keys(connection: psycopg.Connection[Any], table: str) -> Iterator[Mutation]:
    keys = connection.execute(
        "SELECT conname, confrelid::regclass::text, (SELECT attname FROM pg_attribute WHERE attrelid = conrelid "
        "AND attnum = conkey[array_length(conkey, 1)]), array_length(conkey, 1) FROM pg_constraint "
        "WHERE contype = 'f' AND conrelid = %s::regclass AND conkey[1] = (SELECT attnum FROM pg_attribute "
        "WHERE attrelid = conrelid AND attname = 'provider_id')",
        [table],
    ).fetchall()
    for name, target, column, width in keys:
        drop = f"ALTER TABLE {table} DROP CONSTRAINT {name}"
        yield Mutation("foreign key dropped", f"table {table}", (drop,))
        if width == 1:
            continue
        unique = f"CREATE UNIQUE INDEX joined ON {target} (id)"
        plain = f"ALTER TABLE {table} ADD CONSTRAINT plain FOREIGN KEY ({column}) REFERENCES {target} (id)"
        key = f"FOREIGN KEY (provider_id, {column}) REFERENCES {target} (provider_id, id)"
        both = f"ALTER TABLE {table} ADD CONSTRAINT {name} {key}"
        yield Mutation("provider_id out of a foreign key", f"table {table}", (drop, unique, plain))
        yield Mutation("plain foreign key added", f"table {table}", (unique, plain))
        yield Mutation("foreign key not checked", f"table {table}", (drop, f"{both} NOT VALID"))
    shared = "accounts_appointment"
    yield Mutation(
        "shared table refers to a tenant's",
        f"table {shared}",
        (
            f"CREATE UNIQUE INDEX joined ON {table} (id)",
            f"ALTER TABLE {shared} ADD COLUMN row_id uuid REFERENCES {table} (id)",
        ),
    )
