"""A roster from an Excel file: looked at, then put whole; each fault by row and column."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
from openpyxl import Workbook, load_workbook

from .conftest import Watch
from .test_duty import POLICE, Crew, me

RAW = {"content-type": "application/octet-stream"}
HEAD = ("from_day", "regulation", "team", "post", "account")
UPLOAD = f"{POLICE}/roster/upload"


def day(after: int = 3) -> str:
    return str(datetime.now(UTC).date() + timedelta(days=after))


def book(*rows: tuple[Any, ...], head: tuple[str, ...] = HEAD, title: str = "roster") -> bytes:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = title
    for row in (head, *rows):
        sheet.append(list(row))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def sent(browser: httpx.Client, data: bytes, **params: str) -> httpx.Response:
    return browser.post(UPLOAD, content=data, params=params, headers=RAW)


def faults(browser: httpx.Client, *rows: tuple[Any, ...]) -> list[tuple[int, str]]:
    answer = sent(browser, book(*rows))
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["fault_count"] == len(found["faults"])
    return [(f["row"], f["column"]) for f in found["faults"]]


def test_it_is_looked_at_then_put_as_one_by_hand(watch: Watch) -> None:
    crew = Crew(watch)
    lead = crew.lead
    before = lead.get(f"{POLICE}/roster").json()["shifts"]
    rows = [
        (day(), "county", "A", "officer", "lead.now"),
        ("", "", "A", "带班领导", "Lead.Next"),
        (day(), "", "B", "duty officer", "officer.next"),
    ]
    data = book(*rows)
    looked = sent(lead, data).json()
    assert (looked["kept"], looked["rows"], looked["faults"]) == (False, 3, [])
    assert (looked["from_day"], looked["regulation"]["en"]) == (
        day(), "Duty regulation of a county's centre",
    )  # fmt: skip
    assert [(t["team"], [m["post"]["en"] for m in t["members"]]) for t in looked["teams"]] == [
        ("A", ["duty officer", "leader on call"]), ("B", ["duty officer"]), ("C", []),
    ]  # fmt: skip
    assert looked["teams"][1]["members"][0]["name"] == "officer.next"
    assert lead.get(f"{POLICE}/roster").json()["shifts"] == before
    key = str(uuid4())
    assert sent(lead, data, keep="true", id=key).json()["kept"]
    until = f"{day(7)}T00:00:00Z"
    found = lead.get(f"{POLICE}/roster", params={"from": f"{day(4)}T00:00:00Z", "to": until})
    stands = {s["account"] for shift in found.json()["shifts"] for s in shift["stints"]}
    assert stands <= set(crew.ids)
    assert crew.ids[0] in stands or crew.ids[3] in stands
    # The same once more is one; another roster under its id is refused.
    assert sent(lead, data, keep="true", id=key).status_code == 200
    other = book(rows[0], title="班表")
    assert sent(lead, other, keep="true", id=key).status_code == 409
    done = [e for e in watch.logged() if e.action == "duty.plan" and e.verdict.value == "allow"]
    assert len(done) >= 3


def test_each_fault_is_named_by_row_and_column(watch: Watch) -> None:
    crew = Crew(watch)
    lead = crew.lead
    stranger = watch.browser("watch_officer", unit="460100", login="stranger")
    assert me(stranger)
    good = (day(), "county", "A", "officer", "lead.now")
    assert faults(lead, good) == []
    for row, where in (
        (("soon", "county", "A", "officer", "lead.now"), [(2, "from_day")]),
        (("", "", "A", "officer", "lead.now"), [(2, "from_day"), (2, "regulation")]),
        ((day(), "ufo", "A", "officer", "lead.now"), [(2, "regulation")]),
        ((day(), "county", "Z", "officer", "lead.now"), [(2, "team")]),
        ((day(), "county", "A", "cook", "lead.now"), [(2, "post")]),
        ((day(), "county", "A", "officer", "nobody"), [(2, "account")]),
        ((day(), "county", "A", "officer", "stranger"), [(2, "account")]),
        ((day(), "county", "", "", ""), [(2, "account"), (2, "post"), (2, "team")]),
        ((day(-90), "county", "A", "officer", "lead.now"), [(2, "from_day")]),
    ):
        assert faults(lead, row) == where, row
    assert faults(
        lead, good, (day(4), "province", "A", "officer", "officer.now"),
        ("", "", "A", "leader", "lead.now"),
    ) == [(3, "from_day"), (3, "regulation"), (4, "account")]  # fmt: skip
    # Nothing is put while one is wrong, and all are said.
    bad = book(good, ("", "", "A", "cook", "nobody"))
    answer = sent(lead, bad, keep="true")
    assert answer.status_code == 422
    assert [(f["row"], f["column"]) for f in answer.json()["faults"]] == [
        (3, "account"), (3, "post"),
    ]  # fmt: skip
    assert sent(lead, b"no book").status_code == 422
    assert sent(lead, book(head=HEAD)).json()["faults"][0]["message"] == "the file has no rows"
    assert sent(lead, book(good, title="x")).json()["fault_count"] == 1


def test_the_sheet_to_fill_in_has_the_roster_that_stands(watch: Watch) -> None:
    crew = Crew(watch)
    answer = crew.lead.get(f"{POLICE}/roster/template.xlsx")
    assert answer.status_code == 200
    sheet = load_workbook(io.BytesIO(answer.content))["roster"]
    rows = [tuple(c or "" for c in row) for row in sheet.iter_rows(values_only=True)]
    assert rows[0] == HEAD
    assert {row[4] for row in rows[1:]} == {"lead.now", "officer.now", "lead.next", "officer.next"}
    # Given a day it comes in as it went out.
    filled = [(day(), *rows[1][1:]), *rows[2:]]
    assert sent(crew.lead, book(*filled)).json()["faults"] == []
    empty = watch.browser("watch_lead", "customs")
    other = empty.get(POLICE.replace("police", "customs") + "/roster/template.xlsx")
    example = load_workbook(io.BytesIO(other.content))["roster"]
    assert example.max_row == 2
    assert date.fromisoformat(str(example["A2"].value))


def test_only_who_plans_the_desk_may(watch: Watch) -> None:
    crew = Crew(watch)
    data = book((day(), "county", "A", "officer", "lead.now"))
    for browser in (crew.officer, crew.officer2, watch.browser("watch_lead", "customs")):
        assert sent(browser, data).status_code == 403
        assert browser.get(f"{POLICE}/roster/template.xlsx").status_code == 403
