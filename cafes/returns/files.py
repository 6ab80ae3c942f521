"""From an e-mailed file to its sheets, refusing what is not a plain spreadsheet before anything in it is read."""

import os
from collections.abc import Iterator
from pathlib import PurePath
from typing import BinaryIO

from cafes.returns.archive import Archive
from cafes.returns.delimited import read_delimited
from cafes.returns.refusals import Limits, UnreadableReturn
from cafes.returns.sheets import Sheet
from cafes.returns.workbook import Workbook

_WORKBOOKS = (".xlsx",)
_TEXTS = (".csv", ".txt", ".tsv")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ASK = "Ask the provider to save it as Excel Workbook (.xlsx) or CSV and send that."
_KINDS = (
    (b"PK\x03\x04", "a compressed file or workbook"),
    (b"PK\x05\x06", "an empty compressed file"),
    (_OLE, "a file of an older Office program"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"RIFF", "a picture or sound"),
    (b"{\\rtf", "a rich text document"),
    (b"7z\xbc\xaf", "a compressed file"),
    (b"Rar!", "a compressed file"),
    (b"\x1f\x8b", "a compressed file"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
)
_ENDINGS = {
    ".xlsm": "a workbook that may carry macros (small programs)",
    ".xltm": "a template that may carry macros (small programs)",
    ".xlsb": "a binary workbook",
    ".xls": "a workbook of an older Excel",
    ".xltx": "a template",
    ".ods": "an OpenDocument spreadsheet",
    ".numbers": "a Numbers spreadsheet",
    ".pdf": "a PDF",
    ".docx": "a Word document",
    ".doc": "a Word document",
    ".zip": "a compressed file",
}


def open_return(file: BinaryIO, *, filename: str, limits: Limits) -> Iterator[Sheet]:
    """The sheets of a return, in order; UnreadableReturn with a sentence when the file is not one we can trust.

    The name and the content must agree: a file that is not what its name says is either damaged or up to something.
    """
    name = PurePath(filename.replace("\\", "/")).name
    ending = PurePath(name).suffix.casefold()
    if ending in _ENDINGS:
        raise UnreadableReturn(f"{_named(name)} is {_ENDINGS[ending]}, which cannot be loaded. {_ASK}")
    head = _head(file, limits)
    is_archive = head.startswith(b"PK\x03\x04")
    if ending in _WORKBOOKS or (not ending and is_archive):
        if not is_archive:
            raise UnreadableReturn(_not_a_workbook(file, head))
        archive = Archive(file, limits)
        archive.inspect()
        return Workbook(archive, limits).sheets()
    if ending and ending not in _TEXTS:
        raise UnreadableReturn(f"{_named(name)} is neither an Excel workbook nor a CSV file. {_ASK}")
    _refuse_other_content(head)
    title = PurePath(name).stem or "CSV"
    return iter([read_delimited(file, title=title, limits=limits)])


def _named(name: str) -> str:
    return f"The file “{name[:60]}”"


def _head(file: BinaryIO, limits: Limits) -> bytes:
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if size == 0:
        raise UnreadableReturn("The file is empty. Ask the provider to send it again.")
    if size > limits.file_bytes:
        raise UnreadableReturn(
            f"The file is {size / 1e6:,.0f} MB; a return may be {limits.file_bytes / 1e6:,.0f} MB. A quarter of visits "
            "is seldom more than 2 MB, so ask the provider to remove pictures or other sheets and send it again."
        )
    return file.read(512)


def _content_kind(head: bytes) -> str | None:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:1] == b"<":
        return "a web page or XML file"
    return next((kind for magic, kind in _KINDS if head.startswith(magic)), None)


def _not_a_workbook(file: BinaryIO, head: bytes) -> str:
    if head.startswith(_OLE):
        if _holds(file, "EncryptedPackage".encode("utf-16-le")):
            return "The workbook is locked with a password. Ask the provider to send it without one."
        return f"The file is named .xlsx but is a workbook of an older Excel (.xls). {_ASK}"
    kind = _content_kind(head)
    if kind is None:
        kind = "damaged" if b"\0" in head else "plain text, perhaps a CSV file; then its name must end in .csv"
    return f"The file is named .xlsx but is {kind}. {_ASK}"


def _refuse_other_content(head: bytes) -> None:
    kind = _content_kind(head)
    if kind is not None:
        raise UnreadableReturn(f"The file is named as CSV but is {kind}. {_ASK}")


def _holds(file: BinaryIO, wanted: bytes) -> bool:
    file.seek(0)
    tail = b""
    while piece := file.read(1 << 20):
        if wanted in tail + piece:
            return True
        tail = piece[-len(wanted) :]
    return False
