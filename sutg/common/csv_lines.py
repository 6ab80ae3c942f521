"""Lines of a CSV file that a spreadsheet opens without running anything in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

# At the start of a file: tells Excel that it is UTF-8.
MARK = b"\xef\xbb\xbf"
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_line(fields: Iterable[str]) -> bytes:
    """One line, each field quoted where it needs it and kept from being a formula."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(map(_harmless, fields))
    return text.getvalue().encode()


def _harmless(field: str) -> str:
    """A spreadsheet runs what starts like a formula, and a name could."""
    return f"'{field}" if field.startswith(_STARTS_A_FORMULA) else field
