"""All that is planted in a day: for each rule and kind so many events and as many near-misses."""

from __future__ import annotations

import numpy as np

from bench import _scenes_false as false
from bench import _scenes_lanes as lanes
from bench import _scenes_published as published
from bench import _scenes_sea as sea
from bench import _scenes_shore as shore
from bench import _scenes_silent as silent
from bench._scene_places import Stage
from littoral.sim.planted import Planted
from littoral.sim.referee.ground import Ground
from littoral.sim.scenes import Builder

MAKERS = (
    sea.loitering, sea.drifting, sea.dragging, sea.port_visit, sea.encounter, shore.approach,
    shore.landing, shore.landfall, sea.visited, sea.repeated,
    lanes.off_lanes, lanes.pace, lanes.destination, false.inland, false.circle, false.jammed,
)  # fmt: skip
# Silences, and what the published profiles ask about: long, slow, and on no watch's list.
APART = (
    silent.switched_off, silent.half_a_day, published.waits_far_off, published.enters,
    published.two_hours, published.half_an_hour,
)  # fmt: skip


def plant(
    start_us: int, seed: int, hours: float, ground: Ground, each: int, *, apart: bool = False
) -> Planted:
    """`each` events and `each` near-misses of each maker; `apart`: of those too."""
    rng = np.random.default_rng([seed, 77])
    builder = Builder(start_us, rng)
    for make in MAKERS + APART * apart:
        stage = Stage(builder, rng, ground, start_us, hours)
        for k in range(each):
            make(stage, False, seed + k)
            make(stage, True, seed + k)
    return Planted(
        builder.fleet(), tuple(builder.begins), builder.script_rows(), tuple(builder.events)
    )
