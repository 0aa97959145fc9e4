"""A list as an Excel file: one way for all of them.

Text stays text: no cell is ever a formula, whatever a ship or a person calls itself. Times are real
times of Excel in the zone of the deployment, which the heading names."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import Query, Request
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from starlette.responses import Response

from littoral.api.gate import acting, gate_of
from littoral.api.names import names_of
from littoral.api.wire import iso
from littoral.api.words import Lang, Words, words
from littoral.api.words.times import local, wall
from littoral.engine.runtime import Runtime
from littoral.store.clock import clock_us

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 5_000
MOST_CHARS = 32_767  # that Excel takes in a cell
# Before that Excel's days are wrong (it has a 29 February 1900) or none: the UTC time as text.
EXCEL_FROM = datetime(1900, 3, 1)
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML 1.0, section 2.2

FormatQuery = Annotated[
    Literal["json", "xlsx"],
    Query(alias="format", description=f"xlsx: an Excel file of all rows, {MOST_ROWS:,} at most"),
]
LangQuery = Annotated[Lang, Query(description="of the headings of an Excel file")]
# What a list that may be had as Excel says of its answers in the document.
ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}
}

Cell = str | float | datetime | None
Get = Callable[[Mapping[str, Any], Words], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """`head`: a word `table.<head>`; `get`: the value of a row; an ISO time where `is_time`."""

    head: str
    get: Get
    is_time: bool = False
    width: int = 16  # characters


@dataclass(frozen=True, slots=True)
class Table:
    """`name`: of the file, and of the word `table.of.<name>`."""

    name: str
    columns: tuple[Column, ...]


def at(path: str) -> Get:
    """The value at `a.b` of a row."""

    def get(row: Mapping[str, Any], say: Words) -> Any:
        value: Any = row
        for part in path.split("."):
            value = None if value is None else value.get(part)
        return value

    return get


def text(head: str, path: str, width: int = 16) -> Column:
    return Column(head, at(path), width=width)


def number(head: str, path: str) -> Column:
    return Column(head, at(path), width=12)


def time(head: str, path: str) -> Column:
    return Column(head, at(path), is_time=True, width=20)


def named(head: str, group: str, path: str) -> Column:
    """A code by the word of its group."""
    get = at(path)

    def name(row: Mapping[str, Any], say: Words) -> str:
        value = get(row, say)
        return "" if value in (None, "") else say.name(group, str(value))

    return Column(head, name)


def both(head: str, path: str, width: int = 20) -> Column:
    """A text in both languages."""
    get = at(path)
    return Column(head, lambda row, say: say.of(get(row, say) or {}), width=width)


def table_file(
    request: Request, engine: Runtime, action: str, thing: str, table: Table,
    rows: Sequence[Mapping[str, Any]], lang: Lang,
) -> Response:  # fmt: skip
    """The answer, once the log has it. `rows` beyond the limit are left out, and the file says so;
    `action`, `thing`: what the caller read, as the log has it."""
    who, gate = acting(request), gate_of(request)
    say, zone = words(lang), ZoneInfo(engine.settings.time_zone)
    shown, now = rows[:MOST_ROWS], iso(clock_us())
    by = who.name if gate is None else names_of(gate, [who.ref]).get(who.ref, who.name)
    about = [
        (say("table.about.what"), say(f"table.of.{table.name}")),
        (say("table.about.by"), by),
        (say("table.about.at"), local(now, zone)),
        (say("table.about.zone"), zone.key),
        (say("table.about.rows"), str(len(shown))),
    ]
    if len(rows) > MOST_ROWS:
        about.append((say("table.about.cut"), say("table.about.more", n=f"{MOST_ROWS:,}")))
    asked = [f"{k}={v}" for k, v in request.query_params.multi_items() if k not in OWN]
    if asked:
        about.append((say("table.about.filter"), ", ".join(asked)))
    made = workbook(table, shown, say, zone, about)
    if gate is not None:
        digest = hashlib.sha256(made).hexdigest()
        gate.trust.tell(
            who.ref, action, thing, "allow", done="xlsx", rows=len(shown), sha256=digest
        )
    name = f"attachment; filename={table.name}-{now[:10]}.xlsx"
    return Response(made, 200, {"content-disposition": name}, XLSX)


OWN = frozenset({"format", "lang", "cursor", "limit"})  # parameters that sieve nothing


def workbook(
    table: Table, rows: Iterable[Mapping[str, Any]], say: Words, zone: ZoneInfo,
    about: Iterable[tuple[str, str]] = (),
) -> bytes:  # fmt: skip
    """A sheet of the rows, and one that says what they are."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(say(f"table.of.{table.name}"))
    for index, column in enumerate(table.columns, 1):
        sheet.column_dimensions[get_column_letter(index)].width = column.width
    sheet.freeze_panes = "A2"
    heads = [
        say(f"table.{c.head}") + (f" ({zone.key})" if c.is_time else "") for c in table.columns
    ]
    sheet.append([_cell(sheet, head, Font(bold=True)) for head in heads])
    for row in rows:
        sheet.append([_cell(sheet, _value(c, row, say, zone)) for c in table.columns])
    if about:
        other = book.create_sheet(say("table.about"))
        other.column_dimensions["A"].width, other.column_dimensions["B"].width = 22, 60
        for line in about:
            other.append([_cell(other, part) for part in line])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _value(column: Column, row: Mapping[str, Any], say: Words, zone: ZoneInfo) -> Cell:
    value = column.get(row, say)
    if column.is_time and value:
        # Excel knows no zones: the time on the wall, and the heading says of which.
        told = wall(value, zone)
        return value if told is None or told < EXCEL_FROM else told
    if isinstance(value, bool):
        return say("print.yes" if value else "print.no")
    if value is None or isinstance(value, int | float):
        return value
    return str(value)


def _cell(sheet: Any, value: Cell, font: Font | None = None) -> Any:
    """A plain value where that will do: a cell of its own costs ten times as much."""
    if isinstance(value, str):
        value = NOT_IN_XML.sub("\ufffd", value)[:MOST_CHARS]
    is_risky = isinstance(value, str) and value.startswith(("=", "#"))
    if font is None and not is_risky:
        return value
    made = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        made.data_type = "s"  # neither a formula nor an error of Excel
    if font is not None:
        made.font = font
    return made
