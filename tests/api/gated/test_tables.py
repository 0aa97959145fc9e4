"""Lists as Excel files: what the page shows, to whom it shows it, and no formulas."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from littoral.api.incidents import routes
from littoral.api.params import parse_instant_us
from littoral.api.tables import sheet
from littoral.api.wire import iso
from littoral.schema.logentry import Verdict
from littoral.store.duty.tables import duty_papers
from tests.api.shore import alert_of

from .conftest import Watch
from .test_duty import POLICE, Crew, begun
from .test_incidents import HAIKOU, SANYA, reported
from .test_tasks import account_of, added, assigned

FORMULA = '=HYPERLINK("https://x.example","here")'
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def taken(browser: httpx.Client, path: str, **params: Any) -> bytes:
    answer = browser.get(path, params={"format": "xlsx", **params})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == SHEET
    return answer.content


def rows(data: bytes, sheet: int = 0) -> list[tuple[Any, ...]]:
    book = load_workbook(io.BytesIO(data))
    return list(book.worksheets[sheet].iter_rows(values_only=True))


def table(data: bytes) -> list[dict[str, Any]]:
    head, *body = rows(data)
    return [dict(zip(map(str, head), line, strict=True)) for line in body]


def has_formula(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = [packed.read(n) for n in packed.namelist() if n.startswith("xl/worksheets/")]
    return any(re.search(rb"<f[ >/]", part) for part in parts)


def test_incidents_as_the_page_has_them(watch: Watch) -> None:
    officer = watch.browser("watch_officer", unit=HAIKOU, name="王值班")
    made = reported(officer, title=FORMULA)
    reported(officer, title="火", type="fire")
    data = taken(officer, "/incidents", lang="zh", type="smuggling")
    (line,) = table(data)
    assert line["编号"] == made["code"]
    assert line["标题"] == FORMULA
    assert not has_formula(data)
    assert (line["类型"], line["状态"], line["上报人"]) == ("走私", "已上报", "王值班")
    assert line["经度（°，WGS 84）"] == 110.5
    opened = line["上报时间 (Asia/Shanghai)"]
    utc = datetime.fromisoformat(made["opened"]).replace(tzinfo=None)
    assert (opened - utc).total_seconds() == pytest.approx(8 * 3600, abs=1)
    about = dict(rows(data, 1))
    assert about["时区"] == "Asia/Shanghai"
    assert about["导出人"] == "王值班"
    assert about["筛选"] == "type=smuggling"
    english = table(taken(officer, "/incidents", lang="en"))[0]
    assert {"Code", "What happens", "In charge"} <= set(english)


def test_it_has_what_the_caller_may_see_and_the_log_has_its_hash(watch: Watch) -> None:
    officer, stranger = (watch.browser("watch_officer", unit=u) for u in (HAIKOU, SANYA))
    reported(officer)
    theirs = taken(stranger, "/incidents")
    assert table(theirs) == []
    mine = taken(officer, "/incidents")
    assert len(table(mine)) == 1
    entries = [e for e in watch.logged() if e.action == "incident.read"]
    assert [(e.thing, e.verdict) for e in entries] == [("incident:all", Verdict.ALLOW)] * 2
    auditor = watch.browser("auditor", "oversight")
    listed = auditor.get("/oversight/accesses", params={"action": "incident.read"}).json()
    entries_read = [auditor.get(f"/oversight/log/{e['index']}").json() for e in listed["items"]]
    whole = orjson.dumps(entries_read).decode()
    for data in (theirs, mine):
        assert hashlib.sha256(data).hexdigest() in whole
    administrator = watch.browser("administrator", "platform")
    for path in ("/incidents", "/tasks", "/responders", "/alerts", "/changes"):
        plain = administrator.get(path).status_code
        assert administrator.get(path, params={"format": "xlsx"}).status_code == plain, path


def test_beyond_the_limit_it_says_so(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    officer = watch.browser("watch_officer", unit=HAIKOU)
    for n in range(4):
        reported(officer, title=f"第 {n} 件")
    for module in (routes, sheet):
        monkeypatch.setattr(module, "MOST_ROWS", 3)
    data = taken(officer, "/incidents", limit=1)  # a page is no bound of a file
    assert [line["标题"] for line in table(data)] == ["第 3 件", "第 2 件", "第 1 件"]
    assert dict(rows(data, 1))["截断"] == "仅列最新的 3 行"


def test_tasks_and_responders(watch: Watch) -> None:
    officer, lead = (watch.browser(r, unit=HAIKOU) for r in ("watch_officer", "watch_lead"))
    boat = added(lead, name="=琼巡 01", account=account_of(officer))
    made = reported(officer)
    task = assigned(officer, made["id"], boat["id"], what="靠近查看")
    (line,) = table(taken(officer, "/tasks"))
    assert (line["编号"], line["事件编号"]) == (task["code"], made["code"])
    assert line["派出"] == "=琼巡 01"
    (line,) = table(taken(officer, "/responders"))
    assert (line["名称"], line["航速（节）"], line["续航（分钟）"]) == ("=琼巡 01", 30, 240)
    assert line["技能"] == "登临检查"
    assert "位置" not in " ".join(line)


def test_alerts_and_changes(watch: Watch) -> None:
    watch.shore.raise_alerts(*(alert_of(number=n) for n in (1, 2, 3)))
    officer = watch.browser("watch_officer")
    found = table(taken(officer, "/alerts", lang="en"))
    assert [line["Sentence"] for line in found] == [f"Two vessels met {n}" for n in (3, 2, 1)]
    assert found[0]["Latitude (°, WGS 84)"] == 19.9
    (one,) = table(taken(officer, "/alerts", lang="en", q="Two vessels met 2"))
    assert one["About"] == "QIONG LIN YU 00002"
    distress = alert_of(number=9, rule="distress", kind="sart", priority=1)
    watch.shore.raise_alerts(distress)
    body = {"id": str(uuid4()), "action": "dismiss", "reason": "演习", "to": None}
    asked = officer.post(f"/alerts/{distress['id']}/actions", json=body)
    assert asked.status_code == 202, asked.text
    (line,) = table(taken(officer, "/changes"))
    assert line["理由说明"] == "演习"
    assert line["少看到的"] == "遇险警报不再待处理"


def test_of_a_desk_roster_watch_log_and_faults(watch: Watch) -> None:
    crew, at = Crew(watch), POLICE
    lead = crew.lead
    assert lead.put(f"{at}/roster", json=crew.body).status_code == 200
    note = {"id": str(uuid4()), "kind": "note", "text": "=能见度差"}
    assert lead.post(f"{at}/log", json=note).status_code == 201
    fault = {"id": str(uuid4()), "kind": "fault", "thing": "system", "name": "UPS", "what": "停电"}
    assert lead.post(f"{at}/papers", json=fault).status_code == 201
    (line,) = table(taken(lead, f"{at}/log"))
    assert line["记录"] == "=能见度差"
    (line,) = table(taken(lead, f"{at}/papers", kind="fault"))
    assert (line["名称"], line["内容"]) == ("UPS", "停电")
    found = table(taken(lead, f"{at}/roster"))
    assert found
    shown = lead.get(f"{at}/roster").json()["shifts"]
    assert len(found) == sum(len(s["stints"]) + len(s["short"]) for s in shown)
    assert any(str(line["备注"] or "").startswith("缺人") for line in found) == any(
        s["short"] for s in shown
    )


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("0001-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
        ("2027-01-01T00:00:00Z", "9999-12-31T23:00:00Z"),
        ("2027-01-01T00:00:00Z", "9999-12-31T23:00:00-08:00"),
    ],
)
def test_a_time_that_no_wall_has_spoils_no_file(watch: Watch, start: str, end: str) -> None:
    """It is refused, and what was kept of one before is told as it is."""
    crew = Crew(watch)
    wish = {"account": crew.ids[0], "start": start, "end": end}
    refused = begun(crew.lead, "leave", **wish)
    assert refused.status_code == 422, refused.text
    (said,) = refused.json()["errors"]
    assert said["field"] in ("start", "end")
    assert "must be a time from" in said["message"]
    then = {"start": "2027-01-01T00:00:00Z", "end": "2027-01-02T00:00:00Z"}
    made = begun(crew.lead, "leave", **{**wish, **then})
    assert made.status_code == 201, made.text
    kept_us = {name: parse_instant_us(wish[name]) for name in then}
    with watch.gate.trust.vault.db.write() as connection:
        doc = orjson.dumps(connection.execute(sa.select(duty_papers.c.doc)).scalar_one()).decode()
        for name, written in then.items():
            assert str(parse_instant_us(written)) in doc
            doc = doc.replace(str(parse_instant_us(written)), str(kept_us[name]))
        connection.execute(sa.update(duty_papers).values(doc=orjson.loads(doc)))
    (listed,) = crew.lead.get(f"{POLICE}/papers").json()["items"]
    found = table(taken(crew.lead, f"{POLICE}/papers", lang="en"))
    assert len(found) == 1
    odd = iso(kept_us["start" if start.startswith("0001") else "end"])
    assert odd in orjson.dumps(listed).decode()
    assert odd in found[0].values()
