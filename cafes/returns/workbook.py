"""Reading the sheets of an .xlsx workbook row by row.

openpyxl says which number formats are dates. It does not read the sheets: it builds a tree for each row before we
could count what is in it, so one hostile row fills the memory, and an honest file takes three times as long. Here
expat hands over one cell at a time, blank cells cost nothing, and every limit holds while reading.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from xml.parsers import expat

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

from cafes.returns.archive import DAMAGED, Archive
from cafes.returns.refusals import Limits, UnreadableReturn, quoted
from cafes.returns.sheet_cells import DEEPEST, CellReader, SheetHandler
from cafes.returns.sheets import Row, Sheet, fill_merged, merged_ranges

_HIDDEN_BUILTIN_DATES = frozenset((*range(27, 37), *range(50, 59)))
Attributes = dict[str, str]


def local(name: str) -> str:
    """The name of an element or attribute without its namespace prefix."""
    return name.rpartition(":")[2]


def parse(
    archive: Archive,
    part: str,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Run handlers over a whole (small) part; UnreadableReturn when its XML is broken or declares anything."""
    depth = 0

    def opened(tag: str, attributes: Attributes) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise UnreadableReturn(DAMAGED)
        start(tag, attributes)

    def closed(tag: str) -> None:
        nonlocal depth
        depth -= 1
        if end is not None:
            end(tag)

    parser = secure_parser()
    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.CharacterDataHandler = text
    for _ in feed(parser, archive.chunks(part)):
        pass


