"""Rule `landing`, by its published text (docs/detectors/landing.md)."""

from __future__ import annotations

import math
from dataclasses import fields

import numpy as np
import pytest

from littoral.detect.landing import DETECTOR
from littoral.detect.landing.settings import COASTAL, LandingSettings
from littoral.schema.ais import CLASS_B
from littoral.schema.batch import Outage
from littoral.schema.finding import CAUTION, WARNING
from littoral.schema.state import pack, unpack
from tests.detect import both_sides
from tests.detect.coastline import (
    DAY_S,
    HOUR,
    LAT,
    LON,
    NIGHT_S,
    Island,
    along,
    arriving,
    leg,
    lying,
    off,
    place,
    sun_at,
    told,
)
from tests.fuse.scene import KNOT, T0_US, Ship, gather, seconds, static, watch

NM = 1852.0


def alerts(s, ships, to_s=None, world=None, ship_type=30, **more):
    end_s = to_s or max(x.to_s for x in ships) + 60
    return told(DETECTOR, ships, end_s, s, world, ship_type, **more).alerts


def inbound(at_s, to_m, from_m=4_200.0, sog_kn=10.0, **more):
    """In from the sea at 10 kn, `to_m` off the shore at `at_s`."""
    run_s = (from_m - to_m) / (sog_kn * KNOT)
    return leg(at_s - run_s, at_s, from_m, sog_kn, **more)


def stopping(at_s=NIGHT_S, stay_s=640.0, at_m=200.0, **more):
    """Two legs: in from the sea, and a stay; it is heard to the end."""
    return [inbound(at_s, at_m, **more), leg(at_s, at_s + stay_s, at_m, **more)]


def stops(s, *others, world=None, ship_type=30, **more):
    """Told before any silence could be."""
    ships = stopping(**more)
    end_s = ships[1].to_s + 30
    return bool(alerts(s, [*ships, *others], end_s, world, ship_type))


def off_m(s, f):
    near = inbound(NIGHT_S, 200.0, from_m=2.0 * NM * f)
    return bool(alerts(s, [near, leg(NIGHT_S, NIGHT_S + 640.0, 200.0)]))


def come_s(s, f):
    first = leg(NIGHT_S - 7_200.0 / f, NIGHT_S - 7_200.0 / f + 15.0, 3_720.0)
    waits = leg(first.to_s + 60.0, NIGHT_S - 300.0, 2_500.0, every_s=60.0)
    last = inbound(NIGHT_S + 200.0, 200.0, from_m=1_200.0)
    return bool(alerts(s, [first, waits, last, leg(last.to_s, last.to_s + 640.0, 200.0)]))


def silent(s, at_s=NIGHT_S, silent_s=1_400.0, off_m=800.0, every_s=10.0, world=None, more=(), **kw):
    """Stops too far off for a stop, falls silent, and is heard again."""
    stay_s = max(200.0, 3.0 * every_s)
    stay = leg(at_s, at_s + stay_s, off_m, every_s=every_s)
    last_s = at_s + every_s * math.floor((stay_s - 1.0) / every_s)
    back = leg(last_s + silent_s, last_s + silent_s + 15.0, off_m)
    ships = [inbound(at_s, off_m, every_s=every_s), stay, back, *more]
    return bool(alerts(s, ships, back.from_s + 31.0, world, **kw))


def visit_m(s, f):
    return silent(s, off_m=1_000.0 / f)


def stop_m(s, f):
    return stops(s, at_m=500.0 / f)


def licensed_m(s, f):
    landing = place(along(100.0 + 500.0 * f), off(200.0), 100.0, "landing")
    return stops(s, world=Island(landings=(landing,)))


def haven_m(s, f):
    others = lying(3, along(1_500.0 * f), off(200.0), NIGHT_S - 2 * HOUR, NIGHT_S + HOUR)
    return stops(s, *others)


def haven_count(s, f):
    others = lying(2 if f > 1 else 3, along(300.0), LAT, NIGHT_S - 2 * HOUR, NIGHT_S + HOUR)
    return stops(s, *others)


def still_mps(s, f):
    # It drifts along the shore so fast.
    drift = leg(NIGHT_S, NIGHT_S + 640.0, 200.0, 1.0 / f, 90.0)
    return bool(alerts(s, [inbound(NIGHT_S, 200.0), drift], drift.to_s + 30.0))


def lain_s(s, f):
    since_s = NIGHT_S + 600.0 - 1_800.0 / f
    others = arriving(3, along(300.0), LAT, since_s, NIGHT_S + HOUR)
    return stops(s, *others, stay_s=605.0)


def heard_s(s, f):
    late_s = NIGHT_S + 24.0 * HOUR
    last_s = late_s + 600.0 - f * 24.0 * HOUR
    others = lying(3, along(300.0), LAT, last_s - 1_000.0, last_s + 1.0, every_s=100.0)
    return stops(s, *others, at_s=late_s)


def night_deg(s, f):
    return stops(s, at_s=sun_at(-6.0 * f) - 610.0, stay_s=615.0)


