"""Close passes against a plain search over dense times, and one pass a meeting."""

from __future__ import annotations

import itertools
import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from littoral.sim.closeness import Passes
from littoral.sim.motion import STEP_US

STEP_S = STEP_US / 1e6
DEG = math.pi / 180.0 * 6_371_008.8  # mean radius, IUGG
LAT = 18.0
SCALE = DEG * math.cos(math.radians(LAT))
START_US = 1_780_000_000_000_000


def straight(x_m: float, y_m: float, kn: float, course: float, steps: int) -> np.ndarray:
    """(steps, 4) of a ship that is at (x, y) metres from the middle halfway."""
    t = (np.arange(steps) - steps / 2) * STEP_S
    v, a = kn * 1852 / 3600, math.radians(course)
    out = np.empty((steps, 4))
    out[:, 0] = 111.0 + (x_m + v * math.sin(a) * t) / SCALE
    out[:, 1] = LAT + (y_m + v * math.cos(a) * t) / DEG
    out[:, 2], out[:, 3] = v, course % 360.0
    return out


def passes_of(tracks: list[np.ndarray], lengths: list[float], beams: list[float]) -> np.ndarray:
    found = Passes(np.array(lengths), np.array(beams))
    block = np.stack(tracks)
    half = block.shape[1] // 2
    counts = np.ones(len(tracks), bool)
    found.add(np.ascontiguousarray(block[:, :half]), counts, START_US)
    found.add(np.ascontiguousarray(block[:, half:]), counts, START_US + half * STEP_US)
    return found.result()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(-250, 250), st.floats(-250, 250), st.floats(1, 25), st.floats(0, 359)),
        min_size=2,
        max_size=5,
    )
)
def test_passes_equal_a_dense_search(ships: list[tuple[float, float, float, float]]) -> None:
    """Points (no hulls) that go straight for ten minutes: of each pair the least distance over
    every twentieth of a second, where it lies within 200 m and not at an end of the time."""
    tracks = [straight(*s, 120) for s in ships]
    found = passes_of(tracks, [0.0] * len(ships), [0.0] * len(ships))
    by_pair = {(int(p["first"]), int(p["second"])): p for p in found}
    t = np.arange(0.0, 119 * STEP_S, 0.05)
    for i, j in itertools.combinations(range(len(ships)), 2):
        relative = []
        for k in (i, j):
            x, y, kn, course = ships[k]
            v, a = kn * 1852 / 3600, math.radians(course)
            s = t - 60 * STEP_S
            relative.append((x + v * math.sin(a) * s, y + v * math.cos(a) * s))
        (x1, y1), (x2, y2) = relative
        apart = np.hypot(x2 - x1, y2 - y1)
        at = int(np.argmin(apart))
        speed = math.hypot(*(np.diff(d)[0] / 0.05 for d in (x2 - x1, y2 - y1)))
        if speed < 0.1 or not 100 < at < len(t) - 200:
            continue
        if apart[at] < 195.0:
            p = by_pair[i, j]
            assert abs(p["between_m"] - apart[at]) < 1.0
            assert abs((p["t_us"] - START_US) / 1e6 - t[at]) < 0.2 + 2.0 / speed
            assert abs(p["closing_mps"] - speed) < 0.05
        elif apart[at] > 205.0:
            assert (i, j) not in by_pair


def test_hulls_count_in() -> None:
    """Head-on, 60 m between the middles, beams of 20 m: 40 m between the hulls. Crossing at right
    angles, relative motion at 45 degrees: each hull of 100 m by 20 m shows 120 m / sqrt(2)."""
    lines = [straight(0, 0, 10, 0, 120), straight(60, 0, 10, 180, 120)]
    (p,) = passes_of(lines, [100.0, 100.0], [20.0, 20.0])
    assert abs(p["between_m"] - 40.0) < 0.1
    lines = [straight(0, 0, 10, 0, 120), straight(150, 0, 10, 90, 120)]
    (p,) = passes_of(lines, [100.0, 100.0], [20.0, 20.0])
    wanted = 150.0 / math.sqrt(2.0) - 120.0 / math.sqrt(2.0)
    assert abs(p["between_m"] - wanted) < 0.2


def test_a_pair_that_meets_again_has_two_passes_and_one_that_circles_has_one() -> None:
    """There and back past a ship that drifts 800 m short of the turning point; and round and round
    one that lies still, once a minute, 50 m off."""
    still = straight(0, -800, 0.2, 0, 240)
    there = straight(30, 0, 10, 0, 240)
    there[120:, 1] = there[:120, 1][::-1]
    there[120:, 3] = 180.0
    assert len(passes_of([still, there], [10.0, 10.0], [4.0, 4.0])) == 2
    t = np.arange(240) * STEP_S
    a = t * (2 * math.pi / 60.0)
    round_it = np.stack(
        [111.0 + 50 * np.cos(a) / SCALE, LAT + 50 * np.sin(a) / DEG,
         np.full(240, 50 * 2 * math.pi / 60), (-np.degrees(a)) % 360.0], 1,
    )  # fmt: skip
    lies = straight(0, 0, 0.0, 0, 240)
    (one,) = passes_of([lies, round_it], [0.0, 0.0], [0.0, 0.0])
    assert 45.0 < one["between_m"] < 51.0
