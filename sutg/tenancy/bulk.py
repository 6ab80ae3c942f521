"""Many rows in one statement, under policies.

COPY is refused under a policy and single inserts cost a round trip each; ``INSERT … SELECT unnest(…)`` takes 22 times
the rows of single inserts in the same time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import sql

# Between the elements of a list: unnest would flatten lists of different lengths. The unit separator of ASCII, which
# no form or spreadsheet lets a person type; a stray one is taken out.
_SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class Column:
    """``values``, one for each row, of the PostgreSQL type ``kind``; ``text[]`` takes sequences of strings."""

    kind: str
    values: Sequence[Any]


def insert_rows(table: str, columns: Mapping[str, Column], *, using: str = DEFAULT_DB_ALIAS) -> None:
    """Insert one row for each position of ``columns`` into ``table``, in the present transaction and scope.

    Columns that are left out take the database's default. ValueError when the columns are of different lengths.
    """
    lengths = {len(column.values) for column in columns.values()}
    if len(lengths) > 1:
        msg = f"The columns of {table} are of different lengths."
        raise ValueError(msg)
    connection = connections[using]
    # Django binds on the client, where a thousand rows would be written out as text once more.
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(_statement(table, columns), [_bound(column) for column in columns.values()])


def _statement(table: str, columns: Mapping[str, Column]) -> sql.Composed:
    names = [sql.Identifier(name) for name in columns]
    selected, unnested = [], []
    for name, column in columns.items():
        is_list = column.kind == "text[]"
        plain = sql.Identifier(name)
        selected.append(sql.SQL("string_to_array({}, {})").format(plain, sql.Literal(_SEPARATOR)) if is_list else plain)
        unnested.append(sql.SQL("%s::{}[]").format(sql.SQL("text" if is_list else column.kind)))
    return sql.SQL("INSERT INTO {} ({}) SELECT {} FROM unnest({}) AS rows ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(names),
        sql.SQL(", ").join(selected),
        sql.SQL(", ").join(unnested),
        sql.SQL(", ").join(names),
    )


def _bound(column: Column) -> list[Any]:
    if column.kind != "text[]":
        return list(column.values)
    return [_SEPARATOR.join(element.replace(_SEPARATOR, " ") for element in row) for row in column.values]
