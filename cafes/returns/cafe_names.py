"""Which café is meant by a name as written: never guessed, only compared, or said by a person."""

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from cafes.returns.text import clean, fold

# Words that many cafés share, so that they say nothing about which one is meant.
_COMMON = frozenset(
    (
        "cafe", "club", "the", "hub", "centre", "center", "house", "open", "drop", "in", "space", "room", "group",
        "community", "neighbourhood", "and", "of", "at", "for", "chat", "talk", "tea", "calm", "quiet", "living",
        "evening", "morning", "welcome", "project", "service", "session", "visit", "visits", "trust", "mental",
        "health",
    )
)  # fmt: skip
_LABEL = re.compile(r"^\s*(?:name of )?(?:caf[eé]|venue|site|location)(?: name)?\s*[:\-–—]\s*", re.IGNORECASE)


def cafe_key(name: str) -> str:
    """What makes two café names the same: letters and digits, whatever the case, accents, punctuation and spaces.

    A comma inside a name does count. It sets a place apart from a name ("Alliance Cafe, Evington": perhaps the
    Evington one of several), and the reference returns ask a person about exactly that case.
    """
    parts = (fold(part).replace(" ", "") for part in clean(name).split(","))
    return ",".join(part for part in parts if part)


class CafeNames:
    """The cafés that a provider runs and what its people call them.

    `aliases` maps names as written to official names, both compared by `cafe_key`. Raises ValueError with a sentence
    when an alias points at a café that the provider does not run, or renames one that it does.
    """

    def __init__(self, cafes: Sequence[str], aliases: Mapping[str, str]) -> None:
        self._official = list(cafes)
        self._known = {cafe_key(cafe): cafe for cafe in cafes}
        for written, meant in aliases.items():
            self._add_alias(written, meant)

    def _add_alias(self, written: str, meant: str) -> None:
        official = next((cafe for cafe in self._official if cafe_key(cafe) == cafe_key(meant)), None)
        if official is None:
            raise ValueError(
                f"The alias “{written}” points at “{meant}”, which is not a café of this provider. Its cafés are "
                f"{', '.join(self._official)}."
            )
        key = cafe_key(written)
        if not key:
            raise ValueError("An alias needs the café name as it is written in the file.")
        if self._known.setdefault(key, official) != official:
            raise ValueError(f"“{written}” is already the name of {self._known[key]}, so it cannot mean {official}.")

    def match(self, written: str) -> str | None:
        """The official name of the café that is meant, or None."""
        return self._known.get(cafe_key(written))

    def stated(self, text: str) -> str | None:
        """The café that a title names, such as "Café: Syston Stop-by", or None."""
        return self.match(text) or self.match(_LABEL.sub("", text))

    def candidates(self, written: str) -> list[str]:
        """The official cafés near enough to a name that a person could have meant one, nearest first."""
        scored = sorted(((_nearness(written, cafe), cafe) for cafe in self._official), reverse=True)
        return [cafe for nearness, cafe in scored if nearness > 0.5]


def _nearness(written: str, official: str) -> float:
    """From 0 (nothing alike) to 1: the share of telling words in common, or of letters where nearly all agree."""
    ours, theirs = fold(official), fold(written)
    letters = SequenceMatcher(None, ours.replace(" ", ""), theirs.replace(" ", "")).ratio()
    mine, other = _telling(ours), _telling(theirs)
    if mine and other:
        shared = sum(1 for word in other if any(_same_word(word, own) for own in mine))
        share = min(1.0, shared / min(len(mine), len(other)))
    else:
        share = 0.0
    if _initials(official) == theirs.replace(" ", ""):
        return 1.0
    return max(share, letters if letters >= 0.8 else 0.0)


def _telling(folded: str) -> list[str]:
    return [word for word in folded.split() if word not in _COMMON and len(word) > 1 and not word.isdecimal()]


def _same_word(one: str, other: str) -> bool:
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if short[0] == long[0] and (len(short) > 2 or short[-1] == long[-1]) and _is_abbreviation(short, long):
        return True
    return len(short) >= 4 and SequenceMatcher(None, one, other).ratio() >= 0.8


def _is_abbreviation(short: str, long: str) -> bool:
    """Whether the letters of the short word come in order in the long one, such as "mkt" for "market"."""
    letters = iter(long)
    return len(short) < len(long) and all(letter in letters for letter in short)


def _initials(name: str) -> str:
    return "".join(word[0] for word in fold(name).split())
