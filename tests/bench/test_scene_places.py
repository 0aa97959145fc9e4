"""Ways out to sea for scenes, off a straight coast along 18 N from 108 E to 112 E."""

from __future__ import annotations

import numpy as np
import pytest

from bench._scene_places import OUT_M, Stage
from littoral.sim.scenes import Builder
from tests.sim.referee.hand import DAY_US, degrees, ground

PLACE = degrees(0.0, -5_000.0)


def stage() -> Stage:
    rng = np.random.default_rng(1)
    return Stage(Builder(DAY_US, rng), rng, ground(), DAY_US, 24.0)


@pytest.mark.parametrize(
    ("bearing", "metres", "is_open"),
    [(0.0, 4_900.0, True), (0.0, 5_100.0, False), (60.0, 9_900.0, True), (60.0, 10_200.0, False),
     (180.0, OUT_M, True), (90.0, OUT_M, True), (87.0, OUT_M, False)],
)  # fmt: skip
def test_whether_a_way_is_water(bearing: float, metres: float, is_open: bool) -> None:
    # 5 km to the shore, twice that at 60 degrees. At 87 degrees the shore is met after 95 km.
    assert stage().is_open(PLACE, bearing, metres) == is_open


def test_the_nearest_way_out() -> None:
    s = stage()
    # The shore ends 211 km east: by then a way at 89 degrees is 3.7 km north, less than 5; one at
    # 88 degrees is 7.4 km north, and the great circle bends back by a kilometre.
    assert s.open_bearing(PLACE, 80.0) == 89.0
    assert s.open_bearing(PLACE, 170.0) == 170.0
    # 20 km ahead and behind: at 76 degrees it is 4.8 km nearer to the shore after 20 km.
    assert s.open_bearing(PLACE, 30.0, 20_000.0, 20_000.0) == 76.0
    assert s.open_bearing(PLACE, 30.0, 4_000.0, 4_000.0) == 30.0