def secure_parser() -> expat.XMLParserType:
    """An expat parser that refuses every document type declaration, so no entity can be defined or fetched."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.EntityDeclHandler = _refuse_doctype
    return parser


def _refuse_doctype(*_declared: object) -> None:
    raise UnreadableReturn(DAMAGED)


def feed(parser: expat.XMLParserType, chunks: Iterator[bytes]) -> Iterator[None]:
    """Feed a part to the parser, pausing after each piece so that what it found can be handed on."""
    fed = 0
    try:
        for piece in chunks:
            parser.Parse(piece)
            fed += len(piece)
            if fed - parser.CurrentByteIndex > 1_000_000:
                raise UnreadableReturn(DAMAGED)  # one endless tag or comment, which would fill the memory
            yield
        parser.Parse(b"", True)  # noqa: FBT003 - expat takes no keywords
        yield
    except expat.ExpatError:
        raise UnreadableReturn(DAMAGED) from None


@dataclass(frozen=True, slots=True)
class _Listed:
    """A sheet as the workbook lists it."""

    title: str
    relation: str
    hidden: bool


class Workbook:
    """An .xlsx workbook whose archive has been inspected; `sheets` lists what it holds, in the order of its tabs."""

    def __init__(self, archive: Archive, limits: Limits) -> None:
        self._archive = archive
        self._limits = limits
        self._date1904 = False
        self._root = ""
        self._listed: list[_Listed] = []
        self._main = self._find_main_part()
        self._read_list()
        relations = self._relations(self._main)
        styles = self._related("styles", relations)
        strings = self._related("sharedStrings", relations)
        self._cells = CellReader(
            strings=self._read_strings(strings) if strings else [],
            date_styles=self._read_date_styles(styles) if styles else frozenset(),
            date1904=self._date1904,
        )
        self._targets = {identity: target for identity, (_, target) in relations.items()}

    def sheets(self) -> Iterator[Sheet]:
        """Each worksheet with its rows still unread; chart sheets are passed over."""
        for listed in self._listed:
            target = self._targets.get(listed.relation, "")
            if target not in self._archive or "/worksheets/" not in f"/{target}":
                continue
            part = self._archive.parts[target.casefold()]
            yield Sheet(
                title=listed.title,
                is_hidden=listed.hidden,
                rows=self._rows(listed.title, target),
                expected_rows=part.rows,
            )

    def _rows(self, title: str, target: str) -> Iterator[Row]:
        parser = secure_parser()
        handler = SheetHandler(title, self._cells, self._limits)
        handler.attach(parser)
        merges = merged_ranges(self._archive.parts[target.casefold()].merges)
        rows = self._finished_rows(parser, handler, target)
        return fill_merged(rows, merges) if merges else rows

    def _finished_rows(self, parser: expat.XMLParserType, handler: SheetHandler, target: str) -> Iterator[Row]:
        for _ in feed(parser, self._archive.chunks(target)):
            if handler.finished:
                yield from handler.finished
                handler.finished.clear()

    def _find_main_part(self) -> str:
        for kind, target in self._relations("").values():
            if kind == "officeDocument" and target in self._archive:
                return target
        raise UnreadableReturn(_NOT_A_WORKBOOK)

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """The parts that a part refers to: identity, then kind and name; those outside the file are left out."""
        folder, _, name = part.rpartition("/")
        listing = f"{folder}/_rels/{name}.rels".lstrip("/")
        found: dict[str, tuple[str, str]] = {}

        def start(tag: str, attributes: Attributes) -> None:
            if local(tag) == "Relationship" and attributes.get("TargetMode") != "External":
                target = _resolved(folder, attributes.get("Target", ""))
                found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], target)

        if listing in self._archive:
            parse(self._archive, listing, start)
        return found

    @staticmethod
    def _related(kind: str, relations: dict[str, tuple[str, str]]) -> str | None:
        return next((target for found, target in relations.values() if found == kind), None)

    def _read_list(self) -> None:
        def start(tag: str, attributes: Attributes) -> None:
            name = local(tag)
            if not self._root:
                self._root = name
            if name == "workbookPr":
                self._date1904 = attributes.get("date1904", "0") in ("1", "true", "on")
            elif name == "sheet":
                identity = next((value for key, value in attributes.items() if local(key) == "id"), "")
                hidden = attributes.get("state", "visible") != "visible"
                self._listed.append(_Listed(attributes.get("name", ""), identity, hidden))

        parse(self._archive, self._main, start)
        if self._root != "workbook":
            raise UnreadableReturn(_NOT_A_WORKBOOK)
        if len(self._listed) > self._limits.sheets:
            raise UnreadableReturn(
                f"The workbook has {len(self._listed):,} sheets; a return may have {self._limits.sheets}. Ask the "
                "provider to send one sheet for each café."
            )

    def _read_strings(self, part: str) -> list[str]:
        """The workbook's shared texts in order; formatting runs are joined and phonetic hints left out."""
        strings: list[str] = []
        if part not in self._archive:
            return strings
        pieces: list[str] = []
        inside = [False, False]  # in a text, in a phonetic hint
        room = self._limits.strings_characters

        def start(tag: str, _attributes: Attributes) -> None:
            name = local(tag)
            if name == "rPh":
                inside[1] = True
            elif name == "t":
                inside[0] = not inside[1]

        def text(piece: str) -> None:
            nonlocal room
            if inside[0]:
                room -= len(piece)
                pieces.append(piece)
                if room < 0:
                    raise UnreadableReturn(_TOO_MUCH_TEXT)

        def end(tag: str) -> None:
            name = local(tag)
            if name == "t":
                inside[0] = False
            elif name == "rPh":
                inside[1] = False
            elif name == "si":
                strings.append("".join(pieces))
                pieces.clear()
                if len(strings) > self._limits.strings:
                    raise UnreadableReturn(_TOO_MUCH_TEXT)

        parse(self._archive, part, start, end=end, text=text)
        return strings

    def _read_date_styles(self, part: str) -> frozenset[int]:
        """The cell styles whose number is a date or a time."""
        if part not in self._archive:
            return frozenset()
        formats: dict[int, str] = dict(BUILTIN_FORMATS)
        dated: set[int] = set()
        position = [-1, 0]  # the style being read, and how deep inside the list of cell styles

        def start(tag: str, attributes: Attributes) -> None:
            name = local(tag)
            if name == "numFmt":
                formats[_number(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
            elif name == "cellXfs":
                position[1] = 1
            elif name == "xf" and position[1]:
                position[0] += 1
                code = _number(attributes.get("numFmtId"))
                if code in _HIDDEN_BUILTIN_DATES or is_date_format(formats.get(code, "")):
                    dated.add(position[0])

        def end(tag: str) -> None:
            if local(tag) == "cellXfs":
                position[1] = 0

        parse(self._archive, part, start, end=end)
        return frozenset(dated)


_NOT_A_WORKBOOK = (
    "The file is named .xlsx but is not an Excel workbook. Ask the provider to save it as Excel Workbook (.xlsx) or "
    "CSV and send that."
)
_TOO_MUCH_TEXT = (
    "The workbook holds more text than a quarter of visits could, so it was not read. Ask the provider to copy the "
    "visits into a new workbook."
)


def _number(text: str | None) -> int:
    try:
        return int(text or 0)
    except ValueError:
        raise UnreadableReturn(f"{DAMAGED} A style has the number {quoted(text)}.") from None


def _resolved(folder: str, target: str) -> str:
    """The full name of a part named relative to a folder of the archive."""
    if target.startswith("/"):
        return target.lstrip("/")
    steps = folder.split("/") if folder else []
    for step in target.split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)
