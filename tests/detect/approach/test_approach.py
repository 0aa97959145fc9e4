"""Rule `approach`, by its published text (docs/detectors/approach.md)."""

from __future__ import annotations

import math
from dataclasses import fields, replace

import numpy as np
import pytest

from littoral.area.places import Crossing
from littoral.detect.approach import DETECTOR
from littoral.detect.approach.settings import COASTAL, ApproachSettings
from littoral.schema.ais import FLAG_JUMP
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
from tests.fuse.scene import KNOT, Ship, seconds

NM = 1852.0


def alerts(s, ships, world=None, ship_type=30, to_s=None):
    end_s = to_s or max(x.to_s for x in ships) + 60
    return told(DETECTOR, ships, end_s, s, world, ship_type).alerts


def fast(from_s=DAY_S, run_s=125.0, off_m=4_000.0, sog_kn=14.0, cog=0.0, **more):
    """A fishing vessel that steams at 14 kn to the shore by day, heard for two minutes."""
    return leg(from_s, from_s + run_s, off_m, sog_kn, cog, **more)


def by_class(ship_type, limit_kn):
    return lambda s, f: bool(alerts(s, [fast(sog_kn=f * limit_kn)], ship_type=ship_type))


def night_mps(s, f):
    return bool(alerts(s, [fast(NIGHT_S, off_m=1_500.0, sog_kn=f * 6.0)]))


def night_deg(s, f):
    # It must be night, or not, throughout.
    at_s = sun_at(-6.0 * f) - (130.0 if f < 1 else 0.0)
    return bool(alerts(s, [fast(at_s, off_m=3_000.0, sog_kn=9.0)]))


def within_m(s, f):
    return bool(alerts(s, [fast(off_m=6 * NM / f, sog_kn=31.0)]))


def within_s(s, f):
    return bool(alerts(s, [fast(off_m=900 * 12.5 * KNOT / f, sog_kn=12.5)]))


def slant(s, f):
    cog = math.degrees(math.acos(f / 1.5))
    return bool(alerts(s, [fast(off_m=4_500.0, sog_kn=25.0, cog=cog)]))


def licensed_m(s, f):
    port = place(along(1_000 + 2_000 * f), LAT, 1_000.0)
    return bool(alerts(s, [fast(off_m=4_000.0)], Island(ports=(port,))))


def haven(s, count=3, metres=1_000.0, **more):
    others = lying(count, along(metres), LAT, **({"from_s": 0.0, "to_s": DAY_S + 300} | more))
    return bool(alerts(s, [fast(), *others]))


def haven_m(s, f):
    return haven(s, metres=3_000.0 * f)


def haven_count(s, f):
    return haven(s, count=2 if f > 1 else 3)


def still_mps(s, f):
    # Three that drift past the point ahead, within a kilometre of it for the last half hour.
    drift = Ship(lon=0.0, lat=LAT, sog_kn=f, cog=90.0)
    to_there = float(drift.at(np.array([DAY_S + 120.0]))[0][0])
    span = {"from_s": DAY_S - HOUR, "to_s": DAY_S + 300.0, "every_s": 60.0}
    others = [drift.but(mmsi=412_000_100 + n, lon=LON - to_there, **span) for n in range(3)]
    return bool(alerts(s, [fast(), *others]))


def lain_s(s, f):
    # At the end of the two minutes they lay for 1800 / f; they came from afar.
    since_s = DAY_S + 120.0 - 1800.0 / f
    return bool(alerts(s, [fast(), *arriving(3, along(500.0), LAT, since_s, DAY_S + 300.0)]))


def heard_s(s, f):
    # Heard last 24 h before the end of the two minutes.
    late_s = 24.0 * HOUR + DAY_S
    last_s = late_s + 120.0 - f * 24.0 * HOUR
    others = lying(3, along(500.0), LAT, last_s - 1_000.0, last_s + 1.0, every_s=100.0)
    return bool(alerts(s, [fast(late_s), *others]))


def hold_s(s, f):
    return bool(alerts(s, [fast(run_s=120.0 * f + 1.0)]))


