"""What a file is, by what it holds; and why one is not taken."""

from __future__ import annotations

import io
import zipfile

import pytest

from providers.document_types import DOCX, JPEG, LARGEST, PDF, PNG, FileType, type_of
from sutg.common.errors import DomainError

A_PDF = b"%PDF-1.4\n...\n%%EOF\n"
A_JPEG = b"\xff\xd8\xff\xe0" + b"0" * 50 + b"\xff\xd9"
A_PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"0" * 50 + b"IEND\xaeB`\x82"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
EXCEL_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def a_zip(**parts: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return held.getvalue()


def a_word(listed: str = WORD_TYPE, **more: str) -> bytes:
    return a_zip(**{"[Content_Types].xml": f"<Types>{listed}</Types>", "word/document.xml": "<w/>", **more})


@pytest.mark.parametrize(
    ("content", "kind"),
    [(A_PDF, PDF), (A_PDF + b"\n" * 1000, PDF), (A_JPEG, JPEG), (A_PNG, PNG), (a_word(), DOCX)],
    ids=["pdf", "pdf with a tail", "jpeg", "png", "docx"],
)
def test_file_is_known_by_what_it_holds(content: bytes, kind: FileType) -> None:
    assert type_of(content) is kind


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (A_PDF + b" " * LARGEST, "smaller than 10 MB"),
        (A_PDF[:9], "cut short"),
        (A_PDF + b"0" * 3000, "cut short"),
        (A_JPEG[:20], "cut short"),
        (A_PNG[:40], "cut short"),
        (a_word()[:-30], "damaged or cut short"),
        (b"PK\x03\x04" + b"0" * 100, "damaged or cut short"),
        (a_zip(**{"a.txt": "a"}), "zip archive"),
        (a_word(**{"word/vbaProject.bin": "x"}), "macros"),
        (a_word("application/vnd.ms-word.document.macroEnabled.main+xml"), "macros"),
        (a_zip(**{"[Content_Types].xml": EXCEL_TYPE, "xl/workbook.xml": "x"}), "no Word document"),
        (b"\xd0\xcf\x11\xe0" + b"0" * 100, "old Word"),
        (b"MZ\x90\x00", "a program"),
        (b"\x7fELF", "a program"),
        (b"  <html><script>alert(1)</script>", "web page"),
        (b"<?xml version='1.0'?><svg/>", "web page"),
        (b"\x00\x00\x00\x18ftypheic\x00", "HEIC"),
        (b"GIF89a", "GIF"),
        (b"{\\rtf1", "rich text"),
        (b"just words", "do not know"),
    ],
)
def test_file_that_is_not_taken_is_refused_with_the_reason(content: bytes, reason: str) -> None:
    with pytest.raises(DomainError, match=reason) as refusal:
        type_of(content)

    assert refusal.value.field == "file"


def test_web_page_that_calls_itself_a_picture_is_refused() -> None:
    with pytest.raises(DomainError):
        type_of(b"<html>" + A_PNG)


def test_word_document_whose_list_of_parts_is_a_bomb_is_not_unpacked() -> None:
    with pytest.raises(DomainError, match="no Word document"):
        type_of(a_word(" " * 50_000_000 + WORD_TYPE))
