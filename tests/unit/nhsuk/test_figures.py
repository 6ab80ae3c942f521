"""Tables, tiles, lists and filters."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.http import QueryDict
from django.utils.safestring import mark_safe

from sutg.nhsuk.figures import figure
from sutg.nhsuk.paging import pagination_params, query_with
from tests.unit.nhsuk.conftest import CANARY

TABLE = """{% from "nhsuk/components/figure_table.jinja" import figure_table %}
{{ figure_table(id="t", caption=caption, columns=columns, rows=rows, notes=notes or []) }}"""


def test_figure_suppressed_is_an_asterisk_with_words_and_a_mark() -> None:
    cell = figure({"suppressed": True})

    assert '<span aria-hidden="true">*</span>' in cell["html"]
    assert '<span class="nhsuk-u-visually-hidden">suppressed, fewer than 5</span>' in cell["html"]
    assert cell["attributes"] == {"data-suppressed": "true"}


def test_figure_suppressed_with_a_number_beside_it_never_shows_the_number() -> None:
    assert "3" not in figure({"suppressed": True, "text": 3})["html"]


def test_figure_absent_is_neither_zero_nor_suppressed() -> None:
    cell = figure(None)

    assert "no figure" in cell["html"]
    assert "data-suppressed" not in cell["attributes"]


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (12345, "12,345"), (Decimal("1.50"), "1.50"), ("£3", "£3"), (True, "True")]
)
def test_figure_given_is_written_as_pages_write_it(value: Any, text: str) -> None:
    assert figure(value) == {"text": text}


def test_figure_table_has_caption_headers_marks_and_notes(render: Callable[..., str]) -> None:
    html = render(
        TABLE,
        caption="Visits",
        columns=["Month", "Visits", {"text": "All", "in_chart": False}],
        rows=[["April", {"suppressed": True}, 12], {"cells": ["Total", 5, 6], "is_total": True}],
        notes=["A note"],
    )

    assert 'id="t-caption"' in html
    assert 'aria-labelledby="t-caption"' in html
    assert html.count('scope="col"') == 3
    assert html.count('scope="row"') == 2
    assert html.count('data-suppressed="true"') == 1
    assert html.count('data-chart-skip="true"') == 2
    assert "app-table__total" in html
    assert "A note" in html


@pytest.mark.parametrize("mark", [str, mark_safe], ids=["plain", "marked safe"])
def test_figure_table_canary_anywhere_is_escaped(mark: Callable[[str], str], render: Callable[..., str]) -> None:
    canary = mark(CANARY)

    html = render(
        TABLE,
        caption=canary,
        columns=[canary, {"text": canary}],
        rows=[[canary, {"suppressed": True, "reason": canary}], [{"text": canary, "href": canary}, canary]],
        notes=[CANARY],
    )

    assert "<script" not in html


def test_stat_tiles_show_suppressed_figures_as_such(render: Callable[..., str]) -> None:
    text = """{% from "nhsuk/components/stat_tiles.jinja" import stat_tiles %}{{ stat_tiles(items) }}"""
    html = render(
        text, items=[{"label": CANARY, "value": 1234, "hint": "h"}, {"label": "b", "value": {"suppressed": 1}}]
    )

    assert "1,234" in html
    assert "suppressed, fewer than 5" in html
    assert "<script" not in html


def test_chart_is_hidden_until_it_is_drawn(render: Callable[..., str]) -> None:
    text = '{% from "nhsuk/components/chart.jinja" import chart %}{{ chart("t", "line", title, summary=title) }}'
    html = render(text, title=CANARY)

    assert 'data-chart="line"' in html
    assert 'data-chart-table="t"' in html
    assert "hidden>" in html
    assert "<script" not in html


def test_progress_knows_its_share_without_scripts(render: Callable[..., str]) -> None:
    text = '{% from "nhsuk/components/progress.jinja" import progress %}{{ progress("/s", "m", done, total) }}'

    assert 'value="50"' in render(text, done=5, total=10)
    assert 'value="100"' in render(text, done=50, total=10)
    assert "value=" not in render(text, done=0, total=0)


def test_filters_are_a_form_by_get_with_labelled_selects(render: Callable[..., str]) -> None:
    class Filters(forms.Form):
        area = forms.ChoiceField(label="Area", choices=[("", "All"), ("x", CANARY)], required=False)

    text = '{% from "nhsuk/components/filters.jinja" import filters %}{{ filters(form, clear_href="/clear") }}'
    html = render(text, form=Filters({"area": "x"}))

    assert 'method="get"' in html
    assert '<label class="nhsuk-label" for="id_area">' in html
    assert " selected>" in html
    assert 'href="/clear"' in html
    assert "<script" not in html


def test_task_list_colours_only_what_needs_attention(render: Callable[..., str]) -> None:
    text = '{% from "nhsuk/components/task_list.jinja" import task_list %}{{ task_list(items) }}'
    html = render(
        text,
        items=[
            {"title": CANARY, "href": "/a", "hint": CANARY, "status": "Overdue", "colour": "red"},
            {"title": "b", "status": "Done"},
        ],
    )

    assert html.count("nhsuk-tag") == 2  # the block and its colour
    assert "nhsuk-tag--red" in html
    assert "<script" not in html


def test_summary_list_values_lines_and_gaps(render: Callable[..., str]) -> None:
    text = '{% from "nhsuk/components/summary_list.jinja" import summary_list %}{{ summary_list(rows) }}'
    html = render(
        text,
        rows=[
            {"key": "Café", "value": CANARY, "change_href": "/c"},
            {"key": "Address", "value": ["1 High Street", CANARY]},
            {"key": "Phone", "value": ""},
            {"key": "Visits", "value": 0},
        ],
    )

    assert "1 High Street<br>" in html
    assert html.count("Not given") == 1
    assert 'href="/c"' in html
    assert "<script" not in html


def test_empty_state_says_what_to_do(render: Callable[..., str]) -> None:
    text = """{% from "nhsuk/components/empty_state.jinja" import empty_state %}
    {{ empty_state("None", "Why", "Do", "/do") }}"""

    assert 'href="/do"' in render(text)


def test_pagination_keeps_the_query_and_marks_gaps() -> None:
    page = Paginator(range(200), 10).page(7)

    params = pagination_params(page, QueryDict("area=x&page=7"))

    assert [item.get("number", "…") for item in params["items"]] == [1, "…", 6, 7, 8, "…", 20]
    assert params["previous"] == {"href": "?area=x&page=6"}
    assert [item["number"] for item in params["items"] if item.get("current")] == [7]


def test_pagination_of_one_page_is_nothing(render: Callable[..., str]) -> None:
    text = '{% from "nhsuk/components/pagination.jinja" import pagination %}{{ pagination(page, query) }}'

    assert render(text, page=Paginator([1], 10).page(1), query=QueryDict()).strip() == ""
    assert "nhsuk-pagination" in render(text, page=Paginator(range(30), 10).page(1), query=QueryDict())


def test_pagination_links_by_cursor(render: Callable[..., str]) -> None:
    text = '{% from "nhsuk/components/pagination.jinja" import pagination_links %}{{ pagination_links(next="?c=b") }}'

    html = render(text)

    assert "?c=b" in html
    assert 'rel="prev"' not in html


def test_query_with_none_takes_a_key_away() -> None:
    assert query_with(QueryDict("a=1&b=2"), a=None, c=3) == "?b=2&c=3"
