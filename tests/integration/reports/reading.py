"""Read what the figures page and its file say."""

from __future__ import annotations

import csv
import io
from html.parser import HTMLParser
from typing import Any

from django.test import Client

PAGE, FILE, API = "/figures/", "/figures/activity.csv", "/api/v1/activity"


class _Tables(HTMLParser):
    """Every table's rows by its id, with the text of each cell as it is seen."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self._rows: list[list[str]] | None = None
        self._in_cell = self._is_hidden = False

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        given = dict(attrs)
        if tag == "table":
            self._rows = self.tables.setdefault(given.get("id", ""), [])
        elif tag == "tr" and self._rows is not None:
            self._rows.append([])
        elif tag in {"td", "th"} and self._rows is not None:
            self._rows[-1].append("")
            self._in_cell = True
        elif tag == "span":
            self._is_hidden = bool(
                {"nhsuk-u-visually-hidden", "nhsuk-table__heading"} & set(given.get("class", "").split())
            )

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self._in_cell = False
        elif tag == "span":
            self._is_hidden = False
        elif tag == "table":
            self._rows = None

    def handle_data(self, data: str) -> None:
        if self._rows and self._in_cell and not self._is_hidden:
            self._rows[-1][-1] = (self._rows[-1][-1] + data).strip()


def page(client: Client, **query: Any) -> str:
    response = client.get(PAGE, query)
    assert response.status_code == 200
    return response.content.decode()


def tables(client: Client, **query: Any) -> dict[str, list[list[str]]]:
    parser = _Tables()
    parser.feed(page(client, **query))
    return parser.tables


def rows_of_file(client: Client, **query: Any) -> list[dict[str, str]]:
    response = client.get(FILE, query)
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return [row for row in csv.DictReader(io.StringIO(text)) if row["period_kind"]]


def items(client: Client, **query: Any) -> list[dict[str, Any]]:
    response = client.get(API, {"page_size": 500, **query})
    assert response.status_code == 200, response.content
    return response.json()["items"]
