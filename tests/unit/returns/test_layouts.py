"""Tables are found wherever they stand on a sheet, and only visits are taken for visits."""

from datetime import datetime
from typing import Any

import openpyxl
import pytest

from cafes.returns import UnreadableReturn
from tests.unit.returns.building import (
    HEADINGS,
    check,
    check_rows,
    delimited,
    part_of,
    rewritten,
    saved,
    visit,
    with_shared_strings,
    workbook,
    workbook_of,
)

_WITHOUT_CAFE = HEADINGS[1:]


def _visit_without_cafe(**answers: Any) -> list[Any]:
    return visit(**answers)[1:]


def test_titles_above_the_header_are_passed_over() -> None:
    rows = [["Melton Mates"], ["Café return 2024/25 Quarter 1"], *[[None]] * 9, HEADINGS, visit()]

    tally = check(workbook(rows))

    assert (tally.rows, tally.accepted) == (1, 1)


@pytest.mark.parametrize(
    "row",
    [
        ["TOTAL", None, None, 152],
        ["Total visits: 2"],
        ["Grand total", 2],
        ["Sub-total", None, None, 1],
        ["April 2024 total", 1],
        ["Syston Stop-by Total", None, 2],
        ["Syston Stop-by", "Total", 2],
        [None, None, None, 2],
        ["TOTAL", None, None, "=COUNTA(D2:D9)"],
        [None, None, "=SUM(A1:A2)", "=SUM(A1:A2)", "=SUM(A1:A2)", "=SUM(A1:A2)"],
        ["Note: please return by 5 July"],
        ["Signed", "J Smith", "Date", "05/07/2024"],
        ["Month", "Visits"],
        ["April", 56],
        ["Café", "April", "May", "June", "Total"],
        ["Syston Stop-by", 20, 15, 28, 63],
        ["Female", 40, "50%"],
        ["Gender summary", "Female", "Male", "NB"],
        ["Any questions", "contact the team", "on 0116 123", "or by post", "to us"],
        ["Syston Stop-by", "03/04/2024", "Closed - bank holiday"],
        ["e.g. Syston Stop-by", "01/04/2024", "10:00", "AB12", "New", "25-34", "F"],
        [None, "   ", "\u00a0"],
        HEADINGS,
    ],
)
def test_row_that_tells_of_no_visit_is_not_counted(row: list[Any]) -> None:
    tally = check_rows(visit(), row, visit())

    assert (tally.rows, tally.accepted) == (2, 2)


def test_row_numbers_are_those_that_the_spreadsheet_shows() -> None:
    tally = check(workbook([["Title"], [], HEADINGS, visit(), [], visit(date="31/06/2024")]))

    assert [(row.sheet, row.row, row.reason) for row in tally.rejected] == [("Visits", 6, "bad_date")]


def test_cafe_is_taken_from_the_sheet_title_when_no_column_names_it() -> None:
    sheets = {
        "Instructions": [["How to fill in this return"]],
        "SYSTON STOP BY": [_WITHOUT_CAFE, _visit_without_cafe()],
        "Melton": [_WITHOUT_CAFE, _visit_without_cafe()],
        "Empty": [],
    }

    tally = check(workbook_of(sheets))

    assert tally.visits_by_cafe == {"Syston Stop-by": 1}
    assert tally.needs_cafe_alias == {"Melton": ["Melton Mowbray Café"]}
    assert [title for title, _ in tally.skipped_sheets] == ["Instructions", "Empty"]


def test_cafe_is_taken_from_the_heading_over_each_block() -> None:
    rows = [
        ["Melton Mates return"],
        ["Café: Syston Stop-by"],
        _WITHOUT_CAFE,
        _visit_without_cafe(),
        [],
        ["Melton Mowbray Cafe"],
        _WITHOUT_CAFE,
        _visit_without_cafe(),
        [],
        ["Thursday Club"],
        _WITHOUT_CAFE,
        _visit_without_cafe(),
    ]

    tally = check(workbook(rows, title="Sheet1"))

    assert tally.visits_by_cafe == {"Syston Stop-by": 1, "Melton Mowbray Café": 1}
    assert tally.rejected_by_reason == {"unknown_cafe": 1}


def test_ticks_under_two_lines_of_headings_are_read() -> None:
    rows = [
        ["Café", "Date", "Time", "Reasons for visit", None, None, "Support", None, "Distress (0-10)", None],
        [None, None, None, "Stress", "Anxiety", "Loneliness", "Peer support", "Refreshments", "Before", "After"],
        ["Syston Stop-by", "03/04/2024", "10:00", "x", None, "✓", "Y", "0", 7, 14],
        ["Syston Stop-by", "03/04/2024", "10:00", "x", None, "✓", "Y", "0", 7, 4],
    ]

    tally = check(workbook(rows))

    assert tally.visits_by_reason == {"Stress": 1, "Loneliness": 1}
    assert tally.rejected_by_reason == {"score": 1}


