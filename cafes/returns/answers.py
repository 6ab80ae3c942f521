"""What an answer means: demographic answers, scores, lists and ticks, each from one cell to the project's code."""

import re

from cafes.returns.sheets import Cell
from cafes.returns.text import BLANK_WORDS, clean, fold, is_blank
from cafes.returns.vocabulary import (
    CENSUS_LABELS,
    DECLINED,
    ETHNIC_CODES,
    ETHNIC_GROUPS,
    GENDERS,
    NOT_KNOWN,
    REASONS,
    SUPPORT,
    ethnic_key,
)

PREFER_NOT_TO_SAY = "Prefer not to say"
REVIEW, DECLINED_CODE, NOT_KNOWN_CODE = "review", "Z", "99"

_BANDS = ((18, 24), (25, 34), (35, 44), (45, 54), (55, 64), (65, 74))
_RANGE = re.compile(r"(\d{1,3}) ?(?:-|to|and) ?(\d{1,3})")
_OPEN_END = re.compile(
    r"(?:over |above )?(\d{2,3}) ?(?:\+|plus|and (?:over|above|older)|or (?:over|above|older)|over)|over (\d{2,3})"
)
_UNDER = re.compile(r"(?:under|below|less than|<) ?(\d{2})")
_AGE_NOISE = re.compile(r"\b(?:years?|yrs?|yo|old|aged?)\b|[.’']")
_DASHES = re.compile("[‐‑‒–—−~]")
_SCORE = re.compile(r"(-?\d{1,9})(?:\.0*)?(?: ?(?:/|out of|of) ?10)?")
_NUMBER_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_SCORE_WORDS = {word: number for number, word in enumerate(_NUMBER_WORDS)}
_SEPARATORS = re.compile(r"[;,/|+\n\r\t•·]|\s+(?:and|&)\s+|\s+-\s+|(?<=\w)&(?=\w)", re.IGNORECASE)
# Known answers that hold a separator themselves, kept whole before a list is cut up.
_WHOLE = re.compile(
    r"money\s*(?:/|&|\+|,|\bor\b|\band\b)\s*debts?|debts?\s*(?:/|&|\+|\bor\b|\band\b)\s*money|self\s*[-–]\s*harm",
    re.IGNORECASE,
)
_NO_TICK = frozenset(("0", "n", "no", "false", "f", "not ticked", "unticked", *BLANK_WORDS))
_CROSSES = frozenset("✗✘❌☐❎□")
_DISTRICT = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?")
_POSTCODE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)\d(?:[A-Z]{2})?")


def read_ethnicity(value: Cell) -> tuple[str, str]:
    """The NHS ethnic category of an answer and the answer as written.

    Codes A to S, Z when declined, 99 when not known; `review` when it cannot be coded without asking.
    """
    written = clean(value)
    folded = fold(value)
    if folded in BLANK_WORDS or folded in NOT_KNOWN:
        return NOT_KNOWN_CODE, written
    if folded in DECLINED:
        return DECLINED_CODE, written
    if folded.upper() in ETHNIC_CODES:
        return folded.upper(), written
    return _ethnic_code(folded), written


def _ethnic_code(folded: str) -> str:
    code = CENSUS_LABELS.get(folded) or ETHNIC_GROUPS.get(ethnic_key(folded))
    if code is not None:
        return code
    first, _, rest = folded.partition(" ")
    if first.upper() in ETHNIC_CODES and rest:
        # "A - White British": the letter and the words must agree, or nobody knows which was meant.
        meant = DECLINED_CODE if rest in DECLINED else _ethnic_code(rest)
        return meant if meant == first.upper() else REVIEW
    return REVIEW


def read_gender(value: Cell) -> str:
    """female, male, non_binary, or not_stated for every other answer."""
    return GENDERS.get(fold(value), "not_stated")


def read_age_band(value: Cell) -> str:
    """An age band as `25-34`, `75+`, `Under 18` or `Prefer not to say`; '' when not known.

    A single age becomes the band it falls in. Bands that a provider drew differently are kept as they are.
    """
    text = _DASHES.sub("-", clean(value).casefold())
    folded = fold(text)
    if folded in BLANK_WORDS and not re.search(r"\d", text):
        return ""
    if folded in DECLINED:
        return PREFER_NOT_TO_SAY
    text = " ".join(_AGE_NOISE.sub(" ", text).split()).replace(" - ", "-")
    if match := _RANGE.fullmatch(text):
        return f"{int(match[1])}-{int(match[2])}"
    if match := _OPEN_END.fullmatch(text):
        return f"{int(match[1] or match[2])}+"
    if match := _UNDER.fullmatch(text):
        return f"Under {int(match[1])}"
    return _band_of(int(text)) if re.fullmatch(r"\d{1,3}", text) else ""


