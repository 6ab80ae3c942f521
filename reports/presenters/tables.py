"""Tables of figures, each with the chart that is drawn from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from reports.measures import PEOPLE, SESSIONS, VISITS, WITHOUT_REFERENCE, Measure
from reports.presenters.values import as_table_cell, by_name
from reports.selectors.activity import Activity, Cell
from reports.selectors.areas import OWN_CODE, Area, Level, VisibleAreas
from reports.shows import Layout, Show
from sutg.common.periods import Period, PeriodKind

_PLURALS = {Level.PLACE: "place", Level.NEIGHBOURHOOD: "neighbourhood", Level.CAFE: "café"}
_COLUMNS = (VISITS, PEOPLE, WITHOUT_REFERENCE, SESSIONS)
_INSIDE: dict[Level, tuple[Level, ...]] = {
    Level.TOTAL: (Level.PLACE, Level.NEIGHBOURHOOD),
    Level.PLACE: (Level.NEIGHBOURHOOD,),
    Level.NEIGHBOURHOOD: (Level.CAFE,),
    Level.CAFE: (),
}
_INSIDE_OWN = (Level.CAFE,)


@dataclass(frozen=True, slots=True)
class Table:
    """``chart`` is a kind of chart, or blank where a drawing would say nothing."""

    id: str
    caption: str
    columns: list[Any]
    rows: list[Any]
    chart: str = ""
    y_label: str = "Visits"


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked for: which figures, of where and of when."""

    show: Show
    area: Area
    period: Period
    areas: VisibleAreas = field(repr=False)

    @property
    def heading(self) -> str:
        return f"{self.show.label}: {self.area.name}, {self.period.label}"

    @property
    def months(self) -> list[Period]:
        """The months of a longer period; none of a month."""
        return [] if self.period.kind is PeriodKind.MONTH else self.period.split_into_months()

    @property
    def parts(self) -> list[tuple[Level, list[Area]]]:
        """The areas inside the one asked for, level by level: a provider's are its cafés."""
        levels = _INSIDE_OWN if self.is_own else _INSIDE[self.area.level]
        found = [(level, by_name(self.areas.within(self.area, level))) for level in levels]
        return [(level, parts) for level, parts in found if parts and parts != [self.area]]

    @property
    def is_own(self) -> bool:
        """Whether these are a provider's own cafés."""
        widest = self.areas.widest
        return widest is not None and widest.code == OWN_CODE

    @property
    def rows(self) -> list[Area]:
        return [self.area, *(area for _, parts in self.parts for area in parts)]


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
    columns = [*(measure.column for measure in (VISITS, PEOPLE)), *map(_outside_chart, (WITHOUT_REFERENCE, SESSIONS))]
    if question.months:
        rows: list[Any] = [
            [month.label, *_values(activity, month, question.area, _COLUMNS)] for month in question.months
        ]
        whole = ["Whole period", *_values(activity, question.period, question.area, _COLUMNS)]
        rows.append({"cells": whole, "is_total": True})
        yield Table("by-month", "Visits and people by month", ["Month", *columns], rows, "line", "Visits and people")
    for level, parts in question.parts:
        rows = [[area.name, *_values(activity, question.period, area, _COLUMNS)] for area in parts]
        name = _PLURALS[level]
        heads = [name.capitalize(), VISITS.column, *map(_outside_chart, _COLUMNS[1:])]
        yield Table(f"by-{level.value}", f"Visits and people by {name}, {question.period.label}", heads, rows, "bar")
    if not question.months and not question.parts:
        values = _values(activity, question.period, question.area, _COLUMNS)
        yield Table("alone", "Visits and people", ["Period", *columns], [[question.period.label, *values]])


def _grids(question: Question, activity: Activity) -> Iterator[Table]:
    months = question.months or [question.period]
    heads = [f"{month.start:%b %Y}" for month in months]
    whole = [{"text": "Whole period", "in_chart": False}] if question.months else []
    periods = [*months, *([question.period] if question.months else [])]
    for level, parts in question.parts or [(question.area.level, [question.area])]:
        rows = [[area.name, *(_value(activity, period, area, VISITS) for period in periods)] for area in parts]
        name = _PLURALS.get(level, "area")
        yield Table(f"by-{level.value}", f"Visits by month and {name}", [name.capitalize(), *heads, *whole], rows)


def _over_time(question: Question, activity: Activity) -> Iterator[Table]:
    measure = question.show.measure
    heads = ["Period" if not question.months else "Month", *(category.label for category in measure.categories)]
    rows: list[Any] = [[m.label, *_by_category(activity, m, question.area, measure)] for m in question.months]
    whole = _by_category(activity, question.period, question.area, measure)
    if rows:
        rows.append({"cells": ["Whole period", *whole], "is_total": True})
        yield Table("by-month", f"{measure.heading} by month", heads, rows, "stacked")
    else:
        yield Table("alone", measure.heading, heads, [[question.period.label, *whole]], "bar")


def _categories(question: Question, activity: Activity) -> Iterator[Table]:
    measure = question.show.measure
    values = _by_category(activity, question.period, question.area, measure)
    rows = [[category.label, value] for category, value in zip(measure.categories, values, strict=True)]
    yield Table("by-category", measure.heading, [question.show.label, measure.column], rows, "bar")


def _categories_by_area(question: Question, activity: Activity) -> Iterator[Table]:
    measure = question.show.measure
    for level, parts in question.parts:
        name = _PLURALS[level]
        rows = [[area.name, *_by_category(activity, question.period, area, measure)] for area in parts]
        heads = [name.capitalize(), *(category.label for category in measure.categories)]
        yield Table(f"by-{level.value}", f"{measure.heading} by {name}, {question.period.label}", heads, rows)


def _outside_chart(measure: Measure) -> dict[str, Any]:
    return {"text": measure.column, "in_chart": False}


def _values(activity: Activity, period: Period, area: Area, measures: Sequence[Measure]) -> list[Any]:
    return [_value(activity, period, area, measure) for measure in measures]


def _by_category(activity: Activity, period: Period, area: Area, measure: Measure) -> list[Any]:
    return [_value(activity, period, area, measure, category) for category in measure.cells]


def _value(activity: Activity, period: Period, area: Area, measure: Measure, category: str = "") -> Any:
    return as_table_cell(activity.value(Cell(period, area, measure, category)))
