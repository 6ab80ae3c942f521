"""What more hours, or a café more, would change: a table before and after, and who comes within reach."""

from __future__ import annotations

from dataclasses import dataclass

from reports.presenters.coverage import UNKNOWN, Row, count, per_head, tidy
from reports.presenters.tables import Chart, Table
from reports.selectors.coverage import Opening
from sutg.nhsuk.formats import number

METHOD = (
    "Within reach means: registered with a practice of a neighbourhood that has an open café. It is the neighbourhood "
    "itself and no distance, because neither boundaries nor centres of the neighbourhoods are published. "
    "It does not say that people can get there, nor that people next door cannot."
)

_COLUMNS = ("Now", "With the change")
_PER_HEAD = "Hours a week per 10,000 people"


@dataclass(frozen=True, slots=True)
class Change:
    """So many open hours a week more in a neighbourhood, at a café that is open or at one more."""

    code: str
    hours: int
    is_new_cafe: bool

    def applied_to(self, opening: Opening) -> Opening:
        return Opening(opening.cafes + (1 if self.is_new_cafe else 0), opening.hours + self.hours)


@dataclass(frozen=True, slots=True)
class WhatIf:
    heading: str
    summary: str
    tables: list[Table]


def what_if_of(rows: list[Row], change: Change) -> WhatIf:
    """The answer for one change, made of the same rows as the page's table."""
    row = next(row for row in rows if row.ground.code == change.code)
    after = change.applied_to(row.opening)
    hours = count(change.hours, "open hour")
    what = f"a café more, open {count(change.hours, 'hour')} a week" if change.is_new_cafe else f"{hours} a week more"
    tables = [_before_and_after(rows, row, after)]
    if len(rows) > 1:
        tables.append(_beside_others(rows, row, after))
    return WhatIf(f"What if: {what} in {row.ground.name}", _reach(row), tables)


def _reach(row: Row) -> str:
    name = row.ground.name
    if row.opening.cafes:
        return (
            f"{name} has {count(row.opening.cafes, 'open café')} already: "
            "nobody new comes within reach, and those who are have more hours."
        )
    if row.ground.people is None:
        return f"{name} has no open café now. How many people come within reach is unknown, as its list size is."
    return f"{number(row.ground.people)} people registered in {name} come within reach, who have no open café now."


def _before_and_after(rows: list[Row], changed: Row, after: Opening) -> Table:
    reached = sum(row.ground.people or 0 for row in rows if row.opening.cafes)
    newly = 0 if changed.opening.cafes else changed.ground.people or 0
    is_unknown = any(row.ground.people is None and (row.opening.cafes or row is changed) for row in rows)
    cells = [
        ["Open cafés there", changed.opening.cafes, after.cafes],
        ["Open hours a week there", tidy(changed.opening.hours), tidy(after.hours)],
        ["Hours a week per 10,000 people there", *(_hours(changed, hours) for hours in (changed.opening, after))],
        [
            f"People within reach of a café{', where the list size is known' if is_unknown else ''}",
            *(reached, reached + newly),
        ],
    ]
    return Table("what-if", f"{changed.ground.name} now and with the change", ["What", *_COLUMNS], cells)


def _beside_others(rows: list[Row], changed: Row, after: Opening) -> Table:
    """Every neighbourhood, so that it is seen where the change leaves this one among them."""
    cells = [
        [row.ground.name, _hours(row, row.opening), _hours(row, after if row is changed else row.opening)]
        for row in rows
    ]
    chart = Chart("bar", f"What the change does for {changed.ground.name}", _PER_HEAD)
    return Table("what-if-others", f"{_PER_HEAD}, now and with the change", ["Neighbourhood", *_COLUMNS], cells, chart)


def _hours(row: Row, opening: Opening) -> object:
    hours = per_head(opening.hours, row.ground, 10_000)
    return {"text": None, "reason": UNKNOWN} if hours is None else hours
