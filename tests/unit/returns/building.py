"""Returns made in the test: the same visits as a workbook, as CSV, and as the files that mean harm."""

import csv
import io
import zipfile
from collections.abc import Sequence
from typing import Any

import openpyxl

from cafes.returns import Quarter, Tally, check_return

CAFES = ("Melton Mowbray Café", "Syston Stop-by", "St Matthew's Living Room")
QUARTER = Quarter(2024, 1)
HEADINGS = (
    "Café",
    "Date",
    "Arrival time",
    "Visitor ref",
    "New or returning",
    "Age band",
    "Gender",
    "Ethnicity",
    "Reasons",
    "Support given",
    "Onward referral",
    "Would otherwise have gone to",
    "Distress on arrival",
    "Distress on leaving",
    "Postcode district",
)
FIELDS = (
    "cafe",
    "date",
    "time",
    "reference",
    "is_new",
    "age_band",
    "gender",
    "ethnicity",
    "reasons",
    "support",
    "referral",
    "alternative",
    "before",
    "after",
    "postcode",
)
ORDINARY: dict[str, Any] = {
    "cafe": "Syston Stop-by",
    "date": "03/04/2024",
    "time": "17:30",
    "reference": None,
    "is_new": "New",
    "age_band": "25-34",
    "gender": "Female",
    "ethnicity": "Indian",
    "reasons": "Anxiety",
    "support": "Peer support",
    "referral": None,
    "alternative": "GP",
    "before": 7,
    "after": 4,
    "postcode": "LE7",
}


def visit(**answers: Any) -> list[Any]:
    """One row of a return, ordinary but for the answers given."""
    return [{**ORDINARY, **answers}[name] for name in FIELDS]


def workbook(rows: Sequence[Sequence[Any]], title: str = "Visits") -> bytes:
    """A workbook of one sheet."""
    return workbook_of({title: rows})


def workbook_of(sheets: dict[str, Sequence[Sequence[Any]]]) -> bytes:
    """A workbook with these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """The bytes of a workbook."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def delimited(rows: Sequence[Sequence[Any]], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """The rows as CSV."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def check(content: bytes, filename: str = "return.xlsx", **options: Any) -> Tally:
    """The figures of a return of the café names above, for the first quarter of 2024/25."""
    options = {"cafes": CAFES, "quarter": QUARTER, **options}
    return check_return(io.BytesIO(content), filename=filename, **options)


def check_rows(*rows: Sequence[Any], **options: Any) -> Tally:
    """The figures of these visits under the ordinary headings, in a workbook."""
    return check(workbook([HEADINGS, *rows]), **options)


def rewritten(content: bytes, changes: dict[str, bytes | None]) -> bytes:
    """An archive with some parts replaced, added, or (None) left out."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, part in changes.items():
            if part is not None:
                new.writestr(name, part)
    return stream.getvalue()


def part_of(content: bytes, name: str) -> bytes:
    """One part of an archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def with_shared_strings(content: bytes, strings: bytes) -> bytes:
    """A workbook that keeps its texts in a shared list, as Excel does and openpyxl does not."""
    relations = "xl/_rels/workbook.xml.rels"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    relation = f'<Relationship Id="shared" Type="{kind}" Target="sharedStrings.xml"/></Relationships>'
    listed = part_of(content, relations).replace(b"</Relationships>", relation.encode())
    return rewritten(content, {"xl/sharedStrings.xml": strings, relations: listed})
