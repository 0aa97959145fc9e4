"""An XLSForm workbook as it stands: sheets of cells by heading, and what is wrong where.

What is converted later is what was read here, and nothing else: no second reader sees the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from littoral.store.people.sheets import Fault, Unfit, UnreadableFile, read_cells

MOST_BYTES = 2 * 1024 * 1024
MOST_UNPACKED = 20 * 1024 * 1024
MOST_COLUMNS = 80
MOST_ROWS = 5_000  # of one sheet
MOST_CHARACTERS = 10_000  # of one cell
MOST_IN_ALL = 1_000_000  # characters; one text may stand in the file once and in every cell
SHEETS = ("survey", "choices", "settings", "external_choices", "entities", "osm")


@dataclass(frozen=True)
class Line:
    """`number` counts from 1 with the heading; `cells` by heading as written, blank ones left out,
    `letters` the column of each heading."""

    number: int
    cells: Mapping[str, str]
    letters: Mapping[str, str]

    def of(self, *names: str) -> str:
        """The cell under the first of these headings that is filled in."""
        for name in names:
            for heading, value in self.cells.items():
                if plain(heading) == name:
                    return value
        return ""

    def all_of(self, *names: str) -> dict[str, str]:
        """Cells under these headings in any language: `label`, `label::中文 (zh)`."""
        return {h: v for h, v in self.cells.items() if base_of(h) in names}

    def column(self, *names: str) -> str:
        """The letter of the column that is meant, or the name where there is none."""
        for name in names:
            for heading, letter in self.letters.items():
                if base_of(heading) == name:
                    return letter
        return names[0]


@dataclass(frozen=True)
class Workbook:
    sheets: Mapping[str, list[Line]]
    headings: Mapping[str, list[str]] = field(default_factory=dict)

    def lines(self, sheet: str) -> list[Line]:
        return [line for line in self.sheets.get(sheet, []) if line.cells]

    def as_given(self, sheet: str) -> list[dict[str, str]]:
        """Rows as pyxform takes them, with the blank ones, by which it counts."""
        return [dict(line.cells) for line in self.sheets.get(sheet, [])]


def plain(heading: str) -> str:
    """As pyxform reads it: `Submission  URL` -> `submission_url`."""
    return "_".join(heading.split()).lower()


def base_of(heading: str) -> str:
    """Without its language: `Guidance Hint::English` -> `guidance_hint`."""
    return plain(heading.split("::")[0].split(":")[0])


def language_of(heading: str) -> str:
    """`label::中文 (zh)` -> `zh`, `label::English` -> `English`; empty for none."""
    rest = heading.partition(":")[2].strip(": ")
    code = rest.rpartition("(")[2].rstrip(") ") if rest.endswith(")") else ""
    return code or rest


def read_workbook(data: bytes) -> tuple[Workbook, list[Fault]]:
    """Raises UnreadableFile where it is none."""
    found: dict[str, list[Line]] = {}
    headings: dict[str, list[str]] = {}
    faults: list[Fault] = []
    room = _Room(MOST_IN_ALL)
    for title, lines in read_cells(data, MOST_BYTES, MOST_UNPACKED, MOST_COLUMNS):
        key = title.strip().lower()
        if key not in SHEETS:  # notes of who made it
            continue
        if key in found:
            faults.append(Fault(0, "", "stands twice", key))
            continue
        headings[key], found[key] = _sheet(key, lines, faults, room)
    if "survey" not in found:
        raise UnreadableFile("there is no sheet named survey: this is no XLSForm")
    return Workbook(found, headings), faults


class _Room:
    """How many characters may still be read."""

    def __init__(self, left: int) -> None:
        self.left = left

    def take(self, count: int) -> None:
        """Raises UnreadableFile."""
        self.left -= count
        if self.left < 0:
            raise UnreadableFile(f"the file holds more than {MOST_IN_ALL:,} characters")


def _sheet(
    key: str, lines: Iterator[list[str]], faults: list[Fault], room: _Room
) -> tuple[list[str], list[Line]]:
    heading = [cell.strip() for cell in next(lines, [])]
    room.take(sum(map(len, heading)))
    named = [(i, name) for i, name in enumerate(heading) if name]
    if len(heading) > MOST_COLUMNS and heading[MOST_COLUMNS]:
        faults.append(Fault(1, "", f"more than {MOST_COLUMNS} columns", key))
    letters: dict[str, str] = {}
    for index, name in named:
        if plain(name) in map(plain, letters):
            faults.append(Fault(1, get_column_letter(index + 1), f"{name} stands twice", key))
        letters[name] = get_column_letter(index + 1)
    rows = []
    for number, line in enumerate(lines, 2):
        room.take(sum(map(len, line)))
        if number > MOST_ROWS + 1:
            faults.append(Fault(number, "", f"more than {MOST_ROWS:,} rows", key))
            break
        cells = {}
        for index, name in named:
            value = line[index] if index < len(line) else ""
            letter = letters[name]
            if isinstance(value, Unfit):
                faults.append(Fault(number, letter, str(value), key))
            elif len(value) > MOST_CHARACTERS:
                why = f"more than {MOST_CHARACTERS:,} characters"
                faults.append(Fault(number, letter, why, key))
            elif value:
                cells[name] = value
        rows.append(Line(number, cells, letters))
    while rows and not rows[-1].cells:
        rows.pop()
    return [name for _, name in named], rows
