"""What one administrator may write of units and agencies, and what the log holds of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from littoral.store.people.accounts import AccountRefused
from littoral.store.people.importing import (
    AGENCY_COLUMNS,
    UNIT_COLUMNS,
    plan_agencies,
    plan_book,
)
from littoral.store.people.lasting import altered
from littoral.store.people.organisations import Agency, Unit
from littoral.store.people.sheets import write_book

from .conftest import START_US, World
from .test_importing import csv_of, faults

DAY_US = 86_400_000_000
TOWN = Unit("460100S1", "township", "460100", "甲镇", "A", START_US)
POLICE = Agency("hk-police", "police", "460100", "公安", "Police", START_US)


@pytest.mark.parametrize(
    "change",
    [
        {"name_zh": "乙镇"},
        {"name_zh": "乙镇", "valid_from_us": START_US + DAY_US},
        {"valid_from_us": START_US - DAY_US},  # it was the same before
        {"code": "460100S2", "parent": "460200"},
    ],
)
def test_a_new_name_and_new_ones_change_nothing_that_lasts(change: dict[str, object]) -> None:
    assert altered([TOWN], [replace(TOWN, **change)]) == {}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"tier": "village"}, "tier"),
        ({"parent": "460200"}, "parent"),
        ({"parent": "460200", "valid_from_us": START_US + DAY_US}, "parent"),
        ({"parent": "460200", "valid_from_us": START_US - DAY_US}, "parent"),
        ({"parent": "460200", "valid_from_us": START_US + 400 * DAY_US}, "parent"),
        ({"valid_to_us": START_US + DAY_US}, "valid_to"),
        ({"valid_from_us": START_US + DAY_US, "valid_to_us": START_US + 2 * DAY_US}, "valid_to"),
    ],
)
def test_tier_parent_and_end_last(change: dict[str, object], field: str) -> None:
    changed = replace(TOWN, **change)  # type: ignore[arg-type]
    assert altered([TOWN], [changed]) == {TOWN.code: [field]}
    # Nor does a new one come with a second place that it moves to later.
    if field == "parent" and changed.valid_from_us > START_US:
        assert altered([], [TOWN, changed]) == {TOWN.code: [field]}


def test_one_that_ended_does_not_come_again() -> None:
    ended = replace(POLICE, valid_to_us=START_US + DAY_US)
    for again in (POLICE, replace(POLICE, valid_from_us=START_US + 9 * DAY_US)):
        assert altered([ended], [again]) == {POLICE.code: ["valid_to"]}
    assert altered([POLICE], [replace(POLICE, unit="460200")]) == {POLICE.code: ["unit"]}


def test_one_administrator_is_refused_and_the_operator_is_told_of(world: World) -> None:
    directory = world.directory
    directory.put_units([TOWN], "chief", alone=True)
    directory.put_agencies([POLICE], "chief", alone=True)
    moved, away = replace(TOWN, parent="460200"), replace(POLICE, unit="460200")
    for attempt in (
        lambda: directory.put_units([moved], "chief", alone=True),
        lambda: directory.put_agencies([away], "chief", alone=True),
    ):
        with pytest.raises(AccountRefused, match="operator"):
            attempt()
    assert directory.organisation().units[TOWN.code].parent == "460100"
    world.told.clear()
    directory.put_units([moved], "operator:li")
    directory.put_agencies([away], "operator:li")
    assert [(e.actor, e.thing, e.detail) for e in world.told] == [
        ("operator:li", TOWN.code, "township in 460100, 甲镇, from 2026-09-21 -> "
         "township in 460200, 甲镇, from 2026-09-21"),
        ("operator:li", POLICE.code, "police for 460100, 公安, from 2026-09-21 -> "
         "police for 460200, 公安, from 2026-09-21"),
    ]  # fmt: skip


def test_nobody_makes_an_agency_one_of_another_kind(world: World) -> None:
    directory = world.directory
    directory.put_agencies([POLICE], "operator:li")
    for start_us in (START_US, START_US + DAY_US):
        customs = replace(POLICE, kind="customs", valid_from_us=start_us)
        with pytest.raises(AccountRefused, match="another agency"):
            directory.put_agencies([customs], "operator:li")
    head = ("code", "kind", "unit", "name_zh", "valid_from")
    rows = [
        ("hk-police", "customs", "460100", "公安", "2026-10-01"),
        ("new", "customs", "460100", "甲", "2026-10-01"),
        ("new", "police", "460100", "甲", "2026-11-01"),
    ]
    plan = plan_agencies(
        csv_of([head, *rows]), "a.csv", directory.organisation, directory.agency_versions()
    )
    assert [(row, column) for row, column, *_ in faults(plan)] == [(2, "kind"), (4, "kind")]


def book(units: Sequence[Sequence[str]], agencies: Sequence[Sequence[str]]) -> bytes:
    return write_book({"units": (UNIT_COLUMNS, units), "agencies": (AGENCY_COLUMNS, agencies)})


def test_a_book_of_an_administrator_moves_and_ends_nothing(world: World) -> None:
    directory = world.directory
    directory.put_units([TOWN], "chief")
    directory.put_agencies([POLICE], "chief")
    day = "2026-09-22"
    good = book(
        [("460100S1", "township", "460100", "乙镇", "B", day, "", "")],
        [("hk-police", "police", "460100", "公安局", "", day, "", "")],
    )
    plan = plan_book(good, directory, world.now_us)
    assert plan.faults == []
    bad = book(
        [
            ("460100S1", "township", "460200", "甲镇", "A", day, "", ""),
            ("460100S2", "township", "460100", "乙镇", "B", day, "", ""),
        ],
        [("hk-police", "police", "460100", "公安", "", day, "2026-09-30", "")],
    )
    found = plan_book(bad, directory, world.now_us)
    assert [(f.sheet, f.row, f.column) for f in found.faults] == [
        ("units", 2, "parent"), ("agencies", 2, "valid_to"),
    ]  # fmt: skip
    # Whatever it was held against, nothing of the kind is written.
    found.faults.clear()
    with pytest.raises(AccountRefused, match="operator"):
        directory.propose_all(found, "chief", "import")
    assert "460100S2" not in directory.organisation().units
