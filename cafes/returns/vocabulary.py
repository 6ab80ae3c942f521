"""The words that people use for one thing, from vocabulary.json, ready to be looked up.

Wordings in the file are already folded (lower case, no accents, no punctuation). A wording that could mean two things
is left out on purpose: the row is then kept as written, and a person decides.
"""

import json
import re
from pathlib import Path
from typing import Any

_WORDS: dict[str, Any] = json.loads(Path(__file__).with_name("vocabulary.json").read_text(encoding="utf-8"))


def _by_wording(section: dict[str, list[str]]) -> dict[str, str]:
    return {wording: meaning for meaning, wordings in section.items() for wording in wordings}


HEADINGS: dict[str, str] = _by_wording(_WORDS["headings"])
HEADING_PATTERNS: list[tuple[str, re.Pattern[str]]] = [
    (field, re.compile(pattern)) for field, pattern in _WORDS["heading_patterns"]
]
REASONS: dict[str, str] = _by_wording(_WORDS["reasons"])
SUPPORT: dict[str, str] = _by_wording(_WORDS["support"])
GENDERS: dict[str, str] = _by_wording(_WORDS["gender"])
DECLINED: frozenset[str] = frozenset(_WORDS["declined"])
NOT_KNOWN: frozenset[str] = frozenset(_WORDS["not_known"])
ETHNIC_CODES: frozenset[str] = frozenset("ABCDEFGHJKLMNPRSZ")  # NHS data dictionary: no I, O or Q

# Words that join or surround a category without changing it.
_JOINING = frozenset(("or", "and", "any", "the", "a", "background", "of", "multiple", "heritage", "origin", "descent"))


def ethnic_key(folded: str) -> frozenset[str]:
    """The words of an ethnic group that matter, in any order: "British (White)" is "White - British"."""
    words = frozenset(folded.split()) - _JOINING
    if "mixed" in words:
        words -= {"ethnic", "group", "groups", "race"}
    return words


CENSUS_LABELS: dict[str, str] = _by_wording(_WORDS["census_labels"])
ETHNIC_GROUPS: dict[frozenset[str], str] = {
    ethnic_key(wording): code for code, wordings in _WORDS["ethnicity"].items() for wording in wordings
}
