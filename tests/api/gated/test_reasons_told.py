"""The log shows that a reason was given, and which; once it is erased nothing there tells it."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from littoral.engine import upkeep
from littoral.store import reason_keys
from littoral.store.people import accounts
from littoral.store.vault import reasons
from littoral.store.vault.logged import facts_json, log_key

from .conftest import Watch
from .oversight import DAY_US, set_clock
from .test_blinder import KEY, OUTAGE
from .test_gate import ALERT

TEXT = "船主王伟 13800138000 电话说明"
LONG_US = 4 * 366 * DAY_US


def in_log(watch: Watch) -> list[tuple[str, dict[str, Any]]]:
    """Action and opened facts of each entry."""
    key = log_key(watch.gate.trust.vault, watch.gate.trust.now_us())
    return [(e.action, json.loads(facts_json(e, key) or b"{}")) for e in watch.logged()]


def give_reasons(watch: Watch) -> dict[str, dict[str, str]]:
    """All that are told to the log; the commitment of each by what it is of."""
    watch.shore.raise_alerts({"number": 1, "rule": "gap", "kind": "gap", "priority": 2})
    first, second = watch.browser("watch_lead", login="li"), watch.browser("watch_lead", login="wu")
    change = first.post("/outages", json={**OUTAGE, "reason": TEXT}).json()
    decision = {"agree": True, "note": TEXT}
    made = second.post(f"/changes/{change['id']}/decision", json=decision)
    assert made.json()["state"] == "made", made.text
    body = {"values": {"class_a_s": 900}, "version": 1, "why": TEXT}
    assert first.post("/detectors/gap/settings", json=body).status_code == 200
    act = {"id": str(uuid.uuid4()), "action": "dismiss", "reason": TEXT}
    assert first.post(f"/alerts/{ALERT}/actions", json=act).status_code == 200
    other = watch.browser("watch_lead", "customs", login="sun")
    reviewed = other.post(f"/reviews/{act['id']}", json={"agree": False, "note": TEXT})
    assert reviewed.status_code == 200
    return {
        "outage": watch.committed(reasons.item_id("planned_outages", KEY), TEXT),
        "settings": watch.committed(reasons.item_id("detector_settings", "gap", 2), TEXT),
        "change": watch.committed(change["id"], TEXT),
        "review": watch.committed(act["id"], TEXT),
    }


def test_a_reason_is_committed_to_and_gone_with_its_text(watch: Watch) -> None:
    watch.sign_policies()
    made = give_reasons(watch)
    facts = in_log(watch)
    assert TEXT not in repr(facts)
    assert any(f.get("after", {}).get("reason") == made["outage"] for _, f in facts)
    decided = next(f for _, f in facts if f.get("proposed_by") == "li")
    assert (decided["why"], decided["note"]) == (made["change"], made["change"])
    assert decided["after"]["reason"] == made["change"]
    assert any(f.get("why") == made["settings"] for _, f in facts)
    assert any(f.get("after") == {"agree": False, "note": made["review"]} for _, f in facts)
    set_clock(watch, LONG_US)
    upkeep.run_retention(watch.gate.trust)
    with watch.shore.records.database.read() as connection:
        assert connection.execute(sa.select(reason_keys.table)).all() == []
    auditor = watch.browser("auditor", "oversight")
    for index in range(len(watch.logged())):
        assert TEXT not in auditor.get(f"/oversight/log/{index}").text


def test_what_was_refused_leaves_no_key(watch: Watch) -> None:
    watch.sign_policies()
    lead = watch.browser("watch_lead")
    assert lead.post(f"/reviews/{uuid.uuid4()}",
                     json={"agree": True, "note": TEXT}).status_code == 404  # fmt: skip
    with watch.shore.records.database.read() as connection:
        assert connection.execute(sa.select(reason_keys.table)).all() == []
    assert TEXT not in repr(in_log(watch))


@pytest.mark.parametrize("step", ["suspend", "clear"])
def test_why_an_account_was_changed_is_committed_to(watch: Watch, step: str) -> None:
    """The words stand with the account while it is suspended, else with what was done."""
    people = watch.gate.people.directory
    account = watch.enter("watch_officer", login="li").identity.id
    if step == "suspend":
        people.suspend(account, "operator:root", TEXT)
        item = account
    else:
        people.clear_second_factors(account, "operator:root", TEXT)
        (done,) = people.changes("made")
        assert (done.kind, done.why, done.decided_by) == ("second_factors", TEXT, "operator:root")
        item = done.id
    action = {"suspend": "account.suspend", "clear": "account.second_factors_cleared"}[step]
    (said,) = [f for a, f in in_log(watch) if a == action]
    assert TEXT not in repr(in_log(watch))
    if step == "clear":
        assert said["detail"] == item
        return
    assert said["detail"] == "hmac_sha256:" + watch.committed(item, TEXT)["hmac_sha256"]
    people.reinstate(account, "operator:root")
    with watch.shore.records.database.read() as connection:
        assert accounts.one(connection, account).reason is None
        assert reason_keys.known(connection, item) is None
