"""What is planted of meetings and forged positions happens: on noiseless trajectories, and in what
the vessels report (distances by PROJ)."""

from __future__ import annotations

import numpy as np

from littoral.sim import incidents_meet, traffic
from littoral.sim.feed import region_coast
from littoral.sim.planted import Planted
from littoral.sim.scenes import MINUTE_US, Builder
from littoral.sim.truth import measure_all
from tests.detect.making import SPHERE, at_us

START_US = at_us("2026-11-24T00:00")


def planted(b: Builder) -> Planted:
    return Planted(b.fleet(), tuple(b.begins), b.script_rows(), tuple(b.events))


def world_of(b: Builder) -> traffic.Traffic:
    settings = traffic.Settings(4, density=1.0, planted=False, history_us=240 * MINUTE_US)
    return traffic.start(region_coast(), START_US, settings, planted(b))


def test_each_partner_is_alongside_for_a_while() -> None:
    settings = traffic.Settings(4, history_us=480 * MINUTE_US)
    world = traffic.planted_alone(START_US, settings)
    found = {t.name: t for t in measure_all(world)}
    for name in ("visitors in turn", "fishing boats in turn", "from ship to ship",
                 "tender from ship to ship"):  # fmt: skip
        event = found[name]
        assert event.value is not None
        assert event.value < 130.0
        assert len(event.mmsis) == 4
        assert 55 * MINUTE_US < event.end_us - event.start_us < 80 * MINUTE_US
        assert event.innocent == (name in ("fishing boats in turn", "tender from ship to ship"))


def test_a_forged_circle_is_one_at_20_knots() -> None:
    b = Builder(START_US, np.random.default_rng(3))
    at = START_US + 60 * MINUTE_US
    incidents_meet.interference(b, at)
    world = world_of(b)
    rows = np.concatenate([world.block() for _ in range(90)])
    for k in range(5):
        mmsi = int(b.hulls[k]["mmsi"][0])
        mine = rows[(rows["mmsi"] == mmsi) & (rows["msg_type"] < 4)]
        begin, end = at + 2 * k * MINUTE_US, at + (25 + k) * MINUTE_US
        forged = (mine["t_us"] >= begin) & (mine["t_us"] < end)
        n = len(mine)
        middle = incidents_meet.BOAO_AIRPORT
        _, _, metres = SPHERE.inv(
            [middle[0]] * n, [middle[1]] * n, mine["lon_deg"], mine["lat_deg"]
        )
        assert forged.sum() > 50
        assert np.abs(metres[forged] - 200.0).max() < 10.0
        assert metres[~forged].min() > 20_000.0
        assert np.allclose(mine["sog_mps"][forged], 20 * 1852 / 3600, atol=1e-3)
