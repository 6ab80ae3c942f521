"""Languages and ways of communicating, by the codes of facts/language.csv."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

_FACTS = Path(__file__).resolve().parent / "facts" / "language.csv"


@cache
def languages() -> dict[str, str]:
    """Code → name, in the order of the names; English names, the most usual first where there are several."""
    with _FACTS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if not row["missing_kind"]]
    found = {row["code"]: row["label"].split(";")[0].strip() for row in rows}
    return dict(sorted(found.items(), key=lambda pair: pair[1]))
