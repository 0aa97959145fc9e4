"""Tables from Excel (xlsx) and CSV files: cells as text with row and column, nothing evaluated."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from littoral.store.database import RecordsError

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
MOST_ROWS = 100_000
MOST_PARTS = 500  # files in the ZIP file that an Excel file is
MOST_COLUMNS = 30
# Parts that run, or fetch what lies elsewhere; the names stand in clear in the file.
DANGEROUS_PARTS = {
    "vbaproject.bin": "holds macros; save it as .xlsx without them",
    "externallinks/": "links to other files; put the values there",
    "connections.xml": "fetches data from elsewhere; put the values there",
    "embeddings/": "holds embedded objects; take them out",
    "querytables/": "fetches data from elsewhere; put the values there",
}
MOST_SHEETS = 10
XLSX, CSV = "xlsx", "csv"
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML 1.0, section 2.2


class Fault(NamedTuple):
    """What is wrong where. `row` counts from 1 with the heading; 0: the file as a whole."""

    row: int
    column: str
    message: str
    sheet: str = ""  # key of the sheet in a book of several

    def __str__(self) -> str:
        parts = [f"sheet {self.sheet}"] if self.sheet else []
        parts += [f"row {self.row}"] if self.row else []
        place = ", ".join(parts + ([f"column {self.column}"] if self.column else []))
        return f"{place}: {self.message}" if place else self.message


@dataclass(frozen=True)
class Row:
    number: int
    cells: dict[str, str]  # by the column's key; blank cells are ""


@dataclass(frozen=True)
class Column:
    """A column of a sheet: its key, the Chinese heading that is taken too, an example."""

    key: str
    zh: str
    required: bool
    example: str


class UnreadableFile(RecordsError):
    """The file is no table that can be read; nothing of it was."""


def read_sheet(data: bytes, name: str, columns: Sequence[Column]) -> tuple[list[Row], list[Fault]]:
    """Rows of the first sheet, empty ones left out, and what is wrong with the heading or cells.

    `name` tells the kind by its ending. Raises UnreadableFile.
    """
    if len(data) > MOST_BYTES:
        raise UnreadableFile(f"the file may have at most {MOST_BYTES:,} bytes")
    kind = Path(name).suffix.lower().lstrip(".")
    if kind not in (XLSX, CSV):
        raise UnreadableFile("the file must end in .xlsx or .csv")
    lines = _xlsx_lines(data) if kind == XLSX else _csv_lines(data)
    return _rows(lines, columns)


def read_book(
    data: bytes, sheets: Mapping[str, Sequence[Column]], names: Mapping[str, str]
) -> tuple[dict[str, tuple[list[Row], list[Fault]]], list[Fault]]:
    """Of an Excel file rows and faults by sheet, of those sheets whose names are known (keys of
    `sheets`, or of `names`, which gives the key); and faults of the book. Raises UnreadableFile."""
    if len(data) > MOST_BYTES:
        raise UnreadableFile(f"the file may have at most {MOST_BYTES:,} bytes")
    found: dict[str, tuple[list[Row], list[Fault]]] = {}
    faults = []
    for title, lines in _xlsx_sheets(data):
        key = names.get(title.strip(), title.strip().lower())
        if key not in sheets:
            known = ", ".join([*sheets, *names])
            faults.append(Fault(0, "", f"unknown name; known: {known}", title[:40]))
        elif key in found:
            faults.append(Fault(0, "", "stands twice", title[:40]))
        else:
            found[key] = _rows(lines, sheets[key])
    return found, faults


def _rows(lines: Iterator[list[str]], columns: Sequence[Column]) -> tuple[list[Row], list[Fault]]:
    heading = next(lines, None)
    if heading is None:
        raise UnreadableFile("the file is empty")
    keys, faults = _heading(heading, columns)
    rows = []
    for number, line in enumerate(lines, 2):
        if number > MOST_ROWS + 1:
            faults.append(Fault(number, "", f"more than {MOST_ROWS:,} rows"))
            break
        cells: dict[str, str] = dict.fromkeys((c.key for c in columns), "")
        for index, cell in enumerate(line):
            key = keys.get(index)
            if isinstance(cell, Unfit):
                faults.append(Fault(number, key or get_column_letter(index + 1), str(cell)))
            elif key is not None:
                cells[key] = cell
            elif cell:
                letter = get_column_letter(index + 1)
                faults.append(Fault(number, letter, "there is no heading over this cell"))
        if any(cells.values()):
            rows.append(Row(number, cells))
            faults.extend(
                Fault(number, c.key, "must be filled in")
                for c in columns
                if c.required and not cells[c.key]
            )
    return rows, faults


def write_book(sheets: Mapping[str, tuple[Sequence[Column], Iterable[Sequence[str]]]]) -> bytes:
    """An Excel file of these sheets, every cell as text: a name that begins with `=` is no formula
    when somebody opens the file."""
    book = Workbook(write_only=True)
    for title, (columns, rows) in sheets.items():
        sheet = book.create_sheet(title)
        for index in range(1, len(columns) + 1):
            sheet.column_dimensions[get_column_letter(index)].width = 22
        sheet.freeze_panes = "A2"
        sheet.append([_cell(sheet, c.key, Font(bold=c.required)) for c in columns])
        for row in rows:
            sheet.append([_cell(sheet, value) for value in row])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _cell(sheet: Any, value: str, font: Font | None = None) -> WriteOnlyCell:
    made = WriteOnlyCell(sheet, _NOT_IN_XML.sub("", value))
    made.data_type = "s"
    made.number_format = "@"
    if font is not None:
        made.font = font
    return made


def template(columns: Sequence[Column], kind: str) -> bytes:
    """An empty sheet with headings and one row as an example."""
    if kind == CSV:
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow([c.key for c in columns])
        writer.writerow([c.example for c in columns])
        return out.getvalue().encode("utf-8-sig")  # so that Excel sees that it is UTF-8
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([c.key for c in columns])
    sheet.append([c.example for c in columns])
    for index, column in enumerate(columns, 1):
        sheet.cell(1, index).font = Font(bold=column.required)
        sheet.column_dimensions[get_column_letter(index)].width = 22
        for row in range(1, 1001):  # text, so that codes keep their zeros and days stay as typed
            sheet.cell(row, index).number_format = "@"
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


class Unfit(str):
    """In the place of a cell that cannot be taken: why."""


def _heading(cells: Sequence[str], columns: Sequence[Column]) -> tuple[dict[int, str], list[Fault]]:
    known = {c.key: c.key for c in columns} | {c.zh: c.key for c in columns}
    keys: dict[int, str] = {}
    faults = []
    for index, cell in enumerate(cells):
        letter = get_column_letter(index + 1)
        key = known.get(cell.strip().lower())
        if key is not None and key in keys.values():
            faults.append(Fault(1, letter, f"{key} stands twice"))
        elif key is not None:
            keys[index] = key
        elif cell.strip():
            faults.append(Fault(1, letter, f"unknown heading {cell.strip()[:50]!r}"))
    missing = [c.key for c in columns if c.required and c.key not in keys.values()]
    faults.extend(Fault(1, key, "the column is missing") for key in missing)
    return keys, faults


def _csv_lines(data: bytes) -> Iterator[list[str]]:
    """UTF-8 with or without a mark; else GB 18030, as Excel writes CSV in China."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise UnreadableFile("the file is neither UTF-8 nor GB 18030")
    try:
        yield from ([c.strip() for c in line] for line in csv.reader(io.StringIO(text, newline="")))
    except csv.Error as error:
        raise UnreadableFile(f"no CSV: {error}") from error


