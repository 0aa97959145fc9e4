"""The text of notices, watch logs, papers and reasons ends by rule; who did what when stays."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
import sqlalchemy as sa

from littoral.access.retention import DAY_US
from littoral.respond.duty.paper import Step
from littoral.respond.reach.ladder import Event, Notice, Person, Waits
from littoral.store import actions, alerts, changes, incidents, outages, reach
from littoral.store.duty import entries, papers
from littoral.store.duty.entries import Entry
from littoral.store.people.credentials import Sealer
from littoral.store.people.tables import accounts
from littoral.store.tables import alert_actions
from littoral.store.tables import alerts as alert_table
from littoral.store.vault import holds, retention, written
from littoral.store.vault.entries import AccessDenied, Ask
from littoral.store.vault.vault import Erased, Vault
from tests.respond.incident.steps import report, step
from tests.store.alert_rows import alert
from tests.store.vault.conftest import NOW, FakeLog, LogDown

RULES = retention.packaged_rules()
ASK = Ask("system:retention", "", "system_operation", "statutory_duty")
LI, WANG = "account:li", "account:wang"
DESK = reach.Desk("460100", "police")
PEOPLE = (Person(LI, ("app", "voice")),)
WAITS = Waits({"app": 30, "sms": 120, "voice": 300}, answer_s=180)


def states(vault: Vault, now_us: int) -> dict[str, tuple[str, str | None]]:
    return {
        d.item.id: (d.state, d.rule.id if d.rule else None)
        for d in retention.preview(vault, RULES, now_us)
    }


def everything(vault: Vault) -> str:
    """All rows of all tables, as text."""
    found = sa.MetaData()
    with vault.db.read() as connection:
        found.reflect(connection)
        return repr([list(connection.execute(sa.select(t))) for t in found.sorted_tables])


def notice(vault: Vault, thing: str = "", said: str = "张三说知道了") -> str:
    key = uuid4()
    with vault.db.write() as connection:
        words = ("去李四家", "Go to Li Si's")
        reach.make(connection, key, thing, DESK, words, Notice(NOW, PEOPLE, True, WAITS), WANG)
        event = Event(LI, "voice", "answered", NOW + 60_000_000)
        reach.happened(connection, str(key), uuid4(), event, WANG, said)
        reach.look(connection, str(key), NOW + 61_000_000)
    return str(key)


def write(vault: Vault, text: str, kind: str = "note", shift: str = "2026-09-21/day") -> Entry:
    made = Entry(str(uuid4()), *DESK, shift, kind, "", text, NOW, NOW, LI)
    with vault.db.write() as connection:
        return entries.add(connection, made)


def take(vault: Vault, paper: str, kind: str, by: str = LI, **fields: object) -> Step:
    return Step(str(uuid4()), paper, kind, NOW, by, fields)


def test_a_notice_ends_half_a_year_after_it_was_answered(vault: Vault, log: FakeLog) -> None:
    key = notice(vault)
    end = NOW + 60_000_000 + 183 * DAY_US
    assert states(vault, end - 1)[key] == ("kept", "notice-text")
    assert states(vault, end)[key] == ("due", "notice-text")
    ran = retention.run(vault, RULES, "system:retention", end, log)
    assert ran.erased == (key,)
    (said,) = [e for e in log.said("retention.run") if e.thing == f"notice:{key}"]
    assert dict(said.facts) == {"change": "erase_text", "reason": "retention"}
    with vault.db.read() as connection:
        row = reach.one(connection, key)
        (event,) = reach.events_of(connection, key)
    assert (row.zh, row.en, row.state, row.by) == ("", "", "answered", LI)
    assert (event.event.kind, event.by, event.detail) == ("answered", WANG, "")
    assert not any(name in everything(vault) for name in ("李四", "张三", "Li Si"))
    assert key not in states(vault, end)
    with pytest.raises(Erased):
        written.erase(vault, "notice", ASK, key, "retention", end, log)


def test_a_notice_of_an_incident_ends_with_it_and_is_kept_with_it(
    vault: Vault, log: FakeLog
) -> None:
    with vault.db.write() as connection:
        incidents.take(connection, report("i-1", NOW, type="epidemic"), 2026, NOW)
        incidents.take(
            connection, step("reject", NOW + 1, "i-1", reason="x", outcome="unfounded"), 2026, NOW
        )
    key = notice(vault, "incident:i-1")
    end = NOW + 15 * DAY_US
    held = holds.set_hold(vault, "user:fa", key, "court_order", "12", NOW, log)
    assert states(vault, end)["i-1"][0] == "held"  # what is told of it is part of it
    assert retention.run(vault, RULES, "user:dpo", end, log).erased == ()
    holds.release(vault, "user:gao", held.id, "court_order", "13", NOW, log)
    held = holds.set_hold(vault, "user:fa", "i-1", "court_order", "14", NOW, log)
    late = NOW + 400 * DAY_US
    assert states(vault, late)[key][0] == "held"
    with pytest.raises(AccessDenied):
        written.erase(vault, "notice", ASK, key, "retention", late, log)
    holds.release(vault, "user:gao", held.id, "court_order", "15", NOW, log)
    assert retention.run(vault, RULES, "user:dpo", end, log).erased == ("i-1",)
    assert "李四" not in everything(vault)


def test_a_watch_log_ends_as_a_whole(vault: Vault, log: FakeLog) -> None:
    first, other = write(vault, "", "in"), write(vault, "李四的船", shift="2026-09-22/day")
    second = write(vault, "看见张三的船")
    end = NOW + 730 * DAY_US
    assert states(vault, end - 1)[first.id] == ("kept", "watch-log-text")
    assert second.id not in states(vault, end)  # the log of the watch goes by its first entry
    held = holds.set_hold(vault, "user:fa", second.id, "court_order", "12", NOW, log)
    assert held.thing == first.id
    assert retention.run(vault, RULES, "user:dpo", end, log).erased == (other.id,)
    holds.release(vault, "user:gao", held.id, "court_order", "13", NOW, log)
    assert retention.run(vault, RULES, "user:dpo", end, log).erased == (first.id,)
    with vault.db.read() as connection:
        rows = entries.listed(connection, *DESK, 10)
    assert {(r.id, r.kind, r.by, r.text) for r in rows} == {
        (first.id, "in", LI, ""), (second.id, "note", LI, ""), (other.id, "note", LI, ""),
    }  # fmt: skip
    with vault.db.write() as connection:  # a phone that sends it late does not bring it back
        assert entries.add(connection, replace(second, seq=0)).text == ""
    assert states(vault, end) == {}


def test_a_paper_ends_two_years_after_it_is_over(vault: Vault, log: FakeLog) -> None:
    fault = {"thing": "receiver", "name": "张三家的接收机", "what": "被李四撞坏"}
    begun = Step(str(uuid4()), "p-1", "begin", NOW, LI, fault)
    steps = [
        take(vault, "p-1", "mend", reason="李四修好"),
        take(vault, "p-1", "close", WANG),
    ]
    leave = Step(str(uuid4()), "p-2", "begin", NOW, LI, {
        "account": "li", "from_us": NOW, "until_us": NOW + DAY_US,
    })  # fmt: skip
    with vault.db.write() as connection:
        papers.begin(connection, "leave", leave, *DESK, NOW)
        papers.begin(connection, "fault", begun, *DESK, NOW)
        for one in steps:
            papers.take(connection, one, NOW)
    assert set(states(vault, NOW)) == {"p-1"}  # the leave says nothing
    end = NOW + 730 * DAY_US
    assert states(vault, end)["p-1"] == ("due", "duty-paper-text")
    assert retention.run(vault, RULES, "user:dpo", end, log).erased == ("p-1",)
    assert not any(name in everything(vault) for name in ("张三", "李四"))
    with vault.db.write() as connection:
        now, rows = papers.one(connection, "p-1"), papers.steps(connection, "p-1")
        assert papers.take(connection, steps[0], NOW).version == 3  # sent again it is the same
        papers.take(connection, take(vault, "p-1", "reopen", reason="又坏了"), end)
    assert (now.state, [r.step.kind for r in rows]) == ("closed", ["begin", "mend", "close"])
    assert states(vault, end)["p-1"] == ("kept", "duty-paper-longest")  # counted from then on
    assert states(vault, end + 1095 * DAY_US)["p-1"][0] == "due"


def test_reasons_end_three_years_after_what_they_were_given_for(vault: Vault, log: FakeLog) -> None:
    action, review = str(uuid4()), str(uuid4())
    with vault.db.write() as connection:
        alerts.put(connection, [alert("a-1")], NOW)
        actions.act(
            connection, "a-1",
            {"id": action, "action": "comment", "by": "li", "reason": "张三的船", "to": None}, NOW,
        )  # fmt: skip
        actions.act(
            connection, "a-1",
            {"id": review, "action": "dismiss", "by": "li", "reason": "认识李四", "to": None}, NOW,
        )  # fmt: skip
        out = outages.create(connection, "r", NOW, NOW + DAY_US, "李四拆走", "li", NOW, None)
        changes.propose(
            connection, str(uuid4()), f"outage:{out.id}", 1, out.document,
            {**out.document, "reason": "张三要求"}, [], "张三说的", "li", NOW,
        )  # fmt: skip
    found = states(vault, NOW + 1095 * DAY_US)
    assert {s for s in found.values()} == {("due", "reason-text"), ("kept", "reason-text")}
    end = NOW + 1096 * DAY_US
    ran = retention.run(vault, RULES, "user:dpo", end, log)
    assert len(ran.erased) == 4
    assert not any(name in everything(vault) for name in ("张三", "李四"))
    with vault.db.read() as connection:
        row = connection.execute(sa.select(alert_table)).one()
        kept = connection.execute(sa.select(alert_actions.c.who)).scalars().all()
    assert (row.handling, row.reason, kept) == ("dismissed", None, ["li", "li"])


def test_where_somebody_who_left_was_reached_is_forgotten(vault: Vault, log: FakeLog) -> None:
    with vault.db.write() as connection:
        for key, status in (("li", "active"), ("wang", "suspended")):
            connection.execute(
                sa.insert(accounts).values(
                    id=key, login=key, name=key, status=status, language="zh", created_us=0,
                    created_by="t", changed_us=NOW, changed_by="t",
                )
            )  # fmt: skip
            reach.set_contact(connection, key, "sms", "13800000000", Sealer(bytes(32)), NOW)
    end = NOW + 30 * DAY_US
    assert states(vault, end) == {
        "wang": ("due", "contact-left"), "li": ("kept", "contact-left"),
    }  # fmt: skip
    assert retention.run(vault, RULES, "user:dpo", end, log).erased == ("wang",)
    with vault.db.read() as connection:
        assert reach.with_contact(connection, ["li", "wang"], "sms") == {"li"}


def test_nothing_is_erased_that_the_log_does_not_hold(vault: Vault, log: FakeLog) -> None:
    key = notice(vault)
    log.fails = True
    with pytest.raises(LogDown):
        written.erase(vault, "notice", ASK, key, "retention", NOW, log)
    assert "李四" in everything(vault)
