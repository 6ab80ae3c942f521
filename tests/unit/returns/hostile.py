"""Files that mean harm, or that a careless program makes by accident; each function returns the bytes of one."""

import io
import random
import struct
import zipfile
from collections.abc import Callable

from tests.unit.returns.building import (
    HEADINGS,
    delimited,
    part_of,
    rewritten,
    visit,
    with_shared_strings,
    workbook,
    workbook_of,
)

_SHEET = "xl/worksheets/sheet1.xml"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def ordinary() -> bytes:
    return workbook([HEADINGS, visit(), visit(time="18:00")])


def _noise(size: int) -> bytes:
    """Letters and digits that hardly shrink, so that it is not their ratio that gives them away."""
    return random.Random(1).randbytes(size // 2).hex().encode()  # noqa: S311


def _with_sheet(replace: bytes, by: bytes) -> bytes:
    book = ordinary()
    return rewritten(book, {_SHEET: part_of(book, _SHEET).replace(replace, by)})


def zip_bomb() -> bytes:
    return _with_sheet(b"</sheetData>", b"</sheetData>" + b" " * 900_000_000)


def modest_zip_bomb() -> bytes:
    return rewritten(ordinary(), {"xl/media/image1.png": b"\0" * 399_000_000})


def nested_zip_bomb() -> bytes:
    """A harmless sheet beside archives in archives: none is unpacked twice, but together they are refused."""
    inner = zip_bomb()
    return rewritten(ordinary(), {f"xl/worksheets/sheet{n}.xml": inner for n in range(2, 1_000)})


def overlapping_parts() -> bytes:
    """Many names in the directory for the same packed bytes, as in Fifield's bombs."""
    book = bytearray(ordinary())
    end = book.rfind(b"PK\x05\x06")
    count, size, start = struct.unpack("<HII", book[end + 10 : end + 20])
    directory = bytes(book[start : start + size])
    tail = struct.pack("<HHIIH", count * 50, count * 50, size * 50, start, 0)
    return bytes(book[:start]) + directory * 50 + b"PK\x05\x06" + b"\0\0\0\0" + tail


def lying_sizes() -> bytes:
    """The directory says that the sheet is 10 bytes; it unpacks to 300 MB."""
    book = bytearray(rewritten(ordinary(), {_SHEET: b"<worksheet>" + b" " * 300_000_000 + b"</worksheet>"}))
    place = book.rfind(b"PK\x01\x02", 0, book.rfind(_SHEET.encode()))
    book[place + 24 : place + 28] = struct.pack("<I", 10)
    return bytes(book)


def external_entity() -> bytes:
    return _with_sheet(b"<worksheet", b'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><worksheet')


def entity_in_strings() -> bytes:
    return with_shared_strings(
        ordinary(), b'<!DOCTYPE s [<!ENTITY x SYSTEM "http://127.0.0.1/x">]><sst><si><t>&x;</t></si></sst>'
    )


def entity_in_properties() -> bytes:
    return rewritten(ordinary(), {"docProps/core.xml": b'<!DOCTYPE s [<!ENTITY x SYSTEM "file:///x">]><s>&x;</s>'})


def entity_in_utf16() -> bytes:
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE s [<!ENTITY x SYSTEM "file:///x">]><sst>&x;</sst>'
    return with_shared_strings(ordinary(), text.encode("utf-16"))


def entity_in_a_part_that_is_never_read() -> bytes:
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE s [<!ENTITY x SYSTEM "file:///x">]><sst>&x;</sst>'
    return rewritten(ordinary(), {"customXml/item1.xml": text.encode("utf-16")})


def entity_in_another_code_page() -> bytes:
    text = '<?xml version="1.0" encoding="cp037"?><!DOCTYPE s [<!ENTITY x SYSTEM "file:///x">]><sst>&x;</sst>'
    return with_shared_strings(ordinary(), text.encode("cp037"))


def billion_laughs() -> bytes:
    entities = b'<!ENTITY a0 "ha">' + b"".join(
        b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12)
    )
    return with_shared_strings(ordinary(), b"<!DOCTYPE s [" + entities + b"]><sst><si><t>&a11;</t></si></sst>")


