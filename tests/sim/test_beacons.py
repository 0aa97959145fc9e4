"""Net beacons of the simulator: what they send, where, and that they change nothing else."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from littoral.fuse.beacon import battery_of
from littoral.sim.beacons import make_beacons
from littoral.sim.buoyed import BOAT, NET, POSER, state_at
from littoral.sim.feed import region_coast
from littoral.sim.traffic import Settings, start

START_US = 1_786_795_200_000_000  # 2026-08-15T12:00:00Z
HOUR_US = 3_600_000_000
COUNT = 300


def made(seed: int = 7):
    return make_beacons(COUNT, seed, START_US, 24 * HOUR_US)


@pytest.fixture(scope="module")
def blocks():
    """Twenty minutes of a small world, without and with beacons."""
    out = []
    for beacons in (0, COUNT):
        settings = Settings(120, history_us=24 * HOUR_US, planted=False, beacons=beacons)
        world = start(region_coast(), START_US, settings)
        out.append((world, np.concatenate(list(world.blocks(20)))))
    return out


def test_the_world_of_vessels_is_the_same_with_and_without(blocks) -> None:
    (_, without), (world, with_them) = blocks
    first = len(world.ships) - len(world.beacons.buoys)
    ours = with_them[with_them["ship"] < first]
    for name in without.dtype.names:
        np.testing.assert_array_equal(ours[name], without[name], name)
    assert (with_them["ship"] >= first).sum() > COUNT


def test_they_send_a_name_with_each_report_and_the_battery_falls(blocks) -> None:
    world, rows = blocks[1]
    first = len(world.ships) - len(world.beacons.buoys)
    ours = rows[rows["ship"] >= first]
    kinds = Counter(ours["msg_type"].tolist())
    assert set(kinds) == {1, 5, 18, 24}
    assert kinds[24] > 1.5 * kinds[18] * 0.9  # two parts
    assert 0.03 < kinds[1] / (kinds[1] + kinds[18]) < 0.3
    beacons = made()
    before = np.zeros(0)
    for hours in (0, 30):
        beacons._rename(START_US + hours * HOUR_US)
        names = [bytes(n).rstrip(b"\0") for n in beacons.ships["name"]]
        read = [battery_of(n) for n in names[:COUNT]]
        told = [b for b in read if b.percent is not None or b.volts is not None]
        named = [s for s in beacons.stems[:COUNT] if s]
        assert len(told) == len(named) > 0.8 * COUNT
        if hours:
            assert sum(a > b for a, b in zip(before, beacons.level, strict=True)) > COUNT / 2
        before = beacons.level.copy()


def test_most_have_no_number_of_a_ship() -> None:
    mmsi = made().buoys["mmsi"][:COUNT]
    proper = (mmsi >= 201_000_000) & (mmsi < 776_000_000)
    assert 0.15 < proper.mean() < 0.35


def test_they_drift_no_faster_than_a_tide_and_stay_about() -> None:
    buoys = made().buoys
    for k in range(0, COUNT, 7):
        b = buoys[k]
        seen = [state_at(b, START_US + m * 60_000_000, 7) for m in range(0, 12 * 60, 5)]
        assert max(s[2] for s in seen) < 1.1  # 0.9 m/s of tide and some wind
        # What is told is how it moves: five minutes at its speed lead to the next place, unless
        # it was hauled in between.
        for (lon, lat, v, _), (lon2, lat2, v2, _) in pairwise(seen):
            way = np.hypot((lon2 - lon) * np.cos(np.radians(lat)), lat2 - lat) * 111_194.9
            assert way < 300 * max(v, v2) + 40 or way > 1_000


def test_they_are_hauled_and_set_anew() -> None:
    b = made().buoys[0]
    set_again = b["begin_us"] + b["cycle_us"]
    before, after = state_at(b, set_again - 1_000_000, 7), state_at(b, set_again + 1_000_000, 7)
    assert np.hypot(before[0] - after[0], before[1] - after[1]) > 0.01
    assert 0.69 < b["out_us"] / b["cycle_us"] < 0.91


def test_truth_knows_who_is_what() -> None:
    roles = Counter(r["role"] for r in made().roles())
    assert roles == {
        "net_beacon": COUNT,
        "looks_like_net_beacon": 1,
        "poses_as_net_beacon": 1,
    }


def test_the_one_that_poses_sails_and_the_boat_steams() -> None:
    buoys = made().buoys
    poser = buoys[buoys["role"] == POSER][0]
    boat = buoys[buoys["role"] == BOAT][0]
    assert (buoys["role"] == NET).sum() == COUNT
    at = [state_at(poser, int(poser["run_us"]) + s * 1_000_000, 7) for s in (-60, 60, 1860, 3660)]
    assert at[0][2] < 0.6
    assert at[1][2] == at[2][2] == pytest.approx(12 * 1852 / 3600)
    way = np.hypot((at[2][0] - at[1][0]) * np.cos(np.radians(18.2)), at[2][1] - at[1][1])
    # Half an hour at 12 kn is 6 n mile, or 0.1 degree; the tide runs too.
    assert way == pytest.approx(0.1, abs=0.01)
    assert at[3][2] < 0.6
    assert state_at(boat, START_US, 7)[2] == 3.0
