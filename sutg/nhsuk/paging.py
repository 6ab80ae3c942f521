"""Links that keep the rest of the query string, and page numbers with gaps."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page
from django.http import QueryDict


def query_with(query: QueryDict, **changes: Any) -> str:
    """Return "?…": ``query`` with ``changes`` applied; None takes a key away."""
    changed = query.copy()
    for key, value in changes.items():
        changed.pop(key, None)
        if value is not None:
            changed[key] = str(value)
    return f"?{changed.urlencode()}"


def pagination_params(page: Page[Any], query: QueryDict, parameter: str = "page") -> dict[str, Any]:
    """Return the parameters of the pagination macro for one page of a Django paginator."""

    def link(number: int) -> str:
        return query_with(query, **{parameter: number})

    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    params: dict[str, Any] = {
        "items": [
            {"number": number, "href": link(number), "current": number == page.number}
            if isinstance(number, int)
            else {"ellipsis": True}
            for number in numbers
        ]
    }
    if page.has_previous():
        params["previous"] = {"href": link(page.previous_page_number())}
    if page.has_next():
        params["next"] = {"href": link(page.next_page_number())}
    return params
