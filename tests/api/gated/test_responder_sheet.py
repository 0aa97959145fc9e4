"""Responders from an Excel file: all or nothing, each fault by sheet, row and column."""

from __future__ import annotations

import io
from typing import Any

import httpx
from openpyxl import Workbook, load_workbook

from littoral.schema.logentry import Verdict

from .conftest import Watch
from .test_incidents import HAIKOU, SANYA

RAW = {"content-type": "application/octet-stream"}
HEAD = (
    "name", "kind", "office", "agency", "skills", "speed_kn", "endurance_min", "base_lon",
    "base_lat", "mmsi", "account", "tak_uid",
)  # fmt: skip


def book(*rows: tuple[Any, ...], head: tuple[str, ...] = HEAD, title: str = "responders") -> bytes:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = title
    sheet.append(list(head))
    for row in rows:
        sheet.append([*row, *[None] * (len(head) - len(row))])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def sent(browser: httpx.Client, data: bytes, keep: bool = False) -> httpx.Response:
    params = {"keep": "true"} if keep else {}
    return browser.post("/responders/upload", content=data, params=params, headers=RAW)


def names(browser: httpx.Client) -> list[str]:
    return sorted(r["name"] for r in browser.get("/responders").json()["items"])


BOAT = ("琼巡 01", "boat", HAIKOU, "police", "登临检查、tow", 30, 240, 110.3, 20.06, 412000001, "")
TEAM = ("岸线一组", "小组", HAIKOU, "公安")


def test_looked_at_then_taken_in_whole(watch: Watch) -> None:
    lead = watch.browser("watch_lead", unit=HAIKOU)
    data = book(BOAT, TEAM)
    looked = sent(lead, data).json()
    assert looked == {
        "kept": False, "rows": 2, "added": 2, "changed": 0, "faults": [], "fault_count": 0,
    }  # fmt: skip
    assert names(lead) == []
    assert sent(lead, data, keep=True).json()["added"] == 2
    assert names(lead) == ["岸线一组", "琼巡 01"]
    boat = next(r for r in lead.get("/responders").json()["items"] if r["kind"] == "boat")
    assert (boat["speed_kn"], boat["endurance_min"], boat["mmsi"]) == (30, 240, 412000001)
    assert (boat["skills"], boat["base"]) == (["board", "tow"], {"lon": 110.3, "lat": 20.06})
    # Again it changes nothing; a cell that is filled in changes that alone.
    assert sent(lead, data, keep=True).json()["changed"] == 0
    faster = book(("琼巡 01", "boat", HAIKOU, "police", "", 35))
    assert sent(lead, faster, keep=True).json() == {
        "kept": True, "rows": 1, "added": 0, "changed": 1, "faults": [], "fault_count": 0,
    }  # fmt: skip
    boat = next(r for r in lead.get("/responders").json()["items"] if r["kind"] == "boat")
    assert (boat["speed_kn"], boat["endurance_min"], boat["skills"]) == (35, 240, ["board", "tow"])
    entries = [e for e in watch.logged() if e.action == "responder.manage"]
    assert [e.verdict for e in entries] == [Verdict.ALLOW] * 3


def test_each_fault_is_named_and_nothing_is_taken(watch: Watch) -> None:
    lead = watch.browser("watch_lead", unit=HAIKOU)
    data = book(
        BOAT, ("", "boat"), ("二", "submarine", HAIKOU), ("三", "boat", HAIKOU, "police", "fly"),
        ("四", "boat", HAIKOU, "police", "", "fast"), ("五", "boat", "999999", "police"),
        ("六", "boat", HAIKOU, "police", "", 30, None, 110.3), ("七", "boat", SANYA, "police"),
        BOAT, ("九", "boat", HAIKOU, "police", "", -1),
        ("十", "grid_worker", HAIKOU, "police", "", 5),
        ("十一", "boat", HAIKOU, "police", "", None, None, None, None, None, "nobody"),
        ("=1+1", "boat", HAIKOU, "police"),
    )  # fmt: skip
    found = sent(lead, data).json()["faults"]
    places = {(f["sheet"], f["row"], f["column"]) for f in found}
    assert places == {
        ("responders", row, column)
        for row, column in (
            (3, "name"), (4, "kind"), (5, "skills"), (6, "speed_kn"), (7, "office"),
            (8, "base_lat"), (9, "office"), (10, "name"), (11, "speed_kn"), (12, "speed_kn"),
            (13, "account"), (14, "name"),
        )
    }  # fmt: skip
    answer = sent(lead, data, keep=True)
    assert answer.status_code == 422
    assert {(f["row"], f["column"]) for f in answer.json()["faults"]} == {p[1:] for p in places}
    assert names(lead) == []


def test_who_may_manage_none_is_refused_and_a_broken_file_too(watch: Watch) -> None:
    officer = watch.browser("auditor", "oversight")
    assert sent(officer, book(BOAT)).status_code == 403
    lead = watch.browser("watch_lead", unit=HAIKOU)
    assert sent(lead, b"no excel").status_code == 422
    unknown = sent(lead, book(BOAT, head=("name", "kind", "colour"))).json()
    assert unknown["fault_count"] > 0
    assert sent(lead, book(BOAT, title="boats")).json()["faults"][0]["sheet"] == "boats"
    stranger = watch.browser("watch_lead", unit=SANYA)
    assert sent(stranger, book(BOAT)).status_code == 403
    theirs = ("三亚巡 01", "boat", SANYA, "police")
    (fault,) = sent(stranger, book(theirs, BOAT)).json()["faults"]
    assert (fault["row"], fault["column"]) == (3, "office")
    assert watch.logged()[-1].verdict is Verdict.DENY


def test_the_template_comes_back_as_it_is(watch: Watch) -> None:
    lead = watch.browser("watch_lead", "coast_guard", unit=HAIKOU)
    data = lead.get("/responders/template.xlsx").content
    (sheet,) = load_workbook(io.BytesIO(data)).worksheets
    assert [c.value for c in sheet[1]] == list(HEAD)
    assert sent(lead, data, keep=True).json()["added"] == 1
    assert lead.get("/responders").json()["items"][0]["name"] == "琼巡 01"
