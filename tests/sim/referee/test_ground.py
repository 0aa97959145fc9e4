"""Distances to circles and shores beside the geodesics of pyproj (Karney 2013)."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import Geod

from littoral.sim.referee.ground import edges_m, edges_on_sphere_m, shores_m

GEOD = Geod(ellps="WGS84")


@pytest.mark.parametrize("away_m", [5_000.0, 12_000.0, 45_000.0, 92_600.0, 140_000.0])
def test_distances_on_the_ellipsoid(away_m: float) -> None:
    for bearing in range(0, 360, 30):
        x, y, _ = GEOD.fwd(110.0, 18.0, bearing, away_m)
        here = np.array([110.0]), np.array([18.0])
        assert edges_m(np.array([(x, y, 1_000.0)]), *here)[0] == pytest.approx(
            away_m - 1_000.0, rel=1e-3
        )
        point = np.array([(x, y, x, y)])
        assert shores_m(point, *here, 150_000.0)[0] == pytest.approx(away_m, rel=1e-3)
        assert shores_m(point, *here, 0.99 * away_m)[0] == np.inf


def test_distances_on_the_sphere() -> None:
    # A degree of latitude on the sphere of 6,371,008.8 m: 111,195.08 m.
    here = np.array([110.0]), np.array([18.0])
    circles = np.array([(110.0, 18.1, 1_000.0), (110.0, 18.5, 1_000.0)])
    assert edges_on_sphere_m(circles, *here)[0] == pytest.approx(10_119.508, abs=0.01)
    assert edges_on_sphere_m(circles, here[0], here[1] + 0.1)[0] == 0.0
