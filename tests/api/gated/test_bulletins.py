"""Bulletins over HTTP: put out by desks, seen in the area, read on phones, counted by unit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
import sqlalchemy as sa

from littoral.engine.upkeep import forget_phones
from littoral.respond.sync.queue import ASIDE, SENT
from littoral.sim.phone import Phone
from littoral.store.bulletin_tables import bulletin_reads, bulletins
from littoral.store.bulletins import READS_KEPT_US
from littoral.store.clock import clock_us
from littoral.store.people.ids import uuid7
from littoral.store.people.organisations import Unit
from littoral.store.sync.tables import sync_records

from .conftest import Watch

PROVINCE, HAIKOU, SANYA, TOWN = "460000", "460100", "460200", "460100T001"
GOVERNMENT = "local_government"
SINCE_US = 1_767_225_600_000_000


def clerk(watch: Watch, unit: str = HAIKOU, **more: str) -> httpx.Client:
    return watch.browser("county_clerk", GOVERNMENT, unit=unit, **more)


def phone(watch: Watch, unit: str = HAIKOU, login: str = "") -> Phone:
    browser = watch.browser("grid_worker", GOVERNMENT, unit=unit, login=login)
    return Phone(browser, str(uuid4()), clock_us, uuid7)


def warning(**more: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()), "kind": "weather", "severity": "major", "title": "台风橙色预警",
        "text": "今晚起琼州海峡阵风十二级，船只回港避风。", "issuer": "海南省气象台",
        "number": "2026-17",
        "asks_read": True, **more,
    }  # fmt: skip


def issued(of: httpx.Client, **more: Any) -> dict[str, Any]:
    answer = of.post("/bulletins", json=warning(**more))
    assert answer.status_code == 201, answer.text
    return answer.json()


def revised(of: httpx.Client, made: dict[str, Any], **more: Any) -> httpx.Response:
    said = {
        "severity": made["severity"], "title": made["title"], "text": made["text"],
        "issuer": made["issuer"], "number": made["number"], "asks_read": made["asks_read"], **more,
    }  # fmt: skip
    step = {"id": str(uuid4()), "kind": "revise", "base": made["version"], "said": said}
    return of.post(f"/bulletins/{made['id']}/steps", json=step)


def withdrawn(of: httpx.Client, key: str, reason: str = "台风已转向") -> httpx.Response:
    step = {"id": str(uuid4()), "kind": "withdraw", "reason": reason}
    return of.post(f"/bulletins/{key}/steps", json=step)


def listed(of: httpx.Client, **more: Any) -> list[str]:
    answer = of.get("/bulletins", params=more)
    assert answer.status_code == 200, answer.text
    return [b["id"] for b in answer.json()["items"]]


def iso(after: timedelta) -> str:
    return (datetime.now(UTC) + after).isoformat()


def test_it_is_seen_in_its_area_below_and_above_and_nowhere_else(watch: Watch) -> None:
    watch.gate.people.directory.put_units(
        [Unit(TOWN, "township", HAIKOU, "示例镇", "Town", SINCE_US, None, True)], "test"
    )
    county = issued(clerk(watch))
    assert (county["unit"], county["area"], county["state"]) == (HAIKOU, HAIKOU, "in_force")
    assert county["area_name"]["zh"]
    of_the_province = issued(watch.browser("watch_lead", "maritime"), kind="mariners")
    below = issued(clerk(watch), area=TOWN)
    for of, sees in (
        (phone(watch).http, {county["id"], of_the_province["id"], below["id"]}),
        (phone(watch, TOWN).http, {county["id"], of_the_province["id"], below["id"]}),
        (phone(watch, SANYA).http, {of_the_province["id"]}),
        (watch.browser("auditor", "oversight"), {county["id"], of_the_province["id"], below["id"]}),
    ):
        assert set(listed(of)) == sees
        for key in (county["id"], of_the_province["id"], below["id"]):
            assert of.get(f"/bulletins/{key}").status_code == (200 if key in sees else 403)
    system = watch.browser("administrator", "platform", unit=SANYA)
    assert listed(system) == [of_the_province["id"]]


def test_desks_put_out_for_their_own_area_and_nobody_else_does(watch: Watch) -> None:
    of = clerk(watch)
    for other in (SANYA, PROVINCE):
        assert of.post("/bulletins", json=warning(area=other)).status_code == 403
    assert of.post("/bulletins", json=warning(area="nowhere")).status_code == 422
    made = issued(of)
    beside = watch.browser("watch_lead", "maritime", unit=HAIKOU)
    for who in (beside, clerk(watch, SANYA), phone(watch).http):
        assert withdrawn(who, made["id"]).status_code == 403
        assert who.get(f"/bulletins/{made['id']}/reach").status_code == 403
    assert phone(watch).http.post("/bulletins", json=warning()).status_code == 403
    health = watch.browser("health_officer", "health", unit=HAIKOU)
    assert health.post("/bulletins", json=warning()).status_code == 403
    assert issued(health, kind="epidemic")["agency"] == "health"
    assert health.get("/me/pages").json()["may"]["bulletin.write"]


def test_the_same_is_one_and_every_version_stays(watch: Watch) -> None:
    of, given = clerk(watch), warning()
    first = of.post("/bulletins", json=given)
    again = of.post("/bulletins", json=given)
    assert (first.status_code, again.status_code) == (201, 200)
    assert of.post("/bulletins", json={**given, "title": "x"}).status_code == 409
    made = first.json()
    worse = revised(of, made, severity="extreme", title="台风红色预警").json()
    assert (worse["version"], worse["valid_from"]) == (2, made["valid_from"])
    late = revised(of, made, title="台风黄色预警")
    assert (late.status_code, late.json()["reason"]["zh"][:2]) == (409, "他人")
    assert withdrawn(of, made["id"], "").status_code == 422
    assert withdrawn(of, made["id"]).json()["state"] == "withdrawn"
    assert withdrawn(of, made["id"]).status_code == 409
    told = of.get(f"/bulletins/{made['id']}").json()
    assert [(s["kind"], s["version"]) for s in told["steps"]] == [
        ("issue", 1), ("revise", 2), ("withdraw", 3),
    ]  # fmt: skip
    assert told["steps"][0]["fields"]["title"] == "台风橙色预警"
    assert listed(of) == []
    assert listed(of, past=True) == [made["id"]]
    logged = [e for e in watch.logged() if e.thing == f"bulletin:{made['id']}"]
    assert [(e.action, e.verdict) for e in logged if e.verdict == "allow"] == [
        ("bulletin.write", "allow")
    ] * 3


def test_it_has_to_end_after_it_begins(watch: Watch) -> None:
    answer = clerk(watch).post("/bulletins", json=warning(valid_until=iso(-timedelta(hours=1))))
    assert answer.status_code == 422
    assert [e["field"] for e in answer.json()["errors"]] == ["valid_until"]


def test_pages_of_the_list_hold_each_once(watch: Watch) -> None:
    of = clerk(watch)
    made = {issued(of)["id"] for _ in range(5)}
    seen, cursor = [], None
    while True:
        params = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        page = of.get("/bulletins", params=params).json()
        seen += [b["id"] for b in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert sorted(seen) == sorted(made)


def counted(of: httpx.Client, key: str) -> tuple[int, int, int]:
    found = of.get(f"/bulletins/{key}/reach").json()
    return found["people"], found["have"], found["read"]


def test_a_phone_has_it_offline_says_that_it_was_read_and_the_desk_counts(watch: Watch) -> None:
    desk, first, second = clerk(watch), phone(watch, login="first"), phone(watch, login="second")
    made = issued(desk)
    key, held = made["id"], f"bulletin/{made['id']}"
    assert counted(desk, key) == (3, 0, 0)
    first.pull()
    assert first.items[held]["bulletin"]["text"].startswith("今晚起")
    # Sent is not had: the phone says so when it asks the next time.
    assert counted(desk, key) == (3, 0, 0)
    first.pull()
    assert counted(desk, key) == (3, 1, 0)
    read = first.note("bulletin.read", key, version=1)
    first.push([read])
    assert first.queue[read].state == SENT
    assert counted(desk, key) == (3, 1, 1)
    assert second.http.post(f"/bulletins/{key}/read", json={"version": 1}).json()["read_version"]
    assert counted(desk, key) == (3, 2, 2)
    rows = desk.get(f"/bulletins/{key}/reach").json()["units"]
    assert [(r["unit"], r["people"], r["read"]) for r in rows] == [(HAIKOU, 3, 2)]
    assert "first" not in desk.get(f"/bulletins/{key}/reach").text
    revised(desk, made, severity="extreme")  # says something new: nobody has that yet
    assert counted(desk, key) == (3, 0, 0)
    first.pull()
    assert first.items[held]["bulletin"]["severity"] == "extreme"
    late = first.note("bulletin.read", key, version=1)
    first.push([late])
    assert counted(desk, key) == (3, 0, 0)
    first.pull()
    assert counted(desk, key) == (3, 1, 0)


def test_counts_are_of_the_units_next_below(watch: Watch) -> None:
    watch.gate.people.directory.put_units(
        [Unit(TOWN, "township", HAIKOU, "示例镇", "Town", SINCE_US, None, True)], "test"
    )
    lead, town = watch.browser("watch_lead", "maritime"), phone(watch, TOWN)
    phone(watch, SANYA)
    made = issued(lead)
    town.http.post(f"/bulletins/{made['id']}/read", json={"version": 1})
    rows = lead.get(f"/bulletins/{made['id']}/reach").json()["units"]
    assert [(r["unit"], r["people"], r["have"], r["read"]) for r in rows] == [
        (PROVINCE, 1, 0, 0), (HAIKOU, 1, 1, 1), (SANYA, 1, 0, 0),
    ]  # fmt: skip


@pytest.mark.parametrize("how", ["withdrawn", "over"])
def test_what_is_over_leaves_the_phone_with_the_reason(watch: Watch, how: str) -> None:
    desk, worker = clerk(watch), phone(watch)
    made = issued(desk, valid_until=iso(timedelta(hours=1)))
    worker.pull()
    assert f"bulletin/{made['id']}" in worker.items
    if how == "withdrawn":
        withdrawn(desk, made["id"])
    else:
        _ends(watch, made["id"], clock_us() - 1)
    worker.pull()
    assert worker.held.told == {f"bulletin/{made['id']}": "ended"}
    # It was read on the phone before: that is taken all the same.
    read = worker.note("bulletin.read", made["id"], version=1)
    worker.push([read])
    assert worker.queue[read].state == SENT


def _ends(watch: Watch, key: str, until_us: int) -> None:
    """As time goes by."""
    with watch.gate.people.base.database.write() as connection:
        at = sa.update(bulletins).where(bulletins.c.id == key)
        connection.execute(at.values(until_us=until_us))


def test_of_another_area_or_version_nothing_is_read(watch: Watch) -> None:
    made, far = issued(clerk(watch)), phone(watch, SANYA)
    read = far.note("bulletin.read", made["id"], version=1)
    none = far.note("bulletin.read", str(uuid4()), version=1)
    far.push([read, none])
    assert far.aside == {read: "unknown", none: "unknown"}
    near = phone(watch)
    too_new = near.note("bulletin.read", made["id"], version=2)
    near.push([too_new])
    assert (near.queue[too_new].state, near.aside[too_new]) == (ASIDE, "invalid")


def test_who_read_it_is_forgotten_once_it_has_long_been_over(watch: Watch) -> None:
    desk = clerk(watch)
    made = issued(desk, valid_until=iso(timedelta(hours=1)))
    desk.post(f"/bulletins/{made['id']}/read", json={"version": 1})
    worker = phone(watch)
    worker.push([worker.note("bulletin.read", made["id"], version=1)])
    with watch.gate.people.base.database.read() as connection:
        assert len(connection.execute(sa.select(bulletin_reads)).all()) == 2
    _ends(watch, made["id"], clock_us() - READS_KEPT_US - 1)
    issued(desk)
    with watch.gate.people.base.database.read() as connection:
        assert connection.execute(sa.select(bulletin_reads)).all() == []
        assert connection.execute(sa.select(sync_records)).all() == []


def test_an_incident_leads_back_to_the_bulletin_it_came_from(watch: Watch) -> None:
    desk = clerk(watch)
    made = issued(desk)
    report = {
        "id": str(uuid4()), "type": "storm", "severity": "major", "title": "防台风",
        "sources": [{"kind": "bulletin", "ref": made["id"]}],
    }  # fmt: skip
    assert desk.post("/incidents", json=report).status_code == 201
    (found,) = desk.get(f"/incidents/of/bulletin/{made['id']}").json()["items"]
    assert found["id"] == report["id"]
    assert found["sources"] == report["sources"]


@pytest.mark.parametrize("field", ["title", "text", "issuer", "number"])
def test_no_numbers_of_persons_are_put_out(watch: Watch, field: str) -> None:
    of = clerk(watch)
    answer = of.post("/bulletins", json=warning(**{field: "寻人，联系 138 0013 8000"}))
    assert answer.status_code == 422
    assert [e["field"] for e in answer.json()["errors"]] == [field]
    made = issued(of)
    assert revised(of, made, **{field: "身份证 11010519491231002X"}).status_code == 422
    assert withdrawn(of, made["id"], "电话 13800138000").status_code == 422
    assert issued(of, text="海上遇险请拨 12395，船台守听 16 频道。")["version"] == 1


def test_who_read_it_is_forgotten_by_itself(watch: Watch) -> None:
    made = issued(clerk(watch))
    worker = phone(watch)
    worker.sync()
    key = worker.note("bulletin.read", made["id"], version=1)
    worker.push([key])
    _ends(watch, made["id"], clock_us() - READS_KEPT_US - 1)
    forget_phones(watch.gate.trust)
    with watch.shore.records.database.read() as connection:
        assert connection.execute(sa.select(bulletin_reads)).all() == []
        kinds = connection.execute(sa.select(sync_records.c.kind)).scalars().all()
    assert "bulletin.read" not in kinds
