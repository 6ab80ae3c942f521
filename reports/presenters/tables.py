"""Tables of figures, each with the chart that is drawn from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from reports.measures import NOT_ANSWERS, PEOPLE, SESSIONS, VISITS, WITHOUT_REFERENCE, Category, Measure
from reports.presenters.values import as_table_cell
from reports.presenters.words import count_in_words, highest, sentence_start
from reports.questions import Question
from reports.selectors.activity import Activity, Cell
from reports.selectors.areas import Area, Level
from reports.shows import Layout
from sutg.common.periods import Period

_WORDS = {Level.PLACE: "place", Level.NEIGHBOURHOOD: "neighbourhood", Level.CAFE: "café"}
_COLUMNS = (VISITS, PEOPLE, WITHOUT_REFERENCE, SESSIONS)


@dataclass(frozen=True, slots=True)
class Chart:
    """``title`` says what the drawing shows; the table below it says what the figures are."""

    kind: str
    title: str
    y_label: str = "Visits"


@dataclass(frozen=True, slots=True)
class Table:
    """``chart`` is None where a drawing would say nothing that the table does not."""

    id: str
    caption: str
    columns: list[Any]
    rows: list[Any]
    chart: Chart | None = None


def tables_of(question: Question, activity: Activity) -> list[Table]:
    """The tables that answer the question, in reading order."""
    builder = {
        Layout.TOTALS: _totals,
        Layout.GRID: _grids,
        Layout.OVER_TIME: _over_time,
        Layout.CATEGORIES: _categories,
    }[question.show.layout]
    tables = list(builder(question, activity))
    return [*tables, *_categories_by_area(question, activity)] if question.show.by_area else tables


def _totals(question: Question, activity: Activity) -> Iterator[Table]:
    if question.months:
        yield _by_month(question, activity)
    for level, parts in question.parts:
        yield _by_area(question, activity, level, parts)
    if not question.months and not question.parts:
        values = _values(activity, question.period, question.area, _COLUMNS)
        heads = ["Period", *(measure.column for measure in _COLUMNS)]
        yield Table("alone", "Visits and people", heads, [[question.period.label, *values]])


def _by_month(question: Question, activity: Activity) -> Table:
    rows: list[Any] = [[month.label, *_values(activity, month, question.area, _COLUMNS)] for month in question.months]
    whole = ["Whole period", *_values(activity, question.period, question.area, _COLUMNS)]
    rows.append({"cells": whole, "is_total": True})
    found = highest((m.label, activity.value(Cell(m, question.area, VISITS))) for m in question.months)
    title = "How visits and people changed from month to month"
    if found and len(found[0]) == 1:
        title = f"Visits were highest in {found[0][0]}, at {count_in_words(found[1], 'visit', 'visits')}"
    heads = ["Month", VISITS.column, PEOPLE.column, *map(_outside_chart, (WITHOUT_REFERENCE, SESSIONS))]
    chart = Chart("line", title, "Visits and people")
    return Table("by-month", "Visits and people by month", heads, rows, chart)


def _by_area(question: Question, activity: Activity, level: Level, parts: list[Area]) -> Table:
    name = _WORDS[level]
    rows = [[area.name, *_values(activity, question.period, area, _COLUMNS)] for area in parts]
    heads = [name.capitalize(), VISITS.column, *map(_outside_chart, _COLUMNS[1:])]
    found = highest((area.name, activity.value(Cell(question.period, area, VISITS))) for area in parts)
    title = f"How visits compare between one {name} and another"
    if found and len(found[0]) == 1:
        where = "at" if level is Level.CAFE else "in"
        title = f"Most visits were {where} {found[0][0]}: {count_in_words(found[1], 'visit', 'visits')}"
    chart = Chart("bar", title) if len(parts) > 1 else None
    caption = f"Visits and people by {name}, {question.period.label}"
    return Table(f"by-{level.value}", caption, heads, rows, chart)


def _grids(question: Question, activity: Activity) -> Iterator[Table]:
    months = question.months or [question.period]
    periods = [*question.months, question.period]
    heads = [*(f"{month.start:%b %Y}" for month in months), *(["Whole period"] if question.months else [])]
    for level, parts in question.parts or [(question.area.level, [question.area])]:
        rows = [[area.name, *(_value(activity, period, area, VISITS) for period in periods)] for area in parts]
        name = _WORDS.get(level, "area")
        yield Table(f"by-{level.value}", f"Visits by month and {name}", [name.capitalize(), *heads], rows)


def _over_time(question: Question, activity: Activity) -> Iterator[Table]:
    measure = question.show.measure
    heads = [_head(category) for category in measure.categories]
    whole = _by_category(activity, question.period, question.area, measure)
    if not question.months:
        yield Table("alone", measure.heading, ["Period", *heads], [[question.period.label, *whole]])
        return
    rows: list[Any] = [[m.label, *_by_category(activity, m, question.area, measure)] for m in question.months]
    rows.append({"cells": ["Whole period", *whole], "is_total": True})
    chart = Chart("stacked", "How new and returning visits changed from month to month")
    yield Table("by-month", f"{measure.heading} by month", ["Month", *heads], rows, chart)


def _categories(question: Question, activity: Activity) -> Iterator[Table]:
    measure = question.show.measure
    values = _by_category(activity, question.period, question.area, measure)
    rows = [[category.label, value] for category, value in zip(measure.categories, values, strict=True)]
    chart = Chart("bar", f"How visits are shared out by {question.show.noun}")
    yield Table("by-category", measure.heading, [sentence_start(question.show.noun), measure.column], rows, chart)


def _categories_by_area(question: Question, activity: Activity) -> Iterator[Table]:
    measure = question.show.measure
    for level, parts in question.parts:
        name = _WORDS[level]
        rows = [[area.name, *_by_category(activity, question.period, area, measure)] for area in parts]
        heads = [name.capitalize(), *(category.label for category in measure.categories)]
        yield Table(f"by-{level.value}", f"{measure.heading} by {name}, {question.period.label}", heads, rows)


def _head(category: Category) -> dict[str, Any]:
    """A column that holds what was not recorded stays out of the drawing of what was."""
    return {"text": category.label, "in_chart": category.code not in NOT_ANSWERS}


def _outside_chart(measure: Measure) -> dict[str, Any]:
    return {"text": measure.column, "in_chart": False}


def _values(activity: Activity, period: Period, area: Area, measures: Sequence[Measure]) -> list[Any]:
    return [_value(activity, period, area, measure) for measure in measures]


def _by_category(activity: Activity, period: Period, area: Area, measure: Measure) -> list[Any]:
    return [_value(activity, period, area, measure, category) for category in measure.cells]


def _value(activity: Activity, period: Period, area: Area, measure: Measure, category: str = "") -> Any:
    return as_table_cell(activity.value(Cell(period, area, measure, category)))