def gap_s(s, f):
    first = fast(run_s=31.0)
    ship = first.but(from_s=first.from_s + 30.0 + 180.0 / f)
    return bool(alerts(s, [first, ship.but(to_s=ship.from_s + 31.0)]))


def quiet_s(s, f):
    first = fast(off_m=5_000.0, run_s=131.0)
    after_s = first.from_s + 130.0 + 600.0 * f
    away = leg(first.to_s, after_s, 5_000.0, 3.0, 90.0, every_s=30.0)
    return len(alerts(s, [first, away, fast(after_s)])) == 2


def untold_s(s, f):
    run_s = 720.0 * f + 125.0
    return bool(alerts(s, [fast(run_s=run_s, off_m=11_000.0, sog_kn=20.0)], ship_type=None))


CASES = {
    "fast_fishing_mps": by_class(30, 12.0),
    "fast_pleasure_mps": by_class(36, 20.0),
    "fast_passenger_mps": by_class(60, 25.0),
    "fast_other_mps": by_class(90, 15.0),
    "night_mps": night_mps,
    "night_deg": night_deg,
    "within_m": within_m,
    "within_s": within_s,
    "slant": slant,
    "licensed_m": licensed_m,
    "haven_m": haven_m,
    "haven_count": haven_count,
    "still_mps": still_mps,
    "lain_s": lain_s,
    "heard_s": heard_s,
    "hold_s": hold_s,
    "gap_s": gap_s,
    "quiet_s": quiet_s,
    "untold_s": untold_s,
}


@pytest.mark.parametrize("name", CASES)
def test_both_sides_of_each_limit_and_a_moved_one_is_noticed(name):
    both_sides.check(CASES[name], COASTAL, name, whole=name == "haven_count")


def test_every_limit_has_a_case():
    assert {f.name for f in fields(ApproachSettings)} - set(CASES) == {
        "fast_priority",
        "night_priority",
    }


@pytest.mark.parametrize(
    ("ship_type", "count"),
    [(30, 1), (31, 0), (35, 0), (36, 1), (38, 1), (50, 0), (55, 0), (59, 0), (60, 1), (69, 1),
     (70, 0), (89, 0), (90, 1), (99, 1), (20, 1), (100, 1)],
)  # fmt: skip
def test_who_can_land_on_a_beach_is_judged(ship_type, count):
    assert len(alerts(COASTAL, [fast(sog_kn=26.0, off_m=8_000.0)], ship_type=ship_type)) == count


@pytest.mark.parametrize(("wrong", "count"), [(1, 1), (2, 0)])
def test_one_bad_report_ends_no_span_and_two_in_a_row_do(wrong, count):
    """Heard every 10 s for two minutes; in the midst of them the course leads along the shore."""
    bad_s, after_s = DAY_S + 60.0, DAY_S + 60.0 + 10.0 * wrong
    parts = [
        fast(run_s=60.0, every_s=10.0),
        leg(bad_s, after_s, 4_000.0 - 60.0 * 14.0 * KNOT, 14.0, 90.0, every_s=10.0),
        fast(after_s, 125.0 - (after_s - DAY_S), 3_500.0, every_s=10.0),
    ]
    found = alerts(COASTAL, parts)
    assert len(found) == count
    assert [seconds(f.start_us) for f in found] == [DAY_S] * count


def test_what_is_not_available_never_fires():
    ship = fast(off_m=3_000.0)
    assert alerts(COASTAL, [ship.but(says_sog=False)]) == []
    assert alerts(COASTAL, [ship.but(flags=FLAG_JUMP)]) == []
    assert alerts(COASTAL, [ship.but(kind=2, msg_type=4)]) == []
    assert len(alerts(COASTAL, [ship])) == 1


def test_the_vessel_itself_is_not_near_a_port():
    port = place(LON, off(6_500.0), 1_000.0)
    assert alerts(COASTAL, [fast(off_m=5_000.0)], Island(ports=(port,))) == []
    far = place(LON, off(9_000.0), 1_000.0)
    assert len(alerts(COASTAL, [fast(off_m=5_000.0)], Island(ports=(far,)))) == 1


