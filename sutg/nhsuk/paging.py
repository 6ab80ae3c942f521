"""Links that keep the rest of the query string, and page numbers with gaps."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict


def query_with(query: QueryDict, **changes: Any) -> str:
    """Return "?…": ``query`` with ``changes`` applied; None removes a key. The first page needs no query at all."""
    changed = query.copy()
    for key, value in changes.items():
        changed.pop(key, None)
        if value is not None:
            changed[key] = str(value)
    return f"?{changed.urlencode()}" if changed else "?"
