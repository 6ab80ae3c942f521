"""What each row of a return becomes: a visit, a repeat of an earlier row, or a row that was refused."""

from dataclasses import dataclass
from datetime import date, time


@dataclass(frozen=True, slots=True)
class VisitRecord:
    """One accepted visit, in the project's own words and codes.

    `cafe` is the official name. `reference` is upper case with single spaces, '' when blank, so that equal codes are
    equal strings. `age_band` is '' when not known. `gender` is female, male, non_binary or not_stated.
    `ethnic_category` is an NHS code A to S, Z (declined), 99 (not known) or review (a person must code
    `ethnicity_as_written`). Distress is 0 to 10. `postcode_district` is the first half of a postcode, or ''.
    """

    sheet: str
    row: int
    cafe: str
    date: date
    time: time | None
    reference: str
    is_new: bool | None
    age_band: str
    gender: str
    ethnic_category: str
    ethnicity_as_written: str
    reasons: tuple[str, ...]
    support: tuple[str, ...]
    onward_referral: str
    alternative: str
    distress_before: int | None
    distress_after: int | None
    postcode_district: str


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that is not counted: `reason` is a code, `message` says what was written and what to do."""

    sheet: str
    row: int
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class DuplicateRow:
    """A row that repeats the café, date, time and reference of an earlier row of the file."""

    sheet: str
    row: int
    first_sheet: str
    first_row: int
