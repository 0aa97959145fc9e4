"""Where vessels are at ticks of event time, for rules that judge slow ones by where they are then.

A place at a tick lies on the line between the last report before it and the first at or after it,
if these are not too far apart. Ticks are multiples of a slice, so no tick lies within one: when a
slice ends with a tick, the fleet's last reports are those before it (`note_last`), and the first
report of each track in the slices that follow settles it. All other reports cost next to nothing.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from littoral.area.geodesy import flat_m, wrap_lon
from littoral.schema.ais import FLAG_JUMP, FLAG_TIME_OFF
from littoral.schema.batch import Batch
from littoral.schema.fleet import Fleet

DOUBTS = np.uint32(FLAG_JUMP | FLAG_TIME_OFF)

# Columns of a table of fixes (n, 8) float64, a cache line a track; microseconds since 1970 are
# exact in it. The last report before the last tick, NEXT_US the first tick that is not settled, and
# the place at the tick before that, NaN when there is none.
T_US, NEXT_US, LON_DEG, LAT_DEG, STATUS, HEADING_DEG, TICK_LON, TICK_LAT = range(8)
COLUMNS = 8


def ends_with_tick(batch: Batch, tick_s: int) -> bool:
    """A tick lies at the end of the slice, or within one that is longer since nothing was heard."""
    tick_us = tick_s * 1_000_000
    return batch.until_us // tick_us > batch.from_us // tick_us


def note_fleet(fix: np.ndarray, pending: np.ndarray, judged: np.ndarray, fleet: Fleet) -> None:
    """`note_last` of the whole fleet; `judged` (capacity,) bool: whose ticks are wanted."""
    note_last(
        fix, pending, judged, fleet.count, fleet.last_us, fleet.flags, fleet.lon_deg,
        fleet.lat_deg, fleet.nav_status, fleet.heading_deg,
    )  # fmt: skip


@njit(cache=True, nogil=True)
def note_last(
    fix: np.ndarray, pending: np.ndarray, judged: np.ndarray, count: int, last_us: np.ndarray,
    flags: np.ndarray, lon: np.ndarray, lat: np.ndarray, status: np.ndarray, heading: np.ndarray,
) -> None:  # fmt: skip
    """At a tick: keep the last reports before it that are not in doubt, and wait for the first
    after it of those that are `judged`."""
    for k in range(count):
        pending[k] = judged[k]
        if judged[k] and last_us[k] > fix[k, T_US] and (flags[k] & DOUBTS) == 0:
            fix[k, T_US], fix[k, LON_DEG], fix[k, LAT_DEG] = last_us[k], lon[k], lat[k]
            fix[k, STATUS], fix[k, HEADING_DEG] = status[k], heading[k]


@njit(cache=True, nogil=True)
def ticks_between(
    fix: np.ndarray, k: int, t_us: int, tick_us: int, gap_us: int
) -> tuple[int, int, bool]:
    """First and last tick that the report of track `k` at `t_us` settles, and whether they follow
    on those before."""
    last = t_us // tick_us * tick_us
    first = last if last == t_us else last + tick_us
    if fix[k, T_US] > 0.0 and t_us - fix[k, T_US] <= gap_us:
        first = (int(fix[k, T_US]) // tick_us + 1) * tick_us
    following = int(fix[k, NEXT_US])
    fix[k, NEXT_US] = last + tick_us
    return max(first, following), last, first <= following


@njit(cache=True, nogil=True)
def place_at(
    fix: np.ndarray, k: int, tick_us: int, t_us: int, lon_deg: float, lat_deg: float
) -> tuple[float, float]:
    """Where track `k` was at `tick_us`, between its last report and the one at `t_us`."""
    if tick_us == t_us:
        return lon_deg, lat_deg
    mix = (tick_us - fix[k, T_US]) / (t_us - fix[k, T_US])
    x = fix[k, LON_DEG] + mix * wrap_lon(lon_deg - fix[k, LON_DEG])
    return wrap_lon(x), fix[k, LAT_DEG] + mix * (lat_deg - fix[k, LAT_DEG])


@njit(cache=True, nogil=True)
def step_m(fix: np.ndarray, k: int, lon_deg: float, lat_deg: float) -> tuple[float, float]:
    """East and north from the place at the last tick; NaN when there is none."""
    return flat_m(fix[k, TICK_LON], fix[k, TICK_LAT], lon_deg, lat_deg)
