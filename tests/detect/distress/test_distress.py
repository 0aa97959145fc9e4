"""Who calls for help, who only tests, and who does neither."""

from __future__ import annotations

import csv
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from littoral.detect.distress import DETECTOR
from littoral.detect.distress.settings import COASTAL, DistressSettings
from littoral.detect.distress.words import reading_of
from littoral.schema.ais import DISTRESS_DEVICE
from littoral.schema.finding import ALARM, CAUTION, EMERGENCY_ALARM, WARNING
from littoral.schema.state import pack, unpack
from tests.fuse.scene import FakeWorld, Ship, gather, seconds, text, watch

CSV = Path(__file__).parent / "texts.csv"
# One message of a burst a minute: the eight of a burst tell one position.
SART = Ship(
    mmsi=970_123_456, kind=DISTRESS_DEVICE, nav_status=14, sog_kn=1.0, every_s=60.0, to_s=600.0
)
HOUR = 3600.0


def run(ships=(), to_s=900.0, settings=COASTAL, texts=(), quiet_s=600.0):
    o = gather([s.reports() for s in ships], texts=texts)
    return watch(DETECTOR, o, to_s, settings, FakeWorld(), quiet_s=quiet_s)


@pytest.mark.parametrize("row", list(csv.DictReader(CSV.open())), ids=lambda r: r["text"] or "none")
def test_labelled_texts(row):
    found = reading_of(row["text"], COASTAL.calls, COASTAL.pinyin_calls, COASTAL.tests)
    assert found == row["reading"]


@pytest.mark.parametrize(
    ("mmsi", "kind"), [(970_123_456, "sart"), (972_123_456, "mob"), (974_123_456, "epirb")]
)
def test_a_device_is_an_emergency_from_its_first_message(mmsi, kind):
    told = run([SART.but(mmsi=mmsi)], 30.0)
    (alert,) = told.versions
    assert (alert.kind, alert.priority, alert.end_us) == (kind, EMERGENCY_ALARM, None)
    assert seconds(alert.start_us) == 0.0
    assert (alert.lon_deg, alert.lat_deg) == (110.0, 18.0)
    assert alert.things[0].startswith(f"vessel:{mmsi}-")
    assert len(alert.evidence) == 1


@pytest.mark.parametrize("status", [-1])
def test_a_device_under_test_is_a_notice(status):
    # Navigational status 15, which the columns hold as null (IEC 61097-14).
    told = run([SART.but(nav_status=status)], 1800.0)
    (alert,) = told.alerts
    assert (alert.kind, alert.priority) == ("test", CAUTION)
    assert alert.end_us is not None


def test_near_misses_are_nothing():
    ships = [
        Ship(mmsi=412_000_001, nav_status=13, to_s=300),
        Ship(mmsi=412_000_002, nav_status=-1, to_s=300),
        Ship(mmsi=969_999_999, to_s=300),
        Ship(mmsi=971_000_001, to_s=300),
        Ship(mmsi=973_000_001, to_s=300),
        Ship(mmsi=975_000_001, to_s=300),
        Ship(mmsi=97_012_345, to_s=300),
    ]
    assert run(ships, 600.0, texts=[text(5, "HELLO")]).alerts == []


def test_a_device_and_its_text_are_one_alert():
    told = run([SART], 600.0, texts=[text(61, "SART ACTIVE", mmsi=970_123_456)])
    assert told.kinds() == ["sart"]
    early = run([SART.but(from_s=60)], 600.0, texts=[text(1, "SART ACTIVE", mmsi=970_123_456)])
    assert early.kinds() == ["sart"]
    assert seconds(early.alerts[0].start_us) == 1.0
    assert early.versions[0].lon_deg is None
    assert early.versions[1].lon_deg is not None  # told again with the first position


def test_a_test_that_turns_into_a_call_is_both():
    told = run([SART.but(nav_status=-1, to_s=120), SART.but(from_s=120)], 600.0)
    assert told.kinds() == ["sart", "test"]


def test_a_ship_with_status_14_is_an_alarm_that_ends_when_it_sets_another():
    told = run([Ship(nav_status=14, to_s=100), Ship(from_s=100, to_s=900)], 900.0)
    (alert,) = told.alerts
    assert (alert.kind, alert.priority) == ("status_14", ALARM)
    assert (seconds(alert.start_us), seconds(alert.end_us)) == (0.0, 90.0)
    assert len(told.versions) == 2


def test_a_text_with_words_of_distress_is_a_warning():
    told = run([Ship()], 300.0, texts=[text(33, "MAYDAY SINKING"), text(93, "MAYDAY SINKING")])
    (alert,) = told.alerts
    assert (alert.kind, alert.priority, alert.facts["messages"]) == ("text", WARNING, 1)
    assert alert.facts["text"] == "MAYDAY SINKING"
    assert alert.lon_deg is not None
    nowhere = run([], 300.0, texts=[text(33, "MAYDAY", mmsi=5)]).alerts[0]
    assert (nowhere.things, nowhere.lon_deg) == (("vessel:000000005",), None)


