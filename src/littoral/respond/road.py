"""How far by road, without a road extract: an estimate, and called one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from littoral.respond.rhumb import GEOD
from littoral.respond.route.answer import Position
from littoral.respond.route.plane import Plane
from littoral.respond.route.water import Water

# Way by road over straight line. Boscoe, Henry and Zdeb 2012, A Nationwide Comparison of Driving
# Distance Versus Straight-Line Distance to Hospitals, The Professional Geographer 64(2), 188-196:
# 1.417 over 66,000 ways in the United States. Ballou, Rahardja and Sakai 2002, Selected country
# circuity factors for road travel distance estimation, Transportation Research A 36(9), 843-848:
# China 1.33. The longer is taken: who is said to come late and comes early does no harm.
ROAD_FACTOR = 1.4
# Land that so narrow a water parts counts as joined: bridges lead to islands off a city, and none
# over the 18 km of the Qiongzhou Strait.
BRIDGED_M = 1_000.0
# Off the packaged shore there may be made ground up to so far out.
MADE_GROUND_M = 1_600.0


@dataclass(frozen=True, slots=True)
class RoadEstimate:
    """`length_m` is the straight line on WGS 84 times `factor`: no road was looked at."""

    length_m: float
    time_s: float
    factor: float


def road_estimate(
    start: Position, end: Position, speed_mps: float, factor: float = ROAD_FACTOR
) -> RoadEstimate:
    if not speed_mps > 0.0:
        raise ValueError(f"a speed is above 0 m/s, not {speed_mps}")
    if not factor >= 1.0:
        raise ValueError(f"no road is shorter than the straight line: factor {factor}")
    length = factor * float(GEOD.inv(*start, *end)[2])
    return RoadEstimate(length, length / speed_mps, factor)


class Lands:
    """Pieces of land that roads can join."""

    def __init__(self, water: Water):
        self._plane: Plane = water.plane
        joined = water.land.buffer(0.5 * BRIDGED_M, quad_segs=2)
        self._parts = shapely.get_parts(joined)
        self._tree = shapely.STRtree(self._parts)

    def part(self, position: Position) -> int | None:
        """Which piece a position is on, None at sea and outside the known coast."""
        west, south, east, north = self._plane.box
        if not (west <= position[0] <= east and south <= position[1] <= north):
            return None
        at = shapely.Point(*self._plane.metres(np.array([position]))[0])
        near = self._tree.query_nearest(
            at, max_distance=MADE_GROUND_M - 0.5 * BRIDGED_M, all_matches=False
        )
        return int(near[0]) if len(near) else None