def formula_in_a_visit() -> bytes:
    return workbook([HEADINGS, visit(), visit(reference='=HYPERLINK("http://127.0.0.1","A1")')])


def formula_in_csv() -> bytes:
    return delimited([HEADINGS, visit(), visit(reference="=1+1")])


def command_in_csv() -> bytes:
    return delimited([HEADINGS, visit(), visit(reference="+cmd|' /C calc'!A0")])


def macros() -> bytes:
    return rewritten(ordinary(), {"xl/vbaProject.bin": _OLE + b"\0" * 500})


def blank_rows_by_the_million() -> bytes:
    cells = b'<c s="1"/>' * 15 + b"</row>"
    rows = b"".join(b'<row r="%d">' % n + cells for n in range(4, 1_048_577))
    return _with_sheet(b"</sheetData>", rows + b"</sheetData>")


def blank_cells_by_the_million() -> bytes:
    """Blank cells between cells with values, so that no row is blank."""
    row = b'"><c><v>%d</v></c>' + b'<c s="1"/>' * 300 + b"</row>"
    rows = b"".join(b'<row r="%d' % n + row % (n * 7919) for n in range(4, 30_000))
    return _with_sheet(b"</sheetData>", rows + b"</sheetData>")


def huge_column_span() -> bytes:
    rows = b"".join(
        b'<row r="%d"><c r="XFD%d" t="inlineStr"><is><t>x</t></is></c></row>' % (n, n) for n in range(4, 60_000)
    )
    return _with_sheet(b"</sheetData>", rows + b"</sheetData>")


def one_row_of_millions_of_cells() -> bytes:
    cells = b"".join(b"<c><v>%d</v></c>" % (n * 7919) for n in range(1_000_000))
    return _with_sheet(b"</sheetData>", b'<row r="4">' + cells + b"</row></sheetData>")


def deep_nesting() -> bytes:
    tags = b"".join(b"<a%d>" % (n % 9_973) for n in range(3_000_000))
    return _with_sheet(b"<sheetData>", tags + b"<sheetData>")


def deep_nesting_of_cells() -> bytes:
    cells = b"".join(b'<c r="A%d">' % (n % 9_973) for n in range(3_000_000))
    return _with_sheet(b"</sheetData>", b"<row>" + cells + b"</sheetData>")


def deep_nesting_in_styles() -> bytes:
    tags = b"".join(b"<a%d>" % (n % 9_973) for n in range(2_500_000))
    return rewritten(ordinary(), {"xl/styles.xml": tags})


def endless_text() -> bytes:
    noise = _noise(20_000_000)
    return _with_sheet(
        b"</sheetData>", b'<row r="4"><c t="inlineStr"><is><t>' + noise + b"</t></is></c></row></sheetData>"
    )


def endless_text_in_pieces() -> bytes:
    noise = b"".join(b"<r><t>%d</t></r>" % (n * 7919) for n in range(20_000))
    return _with_sheet(b"</sheetData>", b'<row r="4"><c t="inlineStr"><is>' + noise + b"</is></c></row></sheetData>")


def endless_attribute() -> bytes:
    noise = _noise(20_000_000).replace(b"0", b">")
    return _with_sheet(b"<sheetData>", b'<sheetData x="' + noise + b'">')


def endless_comment() -> bytes:
    noise = _noise(20_000_000).replace(b"0", b"<")
    return _with_sheet(b"<sheetData>", b"<!--" + noise + b"--><sheetData>")


def shared_strings_bomb() -> bytes:
    return with_shared_strings(ordinary(), b"<sst>" + b"<si/>" * 40_000_000 + b"</sst>")


