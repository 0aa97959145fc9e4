"""What is planted in the second day of each seed: close passes, fences, and what ships say."""

from __future__ import annotations

import numpy as np

from bench import _scenes_calls as calls
from bench import _scenes_fences as fences
from bench import _scenes_meet as meet
from bench import _scenes_said as said
from bench._scene_places import Stage
from littoral.sim.planted import Planted
from littoral.sim.referee.ground import Ground
from littoral.sim.scenes import Builder

MAKERS = (meet.collision, *fences.MAKERS, *said.MAKERS, *calls.MAKERS)


def plant(start_us: int, seed: int, hours: float, ground: Ground, each: int) -> Planted:
    """`each` events and `each` near-misses of each maker."""
    rng = np.random.default_rng([seed, 78])
    builder = Builder(start_us, rng)
    for make in MAKERS:
        stage = Stage(builder, rng, ground, start_us, hours)
        for k in range(each):
            make(stage, False, seed + k)
            make(stage, True, seed + k)
    return Planted(
        builder.fleet(), tuple(builder.begins), builder.script_rows(), tuple(builder.events),
        tuple(builder.silences), tuple(builder.planned), tuple(builder.fences),
        tuple(builder.watched), tuple(builder.texts),
    )  # fmt: skip
