"""Tables of figures and tiles: how numbers, withheld numbers and absent numbers are written.

A withheld figure is a value of its own kind. It is written "*", read aloud in words, and marked ``data-suppressed`` so
that a chart drawn from the table shows a gap and never a zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.html import format_html

from sutg.nhsuk.formats import number
from sutg.nhsuk.plain import plain

Params = dict[str, Any]

SUPPRESSED_TEXT = "suppressed, fewer than 5"
ABSENT_TEXT = "no figure"


def figure_table_params(
    *,
    id: str,  # noqa: A002 -- the page's word for it
    caption: str,
    columns: Sequence[Any],
    rows: Iterable[Any],
    suppressed_text: str = SUPPRESSED_TEXT,
    caption_size: str = "m",
    compact: bool = False,
) -> Params:
    """Return the parameters of the design system's table macro.

    ``columns`` are texts, or mappings with ``text``, ``numeric`` (the default for all but the first) and ``in_chart``
    (False keeps a column such as a total out of a chart). ``rows`` are sequences of cells whose first is the row's
    header, or mappings with ``cells`` and ``is_total``. A cell is text, a number, None (no figure), or a mapping with
    ``text``, ``href``, ``suppressed``.
    """
    heads = [_head(column, is_first=index == 0) for index, column in enumerate(columns)]
    return {
        "id": id,
        "caption": {"text": plain(caption), "size": caption_size},
        "firstCellIsHeader": True,
        "scroll": True,
        "compact": compact,
        "head": heads,
        "rows": [_row(row, heads, suppressed_text) for row in rows],
    }


def figure(value: Any, suppressed_text: str = SUPPRESSED_TEXT) -> Params:
    """Return ``{"text"}`` or ``{"html"}``, with ``attributes`` where the figure is withheld or absent."""
    if is_suppressed(value):
        return _with_words("*", value.get("reason", suppressed_text), {"data-suppressed": "true"})
    given = value if isinstance(value, Mapping) else {"text": value}
    text = given.get("text")
    if text is None:
        return _with_words("–", given.get("reason", ABSENT_TEXT), {"data-absent": "true"})
    cell: Params = {"text": number(text) if _is_number(text) else plain(text)}
    if given.get("href"):
        cell["href"] = plain(given["href"])
    return cell


def is_suppressed(value: Any) -> bool:
    """Say whether a cell stands for a withheld figure."""
    return isinstance(value, Mapping) and bool(value.get("suppressed"))


def _head(column: Any, *, is_first: bool) -> Params:
    given = column if isinstance(column, Mapping) else {"text": column}
    head: Params = {"text": plain(given["text"])}
    if given.get("numeric", not is_first):
        head["format"] = "numeric"
    if not given.get("in_chart", True):
        head["attributes"] = {"data-chart-skip": "true"}
    return head


def _row(row: Any, heads: list[Params], suppressed_text: str) -> list[Params]:
    is_mapping = isinstance(row, Mapping)
    cells = [figure(cell, suppressed_text) for cell in (row["cells"] if is_mapping else row)]
    if is_mapping and row.get("is_total") and cells:
        cells = [{**cell, "classes": "app-table__total"} for cell in cells]
        cells[0]["attributes"] = {"data-chart-skip": "true"}
    return cells


def _with_words(sign: str, words: str, attributes: Params) -> Params:
    # The words come first: hidden text at the right edge would make the table a pixel wider than its frame.
    html = format_html(
        '<span class="nhsuk-u-visually-hidden">{}</span><span aria-hidden="true">{}</span>', plain(words), sign
    )
    return {"html": html, "attributes": attributes}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)
