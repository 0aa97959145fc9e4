"""The file of an incident as PDF, read back by another program's eyes (pypdf)."""

from __future__ import annotations

import hashlib
import io
import threading
import time
from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest
from pypdf import PdfReader

from littoral.api.printing import typeset
from littoral.api.printing.sketch import sketch
from littoral.api.printing.typeset import BREAK, Document, pdf
from littoral.engine.runtime import RawLine
from littoral.respond.incident.step import Step
from littoral.schema.logentry import Verdict
from littoral.store import incidents
from tests.api.shore import alert_of, past_of
from tests.api.test_resources import arrow

from .conftest import Watch
from .test_incidents import HAIKOU, SANYA, reported, stepped
from .test_tasks import account_of, added, assigned, done

LINE = rb"!AIVDM,1,1,,A,13u@Dt002s000000000000000000,0*0A"
# What Typst, PDF or a page would take for something else than text.
TRICKS = (
    '#import "@preview/x:1.0.0": *', "#read(\"/etc/passwd\")", "$x^2$", "a\\b \\ c", "@ref <label>",
    "*bold* _it_ `raw` = head", "// no comment", "[x] #{1+1}", "~ -- --- '\"", "https://x.example",
)  # fmt: skip


def printed(browser: httpx.Client, key: str, lang: str = "zh") -> tuple[bytes, str]:
    """The file, and its text without what only breaks lines."""
    answer = browser.get(f"/incidents/{key}/file.pdf", params={"lang": lang})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    return answer.content, text_of(answer.content)


def text_of(data: bytes) -> str:
    found = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    return found.replace(BREAK, "")


def joined(text: str) -> str:
    """Without blanks: where a line ends in a cell is the printer's matter."""
    return "".join(text.split())


def scene(watch: Watch) -> tuple[httpx.Client, dict[str, Any]]:
    """An incident at sea with an alert and its evidence, a task and its steps."""
    alert = alert_of(number=1, evidence=[(1 << 40) + 1])
    watch.shore.raise_alerts(alert)
    seen = past_of(0, 412000001, [alert["start_us"]])
    watch.shore.lake.write("observations", arrow(seen), "a")
    watch.shore.lines[(1 << 40) + 1] = RawLine("pier:10110", 77, LINE)
    officer = watch.browser("watch_officer", unit=HAIKOU, name="王值班")
    lead = watch.browser("watch_lead", unit=HAIKOU)
    made = reported(officer, sources=[{"kind": "alert", "ref": alert["id"]}])
    boat = added(lead, account=account_of(officer))
    task = assigned(officer, made["id"], boat["id"], what="靠近查看")
    for kind, more in (
        ("accept", {}), ("set_out", {}), ("arrive", {}), ("finish", {"found": "空船，无人"}),
    ):  # fmt: skip
        assert done(officer, task["id"], kind, **more).status_code == 200
    return officer, made


def test_it_has_all_that_the_page_has(watch: Watch) -> None:
    officer, made = scene(watch)
    other = reported(officer, title="另一件事", type="fire")
    assert stepped(officer, made["id"], "link", other=other["id"]).status_code == 200
    assert stepped(officer, made["id"], "note", reason="对方关灯").status_code == 200
    data, text = printed(officer, made["id"])
    found = joined(text)
    for said in (
        made["code"], "快艇靠岸卸货", "走私", "20°06.00′N110°30.00′E", "Asia/Shanghai",
        "UTC+08:00", "靠近查看", "琼巡01", "空船，无人", "对方关灯", "王值班", "两船会遇1",
        "Twovesselsmet1", "412000001", LINE.decode(), "pier:10110，第77行", other["code"],
        "另一件事", "位置略图", watch.gate.trust.decider.hash, "第1页，共",
    ):  # fmt: skip
        assert joined(said) in found, said
    assert PdfReader(io.BytesIO(data)).metadata.title == f"事件案卷 {made['code']}"
    task = officer.get("/tasks").json()["items"][0]
    assert joined(f"任务: {task['code']}") in found
    assert task["id"] not in found
    english = joined(printed(officer, made["id"], "en")[1])
    for said in ("Smuggling", "Running log", "Page1of", "Alertsandwhattheyreston", "靠近查看"):
        assert joined(said) in english, said


def test_the_log_has_the_hash_of_the_very_file(watch: Watch) -> None:
    officer, made = scene(watch)
    data, text = printed(officer, made["id"])
    entries = watch.logged()
    (entry,) = [
        e for e in entries if e.action == "incident.read" and e.thing == f"incident:{made['id']}"
    ]
    assert entry.verdict is Verdict.ALLOW
    auditor = watch.browser("auditor", "oversight")
    (listed,) = auditor.get("/oversight/accesses", params={"action": "incident.read"}).json()[
        "items"
    ]
    whole = auditor.get(f"/oversight/log/{listed['index']}").json()
    assert hashlib.sha256(data).hexdigest() in orjson.dumps(whole).decode()
    # It names the log as it stood before.
    size = int(joined(text).partition("打印时日志共")[2].partition("条")[0])
    assert 0 < size <= entries.index(entry)


