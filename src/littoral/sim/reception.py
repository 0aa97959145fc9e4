"""Which shore receivers hear a message.

The chance falls with distance along a logistic curve: nearly all within half of a receiver's range,
half at its range, nothing much beyond one and a half. Class B sends with 2 W (M.1371-5: 12.5 W for
class A), so it carries less far; an aircraft's antenna is high and carries farther; a distress
device floats. Ranges breathe by a few per cent from hour to hour, as propagation does.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit

from littoral.area.geodesy import flat_m
from littoral.sim.chance import mix3, unit
from littoral.sim.places import Station

BEST = 0.97  # heard by a receiver nearby: slots collide, antennas are screened
SLOPE = 0.11  # width of the fall, as a part of the range
# Range by kind of station, as a part of the receiver's (order: radio.CLASS_A ...).
RANGE_OF_KIND = np.array([1.0, 0.58, 1.0, 0.62, 1.9, 0.5])

STATION = np.dtype([("lon_deg", "f8"), ("lat_deg", "f8"), ("range_m", "f8")], align=True)
SILENCE = np.dtype([("station", "i8"), ("from_us", "i8"), ("until_us", "i8")], align=True)


@dataclass(frozen=True, slots=True)
class Receivers:
    """`stations` (s,) of STATION; `silences` (k,) of SILENCE: when a receiver hears nothing."""

    names: tuple[str, ...]
    stations: np.ndarray
    silences: np.ndarray


def receivers(
    stations: Sequence[Station], silences: Sequence[tuple[str, int, int]] = ()
) -> Receivers:
    """`silences` are (station name, from_us, until_us)."""
    names = tuple(s.name for s in stations)
    table = np.array([(s.lon_deg, s.lat_deg, s.range_m) for s in stations], STATION)
    quiet = np.array([(names.index(n), a, b) for n, a, b in silences], SILENCE)
    return Receivers(names, table, quiet)


@njit(cache=True, nogil=True)
def chances(
    stations: np.ndarray, kind_range: float, lon: float, lat: float, hour: int, seed: int,
    chance: np.ndarray, order: np.ndarray,
) -> int:  # fmt: skip
    """Fill `chance` (s,) and `order` (s,), best first, of the stations that may hear a sender at
    (lon, lat); how many there are."""
    count = 0
    for k in range(len(stations)):
        st = stations[k]
        breath = 1.0 + 0.08 * (unit(mix3(seed, k, hour)) - 0.5)
        reach = st.range_m * kind_range * breath
        if abs(lat - st.lat_deg) * 111_000.0 > 1.7 * reach:
            continue
        east, north = flat_m(st.lon_deg, st.lat_deg, lon, lat)
        x = (math.hypot(east, north) - reach) / (SLOPE * reach)
        if x > 6.0:
            continue
        p = BEST / (1.0 + math.exp(x))
        at = count
        while at > 0 and chance[order[at - 1]] < p:
            order[at] = order[at - 1]
            at -= 1
        order[at] = k
        chance[k] = p
        count += 1
    return count


@njit(cache=True, nogil=True)
def silent(silences: np.ndarray, station: int, t_us: int) -> bool:
    for i in range(len(silences)):
        q = silences[i]
        if q.station == station and q.from_us <= t_us < q.until_us:
            return True
    return False
