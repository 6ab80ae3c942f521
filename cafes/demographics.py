"""What people are asked about themselves: the questions, their code lists, and what an answer that is none means.

A blank answer was not asked. Lists that have a code of their own for that (99, X, 9, N) are read and written with it,
and stored blank, so that there is one way of not having asked.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Final

_FACTS: Final = Path(__file__).resolve().parent / "facts"


class Standing(StrEnum):
    """How a question stands with somebody. Declined and unsure were asked; neither is an answer or “other”."""

    ANSWERED = "answered"
    DECLINED = "refused"
    UNSURE = "unsure"
    NOT_APPLICABLE = "not_applicable"
    NOT_ASKED = "not_known"

    @property
    def was_asked(self) -> bool:
        return self is not Standing.NOT_ASKED


_SAID: Final = {
    Standing.DECLINED: "Prefer not to say",
    Standing.UNSURE: "Not sure",
    Standing.NOT_APPLICABLE: "Does not apply",
}


@dataclass(frozen=True, slots=True)
class Option:
    """One code of a list; ``label`` as its publisher writes it, ``wording`` as a page asks it."""

    code: str
    label: str
    group: str
    standing: Standing
    wording: str


@dataclass(frozen=True, slots=True)
class Question:
    """``name`` is the field it is stored in. ``many``: several answers may hold at once."""

    name: str
    text: str
    options: tuple[Option, ...]
    many: bool = False
    _by_code: Mapping[str, Option] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_code", {option.code: option for option in self.options})

    @property
    def offered(self) -> tuple[Option, ...]:
        """What a page offers: not answering is not having asked."""
        return tuple(option for option in self.options if option.standing.was_asked)

    @property
    def declined_code(self) -> str:
        """By which somebody declines: every question can be."""
        return next(option.code for option in self.options if option.standing is Standing.DECLINED)

    @property
    def not_asked_code(self) -> str:
        """The code by which the list itself says that it was not asked, blank where it has none."""
        return next((option.code for option in self.options if option.standing is Standing.NOT_ASKED), "")

    def knows(self, code: str) -> bool:
        return not code or code in self._by_code

    def stored(self, code: str) -> str:
        """``code`` as it is stored: blank when it says that nobody asked. An unknown one stays, to be refused."""
        return "" if self.knows(code) and self.standing_of(code) is Standing.NOT_ASKED else code

    def published(self, stored: str) -> str:
        """What is stored as the list itself writes it."""
        return stored or self.not_asked_code

    def standing_of(self, code: str) -> Standing:
        return self._by_code[code].standing if code else Standing.NOT_ASKED

    def wording_of(self, code: str) -> str:
        """As a page says it; a code that is not known, as it came."""
        if not self.knows(code):
            return code
        return self._by_code[code].wording if code else "Not asked"

    def group_of(self, code: str) -> str:
        """The broader group of an answer, blank for what is none."""
        return self._by_code[code].group if code else ""

    @property
    def exclusive(self) -> frozenset[str]:
        """Of several answers, those that stand alone: none, and declined."""
        if not self.many:
            return frozenset()
        return frozenset(
            option.code for option in self.options if option.standing is not Standing.ANSWERED or option.code == "NN"
        )


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (_FACTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _question(
    name: str, text: str, file: str, wordings: Mapping[str, str] | None = None, *, many: bool = False
) -> Question:
    options = []
    for row in _rows(file):
        standing = Standing(row["missing_kind"] or Standing.ANSWERED)
        wording = (wordings or {}).get(row["code"]) or _SAID.get(standing) or row["label"]
        options.append(Option(row["code"], row["label"], row["group"], standing, wording))
    return Question(name, text, tuple(options), many)


_YES_NO: Final = Question(
    "interpreter_needed",
    "Interpreter needed",
    (
        Option("Y", "Yes", "Yes", Standing.ANSWERED, "Yes"),
        Option("N", "No", "No", Standing.ANSWERED, "No"),
        Option("Z", "Prefer not to say", "", Standing.DECLINED, "Prefer not to say"),
    ),
)
QUESTIONS: Final = (
    _question("age_band", "Age", "age_band"),
    _question("gender_identity", "Gender", "gender_identity", {"4": "Another gender"}),
    _question(
        "gender_same_at_birth",
        "Gender the same as the sex registered at birth",
        "gender_same_at_birth",
        {"Y": "Yes", "N": "No"},
    ),
    _question("ethnic_group", "Ethnic group", "ethnic_group_census2021"),
    _question(
        "religion", "Religion or belief", "religion_group", {"K": "Another religion or belief", "L": "No religion"}
    ),
    _question("sexual_orientation", "Sexual orientation", "sexual_orientation", {"4": "Another orientation"}),
    _question(
        "disability",
        "Disabilities or long-term conditions",
        "disability",
        {
            "01": "Behaviour or emotions",
            "03": "Using hands",
            "04": "Memory, concentrating, learning or understanding",
            "05": "Moving about",
            "06": "Noticing physical danger",
            "07": "Personal care or continence",
            "08": "A progressive or physical condition, such as HIV, cancer or fits",
            "XX": "Another",
            "NN": "None",
        },
        many=True,
    ),
    _question(
        "marital_status",
        "Married or in a civil partnership",
        "marital_status",
        {
            "M": "Married or in a civil partnership",
            "D": "Divorced, or civil partnership dissolved",
            "W": "Widowed, or surviving civil partner",
        },
    ),
    _question("pregnancy_maternity", "Pregnancy and maternity", "pregnancy_maternity"),
    _question("carer_status", "Looks after somebody, unpaid", "carer_status", {"0": "No"}),
    _question(
        "veteran_status",
        "Served in the armed forces",
        "veteran_status",
        {"02": "Yes", "03": "No", "05": "Depends on somebody who did"},
    ),
    _question("language", "First language", "language"),
    _YES_NO,
    _question("settled_accommodation", "Settled accommodation", "settled_accommodation", {"Y": "Yes", "N": "No"}),
)
BY_NAME: Final = {question.name: question for question in QUESTIONS}
_NHS_CODE: Final = {row["code"]: row["nhs_code"] for row in _rows("ethnic_group_census2021")}
NOT_KNOWN_ETHNICITY: Final = _NHS_CODE["99"]
_GENDERS: Final = {"1": "male", "2": "female", "3": "non_binary"}
_AGES: Final = {"u18": "Under 18", "Z": "Prefer not to say"}


@dataclass(frozen=True, slots=True)
class Answers:
    """What somebody answered, by code; blank is not asked. Field for field the columns of cafes.Demographics."""

    age_band: str = ""
    gender_identity: str = ""
    gender_same_at_birth: str = ""
    ethnic_group: str = ""
    religion: str = ""
    sexual_orientation: str = ""
    disability: tuple[str, ...] = ()
    marital_status: str = ""
    pregnancy_maternity: str = ""
    carer_status: str = ""
    veteran_status: str = ""
    language: str = ""
    interpreter_needed: str = ""
    settled_accommodation: str = ""

    def __bool__(self) -> bool:
        """Whether anything was asked."""
        return any(getattr(self, each.name) for each in fields(self))

    def faults(self) -> Iterator[tuple[str, str]]:
        """Field and sentence for each answer that its list does not know, or that contradicts itself."""
        for question in QUESTIONS:
            given = getattr(self, question.name)
            codes = given if question.many else (given,)
            if not all(question.knows(code) for code in codes):
                yield question.name, f"Choose {question.text[:1].lower()}{question.text[1:]} from the list"
            elif len(set(codes)) > 1 and question.exclusive.intersection(codes):
                yield question.name, f"{question.text}: “None” and “Prefer not to say” stand alone"

    def over(self, earlier: Answers) -> Answers:
        """These answers, and where nothing was asked now the ``earlier`` ones."""
        return Answers(**{e.name: getattr(self, e.name) or getattr(earlier, e.name) for e in fields(self)})

    def as_stored(self) -> Answers:
        values: dict[str, str | tuple[str, ...]] = {}
        for question in QUESTIONS:
            given = getattr(self, question.name)
            if question.many:
                kept = dict.fromkeys(question.stored(code) for code in given)
                values[question.name] = tuple(sorted(code for code in kept if code))
            else:
                values[question.name] = question.stored(given)
        return Answers(**values)  # type: ignore[arg-type]

    # What a visit's own columns hold, as figures count it and returns write it.

    @property
    def nhs_ethnic_category(self) -> str:
        """A to S of the NHS list, Z or 99: C stands for three of the census's groups and S for two."""
        return _NHS_CODE.get(self.ethnic_group, NOT_KNOWN_ETHNICITY)

    @property
    def counted_gender(self) -> str:
        return _GENDERS.get(self.gender_identity, "not_stated")

    @property
    def counted_age_band(self) -> str:
        return "" if self.age_band == "X" else _AGES.get(self.age_band, self.age_band)