def night_stop_s(s, f):
    ships = stopping(stay_s=600.0 * f + 5.0)
    away = leg(ships[1].to_s + 5.0, ships[1].to_s + 300.0, 600.0, 3.0, 90.0)
    return bool(alerts(s, [*ships, away]))


def day_stop_s(s, f):
    return stops(s, at_s=DAY_S, stay_s=3_600.0 * f + 5.0)


def night_silent_s(s, f):
    return silent(s, silent_s=1_200.0 * f)


def day_silent_s(s, f):
    return silent(s, at_s=DAY_S, silent_s=3_600.0 * f)


def own_means(s, f):
    return silent(s, silent_s=2_000.0 * f, every_s=200.0)


def ahead_m(s, f):
    cog = math.degrees(math.acos(0.7 * f))
    moves = leg(NIGHT_S, NIGHT_S + 5.0, 700.0, 8.0, cog)
    ships = [inbound(NIGHT_S, 720.0), moves]
    return bool(alerts(s, ships, NIGHT_S + 1_400.0))


def turn_s(s, f):
    back_s = NIGHT_S + 3_600.0 / f - (1_000.0 + 3_704.0) / (10.0 * KNOT)
    # A visit begins 1,000 m off: at 10 kn 117 s before it is 400 m off.
    loiters = leg(NIGHT_S, back_s, 400.0, 2.0, 90.0, every_s=30.0)
    away = leg(back_s, back_s + 800.0, 400.0, 10.0, 180.0)
    return bool(alerts(s, [inbound(NIGHT_S, 400.0), loiters, away], away.to_s + 30.0))


def forget_s(s, f):
    ships = stopping()
    last_s = NIGHT_S + 630.0
    (alert,) = alerts(s, ships, last_s + 86_400.0 * f)
    return alert.end_us is not None


def untold_s(s, f):
    stop_s = NIGHT_S + 720.0 * f + 605.0
    ships = [inbound(NIGHT_S + 300.0, 200.0, sog_kn=26.0), leg(NIGHT_S + 300.0, stop_s, 200.0)]
    first_s = ships[0].from_s
    ships[1] = ships[1].but(to_s=first_s + 720.0 * f + 615.0)
    return bool(alerts(s, ships, ships[1].to_s + 30.0, ship_type=None))


CASES = {
    "off_m": off_m,
    "come_s": come_s,
    "visit_m": visit_m,
    "stop_m": stop_m,
    "licensed_m": licensed_m,
    "haven_m": haven_m,
    "haven_count": haven_count,
    "still_mps": still_mps,
    "lain_s": lain_s,
    "heard_s": heard_s,
    "night_deg": night_deg,
    "night_stop_s": night_stop_s,
    "day_stop_s": day_stop_s,
    "night_silent_s": night_silent_s,
    "day_silent_s": day_silent_s,
    "own_means": own_means,
    "ahead_m": ahead_m,
    "turn_s": turn_s,
    "forget_s": forget_s,
    "untold_s": untold_s,
}


@pytest.mark.parametrize("name", CASES)
def test_both_sides_of_each_limit_and_a_moved_one_is_noticed(name):
    both_sides.check(CASES[name], COASTAL, name, whole=name == "haven_count")


def test_every_limit_has_a_case():
    assert {f.name for f in fields(LandingSettings)} - set(CASES) == {
        "night_priority",
        "day_priority",
    }


def test_a_stop_by_night_and_by_day():
    by_night = told(DETECTOR, stopping(), NIGHT_S + 800.0, COASTAL).versions
    by_day = told(DETECTOR, stopping(DAY_S, 3_700.0), DAY_S + 3_750.0, COASTAL).versions
    assert [(f.priority, f.facts["how"]) for f in (*by_night, *by_day)] == [
        (WARNING, "stop"),
        (CAUTION, "stop"),
    ]
    first = by_night[0]
    assert seconds(first.updated_us) == pytest.approx(NIGHT_S + 600.0, abs=10.0)
    # The visit began 1,000 m off, at 10 kn.
    assert seconds(first.start_us) == pytest.approx(NIGHT_S - 800.0 / (10.0 * KNOT), abs=12.0)
    assert first.facts["shore_m"] == pytest.approx(200.0, abs=2.0)


def test_one_visit_is_one_alert_and_ends_off_again():
    ships = stopping()
    away = leg(NIGHT_S + 3_000.0, NIGHT_S + 4_000.0, 300.0, 10.0, 180.0)
    found = told(DETECTOR, [*ships, away], away.to_s + 60.0, COASTAL)
    (alert,) = found.alerts
    assert [f.facts["how"] for f in found.versions] == ["stop", "stop"]
    assert seconds(alert.end_us) == pytest.approx(
        NIGHT_S + 3_000.0 + (3_704.0 - 300.0) / (10.0 * KNOT), abs=15.0
    )
    again = stopping(NIGHT_S + 6_000.0)
    assert len(alerts(COASTAL, [*ships, away, *again])) == 2


