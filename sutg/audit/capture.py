"""Triggers that note every change of a row, whoever makes it and however: object by object, in bulk, or by hand.

One statement gives one event for each provider it touched: the table, the operation, the ids of the rows, the names of
the columns that changed and never their values, and who acted, whom the transaction was begun for
(:mod:`sutg.tenancy.postgresql.base`). A change in nobody's name is refused. The owner, who runs migrations and nothing
else, is let through unnoted: what a migration does is in the repository, and when it ran in ``django_migrations``.

Triggers are of the statement, with transition tables, so that a thousand rows cost one event. They are written out for
the table's columns as they are, and brought up to date after every ``migrate``: no migration needs a line for them. The
guard compares what is in the database with what should be (:func:`faults_of_capture`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sutg.audit.watched import left_out, quiet_columns, watched_shared_tables
from sutg.tenancy.catalogue import tenant_tables
from sutg.tenancy.faults import Fault, Reader
from sutg.tenancy.roles import LOGIN_OWNER

OPERATIONS = {
    "INSERT": "REFERENCING NEW TABLE AS rows_after",
    "UPDATE": "REFERENCING OLD TABLE AS rows_before NEW TABLE AS rows_after",
    "DELETE": "REFERENCING OLD TABLE AS rows_before",
}

# A UUID of version 7, in index order, on every version of PostgreSQL.
_NEW_ID = (
    "encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) PLACING "
    "substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1), "
    "'hex')::uuid"
)

_FUNCTION = """
DECLARE
    who text := nullif(current_setting('sutg.actor', true), '');
    names text[];
BEGIN
    IF current_user = '{owner}' THEN
        RETURN NULL;
    END IF;
    IF who IS NULL THEN
        {nobody}
    END IF;
    IF TG_OP = 'INSERT' THEN
        {insert}
    ELSIF TG_OP = 'UPDATE' THEN
        SELECT array_remove(ARRAY[{changed}]::text[], NULL) INTO names
        FROM rows_before b JOIN rows_after a ON {same};
        IF names = '{{}}' AND NOT EXISTS (
            SELECT FROM rows_after a WHERE NOT EXISTS (SELECT FROM rows_before b WHERE {same})
        ) THEN
            RETURN NULL;
        END IF;
        {update}
    ELSE
        {delete}
    END IF;
    RETURN NULL;
END
"""
_REFUSE = "RAISE EXCEPTION 'a change of % in nobody''s name', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';"
# Of tables that belong to no provider some are written before anybody is known: a person who signs in, a set-up.
_LOGIN = "who := 'login:' || session_user;"


@dataclass(frozen=True, slots=True)
class Watched:
    """A table whose changes are noted, with its columns in order."""

    table: str
    columns: tuple[str, ...]
    has_provider: bool

    @property
    def function(self) -> str:
        return f"audit_note_{self.table}"

    def trigger(self, operation: str) -> str:
        return f"audit_note_{operation.lower()}"

    def body(self) -> str:
        quiet = quiet_columns(self.table)
        changed = ", ".join(
            f'CASE WHEN bool_or(b."{name}" IS DISTINCT FROM a."{name}") THEN \'{name}\' END'
            for name in self.columns
            if name not in quiet
        )
        keys = ("provider_id", "id") if self.has_provider else ("id",)
        return _FUNCTION.format(
            owner=LOGIN_OWNER,
            nobody=_REFUSE if self.has_provider else _LOGIN,
            changed=changed,
            same=" AND ".join(f"b.{key} = a.{key}" for key in keys),
            insert=self._note("row_added", "rows_after"),
            update=self._note("row_changed", "rows_after", columns=True),
            delete=self._note("row_removed", "rows_before"),
        )

    def _note(self, name: str, rows: str, *, columns: bool = False) -> str:
        extra = ", 'columns', to_jsonb(names)" if columns else ""
        provider, event = ("provider_id, ", "audit_providerevent") if self.has_provider else ("", "audit_trustevent")
        return (
            f"INSERT INTO {event} ({provider}id, at, name, actor, on_behalf_of, subjects, detail) "  # noqa: S608
            f"SELECT {provider}{_NEW_ID}, clock_timestamp(), '{name}', who, "
            "coalesce(current_setting('sutg.on_behalf_of', true), ''), "
            f"array_agg(id), jsonb_build_object('table', '{self.table}', 'rows', count(*){extra}) "
            f"FROM {rows} {'GROUP BY provider_id' if self.has_provider else 'HAVING count(*) > 0'};"
        )

    def create_function(self) -> str:
        declaration = f"CREATE OR REPLACE FUNCTION {self.function}() RETURNS trigger LANGUAGE plpgsql"
        return f"{declaration} AS $note${self.body()}$note$"

    def create_trigger(self, operation: str) -> str:
        """As ``pg_get_triggerdef`` writes it back."""
        return (
            f"CREATE TRIGGER {self.trigger(operation)} AFTER {operation} ON public.{self.table} "
            f"{OPERATIONS[operation]} FOR EACH STATEMENT EXECUTE FUNCTION {self.function}()"
        )


def apply_capture(connection: Any) -> None:
    """Bring the triggers of every watched table up to date. Run as the tables' owner; changes only what differs."""
    with connection.cursor() as cursor:
        read = Reader(cursor)
        bodies, triggers = _bodies(read), _triggers(read)
        for watched in _watched(read):
            if bodies.get(watched.function) != watched.body():
                cursor.execute(watched.create_function())
            for operation in OPERATIONS:
                name = watched.trigger(operation)
                if triggers.get((watched.table, name)) != (watched.create_trigger(operation), "O"):
                    cursor.execute(f'DROP TRIGGER IF EXISTS {name} ON "{watched.table}"')
                    cursor.execute(watched.create_trigger(operation))


