"""Making text from many keyboards comparable, without losing what was written."""

import re
import unicodedata
from collections.abc import Callable, Hashable
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

# Zero-width and direction marks, soft hyphens and byte-order marks that copy and paste brings along.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]"
)
_APOSTROPHES = re.compile("['`´ʹʼ‘’‛′]")
_NOT_WORD = re.compile(r"[^\w]+|_+")
_MOJIBAKE = re.compile("[ÃÂâ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")

BLANK_WORDS = frozenset(
    (
        "", "na", "n a", "none", "nil", "null", "nan", "unknown", "not known", "not asked", "not recorded", "not given",
        "not provided", "not applicable", "not available", "dont know", "dk", "tbc", "no data", "missing", "blank",
        "not collected", "not answered", "no answer", "no response", "unrecorded", "not captured",
    )
)  # fmt: skip


class Memo(dict[Key, Value]):
    """Remembers the answers of a costly function for one file, and forgets them all when they grow too many.

    A return repeats a few hundred wordings 100,000 times. It lives no longer than the reading of one file, so that
    one provider's words never stay in memory for another's.
    """

    def __init__(self, compute: Callable[[Key], Value], most: int = 20_000) -> None:
        super().__init__()
        self._compute = compute
        self._most = most

    def __missing__(self, key: Key) -> Value:
        if len(self) >= self._most:
            self.clear()
        value = self[key] = self._compute(key)
        return value


def clean(value: object) -> str:
    """The text of a cell in one line: no invisible characters, single spaces, composed accents.

    Whole numbers lose their `.0`. UTF-8 that was once read as Windows-1252 ("CafÃ©") is put right.
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value)
    if text.isascii():
        return " ".join(text.split())
    if _MOJIBAKE.search(text):
        text = _without_mojibake(text)
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", text)).split())


def _without_mojibake(text: str) -> str:
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def fold(value: object) -> str:
    """Text with case, accents and punctuation taken away: words of letters and digits with one space between."""
    text = clean(value).replace("&", " and ")
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(letter for letter in text if not unicodedata.combining(letter))
    text = _APOSTROPHES.sub("", text).casefold()
    return " ".join(_NOT_WORD.sub(" ", text).split())


def is_blank(value: object) -> bool:
    """Whether a cell says nothing: empty, a dash, a question mark, or words such as "n/a"."""
    return value is None or fold(value) in BLANK_WORDS
