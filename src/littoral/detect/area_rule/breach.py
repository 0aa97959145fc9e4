"""Where an edge is crossed, and whether a vessel inside a fence breaks a rule."""

from __future__ import annotations

import numpy as np
from numba import njit

from littoral.area.sun import sun_elevation_at
from littoral.detect.area_rule.columns import LAST_US, LAT, LON
from littoral.detect.area_rule.fences import (
    ENTRY,
    EXIT,
    NIGHT,
    PRESENCE,
    SEASON,
    SPEED_OVER,
    SPEED_UNDER,
    RuleArrays,
)

ENGAGED_IN_FISHING, FISHING_TYPE = 7, 30


@njit(cache=True, nogil=True)
def cut(
    edge: np.ndarray, first: int, last: int, lon0: float, lat0: float, lon1: float, lat1: float,
    latest: bool,
) -> float:  # fmt: skip
    """Where the line from point 0 to point 1 cuts edges `first`..`last`, as a share of its length:
    the last cut or the first one; -1 for none. Straight in longitude and latitude, as the edges."""
    best = -1.0
    dx, dy = lon1 - lon0, lat1 - lat0
    for e in range(first, last):
        ex, ey = edge[e, 2] - edge[e, 0], edge[e, 3] - edge[e, 1]
        turn = dx * ey - dy * ex
        if turn == 0.0:
            continue
        ax, ay = edge[e, 0] - lon0, edge[e, 1] - lat0
        s, u = (ax * ey - ay * ex) / turn, (ax * dy - ay * dx) / turn
        if (
            0.0 <= s <= 1.0
            and 0.0 <= u <= 1.0
            and (best < 0.0 or (s > best if latest else s < best))
        ):
            best = s
    return best


@njit(cache=True, nogil=True)
def crossing_us(
    rules: RuleArrays, fence: int, v: np.ndarray, at: np.ndarray, t_us: int, lon: float,
    lat: float, inward: bool, max_gap_us: int,
) -> int:  # fmt: skip
    """When the vessel crossed the edge between its last fix and this one; this one's time where
    the gap is too long for a straight line."""
    if v[LAST_US] == 0 or t_us - v[LAST_US] > max_gap_us:
        return t_us
    share = cut(
        rules.edge, rules.edge_first[fence], rules.edge_first[fence + 1], at[LON], at[LAT], lon,
        lat, inward,
    )  # fmt: skip
    if share < 0.0:
        return t_us
    return v[LAST_US] + round(share * (t_us - v[LAST_US]))


@njit(cache=True, nogil=True)
def broken(
    kind: int, limit: float, closed: bool, meant: bool, ship_type: int, t_us: int, lon: float,
    lat: float, sog: float, status: int, ring: int, slow: float, fast: float,
) -> int:  # fmt: skip
    """Does a vessel inside the fence break the rule: 1, 0, or -1 when its report does not say.

    `meant`: its type is one of the rule's. A vessel whose status says that it is fishing counts as
    a fishing vessel. Ports and the coastline band (rings 0 and 1) are no fishing grounds.
    """
    if kind in (ENTRY, EXIT, PRESENCE):
        return 1
    if kind == SEASON:
        fishing = ship_type == FISHING_TYPE or status == ENGAGED_IN_FISHING
        if not (closed and fishing and (meant or status == ENGAGED_IN_FISHING)):
            return 0
        if sog != sog:
            return -1
        return 1 if slow <= sog <= fast and ring != 0 and ring != 1 else 0
    if not meant:
        return 0
    if kind == NIGHT:
        return 1 if sun_elevation_at(t_us, lon, lat) < limit else 0
    if sog != sog:
        return -1
    if kind == SPEED_OVER:
        return 1 if sog > limit else 0
    return 1 if kind == SPEED_UNDER and sog < limit else 0
