"""The demo's lanes, and the ships planted to leave them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import littoral.sim
from littoral.engine.reference import read_lanes
from littoral.sim import traffic
from littoral.sim.demo import LANES
from littoral.sim.feed import region_coast
from littoral.sim.lanes import NODES
from littoral.sim.scenes import MINUTE_US
from littoral.sim.truth import Truth, measure, trajectories
from littoral.sim.truth_lanes import lane_distances_m

START_US = int(np.datetime64("2026-08-15T12:00:00", "us").astype(np.int64))


def test_the_packaged_lanes_are_the_ones_described_and_small() -> None:
    source = Path(littoral.sim.__file__).parent / "data" / "SOURCE.md"
    assert f"`{read_lanes(LANES).version}`" in source.read_text()
    assert LANES.stat().st_size < 500_000


def test_ships_were_learned_where_the_simulator_sends_them() -> None:
    """Its lanes' nodes off the coast within the receivers' reach lie in or beside learned lanes;
    the middle of the sea between the ocean and the coastal lane does not."""
    near = [NODES[n] for n in ("Q2", "Q4", "EC4", "EC6", "SC2", "O2", "P2", "WC2")]
    lon, lat, width = np.array(near).T
    assert (lane_distances_m(lon, lat, (1, 2)) <= width + 2_300.0).all()
    assert lane_distances_m(np.array([111.15]), np.array([18.95]), (1, 2))[0] > 20_000.0


@pytest.fixture(scope="module")
def planted() -> list[Truth]:
    """The demo's events of the rule as they happen on the trajectories."""
    world = traffic.start(region_coast(), START_US, traffic.Settings(vessels=50))
    until_us = START_US + world.settings.history_us + 180 * MINUTE_US
    path = trajectories(world, until_us)
    return [measure(e, world, path) for e in world.events.events if e.rule == "deviation"]


def test_each_kind_happens_in_the_history_and_live(planted: list[Truth]) -> None:
    guilty = [t for t in planted if not t.innocent]
    assert sorted(t.kinds[0] for t in guilty) == sorted(
        ["route", "speed", "destination"] * 2 + ["destination"]
    )
    for t in guilty:
        lasts_min = (t.end_us - t.start_us) / MINUTE_US
        if t.measure in ("off lanes", "slow there"):
            assert lasts_min > 80.0, t.name
        if t.measure == "off lanes":
            assert (t.value or 0.0) > 12_000.0


def test_each_has_a_look_alike_that_stays_clear_of_the_rule(planted: list[Truth]) -> None:
    innocent = {t.kinds[0]: t for t in planted if t.innocent}
    assert innocent.keys() == {"route", "speed", "destination"}
    slow = innocent["speed"]
    assert (slow.end_us - slow.start_us) / MINUTE_US < 45.0
    for t in planted:
        if t.innocent and t.measure.startswith("away"):
            assert t.value is None, t.name  # it never goes 50 km away
