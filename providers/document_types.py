"""What kind of file some bytes are, by what they hold and never by what the file is called.

Nothing is unpacked but the table of contents of a Word document, and of that no more than a bounded part.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass

from sutg.common.errors import DomainError

LARGEST = 10_000_000
_TAIL = 2048
_TABLE_OF_CONTENTS = "[Content_Types].xml"
_LARGEST_TABLE = 200_000
_MOST_PARTS = 5_000
_WORD = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_UNREADABLE_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)
WANTED = "Upload a PDF, a Word document (.docx), a JPEG or a PNG."


@dataclass(frozen=True, slots=True)
class FileType:
    """``mime`` is what it is sent as, ``ending`` what its name ends in."""

    mime: str
    ending: str
    label: str


PDF = FileType("application/pdf", ".pdf", "PDF")
DOCX = FileType("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx", "Word document")
JPEG = FileType("image/jpeg", ".jpg", "JPEG")
PNG = FileType("image/png", ".png", "PNG")
BY_MIME = {kind.mime: kind for kind in (PDF, DOCX, JPEG, PNG)}

# What else people send, by how it begins: to say what it is, and what to do.
_OTHERS = (
    (b"\xd0\xcf\x11\xe0", "This is an old Word or Excel file. Save it as a PDF or as a Word document (.docx)."),
    (b"MZ", "This is a program."),
    (b"\x7fELF", "This is a program."),
    (b"{\\rtf", "This is a rich text file. Save it as a PDF."),
    (b"GIF8", "This is a GIF picture. Save it as a JPEG or a PNG."),
    (b"<", "This is a web page or XML. Print it to a PDF."),
)


def type_of(content: bytes) -> FileType:
    """The type of a whole file; :class:`DomainError` that says why it is not taken, or what is wrong with it."""
    if not content:
        raise _refused("The file is empty.")
    if len(content) > LARGEST:
        raise _refused(f"The file must be smaller than {LARGEST // 1_000_000} MB.")
    if content.startswith(b"%PDF-"):
        return _whole(PDF, is_whole=b"%%EOF" in content[-_TAIL:])
    if content.startswith(b"\xff\xd8\xff"):
        return _whole(JPEG, is_whole=b"\xff\xd9" in content[-_TAIL:])
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return _whole(PNG, is_whole=content[12:16] == b"IHDR" and b"IEND" in content[-_TAIL:])
    if content.startswith(b"PK\x03\x04"):
        return _word(content)
    if content[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1"):
        raise _refused("This is a HEIC picture, as iPhones take them. Save it as a JPEG.")
    for beginning, what in _OTHERS:
        if content.lstrip().startswith(beginning):
            raise _refused(f"{what} {WANTED}")
    raise _refused(f"We do not know what kind of file this is. {WANTED}")


def _whole(kind: FileType, *, is_whole: bool) -> FileType:
    if not is_whole:
        raise _refused(f"The {kind.label} was cut short. Open it, save it again and upload that.")
    return kind


def _word(content: bytes) -> FileType:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            names = {part.filename.lower() for part in parts}
            with archive.open(_TABLE_OF_CONTENTS) as table:
                listed = table.read(_LARGEST_TABLE)
    except KeyError:
        raise _refused(f"This is a zip archive. {WANTED}") from None
    except _UNREADABLE_ZIP:
        raise _refused("The Word document is damaged or cut short. Open it, save it again and upload that.") from None
    if any(name.endswith("vbaproject.bin") for name in names) or b"macroEnabled" in listed:
        raise _refused("This document holds macros. Save it without them, as a Word document (.docx) or a PDF.")
    if _WORD not in listed or "word/document.xml" not in names or len(parts) > _MOST_PARTS:
        raise _refused(f"This is an Office file, but no Word document. Save it as a PDF. {WANTED}")
    return DOCX


def _refused(reason: str) -> DomainError:
    return DomainError(reason, field="file")
