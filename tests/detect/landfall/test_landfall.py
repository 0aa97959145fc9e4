"""Rule `landfall`, by its published text (docs/detectors/landfall.md)."""

from __future__ import annotations

import math
from dataclasses import fields

import numpy as np
import pytest

from littoral.detect.landfall import DETECTOR
from littoral.detect.landfall.settings import COASTAL, LandfallSettings
from littoral.schema.batch import Outage
from littoral.schema.finding import WARNING
from littoral.schema.state import pack, unpack
from tests.detect import both_sides
from tests.detect.coastline import DAY_S, EARTH, LAT, LON, Island, along, leg, off, place, told
from tests.fuse.scene import KNOT, T0_US, seconds

NM = 1852.0


def craft(off_m=12_000.0, sog_kn=14.0, run_s=200.0, every_s=5.0, **more):
    """Heads ashore fast by day; `off_m` is where it is last heard."""
    run_s = every_s * math.floor(run_s / every_s)
    return leg(DAY_S - run_s, DAY_S + 1.0, off_m + sog_kn * KNOT * run_s, sog_kn, every_s=every_s,
               **more)  # fmt: skip


def versions(s, ships, silent_s=800.0, world=None, ship_type=30, **more):
    return told(DETECTOR, ships, DAY_S + silent_s + 31.0, s, world, ship_type, **more).versions


def by_class(ship_type, limit_kn):
    return lambda s, f: bool(versions(s, [craft(sog_kn=f * limit_kn)], ship_type=ship_type))


def ahead_m(s, f):
    return bool(versions(s, [craft(24 * NM / f)]))


def licensed_m(s, f):
    port = place(LON, off(12_000.0 + 1_000.0 + 2_000.0 * f), 1_000.0)
    return bool(versions(s, [craft()], world=Island(ports=(port,))))


def silent_s(s, f):
    back = leg(DAY_S + 600.0 * f, DAY_S + 600.0 * f + 5.0, 9_000.0, 14.0)
    return bool(versions(s, [craft(), back], 900.0))


def own_means(s, f):
    back = leg(DAY_S + 1_200.0 * f, DAY_S + 1_200.0 * f + 5.0, 5_000.0, 14.0)
    return bool(versions(s, [craft(every_s=120.0, run_s=1_800.0), back], 1_600.0))


def min_positions(s, f):
    return bool(versions(s, [craft(every_s=10.0, run_s=80.0 if f < 1 else 100.0)]))


def untold_s(s, f):
    ship = craft(run_s=720.0 * f, sog_kn=16.0, every_s=10.0)
    return bool(versions(s, [ship], ship_type=None))


def speed_factor(s, f):
    # Ten minutes after it was last heard it can be ashore, or not yet.
    (first, *_) = versions(s, [craft(1.2 * 14.0 * KNOT * 600.0 / f)], 620.0)
    return first.facts["stretches"] > 0


def update_s(s, f):
    return len(versions(s, [craft()], 600.0 + 600.0 / f)) < 2


def old_s(s, f):
    last = versions(s, [craft(39_000.0, 12.6)], 10_800.0 * f)[-1]
    return last.end_us is not None


def silly_m(s, f):
    # An hour after it was last heard so much of the straight shore is within reach.
    reach_m = math.hypot(100_000.0 * f, 10_000.0)
    ship = craft(10_000.0, reach_m / 3_600.0 / 1.2 / KNOT)
    return versions(s, [ship], 3_610.0)[-1].end_us is not None


CASES = {
    "fast_fishing_mps": by_class(30, 12.0),
    "fast_pleasure_mps": by_class(36, 20.0),
    "fast_passenger_mps": by_class(60, 25.0),
    "fast_other_mps": by_class(90, 15.0),
    "ahead_m": ahead_m,
    "licensed_m": licensed_m,
    "silent_s": silent_s,
    "own_means": own_means,
    "min_positions": min_positions,
    "untold_s": untold_s,
    "speed_factor": speed_factor,
    "update_s": update_s,
    "old_s": old_s,
    "silly_m": silly_m,
}


@pytest.mark.parametrize("name", CASES)
def test_both_sides_of_each_limit_and_a_moved_one_is_noticed(name):
    both_sides.check(CASES[name], COASTAL, name, whole=name == "min_positions")


def test_every_limit_has_a_case():
    assert {f.name for f in fields(LandfallSettings)} - set(CASES) == {"priority"}


