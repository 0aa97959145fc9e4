"""Rules of retention that are others than the records went by: in the log, and nothing is erased by
itself for seven days."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from littoral.engine.trust import Trust
from littoral.engine.upkeep import run_retention
from littoral.schema.logentry import from_bytes
from littoral.store.log.reader import LogReader
from littoral.store.records import Records
from littoral.store.tables import settings
from littoral.store.vault import cases, retention, rule_changes
from littoral.store.vault.logged import facts_json

from .test_trust import DAY, NOW, collected, data, records

__all__ = ["data", "records"]


def shorter(folder: Path) -> None:
    """Cases of smuggling are kept ten days instead of two years."""
    text = retention.packaged_text().replace("keep_days = 730", "keep_days = 10", 1)
    (folder / "retention.toml").write_text(text, encoding="utf-8")


def told(trust: Trust) -> list[dict[str, Any]]:
    size = trust.log.publish().size
    reader = LogReader(trust.log.root, trust.log.key.public)
    entries = [from_bytes(e) for b in range(-(-size // 256)) for e in reader.entries(b, size)]
    return [
        json.loads(facts_json(e, trust.facts_key) or b"{}")
        for e in entries
        if e.action == "retention.rules"
    ]


def test_they_are_told_and_wait_seven_days_of_which_restarts_take_none(
    data: Path, records: Records
) -> None:
    trust = Trust.open(data, records, lambda: NOW)
    ask, person, _ = collected(trust)
    cases.close_case(trust.vault, "account:li", ask.case, NOW, trust.record)
    assert told(trust) == []
    trust.close()
    shorter(data)
    for day in (20, 26):
        trust = Trust.open(data, records, lambda day=day: NOW + day * DAY)  # type: ignore[misc]
        assert run_retention(trust).erased == ()
        (said,) = told(trust)
        assert said["rules"] == ["smuggling-case"]
        assert said["before"] != said["after"]
        trust.close()
    trust = Trust.open(data, records, lambda: NOW + 27 * DAY)
    assert run_retention(trust).erased == (person,)
    trust.close()


def test_somebody_may_run_them_meanwhile(data: Path, records: Records) -> None:
    trust = Trust.open(data, records, lambda: NOW)
    ask, person, _ = collected(trust)
    cases.close_case(trust.vault, "account:li", ask.case, NOW, trust.record)
    trust.close()
    shorter(data)
    trust = Trust.open(data, records, lambda: NOW + 20 * DAY)
    assert run_retention(trust, "account:li").erased == (person,)
    trust.close()


def test_a_folder_of_before_that_holds_cases_waits_and_a_new_one_does_not(
    data: Path, records: Records
) -> None:
    shorter(data)
    trust = Trust.open(data, records, lambda: NOW)
    assert told(trust) == []
    ask, person, _ = collected(trust)
    cases.close_case(trust.vault, "account:li", ask.case, NOW, trust.record)
    trust.close()
    with records.database.write() as connection:  # as of a version that kept no rules
        connection.execute(sa.delete(settings).where(settings.c.key == rule_changes.KEPT))
    trust = Trust.open(data, records, lambda: NOW + 20 * DAY)
    (said,) = told(trust)
    assert (said["before"], "smuggling-case" in said["rules"]) == ("", True)
    assert run_retention(trust).erased == ()
    trust.now_us = lambda: NOW + 27 * DAY
    assert run_retention(trust).erased == (person,)
    trust.close()
