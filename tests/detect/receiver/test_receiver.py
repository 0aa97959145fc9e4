"""A silent receiver is one alert; a silent feed is one alarm."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from littoral.detect.receiver import DETECTOR
from littoral.detect.receiver.settings import COASTAL, ReceiverSettings
from littoral.schema.batch import Outage
from littoral.schema.finding import ALARM, CAUTION, WARNING
from littoral.schema.state import pack, unpack
from littoral.sense import health
from tests.fuse.scene import SECOND_US, T0_US, FakeWorld, Ship, gather, seconds, watch

NAMES = ("alpha", "bravo", "carol")


def fleet_of(station: int, *spans: tuple[float, float], every_s: float = 2.0):
    """Reports of ten ships heard by one receiver in these spans of seconds."""
    return [
        Ship(
            mmsi=412_000_000 + 100 * station + k, lon=110 + 0.1 * k, lat=18 + station,
            from_s=a + 0.1 * k, to_s=b, every_s=every_s, station=station,
        ).reports()
        for a, b in spans
        for k in range(10)
    ]  # fmt: skip


def run(parts, to_s, planned=(), settings=COASTAL, names=NAMES):
    state = [health.start()]

    def outages(o, a, b):
        state[0], out, _ = health.step(state[0], o, a, b, planned, names)
        return out

    return watch(
        DETECTOR, gather(parts), to_s, settings, FakeWorld(stations=names), before_fuse=outages
    )


def plan(station: int, from_s: float, to_s: float | None, reason: str = "mast work") -> Outage:
    end = None if to_s is None else T0_US + round(to_s * SECOND_US)
    return Outage(station, NAMES[station], T0_US + round(from_s * SECOND_US), end, True, reason)


def test_one_receiver_silent_is_one_warning_that_ends():
    told = run([*fleet_of(0, (0, 3600)), *fleet_of(1, (0, 900), (1800, 3600))], 3600)
    (alert,) = told.alerts
    assert (alert.kind, alert.things, alert.priority) == (
        "receiver_silent",
        ("receiver:bravo",),
        WARNING,
    )
    assert (alert.held_by, alert.lon_deg) == (None, None)
    # Each ship was heard every 2 s, a tenth of a second after the one before: last at 898.9 s.
    assert seconds(alert.start_us) == pytest.approx(898.9)
    assert seconds(alert.end_us) == pytest.approx(1800.0)
    assert [f.end_us is None for f in told.versions] == [True, False]
    assert seconds(told.versions[0].updated_us) == 1020
    assert len(told.versions[0].evidence) == 1


def test_a_silent_feed_is_one_alarm_and_no_warnings():
    parts = [p for k in range(3) for p in fleet_of(k, (0, 900), (1800, 3600))]
    told = run(parts, 3600)
    assert [f.kind for f in told.versions] == ["feed_silent", "feed_silent"]
    alert = told.alerts[0]
    assert (alert.priority, alert.things, alert.facts["receivers"]) == (ALARM, ("receiver:*",), 3)
    assert seconds(alert.start_us) == pytest.approx(898.9)
    assert seconds(alert.end_us) == pytest.approx(1800.0)
    # Both versions show the last report before the silence, whatever receiver had it.
    before = gather(parts).positions
    last = before.obs_id[before.t_us < T0_US + 900 * SECOND_US][-1]
    assert [f.evidence for f in told.versions] == [(last,), (last,)]


def test_the_only_receiver_is_the_feed():
    told = run(fleet_of(0, (0, 900)), 1500, names=("alpha",))
    assert told.kinds() == ["feed_silent"]
    assert told.alerts[0].end_us is None


def test_one_after_the_other_ends_in_the_alarm_which_holds_the_warnings():
    parts = [
        *fleet_of(0, (0, 900), (3000, 4000)),
        *fleet_of(1, (0, 1500), (3000, 4000)),
        *fleet_of(2, (0, 2100), (3600, 4000)),
    ]
    told = run(parts, 4000)
    by_thing = {f.things[0]: f for f in told.alerts}
    assert set(by_thing) == {"receiver:alpha", "receiver:bravo", "receiver:carol", "receiver:*"}
    held = {f.things[0] for f in told.versions if f.held_by}
    assert held == {"receiver:alpha", "receiver:bravo"}
    assert seconds(by_thing["receiver:*"].start_us) == pytest.approx(2098.9)
    assert seconds(by_thing["receiver:*"].end_us) == pytest.approx(3000.0)
    # carol's own silence becomes a warning once others are heard again.
    carol = [f for f in told.versions if f.things == ("receiver:carol",)]
    assert [f.end_us is None for f in carol] == [True, False]
    assert seconds(carol[0].updated_us) == 3030
    assert all(f.held_by is None for f in carol)


def test_a_planned_outage_is_a_held_caution_with_its_reason():
    parts = [*fleet_of(0, (0, 5400)), *fleet_of(1, (0, 900), (1800, 5400))]
    told = run(parts, 3600, planned=(plan(1, 890, 1900),))
    assert told.kinds() == ["receiver_silent"]
    assert told.alerts[0].priority == CAUTION
    assert told.alerts[0].held_by == "planned outage: mast work"
    assert told.alerts[0].end_us is not None


def test_a_plan_that_is_overrun_explains_no_longer():
    parts = [*fleet_of(0, (0, 5400)), *fleet_of(1, (0, 900))]
    told = run(parts, 3600, planned=(plan(1, 890, 1500),))
    assert [(f.held_by is None, f.priority) for f in told.versions] == [
        (False, CAUTION),
        (True, WARNING),
    ]
    assert seconds(told.versions[1].updated_us) == 1830  # the first slice beyond 1500 + 300 s


def test_another_receivers_plan_explains_nothing():
    parts = [*fleet_of(0, (0, 3600)), *fleet_of(1, (0, 900))]
    assert run(parts, 3600, planned=(plan(0, 890, None),)).alerts[0].held_by is None


def test_a_receiver_that_hears_only_repeats_is_alive():
    a = fleet_of(0, (0, 900))
    copies = []
    for p in a:
        q = p.take(slice(None))
        q.t_us, q.station = p.t_us + SECOND_US, np.full(len(p), 1, np.int16)
        copies.append(q)
    lone = Ship(mmsi=412_009_999, lat=25.0, station=1, from_s=901, to_s=3600, every_s=10).reports()
    told = run([*a, *copies, lone], 2400)
    # alpha is silent, bravo (all repeats until 900 s) is not: no alarm of the whole feed.
    assert told.kinds() == ["receiver_silent"]


def at(name: str, f: float, s: ReceiverSettings) -> bool:
    """No at 0.9, yes at 1.1 of the setting."""
    if name == "active_s":
        # carol was heard last f hours before the others fell silent; too few messages to be judged.
        late = 3600 * f
        parts = [p for k in (0, 1) for p in fleet_of(k, (0, late + 100), every_s=5.0)]
        parts.append(
            Ship(mmsi=412_007_777, lat=25.0, station=2, from_s=95, to_s=100, every_s=30).reports()
        )
        return "feed_silent" in run(parts, late + 600, settings=s).kinds()
    parts = [*fleet_of(0, (0, 3600)), *fleet_of(1, (0, 900))]
    told = run(parts, 1200 + round(300 * f / 30) * 30 + 30, (plan(1, 890, 1200),), s)
    return told.alerts[0].held_by is None


@pytest.mark.parametrize("name", ["active_s", "overrun_s"])
def test_both_sides_of_each_limit_and_a_moved_one_is_noticed(name):
    assert [at(name, 0.9, COASTAL), at(name, 1.1, COASTAL)] == [False, True]
    for factor in (0.8, 1.25):
        s = replace(COASTAL, **{name: getattr(COASTAL, name) * factor})
        assert [at(name, 0.9, s), at(name, 1.1, s)] != [False, True]


def test_every_limit_has_a_case():
    limits = {f.name for f in fields(ReceiverSettings) if not f.name.endswith("_priority")}
    assert limits == {"active_s", "overrun_s"}


def test_run_b_after_run_a_is_run_b():
    a = [*fleet_of(0, (0, 900)), *fleet_of(1, (0, 1800))]
    b = [*fleet_of(0, (0, 1800)), *fleet_of(1, (0, 900), (1200, 1500))]
    alone = run(b, 2400).versions
    run(a, 2400)
    assert run(b, 2400).versions == alone
    # bravo twice, and once more when the whole feed's alarm takes its warning over.
    assert len(alone) == 5


def test_the_state_survives_a_checkpoint():
    told = run([*fleet_of(0, (0, 1500)), *fleet_of(1, (0, 900))], 1500)
    again = unpack(pack(told.state), DETECTOR.start(COASTAL, FakeWorld()))
    assert again.told_us.tolist() == told.state.told_us.tolist()
    assert again.told_us[1] > 0


def test_sentences():
    told = run([*fleet_of(0, (0, 3600)), *fleet_of(1, (0, 900), (1800, 3600))], 3600)
    names = {"receiver:bravo": "铜鼓岭"}
    raised, ended = told.versions
    assert DETECTOR.sentence(raised, names, "en") == (
        "Receiver 铜鼓岭 silent for more than 2 min: vessels in its reach may go unseen"
    )
    assert DETECTOR.sentence(raised, names, "zh") == (
        "接收站铜鼓岭已超过2分钟没有数据，其覆盖海域可能漏看船舶"
    )
    assert DETECTOR.sentence(ended, names, "en").startswith(
        "Receiver 铜鼓岭 had been silent for 15 min"
    )
    assert DETECTOR.sentence(ended, names, "zh") == "接收站铜鼓岭曾中断15分钟，现已恢复"
    feed = run(fleet_of(0, (0, 900)), 1500, names=("alpha",)).alerts[0]
    said = [DETECTOR.sentence(feed, {}, lang) for lang in ("en", "zh")]
    assert "silent for more than" in said[0]
    assert "the picture cannot be trusted" in said[0]
    assert "已超过" in said[1]
    assert "画面不可信" in said[1]