def faults_of_capture(read: Reader) -> Iterable[Fault]:
    """Each watched table whose changes could pass unnoted, and each trigger of the record that was weakened."""
    bodies, triggers = _bodies(read), _triggers(read)
    for watched in _watched(read):
        if bodies.get(watched.function) != watched.body():
            yield Fault(f"table {watched.table}", "is not noted as it should be: its audit function differs")
        for operation in OPERATIONS:
            found = triggers.get((watched.table, watched.trigger(operation)))
            if found is None:
                yield Fault(f"table {watched.table}", f"has no audit trigger for {operation}")
            elif found[1] != "O":
                yield Fault(f"table {watched.table}", f"has its audit trigger for {operation} switched off")
            elif found[0] != watched.create_trigger(operation):
                yield Fault(f"table {watched.table}", f"has its audit trigger for {operation} altered")
    yield from _faults_of_record(triggers)


# Tables of the record itself, which only grow.
RECORD = ("audit_providerevent", "audit_trustevent", "audit_providerblock", "audit_trustblock")


def _faults_of_record(triggers: dict[tuple[str, str], tuple[str, str]]) -> Iterator[Fault]:
    for table in RECORD:
        for name, event, each in (("append_only", "DELETE OR UPDATE", "ROW"), ("no_truncate", "TRUNCATE", "STATEMENT")):
            refuse = f"audit_{'refuse_change' if table.endswith('block') or name == 'no_truncate' else 'only_seal'}()"
            wanted = f"CREATE TRIGGER {table}_{name} BEFORE {event} ON public.{table} FOR EACH {each} "
            if triggers.get((table, f"{table}_{name}")) != (f"{wanted}EXECUTE FUNCTION {refuse}", "O"):
                yield Fault(f"table {table}", f"can be changed: its trigger {table}_{name} is not in force")


def _watched(read: Reader) -> Iterator[Watched]:
    tenant = set(tenant_tables()) - set(left_out())
    shared = watched_shared_tables()
    for table, columns in read(
        "SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum) FROM pg_class c "
        "JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid "
        "WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped "
        "AND c.relname = ANY(%s) GROUP BY 1 ORDER BY 1",
        [*tenant, *shared],
    ):
        yield Watched(table, tuple(columns), table in tenant)


def _bodies(read: Reader) -> dict[str, str]:
    rows = read(
        "SELECT p.proname, p.prosrc FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
        "WHERE n.nspname = 'public' AND p.proname LIKE 'audit\\_%%' AND p.pronargs = %s",
        0,
    )
    return dict(rows)


def _triggers(read: Reader) -> dict[tuple[str, str], tuple[str, str]]:
    rows = read(
        "SELECT c.relname, t.tgname, pg_get_triggerdef(t.oid), t.tgenabled::text FROM pg_trigger t "
        "JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = 'public' AND NOT t.tgisinternal"
    )
    return {(table, name): (definition, enabled) for table, name, definition, enabled in rows}
