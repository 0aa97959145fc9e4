"""Shortest ways at sea around a coast, prepared once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from littoral.area.coast import Coast
from littoral.area.polygons import Polygons
from littoral.respond.route.answer import NoRoute, NoWay, Position, Route
from littoral.respond.route.ends import End, Finder
from littoral.respond.route.legs import legs, length_m
from littoral.respond.route.mesh import Mesh, cut
from littoral.respond.route.plane import CM_PER_M
from littoral.respond.route.search import landmarks, shortest
from littoral.respond.route.water import Water, make_water

SEA = 0  # number of the largest water
REACH_M = 5_000.0
LANDMARKS = 8


@dataclass(frozen=True, slots=True)
class SeaRouter:
    """Answers for one coast and margin. To prepare it takes seconds (`over`), an answer some ten
    milliseconds. `marks`: lower bounds (`search.landmarks`). `reach_m`: how far from water an end
    may lie and still be led to it; berths on made ground lie up to 1.6 km inland of the packaged
    coast."""

    water: Water
    mesh: Mesh
    marks: np.ndarray
    finder: Finder
    reach_m: float

    @classmethod
    def over(cls, coast: Coast, margin_m: float = 0.0, reach_m: float = REACH_M) -> SeaRouter:
        """Around the full-resolution coast, within its box. `margin_m`: how far from the shore to
        stay; 0 since a draught and the depths are not known here."""
        west, south, east, north = (float(v) for v in coast.arrays.box)
        return cls.around(coast.polygons, (west, south, east, north), margin_m, reach_m)

    @classmethod
    def around(
        cls,
        polygons: Polygons,
        box: tuple[float, float, float, float],
        margin_m: float = 0.0,
        reach_m: float = REACH_M,
    ) -> SeaRouter:
        """Around any land known within `box` (west, south, east, north in degrees)."""
        water = make_water(polygons, box, margin_m)
        mesh = cut(water.free)
        return cls(water, mesh, landmarks(mesh, LANDMARKS), Finder(mesh), reach_m)

    def route(self, start: Position, end: Position, speed_mps: float) -> Route | NoRoute:
        """The shortest way from `start` to `end`, to within 0.2 % of the shortest on WGS 84 (the
        plane's scale is that true) and what the margin and a metre of clearance cost."""
        if not speed_mps > 0.0:
            raise ValueError(f"a speed is above 0 m/s, not {speed_mps}")
        ends = self._ends(start, end)
        if isinstance(ends, NoRoute):
            return ends
        a, b = ends
        _, fans = shortest(
            self.mesh, self.marks, a.x_cm, a.y_cm, a.triangles, b.x_cm, b.y_cm, b.triangles
        )
        bends = self.mesh.xy[self.mesh.fan_at[fans]]
        way_cm = np.concatenate([[[a.x_cm, a.y_cm]], bends, [[b.x_cm, b.y_cm]]])
        lonlat = legs(self.water, way_cm / CM_PER_M)
        length = length_m(lonlat)
        waypoints = tuple((lon, lat) for lon, lat in lonlat.tolist())
        time_s = (a.gap_m + length + b.gap_m) / speed_mps
        return Route(waypoints, length, a.gap_m, b.gap_m, time_s)

    def _ends(self, start: Position, end: Position) -> tuple[End, End] | NoRoute:
        """Both ends in one water."""
        at = np.array([start, end], np.float64)
        xy = self.water.plane.metres(at)
        known = shapely.intersects_xy(self.water.frame, xy[:, 0], xy[:, 1])
        for which, position, inside in zip(("start", "end"), at, known, strict=True):
            if not np.isfinite(position).all():
                return NoRoute(NoWay.NO_POSITION, which)
            if not inside:
                return NoRoute(NoWay.OUTSIDE, which)
        found = [self.finder.at(p) for p in xy]
        parts = {e.part for e in found if e is not None}
        if len(parts) > 1:
            return NoRoute(NoWay.ENCLOSED, "both")
        # Who is on land is led to the water that the other is in, else to the sea.
        part = parts.pop() if parts else SEA
        led: list[End] = []
        for which, p, here in zip(("start", "end"), xy, found, strict=True):
            there = here or self._led(p, part)
            if there is None:
                return NoRoute(NoWay.INLAND if self._on_land(p) else NoWay.ENCLOSED, which)
            led.append(there)
        return led[0], led[1]

    def _led(self, xy_m: np.ndarray, part: int) -> End | None:
        """The nearest point of the water `part`; from water within the margin only straight over
        water."""
        ashore = self._on_land(xy_m)
        for end in self.finder.nearest(xy_m, part, self.reach_m):
            there = np.array([end.x_cm, end.y_cm]) / CM_PER_M
            if ashore or not self.water.land.intersects(shapely.LineString([xy_m, there])):
                return end
        return None

    def _on_land(self, xy_m: np.ndarray) -> bool:
        return bool(shapely.intersects_xy(self.water.land, *xy_m))
