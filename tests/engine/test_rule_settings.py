"""Settings that people change while the watch runs: from when, over a crash, and at a start."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from littoral.detect.adjusting import flat
from littoral.engine import core
from littoral.engine.rule_settings import CODE, OFF, RuleSettings, tell_started
from littoral.engine.trust import Trust
from littoral.schema.logentry import from_bytes
from littoral.store import changes, detector_settings
from littoral.store.changes import Change
from littoral.store.detector_settings import STARTED_BY, SettingsVersion
from littoral.store.geofences import Conflict
from littoral.store.log.reader import LogReader
from littoral.store.records import AlertRow, Records
from littoral.store.vault.logged import facts_json, log_key
from tests.laws import scene
from tests.laws.living import Station, all_alerts, as_in_lake

NOW = 1_700_000_000_000_000
MINUTE_US = 60_000_000
COASTAL, GFW = core.choose_rules("coastal"), core.choose_rules("gfw")


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    with Records.open(f"sqlite:///{tmp_path / 'records.sqlite'}", now_us=lambda: NOW) as opened:
        yield opened


def start(records: Records, rules: tuple[core.Rule, ...]) -> RuleSettings:
    return RuleSettings(records, rules, lambda: NOW)


def change(records: Records, rule: str, **values: Any) -> SettingsVersion:
    with records.database.write() as connection:
        return detector_settings.change(connection, rule, values, "li", "as told", NOW)


def current(records: Records, rule: str) -> SettingsVersion:
    with records.database.read() as connection:
        return detector_settings.current(connection, rule)


def open_change(records: Records, rule: str) -> Change | None:
    with records.database.read() as connection:
        return changes.waiting(connection, f"settings:{rule}", changes.AT_START)


def named(rules: tuple[core.Rule, ...], name: str) -> core.Rule:
    return next(r for r in rules if r.detector.name == name)


# -- while it runs


def test_a_slice_is_judged_by_what_held_at_its_begin(records: Records) -> None:
    kept = start(records, COASTAL)
    assert kept.changes() == ()
    change(records, "gap", class_a_s=3600.0)
    assert kept.changes() == ()  # the engine has not taken it up
    kept.begin(1_000)
    change(records, "gap", class_a_s=900.0)
    change(records, "distress", update_m=100.0)
    kept.begin(2_000)
    reference = core.Reference(kept.base, scene.world(), (), kept.changes())
    found = [
        (named(rules, "gap").profile.settings.class_a_s, named(rules, "gap").settings_version)
        for rules in (reference.rules_at(t) for t in (0, 999, 1_000, 1_999, 2_000, 9_999))
    ]
    assert found == [(1800.0, 1), (1800.0, 1), (3600.0, 2), (3600.0, 2), (900.0, 3), (900.0, 3)]
    assert named(reference.rules_at(2_000), "distress").profile.settings.update_m == 100.0
    assert start(records, COASTAL).changes() == kept.changes()  # after a restart


def watched(folder: Path, fall_back: bool) -> tuple[list[AlertRow], SettingsVersion]:
    """A hundred minutes at sea; after fifty, distress devices get less urgent. `fall_back`: the
    process dies after that, and begins again before it."""
    parts = [b"".join(m for t, m in scene.sent() if low <= t < high) for low, high in PARTS]
    station = Station(folder)
    station.start()
    station.send(parts[0])
    if fall_back:
        station.stop()
        station.keep_checkpoint()
        station.start()
    station.send(parts[1])
    assert station.live is not None
    change(station.live.records, "distress", device_priority=2)
    station.live.settings_changed()
    station.send(parts[2])
    if fall_back:
        station.stop()
        station.fall_back()
        station.start()
    station.send(parts[3])
    station.end(PARTS[-1][1])
    with station.records() as opened:
        return all_alerts(opened), current(opened, "distress")


ENDS = [scene.START_US + m * MINUTE_US for m in (0, 40, 50, 75, 100)]
PARTS = list(pairwise(ENDS))


def test_a_change_holds_from_the_watermark_on_and_over_a_crash(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    rows, version = watched(tmp_path / "a", fall_back=False)
    again, same = watched(tmp_path / "b", fall_back=True)
    assert version.from_us is not None
    assert ENDS[1] < version.from_us <= ENDS[2]
    assert same.from_us == version.from_us
    assert as_in_lake(rows) == as_in_lake(again)
    devices = [r for r in rows if r.rule == "distress" and r.kind in ("mob", "epirb")]
    assert {r.kind for r in devices} == {"mob", "epirb"}
    assert {(r.priority, r.settings_version, r.settings["device_priority"]) for r in devices} == {
        (2, 2, 2)
    }
    others = [r for r in rows if r.rule == "identity"]
    assert {r.settings_version for r in others} == {1}


def test_what_is_read_again_after_a_crash_is_judged_as_the_first_time(tmp_path: Path) -> None:
    """A change that the engine had not taken up when it died begins after what it had judged."""
    first, second, third, _ = (b"".join(m for t, m in scene.sent() if a <= t < b) for a, b in PARTS)
    station = Station(tmp_path)
    station.start()
    station.send(first)
    station.stop()
    station.keep_checkpoint()
    station.start()
    station.send(second)
    station.stop()
    station.fall_back()
    with station.records() as opened:
        settled_us = (opened.checkpoint() or {})["settled_until_us"]
        change(opened, "distress", device_priority=2)
    station.start()
    assert station.live is not None
    assert station.live.drain()  # what is read again, and nothing with it
    station.send(third)
    station.stop()
    assert settled_us > ENDS[1] + 5 * MINUTE_US
    with station.records() as opened:
        assert current(opened, "distress").from_us == settled_us


# -- at a start


def test_the_same_start_again_changes_nothing(records: Records) -> None:
    for _ in range(2):
        start(records, COASTAL)
    with records.database.read() as connection:
        found = detector_settings.versions(connection)
        assert changes.listed(connection, 0) == []
    assert [(v.rule, v.version, v.how) for v in found] == [
        (r.detector.name, 1, "first") for r in sorted(COASTAL, key=lambda r: r.detector.name)
    ]


def test_what_people_changed_is_taken_up_at_the_next_start(records: Records) -> None:
    start(records, COASTAL).begin(0)
    change(records, "gap", class_a_s=900.0)
    kept = start(records, COASTAL)
    kept.begin(5_000)
    assert current(records, "gap").version == 2
    (taken_up,) = kept.changes()
    assert named(taken_up.rules, "gap").profile.settings.class_a_s == 900.0


def test_a_blinder_start_is_listed_until_a_second_person_agrees(records: Records) -> None:
    start(records, COASTAL)
    kept = start(records, GFW)
    now = current(records, "gap")
    assert (now.version, now.how, now.profile, now.who) == (2, "start", "gfw", STARTED_BY)
    assert not now.approved
    assert {"class_a_s", "off_shore_m"} <= set(now.blinder)
    assert named(kept.base, "gap").settings_version == 2
    listed = open_change(records, "gap")
    assert listed is not None
    assert listed.after is not None
    assert (listed.before["profile"], listed.after["profile"]) == ("coastal", "gfw")
    values = (listed.before["values"]["class_a_s"], listed.after["values"]["class_a_s"])
    assert values == (1800.0, 43200.0)
    with records.database.write() as connection, pytest.raises(Conflict):
        changes.decide(connection, listed.id, False, "no", "wang", NOW)
    with records.database.write() as connection:
        done = changes.decide(connection, listed.id, True, "for a study", "wang", NOW)
    assert (done.state, done.decided_by) == ("made", "wang")
    assert current(records, "gap").approved
    start(records, GFW)
    assert open_change(records, "gap") is None
    assert current(records, "gap").version == 2


def test_a_start_that_puts_it_back_leaves_nothing_to_agree_to(records: Records) -> None:
    start(records, COASTAL)
    start(records, GFW)
    first = open_change(records, "gap")
    assert first is not None
    start(records, COASTAL)
    assert open_change(records, "gap") is None
    with records.database.read() as connection:
        assert changes.one(connection, first.id).state == "taken_back"
    now = current(records, "gap")
    assert (now.version, now.approved, now.blinder) == (3, True, [])
    assert now.settings == flat(named(COASTAL, "gap").profile.settings)


def test_what_was_given_over_one_profile_is_not_given_over_another(records: Records) -> None:
    start(records, COASTAL)
    change(records, "gap", class_a_s=900.0)
    kept = start(records, GFW)
    assert named(kept.base, "gap").profile.settings.class_a_s == 43200.0


def test_a_rule_left_out_at_the_start_is_blinder_and_one_more_is_not(records: Records) -> None:
    few = tuple(r for r in COASTAL if r.detector.name != "distress")
    start(records, COASTAL)
    start(records, few)
    assert current(records, "distress").settings is None
    listed = open_change(records, "distress")
    assert listed is not None
    assert (listed.blinder, listed.after) == ([OFF], None)
    start(records, COASTAL)
    assert open_change(records, "distress") is None
    assert current(records, "distress").approved


def test_another_version_of_a_rule_counts_as_blinder(records: Records) -> None:
    start(records, COASTAL)
    with records.database.write() as connection:
        table = detector_settings.table
        connection.execute(table.update().where(table.c.rule == "gap").values(code="0.0.1"))
    start(records, COASTAL)
    assert current(records, "gap").blinder == [CODE]


def test_starts_are_told_to_the_log_once_with_before_and_after(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    with Records.open(f"sqlite:///{data / 'records.sqlite'}", now_us=lambda: NOW) as records:
        start(records, COASTAL)
        trust = Trust.open(data, records, lambda: NOW)
        try:
            tell_started(records, trust)
            start(records, core.choose_rules("gfw", ["gap"]))
            for _ in range(2):
                tell_started(records, trust)
            log = trust.log
            reader = LogReader(log.root, log.key.public)
            entries = [from_bytes(e) for e in reader.entries(0, log.publish().size)]
            key = log_key(trust.vault, NOW)
        finally:
            trust.close()
    told = {
        e.thing: json.loads(facts_json(e, key) or b"{}")
        for e in entries
        if e.action == "settings.write"
    }
    assert len([e for e in entries if e.action == "settings.write"]) == len(COASTAL)
    assert set(told) == {f"settings:{r.detector.name}" for r in COASTAL}
    gap = told["settings:gap"]
    assert (gap["how"], gap["before"]["profile"], gap["after"]["profile"]) == (
        "start", "coastal", "gfw",
    )  # fmt: skip
    assert (gap["before"]["values"]["class_a_s"], gap["after"]["values"]["class_a_s"]) == (
        1800.0, 43200.0,
    )  # fmt: skip
    assert (told["settings:distress"]["after"], told["settings:distress"]["blinder"]) == (
        None, [OFF],
    )  # fmt: skip