def millions_of_shared_strings() -> bytes:
    strings = b"".join(b"<si><t>%d</t></si>" % (n * 7919) for n in range(1_600_000))
    return with_shared_strings(ordinary(), b"<sst>" + strings + b"</sst>")


def large_shared_strings() -> bytes:
    noise = _noise(40_000_000)
    texts = b"".join(b"<si><t>%s</t></si>" % noise[n : n + 30_000] for n in range(0, len(noise), 30_000))
    return with_shared_strings(ordinary(), b"<sst>" + texts + b"</sst>")


def thousands_of_sheets() -> bytes:
    sheet = part_of(ordinary(), _SHEET)
    return rewritten(ordinary(), {f"xl/worksheets/sheet{n}.xml": sheet for n in range(2, 5_000)})


def hundreds_of_sheets() -> bytes:
    return workbook_of({f"Sheet{n}": [["x"]] for n in range(300)})


def too_many_rows() -> bytes:
    cells = b'<c t="inlineStr"><is><t>Syston Stop-by</t></is></c><c><v>45385</v></c><c><v>0.7</v></c><c><v>%d</v></c>'
    row = b"<row>" + cells + b"</row>"
    return _with_sheet(b"</sheetData>", b"".join(row % n for n in range(210_000)) + b"</sheetData>")


def too_many_rows_csv() -> bytes:
    line = ",".join("" if answer is None else str(answer) for answer in visit()) + "\r\n"
    return (",".join(HEADINGS) + "\r\n" + line * 210_000).encode()


def truncated() -> bytes:
    book = ordinary()
    return book[: len(book) * 2 // 3]


def damaged_inside() -> bytes:
    book = bytearray(ordinary())
    place = book.index(b"PK\x03\x04", book.index(_SHEET.encode()))
    book[place - 200 : place - 150] = b"\xff" * 50
    return bytes(book)


def encrypted() -> bytes:
    return _OLE + b"\0" * 3_000 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 3_000


def old_excel() -> bytes:
    return _OLE + b"\0" * 5_000


def one_endless_line() -> bytes:
    return b",".join([b"x" * 9] * 4_000_000)


def endless_cell() -> bytes:
    return delimited([HEADINGS, visit(alternative="a\n" * 20_000_000)])


def unclosed_quotation_mark() -> bytes:
    return delimited([HEADINGS]) + b'"' + delimited([visit()] * 20_000)


def blank_lines_by_the_million() -> bytes:
    return delimited([HEADINGS, visit()]) + b",,,,,,\r\n" * 5_000_000


def nul_bytes() -> bytes:
    return delimited([HEADINGS, visit()]) + b"\0\0\0"


def word_document() -> bytes:
    stream = io.BytesIO()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "_rels/.rels",
            f'<Relationships><Relationship Id="a" Type="{kind}" Target="word/document.xml"/></Relationships>',
        )
        archive.writestr("word/document.xml", "<w:document xmlns:w='w'><w:body/></w:document>")
    return stream.getvalue()


def open_document() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<office:document-content xmlns:office='o'/>")
    return stream.getvalue()


def csv_under_another_name() -> bytes:
    return delimited([HEADINGS, visit()])


def no_headings() -> bytes:
    return delimited([visit(), visit()])


def pdf() -> bytes:
    return b"%PDF-1.7\n" + b"x" * 900


def picture() -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 900


def web_page() -> bytes:
    return b"\xef\xbb\xbf\n<html><table><tr><td>Date</td></tr></table></html>"


def nothing() -> bytes:
    return b""


def one_letter() -> bytes:
    return b"x"


