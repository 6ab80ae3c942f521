"""What a return comes to: the figures that the preview shows and the command prints."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cafes.returns.answers import REVIEW
from cafes.returns.results import DuplicateRow, RejectedRow, VisitRecord

AGE_NOT_KNOWN = "Not known"


@dataclass
class Tally:
    """The figures of one return, counted row by row with `add`.

    `needs_cafe_alias` maps each café name that a person must settle to the cafés it could mean, nearest first.
    `ethnicity_wordings` counts the answers to be coded, as written. `skipped_sheets` are (title, why) of sheets on
    which no table of visits was read. `rejected` holds the refused rows with their messages.
    """

    rows: int = 0
    accepted: int = 0
    repeats: list[DuplicateRow] = field(default_factory=list)
    rejected: list[RejectedRow] = field(default_factory=list)
    needs_cafe_alias: dict[str, list[str]] = field(default_factory=dict)
    ethnicity_wordings: Counter[str] = field(default_factory=Counter)
    skipped_sheets: list[tuple[str, str]] = field(default_factory=list)
    visits_by_cafe: Counter[str] = field(default_factory=Counter)
    visits_by_month: Counter[str] = field(default_factory=Counter)
    visits_by_ethnic_category: Counter[str] = field(default_factory=Counter)
    visits_by_gender: Counter[str] = field(default_factory=Counter)
    visits_by_age_band: Counter[str] = field(default_factory=Counter)
    visits_by_reason: Counter[str] = field(default_factory=Counter)
    _people: set[str] = field(default_factory=set)
    _months: dict[int, str] = field(default_factory=dict)

    @property
    def duplicates(self) -> int:
        """How many rows repeat an earlier one."""
        return len(self.repeats)

    @property
    def ethnicity_to_review(self) -> int:
        """How many accepted visits have an ethnic group that a person must code."""
        return self.visits_by_ethnic_category[REVIEW]

    @property
    def people_with_reference(self) -> int:
        """How many different references the accepted visits have, counted café by café."""
        return len(self._people)

    @property
    def rejected_by_reason(self) -> dict[str, int]:
        """How many rows were refused for each reason."""
        return dict(sorted(Counter(row.reason for row in self.rejected).items()))

    def add(self, outcome: VisitRecord | RejectedRow | DuplicateRow) -> None:
        """Count one row."""
        self.rows += 1
        if isinstance(outcome, VisitRecord):
            self._add_visit(outcome)
        elif isinstance(outcome, RejectedRow):
            self.rejected.append(outcome)
        else:
            self.repeats.append(outcome)

    def _add_visit(self, visit: VisitRecord) -> None:
        self.accepted += 1
        self.visits_by_cafe[visit.cafe] += 1
        month = visit.date.year * 100 + visit.date.month
        self.visits_by_month[self._months.get(month) or self._name_month(month)] += 1
        self.visits_by_ethnic_category[visit.ethnic_category] += 1
        self.visits_by_gender[visit.gender] += 1
        self.visits_by_age_band[visit.age_band or AGE_NOT_KNOWN] += 1
        for reason in visit.reasons:
            self.visits_by_reason[reason] += 1
        if visit.reference:
            self._people.add(f"{visit.cafe}|{visit.reference}")
        if visit.ethnic_category == REVIEW:
            self.ethnicity_wordings[visit.ethnicity_as_written] += 1

    def _name_month(self, month: int) -> str:
        name = self._months[month] = f"{month // 100}-{month % 100:02}"
        return name

    def note_names(self, unmatched: list[str], candidates: Callable[[str], list[str]]) -> None:
        """Note, of the café names that matched nothing, those that are near enough to one to be settled by a person."""
        for written in sorted(unmatched):
            near = candidates(written)
            if near:
                self.needs_cafe_alias[written] = near

    def as_json(self) -> dict[str, Any]:
        """The figures as the command prints them, with counts in the order of their keys."""
        return {
            "rows": self.rows,
            "accepted": self.accepted,
            "duplicates": self.duplicates,
            "rejected": [{"sheet": row.sheet, "row": row.row, "reason": row.reason} for row in self.rejected],
            "needs_cafe_alias": list(self.needs_cafe_alias),
            "ethnicity_to_review": self.ethnicity_to_review,
            "visits_by_cafe": _ordered(self.visits_by_cafe),
            "visits_by_month": _ordered(self.visits_by_month),
            "visits_by_ethnic_category": _ordered(self.visits_by_ethnic_category),
            "visits_by_gender": _ordered(self.visits_by_gender),
            "visits_by_age_band": _ordered(self.visits_by_age_band),
            "visits_by_reason": _ordered(self.visits_by_reason),
            "people_with_reference": self.people_with_reference,
        }


def _ordered(counts: Counter[str]) -> dict[str, int]:
    return {key: count for key, count in sorted(counts.items()) if count}
