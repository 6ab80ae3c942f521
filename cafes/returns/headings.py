"""Which column of a table means what, from its heading or from two lines of headings."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from cafes.returns.text import clean, fold
from cafes.returns.vocabulary import HEADING_PATTERNS, HEADINGS, REASONS, SUPPORT

# A table of visits has a date and at least three more headings that we know.
ENOUGH = 4
_PLURAL = re.compile(r"\(s\)", re.IGNORECASE)
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_NEWNESS = ("new_or_returning", "first_visit", "returning_visit")
_LONGEST_HEADING = 120


@dataclass(slots=True)
class Columns:
    """Where a table keeps each field, by column counted from 0.

    Reasons and support may be one column or several with lists, or a column to tick for each (`reason_ticks`).
    `labels` are the folded headings, by which the same header is known when it comes again on the next page.
    """

    single: dict[str, int] = field(default_factory=dict)
    reasons: list[int] = field(default_factory=list)
    support: list[int] = field(default_factory=list)
    reason_ticks: list[tuple[int, str]] = field(default_factory=list)
    support_ticks: list[tuple[int, str]] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)

    @property
    def score(self) -> int:
        """How many different things the table tells about a visit."""
        ticked = bool(self.reason_ticks or self.reasons) + bool(self.support_ticks or self.support)
        return len(self.single) + ticked

    @property
    def is_table(self) -> bool:
        """Whether this can be the header of a table of visits."""
        return "date" in self.single and self.score >= ENOUGH

    @property
    def used(self) -> list[int]:
        """Every column that means something."""
        ticks = [index for index, _ in (*self.reason_ticks, *self.support_ticks)]
        return sorted({*self.single.values(), *self.reasons, *self.support, *ticks})


def heading_key(heading: object) -> str:
    """A heading without what stands in brackets, case, accents and punctuation: "Reason(s)" is "reason"."""
    text = _PLURAL.sub("", clean(heading))[:_LONGEST_HEADING]
    return fold(_BRACKETS.sub(" ", text)) or fold(text)


def known_heading(key: str) -> str | None:
    """The field of a heading: by its exact words, else by words that leave no doubt; "ignored" for known others."""
    if not key:
        return None
    if key in HEADINGS:
        return HEADINGS[key]
    if key in REASONS or key in SUPPORT:
        return None
    return next((name for name, pattern in HEADING_PATTERNS if pattern.search(key)), None)


def heading_score(cells: Sequence[object]) -> int:
    """How many different things a row would tell, were it a header."""
    return read_header(cells).score


def read_header(cells: Sequence[object], above: Sequence[object] = ()) -> Columns:
    """The columns of a header row; `above` is the line over it, with group headings or the first line of two."""
    columns = Columns()
    groups = _spread([heading_key(cell) for cell in above], len(cells))
    group_field: str | None = None
    for index in range(max(len(cells), len(above))):
        cell = cells[index] if index < len(cells) else None
        own = heading_key(cell) if isinstance(cell, str) else ""
        over, starts = groups[index] if groups else ("", False)
        if starts:
            group_field = HEADINGS.get(over)
        columns.labels.append(own)
        if own and _note_heading(columns, own, over, index):
            group_field = None
        elif own:
            group_field = _note_tick(columns, cell, own, group_field, index)
        elif starts and cell is None:
            _note_upper(columns, over, index)
    return columns


def _spread(above: list[str], width: int) -> list[tuple[str, bool]]:
    """Each group heading over all its columns, with whether it starts there (merged cells keep text in the first)."""
    spread: list[tuple[str, bool]] = []
    current = ""
    for index in range(max(width, len(above)) if above else 0):
        own = above[index] if index < len(above) else ""
        current = own or current
        spread.append((current, bool(own)))
    return spread


def _note_upper(columns: Columns, over: str, index: int) -> None:
    """A heading in the upper of two lines with nothing below it."""
    name = HEADINGS.get(over)
    if name is not None:
        _note_field(columns, name, index)


def _note_heading(columns: Columns, own: str, over: str, index: int) -> bool:
    together = HEADINGS.get(f"{over} {own}") if over else None
    if together is None and own in REASONS and own not in HEADINGS:
        return False
    name = together or known_heading(own)
    if name is None:
        return False
    _note_field(columns, name, index)
    return True


def _note_field(columns: Columns, name: str, index: int) -> None:
    if name == "ignored":
        return
    if name == "reasons":
        columns.reasons.append(index)
    elif name == "support":
        columns.support.append(index)
    elif name not in columns.single:
        columns.single[name] = index


def _note_tick(columns: Columns, written: object, own: str, group_field: str | None, index: int) -> str | None:
    """A column to tick; returns the group that goes on, which ends at the first column that is something else."""
    if own in REASONS:
        columns.reason_ticks.append((index, REASONS[own]))
        return "reasons"
    if own in SUPPORT:
        columns.support_ticks.append((index, SUPPORT[own]))
        return "support"
    if group_field == "reasons":
        columns.reason_ticks.append((index, clean(written)))
    elif group_field == "support":
        columns.support_ticks.append((index, clean(written)))
    return group_field