# Name, the file's name, what makes it, and words of the reason.
HOSTILE: list[tuple[str, Callable[[], bytes], str]] = [
    ("return.xlsx", zip_bomb, "unpacks to far more"),
    ("return.xlsx", modest_zip_bomb, "unpacks to far more"),
    ("return.xlsx", nested_zip_bomb, "unpacks to far more"),
    ("return.xlsx", overlapping_parts, "unpacks to far more"),
    ("return.xlsx", lying_sizes, "damaged"),
    ("return.xlsx", external_entity, "external or repeated content"),
    ("return.xlsx", entity_in_strings, "external or repeated content"),
    ("return.xlsx", entity_in_properties, "external or repeated content"),
    ("return.xlsx", entity_in_utf16, "external or repeated content"),
    ("return.xlsx", entity_in_a_part_that_is_never_read, "external or repeated content"),
    ("return.xlsx", entity_in_another_code_page, "damaged"),
    ("return.xlsx", billion_laughs, "external or repeated content"),
    ("return.xlsx", formula_in_a_visit, "cell D3 holds a formula"),
    ("return.csv", formula_in_csv, "cell D3 holds a formula"),
    ("return.csv", command_in_csv, "cell D3 holds a formula"),
    ("return.xlsx", macros, "macros"),
    ("return.xlsm", macros, "macros"),
    ("return.xls", old_excel, "older Excel"),
    ("return.xlsb", ordinary, "binary workbook"),
    ("return.xlsx", blank_rows_by_the_million, "millions of blank rows"),
    ("return.xlsx", blank_cells_by_the_million, "millions of blank rows"),
    ("return.xlsx", huge_column_span, "column XFD"),
    ("return.xlsx", one_row_of_millions_of_cells, "reaches as far as column"),
    ("return.xlsx", deep_nesting, "damaged"),
    ("return.xlsx", deep_nesting_of_cells, "damaged"),
    ("return.xlsx", deep_nesting_in_styles, "damaged"),
    ("return.xlsx", endless_text, "more text than Excel allows"),
    ("return.xlsx", endless_text_in_pieces, "more text than Excel allows"),
    ("return.xlsx", endless_attribute, ""),
    ("return.xlsx", endless_comment, ""),
    ("return.xlsx", shared_strings_bomb, "unpacks to far more"),
    ("return.xlsx", millions_of_shared_strings, "more text than a quarter"),
    ("return.xlsx", large_shared_strings, "more text than a quarter"),
    ("return.xlsx", thousands_of_sheets, "parts"),
    ("return.xlsx", hundreds_of_sheets, "300 sheets"),
    ("return.xlsx", too_many_rows, "more than 200,000 rows"),
    ("return.csv", too_many_rows_csv, "more than 200,000 rows"),
    ("return.xlsx", truncated, "damaged or was cut short"),
    ("return.xlsx", damaged_inside, "damaged"),
    ("return.xlsx", encrypted, "locked with a password"),
    ("return.xlsx", old_excel, "older Excel"),
    ("return.csv", one_endless_line, "far longer than a visit"),
    ("return.csv", endless_cell, "far longer than a visit"),
    ("return.csv", unclosed_quotation_mark, "far longer than a visit"),
    ("return.csv", blank_lines_by_the_million, "millions of blank rows"),
    ("return.csv", nul_bytes, "does not hold text"),
    ("return.xlsx", word_document, "not an Excel workbook"),
    ("return.xlsx", open_document, "not an Excel workbook"),
    ("return.xlsx", csv_under_another_name, "name must end in .csv"),
    ("return.csv", ordinary, "compressed file or workbook"),
    ("return.csv", no_headings, "No table of visits"),
    ("return.xlsx", pdf, "a PDF"),
    ("return.csv", pdf, "a PDF"),
    ("return.xlsx", picture, "a picture"),
    ("return.csv", picture, "a picture"),
    ("return.xlsx", web_page, "a web page"),
    ("return.csv", web_page, "a web page"),
    ("return.xlsx", nothing, "empty"),
    ("return.csv", nothing, "empty"),
    ("return.pages", one_letter, "neither an Excel workbook nor a CSV"),
]