def test_earliest_time_and_reach_by_hand():
    """A straight shore: half the stretch is the other side of a right-angled triangle."""
    ship = craft(6_000.0, 20.0)
    found = versions(COASTAL, [ship], 1_300.0)
    assert [seconds(f.updated_us) - DAY_S for f in found] == [600.0, 1_200.0]
    speed = 1.2 * 20.0 * KNOT
    for f, silence_s in zip(found, (600.0, 1_200.0), strict=True):
        assert f.priority == WARNING
        assert f.facts["earliest_s"] == pytest.approx(6_000.0 / speed, abs=1.5)
        half = math.sqrt((silence_s * speed) ** 2 - 6_000.0**2)
        assert f.facts["stretches"] == 1
        assert f.facts["reachable_m"] == pytest.approx(2.0 * half, abs=520.0)
        ends = sorted((f.facts["stretch_1_from_lon_deg"], f.facts["stretch_1_to_lon_deg"]))
        for end, side in zip(ends, (-half, half), strict=True):
            assert EARTH.inv(end, LAT, along(side), LAT)[2] < 300.0
        assert f.facts["stretch_1_from_lat_deg"] == pytest.approx(LAT, abs=1e-5)
        assert f.facts["landfall_lon_deg"] == pytest.approx(LON, abs=0.0015)


def test_land_in_the_way_is_gone_round():
    """The island is 5.5 km thick and 530 km long: its far side is near, and cannot be reached."""
    found = versions(COASTAL, [craft(3_000.0, 20.0)], 2_500.0)
    last = found[-1]
    assert last.facts["reach_m"] > 20_000.0
    assert last.facts["stretches"] == 1
    for end in ("from", "to"):
        assert last.facts[f"stretch_1_{end}_lat_deg"] == pytest.approx(LAT, abs=1e-5)


def test_near_its_end_the_island_is_rounded():
    east = leg(DAY_S - 200.0, DAY_S + 1.0, 2_000.0 + 20 * KNOT * 200, 20.0, every_s=5.0)
    east = east.but(lon=112.95)
    found = versions(COASTAL, [east], 2_500.0)
    lats = [found[-1].facts[f"stretch_1_{e}_lat_deg"] for e in ("from", "to")]
    assert max(lats) == pytest.approx(18.05, abs=1e-5)


def test_heard_again_it_ends():
    back = leg(DAY_S + 1_000.0, DAY_S + 1_030.0, 5_000.0, 14.0)
    found = versions(COASTAL, [craft(), back], 1_500.0)
    assert [f.end_us is None for f in found] == [True, False]
    assert seconds(found[-1].end_us) == DAY_S + 1_000.0
    assert found[-1].facts["is_heard_again"] is True
    assert len({f.alert_id() for f in found}) == 1


def test_only_who_heads_ashore_is_told():
    away = craft().but(cog=180.0, lat=off(12_000.0) + 2.0)
    lat_then = float(away.at(np.array([DAY_S]))[1][0])
    away = away.but(lat=away.lat - (lat_then - off(12_000.0)))
    assert versions(COASTAL, [away]) == []
    assert versions(COASTAL, [craft()], ship_type=70) == []
    assert versions(COASTAL, [craft().but(says_sog=False)]) == []
    assert len(versions(COASTAL, [craft()])) == 1


def test_an_outage_explains_the_silence():
    def out(until_s):
        us = [None if x is None else T0_US + round(x * 1e6) for x in (DAY_S + 10.0, until_s)]
        return lambda a, b: (Outage(0, "alpha", us[0], us[1], False),) if b >= us[0] else ()

    assert versions(COASTAL, [craft()], 5_000.0, outages=out(None)) == []
    found = versions(COASTAL, [craft()], 2_000.0, outages=out(DAY_S + 1_000.0))
    assert seconds(found[0].updated_us) == pytest.approx(DAY_S + 600.0 + 990.0, abs=1.0)


def test_the_state_survives_a_checkpoint():
    state = told(DETECTOR, [craft()], DAY_S + 700.0, COASTAL).state
    again = unpack(pack(state), DETECTOR.start(COASTAL, Island()))
    np.testing.assert_array_equal(again.open_real, state.open_real)
    assert len(again.open_whole) == 1


def test_sentences():
    world = Island(landings=(place(along(9_000.0), LAT, 500.0, "landing"),))
    back = leg(DAY_S + 1_500.0, DAY_S + 1_530.0, 5_000.0, 14.0)
    found = versions(COASTAL, [craft(6_000.0), back], 1_700.0, world)
    name = {found[0].things[0]: "FEI YU 8"}
    # 6,000 m at 1.2 * 14 kn are 694 s after 03:13:30 UTC.
    assert DETECTOR.sentence(found[0], name, "en") == (
        "FEI YU 8 headed ashore at 14 kn and has not been heard for 10 min: it can be ashore from "
        "03:25 UTC near Port"
    )
    assert "; 17 km of shore can be reached by now" in DETECTOR.sentence(found[1], name, "en")
    assert DETECTOR.sentence(found[1], name, "zh") == (
        "FEI YU 8以14节驶向岸边后静默20分钟，最早可能于UTC 03:25上岸，在港附近；此时可达岸线17公里"
    )
    assert DETECTOR.sentence(found[-1], name, "en") == (
        "FEI YU 8, which headed ashore at 14 kn, is heard again after 25 min"
    )
