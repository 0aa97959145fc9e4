"""Bulk imports: every fault by row and column, all or nothing, in Excel and CSV."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from littoral.store.people import sheets
from littoral.store.people.accounts import AccountRefused
from littoral.store.people.importing import (
    SHEETS,
    UNIT_COLUMNS,
    Plan,
    carry_out,
    plan_agencies,
    plan_units,
    plan_users,
)
from littoral.store.people.organisations import Agency
from littoral.store.people.packaged import day_us
from littoral.store.people.sheets import UnreadableFile, read_sheet, template
from littoral.store.people.tables import units

from .conftest import BROWSER, PASSWORD, World

Lines = Sequence[Sequence[object]]


def xlsx(lines: Lines) -> bytes:
    book = Workbook()
    for line in lines:
        book.active.append(list(line))
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def csv_of(lines: Lines, encoding: str = "utf-8") -> bytes:
    return "\r\n".join(",".join(map(str, line)) for line in lines).encode(encoding)


FORMS: dict[str, Callable[[Lines], bytes]] = {
    "a.xlsx": xlsx,
    "a.csv": csv_of,
    "mark.csv": lambda lines: csv_of(lines, "utf-8-sig"),
    "china.CSV": lambda lines: csv_of(lines, "gb18030"),
}
HEAD = ("code", "tier", "parent", "name_zh", "name_en", "valid_from", "valid_to", "synthetic")
TOWN = ("469005S900", "township", "469005", "示例镇", "Example", "2026-01-01", "", "yes")


def units_of(world: World, lines: Lines, name: str = "a.csv") -> Plan:
    return plan_units(FORMS[name](lines), name, world.directory.unit_versions())


def faults(plan: Plan) -> list[tuple[int, str, str]]:
    return [tuple(f) for f in plan.faults]


@pytest.mark.parametrize("name", FORMS)
def test_units_come_in_whatever_the_form(world: World, name: str) -> None:
    village = ("469005S900001", "village", "469005S900", "村", "", "2026-01-01", "2027-01-01", "是")
    plan = units_of(world, [HEAD, TOWN, (), village], name)
    assert faults(plan) == []
    assert carry_out(world.directory, plan, "chief") == []
    there = world.directory.organisation(day_us("2026-06-01"))
    assert there.units["469005S900"].name_zh == "示例镇"
    assert there.units["469005S900001"].synthetic
    assert there.ancestors("469005S900001") == ("469005S900", "469005", "460000")
    assert "469005S900001" not in world.directory.organisation(day_us("2027-01-01")).units


def test_chinese_headings_in_any_order_are_taken(world: World) -> None:
    lines = [
        ("名称", "代码", "层级", "上级代码", "生效日期"),
        ("镇", "469005S9", "township", "469005", "2026/1/5"),
    ]
    plan = units_of(world, lines)
    assert faults(plan) == []
    (unit,) = plan.units
    assert (unit.name_zh, unit.name_en, unit.valid_from_us) == ("镇", "镇", day_us("2026-01-05"))


def test_cells_of_excel_that_are_no_text(world: World) -> None:
    lines = [HEAD, (469099, "city", 460000.0, "新", "New", datetime(2026, 2, 3), None, True)]
    plan = plan_units(xlsx(lines), "a.xlsx", world.directory.unit_versions())
    assert faults(plan) == []
    (unit,) = plan.units
    assert (unit.code, unit.parent, unit.synthetic) == ("469099", "460000", True)
    assert unit.valid_from_us == day_us("2026-02-03")


def test_every_fault_is_named_by_row_and_column(world: World) -> None:
    lines = [
        HEAD,
        TOWN,
        ("46 9005", "township", "469005", "镇", "", "2026-01-01", "", ""),
        ("469005S901", "parish", "469005", "镇", "", "2026-01-01", "", ""),
        ("469005S902", "township", "", "镇", "", "2026-01-01", "", ""),
        ("469005S903", "township", "999999", "镇", "", "2026-01-01", "", ""),
        ("469005S904", "city", "469005", "镇", "", "2026-01-01", "", ""),
        ("469005S905", "township", "469005", "", "", "2026-02-30", "", "maybe"),
        ("469005S906", "township", "469005", "镇", "", "2026-01-02", "2026-01-02", ""),
        TOWN,
        ("469005S907", "township", "469003", "镇", "", "2026-01-01", "", ""),
    ]
    plan = units_of(world, lines)
    assert [(row, column) for row, column, *_ in faults(plan)] == [
        (3, "code"), (4, "tier"), (5, "parent"), (6, "parent"), (7, "parent"), (8, "name_zh"),
        (8, "valid_from"), (9, "valid_to"), (10, "code"), (11, "parent"),
    ]  # fmt: skip
    said = {row: message for row, _, message, *_ in faults(plan)}
    assert said[6] == "there is no unit '999999' on that day"
    assert said[7] == "469005 is a city, not wider than a city"
    assert said[8] == "'2026-02-30' is no day like 2026-01-31"
    assert said[10] == "stands in row 2 for the same day already"
    assert said[11] == "there is no unit '469003' on that day"  # Danzhou's code until 2015
    assert str(plan.faults[0]).startswith("row 3, column code: ")
    # All or nothing: the good rows are not taken either.
    with pytest.raises(AccountRefused):
        carry_out(world.directory, plan, "chief")
    assert "469005S900" not in world.directory.organisation().units


def test_looking_at_a_file_changes_nothing(world: World) -> None:
    with world.base.database.read() as connection:
        before = connection.execute(sa.select(units)).all()
    assert faults(units_of(world, [HEAD, TOWN])) == []
    with world.base.database.read() as connection:
        assert connection.execute(sa.select(units)).all() == before


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (("code", "tier"), [(1, "name_zh"), (1, "valid_from")]),
        ((*HEAD, "colour"), [(1, "I")]),
        ((*HEAD, "代码"), [(1, "I")]),
    ],
)
def test_faults_of_the_heading(world: World, head: Sequence[str], said: list[object]) -> None:
    found = [(row, column) for row, column, *_ in faults(units_of(world, [head]))]
    assert found == said


def test_cells_without_a_heading_formulas_and_errors(world: World) -> None:
    lines = [HEAD, (*TOWN, "stray"), ("=1+1", *TOWN[1:]), ("#N/A", *TOWN[1:])]
    plan = plan_units(xlsx(lines), "a.xlsx", world.directory.unit_versions())
    assert [(row, column) for row, column, *_ in faults(plan)][:3] == [
        (2, "I"), (3, "code"), (3, "code"),
    ]  # fmt: skip
    assert "formula" in faults(plan)[1][2] + faults(plan)[2][2]
    assert any(row == 4 and "error of Excel" in message for row, _, message, *_ in faults(plan))


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.xls", b"", "must end in"),
        ("a.csv", b"", "empty"),
        ("a.csv", b"\xff\xff\xff", "neither UTF-8"),
        ("a.xlsx", b"code,tier", "no Excel file"),
        ("a.xlsx", b"", "no Excel file"),
        ("a.csv", b"x" * (sheets.MOST_BYTES + 1), "at most"),
    ],
)
def test_what_is_no_table_is_refused(name: str, data: bytes, said: str) -> None:
    with pytest.raises(UnreadableFile, match=said):
        read_sheet(data, name, UNIT_COLUMNS)


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (sheets.MOST_UNPACKED + 1))
    assert len(held.getvalue()) < sheets.MOST_BYTES
    with pytest.raises(UnreadableFile, match="unpacks to too much"):
        read_sheet(held.getvalue(), "a.xlsx", UNIT_COLUMNS)


def test_too_many_rows_are_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)
    rows, found = read_sheet(csv_of([HEAD, *[TOWN] * 5]), "a.csv", UNIT_COLUMNS)
    assert len(rows) == 3
    assert [(f.row, f.message) for f in found] == [(5, "more than 3 rows")]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["a.csv", "a.xlsx"]))
def test_any_bytes_are_a_table_or_refused(data: bytes, name: str) -> None:
    try:
        rows, found = read_sheet(data, name, UNIT_COLUMNS)
    except UnreadableFile:
        return
    assert rows == [] or found  # no such file has all columns


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 255))
def test_a_broken_excel_file_is_read_or_refused(place: int, byte: int) -> None:
    data = bytearray(_TEMPLATE)
    data[place % len(data)] = byte
    try:
        read_sheet(bytes(data), "a.xlsx", UNIT_COLUMNS)
    except UnreadableFile:
        return


_TEMPLATE = template(UNIT_COLUMNS, "xlsx")


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("what", SHEETS)
def test_templates_have_the_headings_and_an_example_that_reads(kind: str, what: str) -> None:
    rows, found = read_sheet(template(SHEETS[what], kind), f"a.{kind}", SHEETS[what])
    assert found == []
    (row,) = rows
    assert row.cells == {c.key: c.example for c in SHEETS[what]}


def test_the_template_is_text_so_that_codes_keep_their_zeros() -> None:
    sheet = load_workbook(io.BytesIO(_TEMPLATE)).active
    assert sheet["A500"].number_format == "@"


def test_agencies_need_a_unit_on_their_day(world: World) -> None:
    head = ("code", "kind", "unit", "name_zh", "valid_from")
    lines = [
        head,
        ("hk-police", "police", "460100", "海口公安", "2026-01-01"),
        ("dz-police", "police", "460400", "儋州公安", "2014-01-01"),  # the code is of 2015
        ("x", "army", "460100", "甲", "2026-01-01"),
    ]
    plan = plan_agencies(csv_of(lines), "a.csv", world.directory.organisation, [])
    assert [(row, column) for row, column, *_ in faults(plan)] == [(3, "unit"), (4, "kind")]
    plan = plan_agencies(csv_of(lines[:2]), "a.csv", world.directory.organisation, [])
    carry_out(world.directory, plan, "chief")
    there = world.directory.organisation().agencies["hk-police"]
    assert (there.kind, there.unit, there.name_en) == ("police", "460100", "海口公安")


USER_HEAD = ("login", "name", "role", "unit", "agency", "valid_from", "valid_to", "language")


def users_of(world: World, lines: Lines) -> Plan:
    return plan_users(
        csv_of(lines), "a.csv", world.directory.organisation(), world.directory.logins(),
        world.now_us,
    )  # fmt: skip


def test_users_are_invited_with_all_their_roles(world: World) -> None:
    there = world.officer("zhao")
    lines = [
        USER_HEAD,
        ("Wang", "王伟", "watch_officer", "460100", "", "", "", "en"),
        ("wang", "王伟", "analyst", "460200", "", "2026-01-01", "2030-01-01", ""),
        ("li", "李娜", "county_clerk", "469005"),
        ("zhao", "赵", "analyst", "460100"),
    ]
    plan = users_of(world, lines)
    assert faults(plan) == []
    assert plan.known == {"zhao": there}
    invited = dict(carry_out(world.directory, plan, "chief"))
    assert sorted(invited) == ["li", "wang"]
    found = world.signin.accept(invited["wang"], PASSWORD, BROWSER).identity
    assert found.language == "en"
    assert {(m.role, m.unit) for m in found.memberships} == {
        ("watch_officer", "460100"), ("analyst", "460200"),
    }  # fmt: skip
    assert world.directory.account(there).roles(world.now_us) == {"watch_officer", "analyst"}
    # The same file again invites nobody and gives nothing twice.
    again = users_of(world, lines)
    assert faults(again) == []
    assert carry_out(world.directory, again, "chief") == []
    assert len(world.directory.account(there).memberships) == 2


def test_roles_are_taken_by_their_chinese_names(world: World) -> None:
    lines = [
        USER_HEAD,
        ("wang", "王伟", "网格员", "460100"),
        ("li", "李娜", " 值班长 ", "460100"),
        ("li", "李娜", "watch_lead", "460100"),
        ("zhao", "赵", "组长", "460100"),
    ]
    plan = users_of(world, lines)
    assert [u.roles[0].role for u in plan.users] == ["grid_worker", "watch_lead"]
    assert [(row, column) for row, column, *_ in faults(plan)] == [(4, "role"), (5, "role")]


def test_faults_of_users(world: World) -> None:
    lines = [
        USER_HEAD,
        ("wang", "王伟", "watch_officer", "460100"),
        ("no blanks", "甲", "analyst", "460100"),
        ("a1", "甲", "system", "460100"),
        ("a2", "甲", "analyst", "999999"),
        ("a3", "甲", "analyst", "460100", "nobody"),
        ("wang", "另一", "analyst", "460100"),
        ("wang", "王伟", "watch_officer", "460100"),
        ("a4", "", "analyst", "460100"),
        ("a5", "甲", "analyst", "460100", "", "", "", "fr"),
    ]
    plan = users_of(world, lines)
    assert [(row, column) for row, column, *_ in faults(plan)] == [
        (3, "login"), (4, "role"), (5, "unit"), (6, "agency"), (7, "name"), (8, "role"),
        (9, "name"), (10, "language"),
    ]  # fmt: skip
    with pytest.raises(AccountRefused):
        carry_out(world.directory, plan, "chief")
    assert world.directory.accounts() == []


def test_an_agency_that_is_not_there_is_told_with_codes_that_are(world: World) -> None:
    kinds = ("customs", "health", "maritime", "police", "coast_guard", "coast_police")
    made = [Agency(f"hk-{kind}", kind, "460100", kind, kind, 0) for kind in kinds]
    row = ("li", "李娜", "analyst", "460100", "police")
    assert [f.message for f in users_of(world, [USER_HEAD, row]).faults] == [
        "there is no agency 'police'"
    ]
    world.directory.put_agencies(made, "chief")
    # A kind was written for the code: that of the kind is named first.
    assert [f.message for f in users_of(world, [USER_HEAD, row]).faults] == [
        "there is no agency 'police'; codes are hk-police, hk-coast_guard, hk-coast_police, "
        "hk-customs, hk-health and 1 more, see sheet agencies of units.xlsx"
    ]


def test_a_login_that_somebody_took_meanwhile_takes_none_of_the_file(world: World) -> None:
    lines = [USER_HEAD, ("li", "李娜", "analyst", "460100"), ("wang", "王伟", "analyst", "460100")]
    plan = users_of(world, lines)
    world.officer("wang")
    with pytest.raises(AccountRefused, match="taken"):
        carry_out(world.directory, plan, "chief")
    assert sorted(world.directory.logins()) == ["wang"]
