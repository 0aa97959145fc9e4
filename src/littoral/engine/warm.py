"""Compiled code is loaded when it is first called; here all of it is, before a run's clock starts.

A kernel kept on disk takes some milliseconds to load and the compiler itself half a second, which
would come upon the first part of the first file: most of a short run, and no measure of its speed.
"""

from __future__ import annotations

import numpy as np

from littoral.area.world import World
from littoral.engine import core, order, slices
from littoral.schema.ais import Observations, Positions, Statics, Texts
from littoral.sense.ais import AisDecoder
from littoral.sense.decoded import StationList

LINE = b"!AIVDM,1,1,,A,13u?etPv2;0n:dDPwUM1U1Cb069D,0*24\n"
ROWS = 4096  # enough for the ways that many rows take
VESSELS = 64
START_US = 1_780_000_000_000_000
PACE_US = 50_000


def load(rules: tuple[core.Rule, ...], world: World) -> None:
    """Run some made-up reports through every step and forget them."""
    AisDecoder(1, stations=StationList(), default_station="").feed(LINE)
    waiting, state = order.Order(by_source=True), core.start(rules, world)
    rows = _reports(world)
    core.mark_areas(rows.positions, world)
    order.push(waiting, 1, rows)
    waiting.floor_us = 1 << 61
    for tracked in core.follow(
        state, slices.take_settled(waiting), 0, core.Reference(rules, world)
    ):
        core.judge(state, tracked)


def _reports(world: World) -> Observations:
    """Vessels under way side by side in the middle of the world's coast, and their names."""
    west, south, east, north = world.coast.bbox
    p, s = Positions.empty(ROWS), Statics.empty(VESSELS)
    at = np.arange(ROWS)
    p.t_us, p.obs_id, p.station = START_US + at * PACE_US, at, np.zeros(ROWS, np.int16)
    p.mmsi = (412_000_000 + at % VESSELS).astype(np.int32)
    p.lon_deg = 0.5 * (west + east) + 0.001 * (at % VESSELS) + 1e-6 * at
    p.lat_deg = np.full(ROWS, 0.25 * south + 0.75 * north)
    p.sog_mps, p.cog_deg = np.full(ROWS, 5.0, np.float32), np.full(ROWS, 90.0, np.float32)
    s.t_us, s.obs_id = p.t_us[-VESSELS:].copy(), at[:VESSELS]
    s.mmsi, s.msg_type = p.mmsi[:VESSELS].copy(), np.full(VESSELS, 5, np.int8)
    return Observations(p, s, Texts.empty())
