"""When a file is not read at all: the limits that protect the service, and the sentence that says why."""

from dataclasses import dataclass


class UnreadableReturn(Exception):
    """The file cannot be read, and `reason` is a sentence that a trust officer can act on.

    The reason never carries more of the file than a short quoted cell.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may ask of the service; generous for a quarter of visits, far below what would harm.

    Bytes are of the file, or of its unpacked parts. A quarter of 200,000 visits unpacks to about 220 MB of sheets;
    honest sheets shrink 10 to 60 times, bombs about 1,000 times. `markup` counts the elements of a sheet that are
    neither rows nor cells nor values, of which 200,000 visits written by openpyxl have about 5 million.
    """

    file_bytes: int = 50_000_000
    unpacked_bytes: int = 400_000_000
    support_part_bytes: int = 20_000_000
    ratio: int = 300
    ratio_applies_from: int = 10_000_000
    parts: int = 2_000
    sheets: int = 100
    rows: int = 200_000
    columns: int = 400
    blank_cells: int = 2_500_000
    blank_bytes: int = 60_000_000
    markup: int = 12_000_000
    strings: int = 1_500_000
    strings_characters: int = 32_000_000
    cell_characters: int = 40_000
    line_characters: int = 400_000
    merges: int = 50_000


DEFAULT_LIMITS = Limits()


def quoted(text: object, longest: int = 40) -> str:
    """What was written, in quotation marks and cut short, so that a message never carries a file's content away."""
    written = " ".join(str(text).split())
    if len(written) > longest:
        written = f"{written[: longest - 1]}…"
    return f"“{written}”"
