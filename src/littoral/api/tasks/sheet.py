"""Responders as an Excel sheet: its columns, and what its rows say."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any
from uuid import uuid4

from pydantic import ValidationError

from littoral.api.tasks.models import ResponderInput
from littoral.api.words import words
from littoral.store.people.sheets import Column, Fault, Row, write_book

SHEET = "responders"
SHEETS_ZH = {"力量": SHEET}
COLUMNS = (
    Column("name", "名称", True, "琼巡 01"),
    Column("kind", "种类", True, "boat"),
    Column("office", "单位代码", False, "460100"),
    Column("agency", "部门", False, "coast_guard"),
    Column("skills", "技能", False, "board, tow"),
    Column("speed_kn", "航速（节）", False, "30"),
    Column("endurance_min", "续航（分钟）", False, "240"),
    Column("base_lon", "驻地经度", False, "110.30"),
    Column("base_lat", "驻地纬度", False, "20.06"),
    Column("mmsi", "mmsi", False, "412000001"),
    Column("account", "使用人登录名", False, ""),
    Column("tak_uid", "tak终端编号", False, ""),
)
NUMBERS = ("speed_kn", "endurance_min", "base_lon", "base_lat", "mmsi")
GROUPS = {"kind": "responder", "agency": "agency", "skills": "skill"}
SEPARATORS = str.maketrans("，、；;", ",,,,")


def template() -> bytes:
    """A sheet to fill in, with an example."""
    return write_book({SHEET: (COLUMNS, [[c.example for c in COLUMNS]])})


@cache
def _codes(group: str) -> dict[str, str]:
    """Codes by their names in both languages, and by themselves."""
    found: dict[str, str] = {}
    for lang in ("zh", "en"):
        for key, text in words(lang).texts.items():
            if key.startswith(group + "."):
                code = key.partition(".")[2]
                found |= {text.lower(): code, code: code}
    return found


def read_row(row: Row, office: str, agency: str, faults: list[Fault]) -> ResponderInput | None:
    """What a row says, with a new id; `office`, `agency`: where it leaves them open. None where
    `faults` got what is wrong; the account is a login still."""
    cell = row.cells
    said: dict[str, Any] = {
        "id": uuid4(), "name": cell["name"], "office": cell["office"] or office,
        "kind": _code("kind", cell["kind"]), "agency": _code("agency", cell["agency"]) or agency,
        "account": cell["account"], "tak_uid": cell["tak_uid"],
        "skills": [
            _code("skills", part.strip())
            for part in cell["skills"].translate(SEPARATORS).split(",")
            if part.strip()
        ],
    }  # fmt: skip
    before = len(faults)
    numbers = {name: _number(row, name, faults) for name in NUMBERS if cell[name]}
    if ("base_lon" in numbers) != ("base_lat" in numbers):
        blank = "base_lat" if "base_lon" in numbers else "base_lon"
        faults.append(Fault(row.number, blank, "longitude and latitude go together", SHEET))
    elif "base_lon" in numbers:
        said["base"] = {"lon": numbers["base_lon"], "lat": numbers["base_lat"]}
    said |= {n: numbers[n] for n in ("speed_kn", "endurance_min", "mmsi") if n in numbers}
    if len(faults) > before:
        return None
    try:
        return ResponderInput.model_validate(said)
    except ValidationError as error:
        faults += [
            Fault(row.number, _column(found["loc"]), found["msg"], SHEET)
            for found in error.errors(include_url=False, include_context=False)
        ]
        return None


def _code(column: str, written: str) -> str:
    return _codes(GROUPS[column]).get(written.lower(), written)


def _number(row: Row, name: str, faults: list[Fault]) -> float | None:
    try:
        return float(row.cells[name])
    except ValueError:
        faults.append(Fault(row.number, name, "is no number", SHEET))
        return None


def _column(place: tuple[int | str, ...]) -> str:
    return f"base_{place[1]}" if place[0] == "base" and len(place) > 1 else str(place[0])


def given(row: Row, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Of the values those whose cells are filled in: a blank one leaves what is there."""
    cells = {"speed_mps": "speed_kn", "endurance_s": "endurance_min", "base": "base_lon"}
    return {name: value for name, value in wanted.items() if row.cells.get(cells.get(name, name))}
