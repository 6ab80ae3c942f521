"""How well the cells of a row fit its columns, and putting together a CSV row that a stray comma has cut."""

from cafes.returns.answers import REVIEW, read_age_band, read_district, read_ethnicity, read_reasons, read_score
from cafes.returns.cafe_names import CafeNames
from cafes.returns.dates import looks_like_date, read_time
from cafes.returns.headings import Columns
from cafes.returns.sheets import Cell, Row
from cafes.returns.text import fold
from cafes.returns.vocabulary import GENDERS, REASONS, SUPPORT


def rejoin(row: Row, columns: Columns, delimiter: str, cafes: CafeNames) -> Row:
    """The row with as many cells as the header has, joined where the answers then fit their columns best.

    A row that fits no better joined than cut, or that has only blank cells too many, stays as it is.
    """
    width = len(columns.labels)
    extra = len(row.cells) - width
    best, most = row.cells, fit(row.cells, columns, cafes)
    for start in range(width):
        pieces = [str(cell).strip() for cell in row.cells[start : start + extra + 1] if cell is not None]
        joined: list[Cell] = [*row.cells[:start], f"{delimiter} ".join(pieces) or None]
        joined += row.cells[start + extra + 1 :]
        fits = fit(joined, columns, cafes)
        if fits > most:
            best, most = joined, fits
    return Row(row.number, best, row.has_formula)


def fit(cells: list[Cell], columns: Columns, cafes: CafeNames) -> int:
    """How many cells hold an answer of the kind that their column asks for."""

    def cell(name: str) -> Cell:
        place = columns.single.get(name)
        return cells[place] if place is not None and place < len(cells) else None

    fits = [
        cafes.match(str(cell("cafe") or "")) is not None,
        looks_like_date(cell("date")),
        read_time(cell("time")) is not None,
        bool(read_age_band(cell("age_band"))),
        fold(cell("gender")) in GENDERS,
        cell("ethnicity") is not None and read_ethnicity(cell("ethnicity"))[0] != REVIEW,
        cell("distress_before") is not None and read_score(cell("distress_before"))[1],
        cell("distress_after") is not None and read_score(cell("distress_after"))[1],
        bool(read_district(cell("postcode"))),
    ]
    lists = [(place, frozenset(REASONS.values())) for place in columns.reasons]
    lists += [(place, frozenset(SUPPORT.values())) for place in columns.support]
    for place, known in lists:
        answers = read_reasons(cells[place]) if place < len(cells) else ()
        fits.append(bool(answers) and known.issuperset(answers))
    return sum(fits)
