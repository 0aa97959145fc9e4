"""Where vessels lie is a harbour, listed or not: who lies still, and how many near a place."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from littoral.area.nearest import metres_per_degree

EVER_US = 1  # it lay still when it was first heard


@njit(cache=True, nogil=True)
def still_since(since_us: int, t_us: int, sog: float, still_mps: float, first_us: int) -> int:
    """Since when a vessel is slower than `still_mps`, 0 when it is not, after a report at `t_us`;
    `first_us` is its first. A speed that is not available changes nothing."""
    if sog < still_mps:
        if since_us == 0:
            return EVER_US if first_us == t_us else t_us
        return since_us
    return 0 if sog >= still_mps else since_us


@njit(cache=True, nogil=True)
def lying_near(
    lon: float, lat: float, within_m: float, t_us: int, lain_us: int, heard_us: int, but: int,
    still_us: np.ndarray, count: int, fleet_last_us: np.ndarray, fleet_kind: np.ndarray,
    fleet_lon: np.ndarray, fleet_lat: np.ndarray,
) -> int:  # fmt: skip
    """How many vessels of class A or B, `but` apart, have lain still for `lain_us` within
    `within_m` of a place and were last heard within `heard_us` before `t_us`; `still_us` (tracks,)
    as by `still_since`."""
    kx, ky = metres_per_degree(lat)
    found = 0
    for j in range(min(count, len(still_us))):
        if still_us[j] == 0 or j == but or fleet_kind[j] > 1:
            continue
        if t_us - still_us[j] < lain_us or t_us - fleet_last_us[j] > heard_us:
            continue
        dx, dy = (fleet_lon[j] - lon) * kx, (fleet_lat[j] - lat) * ky
        if math.sqrt(dx * dx + dy * dy) <= within_m:
            found += 1
    return found