def _band_of(age: int) -> str:
    if age < 18:
        return "Under 18"
    return next((f"{first}-{last}" for first, last in _BANDS if first <= age <= last), "75+")


def read_newness(value: Cell, kind: str) -> bool | None:
    """Whether a visitor is new: `kind` is new_or_returning, first_visit or returning_visit, as the heading asks it.

    N means new under "New or returning", and no under "First visit?".
    """
    folded = fold(value)
    if kind == "new_or_returning":
        return _newness_word(folded)
    said = _newness_word(folded) if len(folded) > 1 else None
    if said is not None:
        return said
    if is_ticked(value):
        return kind == "first_visit"
    if folded in ("n", "no", "0", "false"):
        return kind != "first_visit"
    return None


def _newness_word(folded: str) -> bool | None:
    if folded in (
        "n",
        "new",
        "first",
        "1st",
        "first visit",
        "first time",
        "new visitor",
        "new client",
        "new person",
    ):
        return True
    if folded in (
        "r",
        "ret",
        "returning",
        "return",
        "repeat",
        "existing",
        "returner",
        "returned",
        "regular",
        "e",
    ):
        return False
    if folded in ("returning visitor", "return visit", "repeat visitor", "existing client", "not new"):
        return False
    return None


def read_score(value: Cell) -> tuple[int | None, bool]:
    """A distress score from 0 to 10, and whether the cell could be accepted: blank is, 11 and "high" are not."""
    if value is None:
        return None, True
    if isinstance(value, int | float):
        is_whole = float(value).is_integer() and 0 <= value <= 10
        return (int(value), True) if is_whole else (None, False)
    folded = fold(value)
    if folded in DECLINED or folded in BLANK_WORDS:
        return None, True
    if folded in _SCORE_WORDS:
        return _SCORE_WORDS[folded], True
    match = _SCORE.fullmatch(_DASHES.sub("-", clean(value)).casefold())
    if match and 0 <= int(match[1]) <= 10:
        return int(match[1]), True
    return None, False


def read_list(value: Cell, known: dict[str, str]) -> tuple[str, ...]:
    """The answers listed in one cell, whatever separates them, each once.

    What is not known stays as written, with a capital, so that "loneliness" and "Loneliness" count together.
    """
    if value is None or is_blank(value):
        return ()
    whole = known.get(fold(value))
    if whole:
        return (whole,)
    text = _protected(value)
    found: dict[str, None] = {}
    for piece in _SEPARATORS.split(text):
        answer = clean(piece.replace("\ue000", " or ").replace("\ue001", "-")).strip(" .-–*")
        if answer and not is_blank(answer):
            found[known.get(fold(answer)) or answer[0].upper() + answer[1:]] = None
    return tuple(found)


def _protected(value: Cell) -> str:
    def shield(match: re.Match[str]) -> str:
        return "self\ue001harm" if match[0].casefold().startswith("self") else "money\ue000debt"

    return _WHOLE.sub(shield, str(value).replace("1:1", "1:1").replace("\u00a0", " "))


def read_reasons(value: Cell) -> tuple[str, ...]:
    """The reasons for a visit, by the names of the ten that the trust counts where they are one of them."""
    return read_list(value, REASONS)


def read_support(value: Cell) -> tuple[str, ...]:
    """What was done for the visitor."""
    return read_list(value, SUPPORT)


def is_ticked(value: Cell) -> bool:
    """Whether a cell to tick is ticked: any mark is one (✓ x 1 Y Yes TRUE), unless it says no (0 N No - ✗)."""
    if value is None:
        return False
    text = clean(value)
    if not text or text in _CROSSES or text in "-–—?":
        return False
    folded = fold(text)
    return not (folded in _NO_TICK and (folded or text.isascii()))


def read_district(value: Cell) -> str:
    """The first half of a postcode, such as LE2, or '' when there is none; a whole postcode is never kept."""
    written = clean(value).upper()
    first = written.partition(" ")[0]
    if _DISTRICT.fullmatch(first):
        return first
    text = re.sub(r"[^A-Z0-9]", "", written)
    if _DISTRICT.fullmatch(text):
        return text
    match = _POSTCODE.fullmatch(text)
    return match[1] if match else ""


def read_words(value: Cell) -> str:
    """A short answer as written, '' when it says nothing."""
    return "" if is_blank(value) else clean(value)


_NO_REFERENCE = frozenset(
    ("anon", "anonymous", "no ref", "no reference", "not given", "x", "none given", "refused", "declined")
)


def read_reference(value: Cell) -> str:
    """A visitor's reference in upper case, '' when there is none."""
    folded = fold(value)
    return "" if folded in BLANK_WORDS or folded in _NO_REFERENCE else clean(value).upper()