def test_what_users_wrote_is_never_markup(watch: Watch) -> None:
    officer = watch.browser("watch_officer", unit=HAIKOU)
    long = "x" * 3000 + "终"
    made = reported(officer, title=" ".join(TRICKS), type="other")
    assert stepped(officer, made["id"], "note", reason="\n".join(TRICKS)).status_code == 200
    assert stepped(officer, made["id"], "note", reason=long).status_code == 200
    turned = "abc\u202edef\x07"
    assert stepped(officer, made["id"], "note", reason=turned).status_code == 200
    text = joined(printed(officer, made["id"])[1])
    for trick in TRICKS:
        assert text.count(joined(trick)) == 3, trick  # title, report, note
    assert text.count("x") >= 3000  # over pages, whose edges stand between
    assert "\u202e" not in text


def test_only_who_sees_the_incident_prints_it_and_only_what_they_see(watch: Watch) -> None:
    officer, made = scene(watch)
    stranger = watch.browser("watch_officer", unit=SANYA)
    path = f"/incidents/{made['id']}/file.pdf"
    assert stranger.get(path).status_code == 403
    assert stranger.get("/incidents/nothing/file.pdf").status_code == 404
    assert officer.get(path, params={"lang": "fr"}).status_code in (400, 422)
    hidden = reported(stranger, title="三亚的事", lon=109.5, lat=18.2)
    lead = watch.browser("watch_lead", unit="460000")
    assert stepped(lead, made["id"], "link", other=hidden["id"]).status_code == 200
    text = joined(printed(officer, made["id"])[1])
    assert "三亚的事" not in text
    assert hidden["code"] not in text
    assert "无权查看" in text
    # A reporter who sees no alerts gets none of them, and no refusal stands in the log for it.
    before = len(watch.logged())
    printed(officer, made["id"])
    assert [e.verdict for e in watch.logged()[before:]] == [Verdict.ALLOW]


def test_a_thousand_steps_are_printed_while_the_watch_goes_on(watch: Watch) -> None:
    officer = watch.browser("watch_officer", unit=HAIKOU)
    made, me = reported(officer), account_of(officer)
    with watch.shore.records.database.write() as connection:
        for n in range(1_000):
            fields = {"reason": f"第 {n} 条：对方向东北缓慢移动，继续观察"}
            at_us = 1_700_000_000_000_000 + n
            step = Step(str(uuid4()), made["id"], "note", at_us, me, HAIKOU, fields)
            incidents.take(connection, step, 2026, at_us)
    printed(officer, made["id"])  # fonts and coast are read at the first print
    beside, waits, stop = watch.browser("watch_lead", unit=HAIKOU), [], threading.Event()

    def poll() -> None:
        while not stop.is_set():
            began = time.perf_counter()
            assert beside.get("/me").status_code == 200
            waits.append(time.perf_counter() - began)

    other = threading.Thread(target=poll)
    other.start()
    began = time.perf_counter()
    answer = officer.get(f"/incidents/{made['id']}/file.pdf")
    took = time.perf_counter() - began
    stop.set()
    other.join()
    last = PdfReader(io.BytesIO(answer.content)).pages[-3:]
    assert joined("第 999 条") in joined("".join(page.extract_text() for page in last))
    print(f"{took:.2f} s, others waited {max(waits):.3f} s at most")
    assert len(waits) > 1
    assert max(waits) < took


def test_an_incident_that_is_erased_says_so(watch: Watch) -> None:
    officer = watch.browser("watch_officer", unit=HAIKOU)
    made = reported(officer, id=str(uuid4()))
    with watch.shore.records.database.write() as connection:
        incidents.forget_text(connection, made["id"], 1)
    assert "已按保存期限删除" in joined(printed(officer, made["id"])[1])


def test_the_same_document_and_time_give_the_same_bytes() -> None:
    def made() -> Document:
        doc = Document(
            "zh", "t", "a", "h", "z", "f", "第 {n} 页，共 {of} 页", 1_700_000_000_000_000
        )
        doc.heading(1, "标题")
        doc.table(["甲"], [1], [["一"], ["二"]])
        drawn = sketch("hainan", (110.5, 20.1), [(110.1, 19.9)])
        assert drawn is not None
        doc.figure(drawn, "图")
        return doc

    assert pdf(made()) == pdf(made())


def test_a_second_print_waits_for_the_first_and_is_told_when_it_takes_too_long(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = watch.browser("watch_officer", unit=HAIKOU)
    made = reported(officer)
    monkeypatch.setattr(typeset, "WAIT_S", 0.01)
    with typeset._one_at_a_time:
        answer = officer.get(f"/incidents/{made['id']}/file.pdf")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "10"
    printed(officer, made["id"])