def test_who_lies_down_among_others_lands_nowhere_when_they_leave():
    def stays(until_s, stay_s):
        lie = lying(3, along(300.0), LAT, NIGHT_S - 2 * HOUR, until_s)
        leave = [leg(until_s, until_s + 1_800.0, 0.0, 8.0, 180.0, mmsi=s.mmsi) for s in lie]
        return stops(COASTAL, *lie, *leave, stay_s=stay_s)

    assert not stays(NIGHT_S + 60.0, 3_000.0)  # they made it a harbour when it came
    assert stays(NIGHT_S - 600.0, 640.0)
    # And when its time is up: they have lain there for half an hour from the ninth minute on.
    came = arriving(3, along(300.0), LAT, NIGHT_S - 1_260.0, NIGHT_S + 1_500.0)
    gone = [leg(NIGHT_S + 1_500.0, NIGHT_S + 3_000.0, 0.0, 8.0, 180.0, mmsi=s.mmsi) for s in came]
    assert not stops(COASTAL, *came, *gone[3:], stay_s=3_000.0)


def test_a_turn_needs_the_night_and_the_shore():
    def turns(at_s, to_m):
        away = leg(at_s + 60.0, at_s + 900.0, to_m, 10.0, 180.0)
        short = [inbound(at_s, to_m), leg(at_s, at_s + 55.0, to_m, 2.0, 90.0), away]
        return [f.facts["how"] for f in alerts(COASTAL, short)]

    assert turns(NIGHT_S, 300.0) == ["turned"]
    assert turns(NIGHT_S, 700.0) == []
    assert turns(DAY_S, 300.0) == []


def test_an_outage_explains_the_silence():
    def out(until_s):
        us = [None if x is None else T0_US + round(x * 1e6) for x in (NIGHT_S + 210.0, until_s)]
        return lambda a, b: (Outage(0, "alpha", us[0], us[1], False),) if b >= us[0] else ()

    assert not silent(COASTAL, silent_s=4_000.0, outages=out(None))
    assert silent(COASTAL, silent_s=4_000.0, outages=out(NIGHT_S + 1_200.0))
    assert not silent(COASTAL, silent_s=2_000.0, outages=out(NIGHT_S + 1_200.0))


def test_licensed_places_and_other_speakers():
    for kind in ("ports", "landings", "anchorages"):
        assert not stops(COASTAL, world=Island(**{kind: (place(LON, LAT, 300.0),)}))
    other = Ship(mmsi=412_000_001, lon=along(90_000.0), lat=off(60_000.0), from_s=NIGHT_S + 300.0,
                 to_s=NIGHT_S + 1_800.0)  # fmt: skip
    assert not silent(COASTAL, more=(other,))


def test_a_net_beacon_that_has_said_its_name_by_then_is_not_silent():
    """It drifts in with the tide, under a ship's number."""
    net = inbound(NIGHT_S, 800.0, sog_kn=3.0, kind=CLASS_B, msg_type=18, nav_status=-1)
    after = leg(NIGHT_S, NIGHT_S + 3_000.0, 800.0, kind=CLASS_B, msg_type=18, nav_status=-1)
    names = [
        static(NIGHT_S, ship_type=30, msg_type=24, kind=CLASS_B, name=name)
        for name in (b"WANG 07", b"WANG 07-85%")
    ]
    for said, ships in ((names[:1], [net]), (names[1:], [net, after])):
        rows = gather([s.reports() for s in ships], said)
        found = watch(DETECTOR, rows, after.to_s, COASTAL, Island()).alerts
        assert [f.facts["how"] for f in found] == ["silence"] * (len(ships) == 1)


def test_pleasure_craft_are_not_judged_by_day():
    assert not stops(COASTAL, at_s=DAY_S, stay_s=4_000.0, ship_type=36)
    assert stops(COASTAL, ship_type=36)


def test_the_state_survives_a_checkpoint():
    state = told(DETECTOR, stopping(), NIGHT_S + 660.0, COASTAL).state
    again = unpack(pack(state), DETECTOR.start(COASTAL, Island()))
    np.testing.assert_array_equal(again.whole, state.whole)
    assert again.open == state.open == [0]


def test_sentences():
    (stop,) = alerts(COASTAL, stopping())
    (vanished,) = alerts(COASTAL, [inbound(NIGHT_S, 700.0)], NIGHT_S + 1_500.0)
    name = {stop.things[0]: "QIONG LIN YU 01"}
    assert DETECTOR.sentence(stop, name, "en") == (
        "QIONG LIN YU 01 came in from the sea by night to 200 m from the shore, away from licensed "
        "places, and lay there for 10 min"
    )
    assert DETECTOR.sentence(stop, name, "zh") == (
        "QIONG LIN YU 01夜间自外海驶来，在许可登陆点以外距岸200米处停留10分钟"
    )
    assert DETECTOR.sentence(vanished, {}, "en").endswith(
        "and has not been heard for more than 20 min since"
    )
    assert "失去信号超过20分钟" in DETECTOR.sentence(vanished, {}, "zh")