def test_a_ferry_on_its_crossing_is_not_told():
    line = np.array([[LON, off(20_000.0)], [LON, LAT]])
    crossing = Crossing("c", {"zh": "渡", "en": "C"}, line, 2_500.0, tuple(range(60, 70)))
    world = Island(crossings=(crossing,))
    ferry = fast(off_m=9_000.0, sog_kn=28.0)
    assert alerts(COASTAL, [ferry], world, ship_type=60) == []
    assert len(alerts(COASTAL, [ferry], world, ship_type=40)) == 1
    aside = replace(ferry, lon=along(2_700.0))
    assert len(alerts(COASTAL, [aside], world, ship_type=60)) == 1


def test_it_begins_ends_and_grows_more_urgent():
    slow = leg(NIGHT_S, NIGHT_S + 300.0, 3_600.0, 8.0)
    quick = leg(NIGHT_S + 300.0, NIGHT_S + 421.0, 2_365.0, 14.0)
    away = leg(NIGHT_S + 430.0, NIGHT_S + 2_000.0, 1_500.0, 14.0, 180.0)
    found = told(DETECTOR, [slow, quick, away], NIGHT_S + 2_100.0, COASTAL)
    assert [(f.priority, f.end_us is None) for f in found.versions] == [
        (CAUTION, True),
        (WARNING, True),
        (WARNING, False),
    ]
    (alert,) = found.alerts
    # 3,600 m are within 15 min at 8 kn: 3,704 m.
    assert seconds(alert.start_us) == NIGHT_S
    assert seconds(alert.end_us) == pytest.approx(NIGHT_S + 420.0, abs=11.0)
    assert alert.facts["is_fast"] is True
    assert alert.facts["by_night"] is True


def test_facts_are_those_of_the_scene():
    found = told(DETECTOR, [fast(off_m=4_000.0, sog_kn=14.0, cog=20.0)], DAY_S + 300, COASTAL)
    first = found.versions[0]
    run_m = 14.0 * KNOT * 120.0
    near = 4_000.0 - run_m * math.cos(math.radians(20.0))
    assert seconds(first.start_us) == DAY_S
    assert seconds(first.updated_us) == DAY_S + 120.0
    assert first.facts["shore_m"] == pytest.approx(near, rel=0.01)
    assert first.facts["ahead_m"] == pytest.approx(near / math.cos(math.radians(20.0)), rel=0.01)
    assert first.facts["ahead_s"] == pytest.approx(first.facts["ahead_m"] / (14.0 * KNOT), abs=1.0)
    assert first.facts["group"] == "fishing"
    assert first.priority == WARNING
    names = {first.things[0]: "QIONG LIN YU 01"}
    assert DETECTOR.sentence(first, names, "en") == (
        "QIONG LIN YU 01 (fishing vessel) heads at 14 kn, fast for such a vessel, for a stretch of "
        "coast without port or landing, 1.8 n mile or 8 min ahead"
    )
    assert DETECTOR.sentence(found.versions[-1], names, "zh").startswith(
        "QIONG LIN YU 01（渔船）以14节（超过该类船常速）驶向没有港口和登陆点的岸段"
    )


def test_run_b_after_run_a_is_run_b():
    b = [fast(off_m=4_000.0)]
    alone = told(DETECTOR, b, DAY_S + 1_000.0, COASTAL).versions
    told(DETECTOR, [fast(off_m=3_000.0)], DAY_S + 100.0, COASTAL)
    assert told(DETECTOR, b, DAY_S + 1_000.0, COASTAL).versions == alone
    assert len(alone) == 2


def test_the_state_survives_a_checkpoint():
    state = told(DETECTOR, [fast()], DAY_S + 150.0, COASTAL).state
    again = unpack(pack(state), DETECTOR.start(COASTAL, Island()))
    np.testing.assert_array_equal(again.whole, state.whole)
    assert again.open == state.open == [0]
