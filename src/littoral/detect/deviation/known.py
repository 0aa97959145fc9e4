"""What a run has learned and where its ports are, as the loop takes it: made once for a world."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from littoral.area.destinations import load_destinations
from littoral.area.geodesy import haversine_many_m
from littoral.area.lane_grid import FISHING, MERCHANT, OTHER, SHIPS
from littoral.area.lane_map import LaneMap, distances, speed_table, surrounded, window
from littoral.area.lanes import END_DEG, Lanes
from littoral.area.places import circle_array
from littoral.area.world import World
from littoral.detect.deviation.settings import DeviationSettings

END_COLS = round(360 / END_DEG)


class Known(NamedTuple):
    """`near` (m, 3): circles within which neither lane nor speed is judged; `ports` (p, 3): those
    in which a ship stops; `places` (d, 2): lon, lat of the destinations; `astray` (d, p) bool: to
    end in that port does not fit that destination."""

    lanes: LaneMap
    near: np.ndarray
    ports: np.ndarray
    places: np.ndarray
    astray: np.ndarray


class Made(NamedTuple):
    """What was made, and from what."""

    world: World
    settings: DeviationSettings
    known: Known

    def fits(self, world: World, settings: DeviationSettings) -> bool:
        """A world with other stations or fences has the same lanes and ports."""
        return (
            self.world.lanes is world.lanes
            and self.world.ports is world.ports
            and self.world.anchorages is world.anchorages
            and self.settings == settings
        )


# The latest: a pure function of lanes, places and settings, remembered because it takes a while to
# make. Nothing else is kept between steps outside the state.
_LAST: list[Made] = []


def known(world: World, settings: DeviationSettings) -> Known:
    if not (_LAST and _LAST[0].fits(world, settings)):
        _LAST[:] = [Made(world, settings, prepare(world, settings))]
    return _LAST[0].known


def prepare(world: World, settings: DeviationSettings) -> Known:
    lanes = world.lanes
    table = load_destinations()
    places = np.stack([table.lon_deg, table.lat_deg], 1)
    ports = circle_array(world.ports)
    astray = np.empty((len(places), len(ports)), np.bool_)
    for k, (lon, lat, _) in enumerate(ports.tolist()):
        astray[:, k] = _metres(places, lon, lat) >= settings.elsewhere_m
    if lanes is not None:
        row_of = {name: k for k, name in enumerate(table.ids)}
        lon = lanes.end_cell % END_COLS * END_DEG - 180.0 + END_DEG / 2
        lat = lanes.end_cell // END_COLS * END_DEG - 90.0 + END_DEG / 2
        for name, x, y in zip(lanes.end_place.tolist(), lon.tolist(), lat.tolist(), strict=True):
            if name in row_of:
                astray[row_of[name], _metres(ports, x, y) <= settings.end_m] = False
    return Known(
        lane_map(lanes, settings),
        circle_array((*world.ports, *world.anchorages), settings.port_m),
        ports,
        places,
        astray,
    )


def _metres(points: np.ndarray, lon: float, lat: float) -> np.ndarray:
    """(n,) from each point (n, >= 2) to one."""
    n = len(points)
    lons, lats = (np.ascontiguousarray(points[:, k]) for k in (0, 1))
    return haversine_many_m(lons, lats, np.full(n, lon), np.full(n, lat))


def lane_map(lanes: Lanes | None, settings: DeviationSettings) -> LaneMap:
    """Nothing is known, nothing is judged, without lanes."""
    if lanes is None or not len(lanes.cell):
        return LaneMap(
            0, 0, np.zeros((0, 0, 2), np.float32), np.zeros((0, 0), np.int32),
            np.zeros((0, 3, 8, 2), np.float32),
        )  # fmt: skip
    margin = int(settings.watched_m / 1500.0) + 2
    frame = window(lanes.cell, margin)
    row0, col0, rows, cols = frame
    lane_m = np.empty((2, rows, cols), np.float32)
    reach_m = settings.lane_m + settings.watched_m  # to say how far a ship is off
    least = max(settings.lane_vessel_days, settings.lane_per_day * lanes.days)
    for k, groups in enumerate((MERCHANT, SHIPS)):
        cells, days = lanes.traffic(groups)
        distances(cells[days >= least], row0, col0, lane_m[k], reach_m)
    cells, days = lanes.traffic((OTHER, *SHIPS, FISHING))
    enough = max(settings.watched_vessel_days, settings.watched_per_day * lanes.days)
    well = cells[days >= enough]
    near_m = np.empty((rows, cols), np.float32)
    distances(well, row0, col0, near_m, settings.watched_m)
    watched = near_m <= settings.watched_m
    surrounded(well, row0, col0, watched, settings.around_m)
    usual = (lanes.vessels >= settings.speed_vessels) & np.isin(lanes.group, SHIPS)
    entry, speed = speed_table(
        lanes.cell[usual], lanes.sector[usual], lanes.group[usual],
        lanes.speed_low_mps[usual], lanes.speed_high_mps[usual], frame,
    )  # fmt: skip
    lane_m[:, ~watched] = 0.0
    return LaneMap(row0, col0, np.ascontiguousarray(np.moveaxis(lane_m, 0, 2)), entry, speed)
