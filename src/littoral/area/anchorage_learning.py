"""Learning anchorage points: where many vessels have lain still for half a day.

Global Fishing Watch's definition (globalfishingwatch.org/datasets-and-code/anchorages; the numbers
are of anchorages_pipeline, anchorage_cfg.yaml): a vessel is stationary when it moves less than
0.5 km over at least 12 h; a cell of about 0.5 km in which at least 20 vessels were stationary is an
anchorage point, at the mean of where they lay. Their cells are S2 cells of level 14; here they are
rows of 500 m of latitude and, in each, columns of 500 m of longitude. A stay that is still going on
at the end of what is learned from counts too, since a lake holds days and not years.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numba import njit

from littoral.area.geodesy import EARTH_M, haversine_m
from littoral.schema.ais import CLASS_B, FLAG_JUMP, FLAG_TIME_OFF

STATIONARY_S = 12 * 3600.0
WITHIN_M = 500.0
LEAST_VESSELS = 20
CELL_M = 500.0
THIN_S = 300.0  # of each track one position in so long is looked at
DOUBTS = FLAG_JUMP | FLAG_TIME_OFF
DEG_M = EARTH_M * math.pi / 180.0

# Columns of a stay that goes on: where it began, sums of what lies in it, times in microseconds.
FIRST_LON, FIRST_LAT, SUM_LON, SUM_LAT, COUNT, FIRST_US, LAST_US = range(7)


@njit(cache=True, nogil=True)
def _follow(row, t_us, lon, lat, stay, over, within_m, least_us, thin_us):
    """Goes on with the stays (m, 7) of rows; those that end long enough go to `over` (lon, lat,
    row). Times lie far below 2 ** 53 microseconds. Returns how many ended."""
    n = 0
    for i in range(len(row)):
        k = row[i]
        if stay[k, COUNT] > 0.0:
            if t_us[i] - stay[k, LAST_US] < thin_us:
                continue
            if haversine_m(stay[k, FIRST_LON], stay[k, FIRST_LAT], lon[i], lat[i]) <= within_m:
                stay[k, SUM_LON] += lon[i] - stay[k, FIRST_LON]
                stay[k, SUM_LAT] += lat[i] - stay[k, FIRST_LAT]
                stay[k, COUNT] += 1.0
                stay[k, LAST_US] = t_us[i]
                continue
            if stay[k, LAST_US] - stay[k, FIRST_US] >= least_us:
                over[n, 0] = stay[k, FIRST_LON] + stay[k, SUM_LON] / stay[k, COUNT]
                over[n, 1] = stay[k, FIRST_LAT] + stay[k, SUM_LAT] / stay[k, COUNT]
                over[n, 2] = k
                n += 1
        stay[k, FIRST_LON], stay[k, FIRST_LAT] = lon[i], lat[i]
        stay[k, SUM_LON] = stay[k, SUM_LAT] = 0.0
        stay[k, COUNT] = 1.0
        stay[k, FIRST_US] = stay[k, LAST_US] = t_us[i]
    return n


@dataclass(frozen=True, slots=True)
class LearnedPoint:
    lon_deg: float
    lat_deg: float
    vessels: int
    stays: int


@dataclass(slots=True)
class AnchorageBuilder:
    """Takes positions piece by piece, pieces in order of time and in order within a piece."""

    rows: dict[int, int] = field(default_factory=dict)  # track -> row of the stays
    mmsi: list[int] = field(default_factory=list)  # by row
    stays: np.ndarray = field(default_factory=lambda: np.zeros((1024, 7)))
    over: list[np.ndarray] = field(default_factory=list)

    def add(
        self,
        t_us: np.ndarray,
        track: np.ndarray,
        mmsi: np.ndarray,
        lon: np.ndarray,
        lat: np.ndarray,
        kind: np.ndarray,
        flags: np.ndarray,
    ) -> None:
        """(n,) arrays; other stations than class A and B, and positions in doubt, teach nothing."""
        fit = (np.asarray(kind) <= CLASS_B) & (np.asarray(flags) & DOUBTS == 0)
        fit &= ~np.isnan(np.asarray(lon, np.float64)) & (np.asarray(track) >= 0)
        tracks, first, at = np.unique(
            np.asarray(track)[fit], return_index=True, return_inverse=True
        )
        numbers = np.asarray(mmsi)[fit][first].tolist()
        for k, number in zip(tracks.tolist(), numbers, strict=True):
            if k not in self.rows:
                self.rows[k] = len(self.mmsi)
                self.mmsi.append(number)
        while len(self.stays) < len(self.mmsi):
            self.stays = np.concatenate([self.stays, np.zeros_like(self.stays)])
        row = np.array([self.rows[k] for k in tracks.tolist()], np.int64)[at]
        over = np.empty((len(row), 3))
        n = _follow(
            row, np.asarray(t_us, np.float64)[fit], np.asarray(lon, np.float64)[fit],
            np.asarray(lat, np.float64)[fit], self.stays, over, WITHIN_M, STATIONARY_S * 1e6,
            THIN_S * 1e6,
        )  # fmt: skip
        self.over.append(over[:n].copy())

    def build(self) -> list[LearnedPoint]:
        """The anchorage points, from south to north."""
        open_stays = self.stays[: len(self.mmsi)]
        long = np.flatnonzero(
            (open_stays[:, COUNT] > 0)
            & (open_stays[:, LAST_US] - open_stays[:, FIRST_US] >= STATIONARY_S * 1e6)
        )
        count = open_stays[long, COUNT]
        going_on = np.column_stack(
            [
                open_stays[long, FIRST_LON] + open_stays[long, SUM_LON] / count,
                open_stays[long, FIRST_LAT] + open_stays[long, SUM_LAT] / count,
                long,
            ]
        )
        all_stays = np.concatenate([*self.over, going_on])
        cells: dict[tuple[int, int], list[tuple[float, float, int]]] = {}
        for lon, lat, row in all_stays.tolist():
            cells.setdefault(cell_of(lon, lat), []).append((lon, lat, self.mmsi[int(row)]))
        found = []
        for _, lay in sorted(cells.items()):
            vessels = len({mmsi for _, _, mmsi in lay})
            if vessels >= LEAST_VESSELS:
                lon, lat = np.sum(np.sort(np.array(lay)[:, :2], axis=0), axis=0) / len(lay)
                point = LearnedPoint(round(float(lon), 5), round(float(lat), 5), vessels, len(lay))
                found.append(point)
        return found


def cell_of(lon: float, lat: float) -> tuple[int, int]:
    """(row, column) of the 500 m cell."""
    row = math.floor(lat * DEG_M / CELL_M)
    middle = math.radians((row + 0.5) * CELL_M / DEG_M)
    return row, math.floor(lon * DEG_M * math.cos(middle) / CELL_M)
