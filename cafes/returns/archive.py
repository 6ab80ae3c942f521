"""The outside of a workbook: whether its zip archive is what it claims to be and safe to unpack.

Nothing in here trusts a size that the archive states: every part is unpacked once and counted before any is read.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from cafes.returns.refusals import Limits, UnreadableReturn

CHUNK = 1 << 16
ROWS_BESIDE_VISITS = 100  # titles, totals and notes
DAMAGED = (
    "The workbook is damaged or was cut short on its way here. Ask the provider to open it, save it again as "
    "Excel Workbook (.xlsx) and send that."
)
_UNPACKING_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
_TOO_LARGE = (
    "The workbook unpacks to far more than a quarter of visits could hold, as a file made to bring a computer down "
    "does, so it was not opened. Ask the provider to copy the visits into a new workbook."
)
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']")
_READ = ("sharedstrings.xml", "styles.xml", "workbook.xml", ".rels")
_ALLOWED_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass(slots=True)
class Part:
    """What one pass over a part found: its true size, rows that hold a value, and cells merged down the sheet."""

    size: int = 0
    rows: int = 0
    blank_bytes: int = 0
    unfinished: bytes = b""  # the row that the next piece goes on with
    merges: list[tuple[str, int, str, int]] = field(default_factory=list)


class Archive:
    """A workbook's parts, each readable in chunks once `inspect` has found the whole archive harmless."""

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        self._limits = limits
        try:
            self._zip = zipfile.ZipFile(file)
        except _UNPACKING_FAULTS:
            raise UnreadableReturn(DAMAGED) from None
        self._members = {info.filename.lstrip("/").casefold(): info for info in self._zip.infolist()}
        self._unpacked = 0
        self.parts: dict[str, Part] = {}

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._members

    @property
    def names(self) -> list[str]:
        """The names of all parts, in lower case."""
        return list(self._members)

    def inspect(self) -> None:
        """Refuse an archive that lies, overlaps, explodes, is locked, carries macros or declares entities."""
        infos = self._zip.infolist()
        if len(infos) > self._limits.parts:
            raise UnreadableReturn(
                f"The workbook is made of {len(infos):,} parts, many times more than a return needs. Ask the provider "
                "to copy the visits into a new workbook with one sheet for each café."
            )
        for info in infos:
            _refuse_odd_member(info)
        _refuse_overlap(infos)
        _refuse_macros(self.names)
        self._refuse_stated_size(infos)
        for name in self._members:
            self.parts[name] = self._inspect_part(name)

    def chunks(self, name: str) -> Iterator[bytes]:
        """The unpacked bytes of a part, piece by piece; UnreadableReturn when they are damaged."""
        try:
            with self._zip.open(self._members[name.casefold()]) as stream:
                while piece := stream.read(CHUNK):
                    yield piece
        except _UNPACKING_FAULTS:
            raise UnreadableReturn(DAMAGED) from None

    def _refuse_stated_size(self, infos: list[zipfile.ZipInfo]) -> None:
        stated = sum(info.file_size for info in infos)
        packed = max(1, sum(info.compress_size for info in infos))
        exploding = stated > self._limits.ratio_applies_from and stated / packed > self._limits.ratio
        if stated > self._limits.unpacked_bytes or exploding:
            raise UnreadableReturn(_TOO_LARGE)

    def _inspect_part(self, name: str) -> Part:
        part = Part()
        is_text = name.endswith((".xml", ".rels", ".vml"))
        is_sheet = "/worksheets/" in name
        is_read = is_sheet or name.endswith(_READ)
        tail = b""
        for piece in self.chunks(name):
            part.size += len(piece)
            self._count(name, part, len(piece))
            if is_text:
                window = tail + piece
                _refuse_declarations(window)
                if is_read:
                    _refuse_odd_text(piece)
                if is_sheet:
                    self._note_rows(part, window, len(tail))
                tail = window[-256:]
        return part

    def _count(self, name: str, part: Part, size: int) -> None:
        self._unpacked += size
        is_support = "/worksheets/" not in name and not name.endswith("sharedstrings.xml")
        is_read = name.endswith((".xml", ".rels"))
        if self._unpacked > self._limits.unpacked_bytes:
            raise UnreadableReturn(_TOO_LARGE)
        if is_support and is_read and part.size > self._limits.support_part_bytes:
            raise UnreadableReturn(_TOO_LARGE)

    def _count_rows(self, part: Part, piece: bytes) -> None:
        """Count rows with a value, to refuse a sheet of too many at once and not after reading most of them."""
        *rows, part.unfinished = (part.unfinished[-CHUNK:] + piece).split(b"row>")
        filled = sum(map(_holds_value, rows))
        part.rows += filled
        if not filled:
            part.blank_bytes += len(piece)
            if part.blank_bytes > self._limits.blank_bytes:
                raise UnreadableReturn(
                    "The workbook has a sheet with millions of blank rows or cells. Ask the provider to delete the "
                    "blank rows below the table and save the file again."
                )
        if part.rows > self._limits.rows + ROWS_BESIDE_VISITS:
            raise UnreadableReturn(
                f"The workbook has a sheet of more than {self._limits.rows:,} rows. Ask the provider to send the "
                "quarter in several files."
            )

    def _note_rows(self, part: Part, window: bytes, seen: int) -> None:
        self._count_rows(part, window[seen:])
        if b"mergeCell" not in window:
            return
        for match in _MERGE.finditer(window):
            first, last = int(match[2]), int(match[4])
            if match.end() > seen and last > first and len(part.merges) < self._limits.merges:
                part.merges.append((match[1].decode(), first, match[3].decode(), last))


def _holds_value(row: bytes) -> bool:
    return b"v>" in row or b"t>" in row


def _refuse_odd_member(info: zipfile.ZipInfo) -> None:
    if info.flag_bits & 0x1:
        raise UnreadableReturn("The workbook is locked with a password. Ask the provider to send it without one.")
    if info.compress_type not in _ALLOWED_METHODS:
        raise UnreadableReturn(DAMAGED)


def _refuse_overlap(infos: list[zipfile.ZipInfo]) -> None:
    """Parts that share the same packed bytes are how a small archive claims to hold petabytes (Fifield, 2019)."""
    end = 0
    for info in sorted(infos, key=lambda member: member.header_offset):
        if info.header_offset < end:
            raise UnreadableReturn(_TOO_LARGE)
        end = info.header_offset + 30 + len(info.orig_filename) + info.compress_size


def _refuse_macros(names: list[str]) -> None:
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
        raise UnreadableReturn(
            "The workbook contains macros, which are small programs, so it was not opened. Ask the provider to save it "
            "as Excel Workbook (.xlsx) or CSV and send that."
        )


def _refuse_declarations(window: bytes) -> None:
    plain = window.replace(b"\0", b"") if b"\0" in window else window  # UTF-16, as Power Query stores its part
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise UnreadableReturn(
            "The workbook declares external or repeated content (an XML entity), which Excel never writes, so it was "
            "not opened. Ask the provider to copy the visits into a new workbook."
        )


def _refuse_odd_text(piece: bytes) -> None:
    """Refuse, in the parts that are read, what no program that writes workbooks writes there."""
    if b"\0" in piece:
        raise UnreadableReturn(DAMAGED)
    if len(piece) == CHUNK and b"<" not in piece and b">" not in piece:
        raise UnreadableReturn(
            "The workbook has a cell with more text than Excel allows, so it was not read. Ask the provider to copy "
            "the visits into a new workbook."
        )
