"""Ready strings and rows for the pages of returns."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from cafes.models import ReturnFile
from cafes.selectors.returns import Difference

State = ReturnFile.State
_COLOURS = {
    State.CHECKING: "grey",
    State.LOADING: "grey",
    State.CHECKED: "blue",
    State.UNREADABLE: "red",
    State.LOADED: "green",
    State.REPLACED: "white",
    State.DISCARDED: "white",
}
REASONS = {
    "bad_date": "Date that does not exist",
    "no_date": "No date",
    "out_of_period": "Date outside the quarter",
    "unknown_cafe": "Café not known",
    "no_cafe": "No café",
    "score": "Distress not from 0 to 10",
    "recorded_here": "Recorded here already",
}
GENDERS = {"female": "Female", "male": "Male", "non_binary": "Non-binary", "not_stated": "Not stated"}
ROWS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class ReturnPresenter:
    """One return, for the list and for its own page."""

    file: ReturnFile

    @property
    def href(self) -> str:
        return reverse("cafes:return", args=[self.file.provider_id, self.file.id])

    @property
    def title(self) -> str:
        return f"{self.file.provider.name}, {self.file.period.label}"

    @property
    def provider(self) -> str:
        return self.file.provider.name

    @property
    def quarter(self) -> str:
        return self.file.period.label

    @property
    def state(self) -> str:
        return self.file.get_state_display()

    @property
    def colour(self) -> str:
        return _COLOURS[State(self.file.state)]

    @property
    def is_busy(self) -> bool:
        return self.file.state in {State.CHECKING, State.LOADING}

    @property
    def progress_message(self) -> str:
        verb = "checked" if self.file.state == State.CHECKING else "loaded"
        done, total = self.file.rows_done, self.file.rows_total
        if not done:
            return "Waiting for its turn" if self.file.lease_until is None else "Opening the file"
        return f"{done:,} of about {total:,} rows {verb}" if total else f"{done:,} rows {verb}"


@dataclass(frozen=True, slots=True)
class TallyPresenter:
    """What a check found, in words and table rows."""

    tally: dict[str, Any]

    def summary(self) -> list[dict[str, str]]:
        """Key and value for the summary list."""
        t = self.tally
        rows = [
            ("Rows of visits", t["rows"]),
            ("Accepted", t["accepted"]),
            ("Repeats of an earlier row", t["duplicates"]),
            ("Cannot be loaded", len(t["rejected"])),
            ("People with a reference", t["people_with_reference"]),
            ("Ethnic groups to review", t["ethnicity_to_review"]),
        ]
        return [{"key": key, "value": f"{value:,}"} for key, value in rows]

    def rejected_by_reason(self) -> list[list[Any]]:
        """What is wrong, and in how many rows."""
        counts = Counter(row["reason"] for row in self.tally["rejected"])
        return [[REASONS.get(reason, reason), count] for reason, count in counts.most_common()]

    def is_mostly_another_quarter(self) -> bool:
        """Whether most rows lie outside the quarter: the file was probably handed in for the wrong one."""
        outside = sum(row["reason"] == "out_of_period" for row in self.tally["rejected"])
        return bool(2 * outside > self.tally["rows"])

    def rejected(self) -> list[list[str]]:
        """Sheet, row, what is wrong."""
        return [[sheet, str(row), message] for sheet, row, _, message in self.tally["rejected_rows"][:ROWS_SHOWN]]

    def rejected_left_out(self) -> int:
        return max(0, len(self.tally["rejected"]) - ROWS_SHOWN)

    def repeats(self) -> list[list[str]]:
        """Sheet, row, and the row that it repeats."""
        return [
            [sheet, str(row), f"row {first_row}" if sheet == first_sheet else f"{first_sheet}, row {first_row}"]
            for sheet, row, first_sheet, first_row in self.tally["repeats"][:ROWS_SHOWN]
        ]

    def repeats_left_out(self) -> int:
        return max(0, int(self.tally["duplicates"]) - ROWS_SHOWN)

    def wordings(self) -> list[list[Any]]:
        return [[written, count] for written, count in self.tally["wordings"].items()]

    def tables(self) -> list[dict[str, Any]]:
        """The breakdowns: caption and rows of label and count."""
        return [
            {
                "id": name,
                "caption": caption,
                "head": head,
                "rows": [[labels.get(key, key), count] for key, count in self.tally[name].items()],
            }
            for name, caption, head, labels in (
                ("visits_by_cafe", "Visits by café", "Café", {}),
                ("visits_by_month", "Visits by month", "Month", {}),
                ("visits_by_reason", "Visits by reason", "Reason", {}),
                ("visits_by_ethnic_category", "Visits by NHS ethnic category", "Category", _ETHNIC),
                ("visits_by_gender", "Visits by gender", "Gender", GENDERS),
                ("visits_by_age_band", "Visits by age band", "Age band", {}),
            )
        ]


_ETHNIC = {"Z": "Z (not stated)", "99": "99 (not known)", "review": "To review"}


def difference_rows(differences: list[Difference]) -> list[list[Any]]:
    """What, which, before, after."""
    return [[d.what, _ETHNIC.get(d.key, GENDERS.get(d.key, d.key)), d.before, d.after] for d in differences]
