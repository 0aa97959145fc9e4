"""Files from outside and files for others: sheets that reach out, cells that become formulas."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest
import sqlalchemy as sa
from openpyxl import Workbook

from littoral.engine.export import write_table
from littoral.store.database import Database
from littoral.store.people import sheets
from littoral.store.people.sheets import Column, UnreadableFile, read_sheet

COLUMNS = [Column("login", "登录名", True, "wang"), Column("name", "姓名", False, "x")]


def book(*rows: tuple[object, ...]) -> bytes:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.append(["login", "name"])
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def with_parts(data: bytes, parts: dict[str, bytes]) -> bytes:
    """The Excel file with further parts, or with others in the place of its own."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


def test_a_plain_sheet_is_read() -> None:
    rows, faults = read_sheet(book(("li", "李")), "users.xlsx", COLUMNS)
    assert [r.cells for r in rows] == [{"login": "li", "name": "李"}]
    assert faults == []


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("xl/vbaProject.bin", "macros"),
        ("xl/externalLinks/externalLink1.xml", "links to other files"),
        ("xl/connections.xml", "from elsewhere"),
        ("xl/queryTables/queryTable1.xml", "from elsewhere"),
        ("xl/embeddings/oleObject1.bin", "embedded objects"),
    ],
)
def test_what_runs_or_reaches_out_is_refused(part: str, said: str) -> None:
    with pytest.raises(UnreadableFile, match=said):
        read_sheet(with_parts(book(("li", "x")), {part: b"x"}), "users.xlsx", COLUMNS)


def test_a_sheet_reaches_out_to_nothing(tmp_path: Path) -> None:
    """XXE: an entity that names a file gives none of it."""
    secret = tmp_path / "secret.txt"
    secret.write_text("hunter2")
    evil = (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>login</t></is></c></row>'
        '<row r="2"><c r="A2" t="inlineStr"><is><t>&e;</t></is></c></row>'
        "</sheetData></worksheet>"
    )
    data = with_parts(book(("li", "x")), {"xl/worksheets/sheet1.xml": evil.encode()})
    try:
        rows, faults = read_sheet(data, "users.xlsx", COLUMNS)
        told = f"{rows} {faults}"
    except UnreadableFile as error:
        told = str(error)
    assert "hunter2" not in told


def test_entities_that_multiply_are_refused() -> None:
    """The "billion laughs": 10^9 letters from a kilobyte."""
    entities = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
    )
    evil = (
        f'<?xml version="1.0"?><!DOCTYPE x [{entities}]>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>&a9;</t></is></c></row>'
        "</sheetData></worksheet>"
    )
    data = with_parts(book(("li", "x")), {"xl/worksheets/sheet1.xml": evil.encode()})
    with pytest.raises(UnreadableFile):
        read_sheet(data, "users.xlsx", COLUMNS)


def test_a_sheet_of_too_many_parts_is_refused() -> None:
    parts = {f"xl/media/{n}.png": b"" for n in range(sheets.MOST_PARTS)}
    with pytest.raises(UnreadableFile, match="more than 500 parts"):
        read_sheet(with_parts(book(("li", "x")), parts), "users.xlsx", COLUMNS)


def test_a_sheet_that_claims_to_be_huge_costs_what_it_holds() -> None:
    """A dimension of 2^34 cells, and a row whose one cell stands in the last column."""
    wide = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<dimension ref="A1:XFD1048576"/><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>login</t></is></c></row>'
        '<row r="2"><c r="A2" t="inlineStr"><is><t>li</t></is></c></row>'
        + "".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(3, 2000))
        + "</sheetData></worksheet>"
    )
    data = with_parts(book(), {"xl/worksheets/sheet1.xml": wide.encode()})
    rows, _ = read_sheet(data, "users.xlsx", COLUMNS)
    assert [r.cells["login"] for r in rows] == ["li"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_an_export_becomes_a_formula(tmp_path: Path, start: str) -> None:
    name = start + 'HYPERLINK("https://evil.example","click")'
    table = pa.table({"name": [name, "QIONG 1", None], "lon_deg": [-1.5, 2.0, 3.0]})
    write_table(table, tmp_path / "x.csv")
    with open(tmp_path / "x.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [r["name"] for r in rows] == ["'" + name, "QIONG 1", ""]
    assert rows[0]["lon_deg"] == "-1.5"


def test_an_error_of_the_database_names_no_value(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'r.sqlite'}")
    with pytest.raises(sa.exc.OperationalError) as caught, database.read() as connection:
        connection.execute(sa.text("select :name from nowhere"), {"name": "张三"})
    assert "nowhere" in str(caught.value)
    assert "张三" not in str(caught.value)
    database.close()