def test_a_text_that_two_receivers_heard_counts_once():
    # 6 s as for reports: above the delays between receivers, below a burst's pace (IEC 61097-14).
    twice = [text(33, "MAYDAY"), text(33, "MAYDAY"), text(39, "MAYDAY")]
    told = run([Ship(nav_status=14, to_s=100)], 300.0, texts=twice)
    assert [a.facts["messages"] for a in told.alerts if a.kind == "text"] == [1]
    # Another word, another sender or a later time is another call; also over the edge of a slice.
    more = [*twice, text(40, "SOS"), text(58, "SOS"), text(63, "SOS"), text(33, "SOS", mmsi=5)]
    told = run([], 7 * HOUR, texts=[*more, text(700, "SOS")])
    assert sorted(a.facts["messages"] for a in told.alerts) == [1, 4]


def test_a_call_that_goes_on_is_one_alert_with_bounded_evidence():
    told = run([SART.but(to_s=2 * HOUR)], 2 * HOUR)
    assert len(told.alerts) == 1
    # Told at once and every 10 min; at 1 kn it drifts 309 m in that time, less than 500 m.
    assert len(told.versions) == 12
    assert told.alerts[0].facts["messages"] == 111
    evidence = told.alerts[0].evidence
    assert len(evidence) == len(set(evidence)) == 64
    assert evidence[0] == told.versions[0].evidence[0]


# -- each limit from both sides: no at 0.9, yes at 1.1 --------------------------------------------


def update_s(s, f):
    times = (0.0, f * 600.0)
    ships = [SART.but(sog_kn=0.1, from_s=t, to_s=t + 1) for t in times]
    return len(run(ships, 900.0, s).versions) == 2


def update_m(s, f):
    # At f * 5 kn for 194.4 s: f * 500 m.
    ships = [SART.but(sog_kn=5.0 * f, from_s=t, to_s=t + 1) for t in (0.0, 194.4)]
    return len(run(ships, 300.0, s).versions) == 2


def lost(status, limit):
    def case(s, f):
        one = SART.but(sog_kn=0.1, to_s=1, nav_status=status)
        again = one.but(from_s=f * limit, to_s=f * limit + 1)
        return len(run([one, again], f * limit + 30, s).alerts) == 2

    return case


CASES = {
    "update_s": update_s,
    "update_m": update_m,
    "lost_s": lost(14, 6 * HOUR),
    "test_lost_s": lost(-1, 900.0),
}


@pytest.mark.parametrize("name", CASES)
def test_both_sides_of_each_limit_and_a_moved_one_is_noticed(name):
    case = CASES[name]
    assert [case(COASTAL, 0.9), case(COASTAL, 1.1)] == [False, True]
    for factor in (0.8, 1.25):
        s = replace(COASTAL, **{name: getattr(COASTAL, name) * factor})
        assert [case(s, 0.9), case(s, 1.1)] != [False, True]


def test_every_limit_has_a_case():
    limits = {f.name for f in fields(DistressSettings) if not f.name.endswith("_priority")}
    assert limits - {"calls", "pinyin_calls", "tests"} == set(CASES)


def test_every_word_is_read():
    for word in COASTAL.calls + COASTAL.pinyin_calls:
        assert reading_of(f"X {word} Y", COASTAL.calls, COASTAL.pinyin_calls, ()) == "call"
    for word in COASTAL.tests:
        said = f"SOS {word}"
        assert reading_of(said, COASTAL.calls, COASTAL.pinyin_calls, COASTAL.tests) == "test"


# -- laws -----------------------------------------------------------------------------------------


def test_run_b_after_run_a_is_run_b():
    alone = run([SART], 900.0).versions
    run([SART.but(nav_status=-1), Ship(nav_status=14)], 900.0)
    assert run([SART], 900.0).versions == alone
    assert len(alone) == 1


def test_the_state_survives_a_checkpoint():
    told = run([SART], 900.0, texts=[text(5, "MAYDAY", mmsi=5)])
    again = unpack(pack(told.state), DETECTOR.start(COASTAL, FakeWorld()))
    assert repr(again.open) == repr(told.state.open)
    assert len(again.open) == 2


def test_sentences():
    told = run([SART], 30.0)
    (alert,) = told.versions
    names = {alert.things[0]: "MMSI 970123456"}
    assert DETECTOR.sentence(alert, names, "en") == (
        "AIS-SART MMSI 970123456 active, people in distress; heard 1 x"
    )
    assert DETECTOR.sentence(alert, names, "zh") == (
        "搜救应答器（AIS-SART）MMSI 970123456已启动，有人遇险，已收到1条"
    )
    lost_one = run([SART.but(to_s=60)], 7 * HOUR).alerts[0]
    assert "not a sign of rescue" in DETECTOR.sentence(lost_one, {}, "en")
    assert "不等于已获救" in DETECTOR.sentence(lost_one, {}, "zh")
    test = run([SART.but(nav_status=-1)], 30.0).alerts[0]
    assert "no distress" in DETECTOR.sentence(test, {}, "en")
    assert "不是遇险" in DETECTOR.sentence(test, {}, "zh")
    assert np.isfinite(alert.lon_deg)
