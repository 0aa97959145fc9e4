"""The search leaves out no pair that comes near: against every pair, on the plane, by NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from littoral.detect.collision.near import near_pairs
from littoral.detect.collision.scene import (
    COS_LAT,
    EAST,
    FRESH,
    NORTH,
    ROOM,
    S_LAT,
    S_LON,
    SCENE,
    SPEED,
)

M_PER_DEG = 111_194.9  # a degree of a great circle on the sphere of 6,371,008.8 m
WIDEST_M, OWN_MPS, CLOSING_MPS = 185.0, 1.5, 1.5


def scene_of(lon: float, lat: float, n: int, side_m: float, seed: int) -> np.ndarray:
    """`n` vessels at random in a square about a place, up to 15 m/s, some not freshly heard."""
    chance = np.random.default_rng(seed)
    scene = np.zeros((n, SCENE))
    north_m, east_m = chance.uniform(-0.5, 0.5, (2, n)) * side_m
    scene[:, S_LAT] = lat + north_m / M_PER_DEG
    scene[:, COS_LAT] = np.cos(np.radians(scene[:, S_LAT]))
    scene[:, S_LON] = lon + east_m / (M_PER_DEG * scene[:, COS_LAT])
    scene[:, S_LON] = (scene[:, S_LON] + 180.0) % 360.0 - 180.0
    scene[:, SPEED] = np.round(chance.uniform(0.0, 15.0, n), 1)  # some are equal
    course = chance.uniform(0.0, 2.0 * np.pi, n)
    scene[:, EAST], scene[:, NORTH] = scene[:, SPEED] * [np.sin(course), np.cos(course)]
    scene[:, ROOM] = chance.uniform(20.0, 500.0, n)
    scene[:, FRESH] = chance.random(n) < 0.9
    return scene


def expected(scene: np.ndarray, horizon_s: float) -> set[tuple[int, int]]:
    """(faster, other) of all that pass within WIDEST_M of each other in the horizon."""
    i, j = np.nonzero(~np.eye(len(scene), dtype=bool))
    a, b = scene[i], scene[j]
    k = M_PER_DEG * np.cos(np.radians(0.5 * (a[:, S_LAT] + b[:, S_LAT])))
    x = ((b[:, S_LON] - a[:, S_LON] + 180.0) % 360.0 - 180.0) * k
    y = (b[:, S_LAT] - a[:, S_LAT]) * M_PER_DEG
    u, w = b[:, EAST] - a[:, EAST], b[:, NORTH] - a[:, NORTH]
    v = np.hypot(u, w)
    with np.errstate(divide="ignore", invalid="ignore"):
        t_s, cpa_m = -(x * u + y * w) / v**2, np.abs(x * w - y * u) / v
    meant = (a[:, SPEED] >= b[:, SPEED]) & (a[:, SPEED] >= OWN_MPS) & (v > CLOSING_MPS)
    meant &= (a[:, FRESH] == 1.0) & (b[:, FRESH] == 1.0)
    meant &= (t_s >= 0.0) & (t_s <= horizon_s) & (cpa_m <= WIDEST_M)
    return set(zip(i[meant].tolist(), j[meant].tolist(), strict=True))


@pytest.mark.parametrize("horizon_s", [150.0, 360.0])
@pytest.mark.parametrize(
    ("lon", "lat", "side_m"),
    [
        (109.5, 18.0, 60_000.0),
        (180.0, 0.0, 40_000.0),
        (-179.9, -45.0, 40_000.0),
        (10.0, 70.0, 60_000.0),
        (0.0, 59.0, 5_000_000.0),  # as wide as a sea: columns become wider
    ],
)
def test_no_pair_is_left_out(lon: float, lat: float, side_m: float, horizon_s: float) -> None:
    n = 800
    scene = scene_of(lon, lat, n, side_m, seed=7)
    if side_m > 1e6:  # all in company of another, or nobody would meet
        scene[1::2, S_LON] = scene[::2, S_LON] + 0.02
        scene[1::2, S_LAT] = scene[::2, S_LAT]
    pairs = np.empty(n * n, np.int64)
    found = pairs[: near_pairs(horizon_s, scene, n, OWN_MPS, CLOSING_MPS, WIDEST_M, pairs)]
    given = set(zip((found >> 32).tolist(), (found & 0xFFFFFFFF).tolist(), strict=True))
    meet = expected(scene, horizon_s)
    assert len(meet) >= 10
    assert meet <= given
    assert len(given) == len(found) < n * n / 5
    assert (np.diff(found) > 0).all()


def test_too_short_a_list_says_how_long_it_must_be() -> None:
    scene = scene_of(109.5, 18.0, 300, 20_000.0, seed=1)
    whole, short = np.empty(90_000, np.int64), np.empty(3, np.int64)
    n = near_pairs(360.0, scene, 300, OWN_MPS, CLOSING_MPS, WIDEST_M, whole)
    assert n > 100
    assert near_pairs(360.0, scene, 300, OWN_MPS, CLOSING_MPS, WIDEST_M, short) == n
    assert near_pairs(360.0, scene, 1, OWN_MPS, CLOSING_MPS, WIDEST_M, whole) == 0