def test_cells_merged_down_the_sheet_count_for_each_row() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in [HEADINGS, visit(), visit(cafe=None, date=None), visit(cafe=None, date=None)]:
        sheet.append(row)
    sheet.merge_cells("A2:A4")
    sheet.merge_cells("B2:B4")

    tally = check(saved(book))

    assert tally.visits_by_cafe == {"Syston Stop-by": 3}


def test_ditto_marks_stand_for_the_cell_above() -> None:
    tally = check_rows(visit(), visit(cafe='"', date='"'), visit(cafe="ditto"))

    assert tally.visits_by_cafe == {"Syston Stop-by": 3}


def test_hidden_sheet_is_not_read_but_hidden_rows_are() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in [HEADINGS, visit(), visit()]:
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    hidden = book.create_sheet("Last quarter")
    hidden.append(HEADINGS)
    hidden.append(visit())
    hidden.sheet_state = "veryHidden"

    tally = check(saved(book))

    assert tally.rows == 2
    assert tally.skipped_sheets == [("Last quarter", "hidden")]


def test_dates_and_times_of_a_workbook_are_read_by_their_format() -> None:
    moment = datetime(2024, 4, 3, 17, 30)  # noqa: DTZ001

    tally = check_rows(visit(date=moment, time=moment.time()), visit(date=moment.date(), time=0.5))

    assert tally.visits_by_month == {"2024-04": 2}


def test_shared_texts_with_formatting_runs_and_phonetic_hints_are_read() -> None:
    strings = b"<sst><si><r><t>Syston </t></r><r><t>Stop-by</t></r><rPh><t>x</t></rPh></si></sst>"
    book = workbook([HEADINGS, visit(cafe="REPLACED")])
    sheet = part_of(book, "xl/worksheets/sheet1.xml").replace(
        b't="inlineStr"><is><t>REPLACED</t></is>', b't="s"><v>0</v>'
    )
    book = rewritten(with_shared_strings(book, strings), {"xl/worksheets/sheet1.xml": sheet})

    tally = check(book)

    assert tally.visits_by_cafe == {"Syston Stop-by": 1}


def test_few_thousand_blank_rows_below_the_table_are_read() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in [HEADINGS, visit()]:
        sheet.append(row)
    for number in range(3, 5_000):
        sheet.cell(number, 1).number_format = "dd/mm/yyyy"

    tally = check(saved(book))

    assert tally.rows == 1


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "mac_roman", "cp850"])
def test_csv_of_any_separator_and_encoding_is_read(delimiter: str, encoding: str) -> None:
    rows = [HEADINGS, visit(cafe="Melton Mowbray Café", reasons="Anxiety, Stress\nHousing")]

    tally = check(delimited(rows, delimiter, encoding), "return.csv")

    assert tally.visits_by_cafe == {"Melton Mowbray Café": 1}
    assert tally.visits_by_reason == {"Anxiety": 1, "Stress": 1, "Housing": 1}


def test_csv_with_a_separator_line_is_numbered_as_excel_shows_it() -> None:
    content = b"sep=;\r\n" + delimited([HEADINGS, visit(), visit(date="")], ";")

    tally = check(content, "return.csv")

    assert [(row.sheet, row.row, row.reason) for row in tally.rejected] == [("return", 3, "no_date")]


def test_csv_row_cut_by_a_comma_without_quotation_marks_is_put_together() -> None:
    line = "Syston Stop-by,03/04/2024,10:00,A1,New,25-34,F,Indian,Anxiety, Stress,Peer support,,GP,7,4,LE7"

    tally = check(f"{','.join(HEADINGS)}\n{line}\n".encode(), "return.csv")

    assert tally.visits_by_reason == {"Anxiety": 1, "Stress": 1}
    assert tally.accepted == 1


def test_columns_that_are_missing_or_unknown_do_no_harm() -> None:
    rows = [
        ["Staff", "Date", "Site", "Time", "Sex", "Shoe size"],
        ["J", "03/04/2024", "syston stop-by", "9.30", "F", 6],
    ]

    tally = check(workbook(rows))

    assert (tally.accepted, tally.visits_by_gender) == (1, {"female": 1})
    assert tally.visits_by_age_band == {"Not known": 1}


def test_header_without_rows_is_read_as_none() -> None:
    tally = check(workbook([HEADINGS]))

    assert tally.rows == 0


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["a", "b"], ["c", "d"]], "No table of visits was found"),
        ([_WITHOUT_CAFE[1:], _visit_without_cafe()[1:]], "no heading for the date"),
    ],
)
def test_sheet_without_the_headings_is_refused_with_those_needed(rows: list[Any], words: str) -> None:
    with pytest.raises(UnreadableReturn) as refused:
        check(workbook(rows))

    assert words in refused.value.reason


def test_part_that_power_query_leaves_behind_does_no_harm() -> None:
    mashup = f'<?xml version="1.0" encoding="utf-16"?><DataMashup>{"UEsDBBQ" * 30_000}</DataMashup>'.encode("utf-16")
    book = rewritten(workbook([HEADINGS, visit()]), {"customXml/item1.xml": mashup})

    tally = check(book)

    assert tally.rows == 1