def _xlsx_lines(data: bytes) -> Iterator[list[str]]:
    """Of the first sheet."""
    for _, lines in _xlsx_sheets(data):
        yield from lines
        return


def read_cells(
    data: bytes, most_bytes: int, most_unpacked: int, most_columns: int
) -> Iterator[tuple[str, Iterator[list[str]]]]:
    """The sheets of an Excel file as they stand: title and lines of cells, `Unfit` where one cannot
    be taken. Raises UnreadableFile."""
    if len(data) > most_bytes:
        raise UnreadableFile(f"the file may have at most {most_bytes:,} bytes")
    return _xlsx_sheets(data, most_unpacked, most_columns)


def _xlsx_sheets(
    data: bytes, most_unpacked: int = MOST_UNPACKED, most_columns: int = MOST_COLUMNS
) -> Iterator[tuple[str, Iterator[list[str]]]]:
    _check_zip(data, most_unpacked)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False)
        sheets = book.worksheets
    except Exception as error:  # whatever a broken file makes the reader raise
        raise UnreadableFile(f"no Excel file that can be read: {error}") from error
    for sheet in sheets[:MOST_SHEETS]:
        yield sheet.title, _sheet_lines(sheet, most_columns)


def _sheet_lines(sheet: Any, most_columns: int) -> Iterator[list[str]]:
    try:
        sheet.reset_dimensions()  # what the file claims of its size costs nothing
        for line in sheet.iter_rows(max_col=most_columns + 1):
            yield [_text(cell.value, getattr(cell, "data_type", "")) for cell in line]
    except Exception as error:  # whatever a broken file makes the reader raise
        raise UnreadableFile(f"no Excel file that can be read: {error}") from error


def _check_zip(data: bytes, most_unpacked: int) -> None:
    """A small file may unpack to a huge one."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > most_unpacked:
                raise UnreadableFile("the file unpacks to too much")
            names = [entry.filename.lower() for entry in packed.infolist()]
    except zipfile.BadZipFile as error:
        raise UnreadableFile("no Excel file (xlsx)") from error
    if len(names) > MOST_PARTS:
        raise UnreadableFile(f"the file has more than {MOST_PARTS} parts")
    for mark, why in DANGEROUS_PARTS.items():
        if any(mark in name for name in names):
            raise UnreadableFile(f"the file {why}")


def _text(value: object, kind: str) -> str:
    if value is None:
        return ""
    if kind == "f":
        return Unfit("a formula; put the value there")
    if kind == "e":
        return Unfit("an error of Excel")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value).strip()
