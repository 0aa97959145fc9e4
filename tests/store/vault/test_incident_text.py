"""What was written of an incident ends; its code, times and the kinds of its steps stay."""

from __future__ import annotations

import hashlib

import pytest

from littoral.access.retention import DAY_US
from littoral.respond.incident.step import Step
from littoral.store import incidents
from littoral.store.incidents import Kept
from littoral.store.vault import holds, incident_text, retention
from littoral.store.vault.entries import AccessDenied, Ask
from littoral.store.vault.vault import Erased, NotThere, Vault
from tests.respond.incident.steps import report, step
from tests.store.vault.conftest import NOW, FakeLog, LogDown

RULES = retention.packaged_rules()
ASK = Ask("system:retention", "", "system_operation", "statutory_duty")


def take(vault: Vault, *steps: Step) -> Kept:
    for one in steps:
        with vault.db.write() as connection:
            kept = incidents.take(connection, one, 2026, NOW)
    return kept


def whole(vault: Vault, key: str = "i-1", **more: object) -> Kept:
    """From the report to the close, a day later."""
    hotline = {"kind": "hotline", "ref": "13800000000"}
    sources = [{"kind": "alert", "ref": "a-1"}, hotline]
    return take(
        vault,
        report(key, NOW, sources=sources, **more),
        step("reject", NOW + DAY_US, key, reason="张三的船", outcome="unfounded"),
    )


def states(vault: Vault, now_us: int) -> dict[str, tuple[str, str | None]]:
    return {
        d.item.id: (d.state, d.rule.id if d.rule else None)
        for d in retention.preview(vault, RULES, now_us)
    }


def test_what_was_written_is_erased_and_the_rest_stays(vault: Vault, log: FakeLog) -> None:
    before = whole(vault)
    open_one = take(vault, report("i-2", NOW))
    end = NOW + 731 * DAY_US
    assert states(vault, end - 1)["i-1"] == ("kept", "incident-text")
    assert states(vault, end) == {
        "i-1": ("due", "incident-text"), "i-2": ("kept", "incident-longest"),
    }  # fmt: skip
    ran = retention.run(vault, RULES, "user:dpo", end, log)
    assert (ran.erased, ran.refused) == (("i-1",), ())
    assert ran.proof == hashlib.sha256(b"i-1\n").hexdigest()
    with vault.db.read() as connection:
        kept, rows = incidents.one(connection, "i-1"), incidents.steps(connection, "i-1")
        found = incidents.of_source(connection, "alert", "a-1")
        assert incidents.of_source(connection, "hotline", "13800000000") == []
        assert incidents.one(connection, "i-2").incident == open_one.incident
    assert (kept.code, kept.incident.state, kept.incident.outcome, kept.incident.opened_us) == (
        before.code, "closed", "unfounded", NOW,
    )  # fmt: skip
    assert (kept.incident.title, kept.text_key, kept.erased_us) == ("", "", end)
    assert kept.seq > before.seq  # boards that follow show it
    assert sorted(k.incident.id for k in found) == ["i-1", "i-2"]
    assert [(r.step.kind, r.step.at_us, r.step.by) for r in rows] == [
        ("report", NOW, "account:1"), ("reject", NOW + DAY_US, "account:1"),
    ]  # fmt: skip
    said = repr([r.step.fields for r in rows])
    for text in ("张三", "快艇", "13800000000"):
        assert text not in said
    assert rows[1].step.fields["outcome"] == "unfounded"
    (entry,) = [e for e in log.said("retention.run") if e.thing == "incident:i-1"]
    assert dict(entry.facts) == {"change": "erase_text", "reason": "retention", "steps": 2}
    with pytest.raises(Erased):
        incident_text.erase(vault, ASK, "i-1", "retention", end, log)
    assert "i-1" not in states(vault, end)


def test_an_epidemic_ends_with_its_purpose_for_its_agency(vault: Vault, log: FakeLog) -> None:
    take(vault, report("i-1", NOW, type="epidemic", lead_agency="health"))
    take(vault, report("i-2", NOW, type="epidemic", lead_agency="customs"))
    end = NOW + DAY_US
    said = end - retention.ENDS_AFTER_US
    retention.end_purpose(vault, "user:dpo", "epidemic_control", "health", said, log)
    found = states(vault, end)
    assert found == {"i-1": ("due", "epidemic-end"), "i-2": ("kept", "incident-longest")}
    assert retention.run(vault, RULES, "user:dpo", end, log).erased == ("i-1",)


def test_a_hold_keeps_what_was_written(vault: Vault, log: FakeLog) -> None:
    whole(vault)
    end = NOW + 731 * DAY_US
    held = holds.set_hold(vault, "user:fa", "i-1", "court_order", "12", NOW, log)
    assert states(vault, end)["i-1"][0] == "held"
    assert retention.run(vault, RULES, "user:dpo", end, log).erased == ()
    with pytest.raises(AccessDenied):
        incident_text.erase(vault, ASK, "i-1", "retention", end, log)
    holds.release(vault, "user:gao", held.id, "court_order", "13", NOW, log)
    assert retention.run(vault, RULES, "user:dpo", end, log).erased == ("i-1",)
    with pytest.raises(NotThere):
        holds.set_hold(vault, "user:fa", "i-9", "court_order", "12", NOW, log)
    with pytest.raises(Erased):
        holds.set_hold(vault, "user:fa", "i-1", "court_order", "12", NOW, log)


def test_a_part_ends_with_the_whole(vault: Vault, log: FakeLog) -> None:
    """What is merged is never closed by itself."""
    take(vault, report("i-1", NOW), report("i-2", NOW))
    take(vault, step("merge", NOW + 5, "i-2", other="i-1", reason="one boat"))
    take(vault, step("reject", NOW + DAY_US, "i-1", reason="no boat", outcome="unfounded"))
    end = NOW + 731 * DAY_US
    assert states(vault, end) == {
        "i-1": ("due", "incident-text"), "i-2": ("due", "incident-text"),
    }  # fmt: skip


def test_what_is_written_afterwards_ends_by_itself(vault: Vault, log: FakeLog) -> None:
    whole(vault)
    end = NOW + 731 * DAY_US
    retention.run(vault, RULES, "user:dpo", end, log)
    again = step("reopen", end + 5, "i-1", reason="the boat is back")
    kept = take(vault, again)
    assert (kept.text_key != "", kept.incident.state) == (True, "accepted")
    assert states(vault, end + DAY_US)["i-1"] == ("kept", "incident-longest")
    assert states(vault, end + 1095 * DAY_US)["i-1"][0] == "due"


def test_a_step_whose_text_is_erased_is_known_when_it_comes_again(
    vault: Vault, log: FakeLog
) -> None:
    whole(vault)
    retention.run(vault, RULES, "user:dpo", NOW + 731 * DAY_US, log)
    again = step("reject", NOW + DAY_US, "i-1", reason="张三的船", outcome="unfounded")
    with vault.db.read() as connection:
        known = incidents.again(connection, again)
    assert known is not None
    assert known.incident.state == "closed"


def test_nothing_is_erased_where_the_log_cannot_say_so(vault: Vault, log: FakeLog) -> None:
    before = whole(vault)
    log.fails = True
    with pytest.raises(LogDown):
        incident_text.erase(vault, ASK, "i-1", "retention", NOW, log)
    with vault.db.read() as connection:
        assert incidents.one(connection, "i-1").incident == before.incident
