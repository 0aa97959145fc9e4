"""Rule landfall: see docs/detectors/landfall.md, "The rule". No receiver is out in the day. The end
by a reachable shore of more than 200 km is not computed: an event ends with the next report or
after 3 h."""

from __future__ import annotations

import numpy as np

from littoral.sim.referee.ground import Ground, ahead_m, edges_m
from littoral.sim.referee.record import Happened, Record
from littoral.sim.referee.shore import Shore, fast_mps

AHEAD_M, CIRCLE_M = 24.0 * 1852.0, 2_000.0
LEAST_HEARD, SILENT_US, OWN_MEANS, OLD_US = 10, 600_000_000, 10, 3 * 3_600_000_000
NEW_SHARE = 0.1  # of each new interval in the running mean


def mean_us(heard: np.ndarray) -> float:
    """The running mean of the intervals between reports at these times."""
    mean = 0.0
    for n, interval in enumerate(np.diff(heard).tolist()):
        mean = (1.0 - NEW_SHARE) * mean + NEW_SHARE * interval if n else float(interval)
    return mean


def of_ship(r: Record, g: Ground, ship: int) -> list[Happened]:
    limit = fast_mps(int(r.ship_type[ship]))
    heard = r.heard[ship]
    if limit is None or len(heard) < LEAST_HEARD:
        return []
    found = []
    until = np.append(heard[1:], r.end_us)
    for k in np.flatnonzero(until - heard >= SILENT_US):
        told = heard[k] + max(SILENT_US, OWN_MEANS * mean_us(heard[: k + 1]))
        if k + 1 < LEAST_HEARD or until[k] < told:
            continue
        lon, lat, speed, course = (float(x) for x in r.at(ship, int(heard[k])))
        if speed < limit or ahead_m(g.ours, lon, lat, course) > AHEAD_M:
            continue
        circles = np.concatenate([g.harbours, g.landings])
        if edges_m(circles, np.array([lon]), np.array([lat]))[0] < CIRCLE_M:
            continue
        if g.in_corridor(lon, lat, int(r.ship_type[ship])):
            continue
        end = min(int(until[k]), int(heard[k]) + OLD_US)
        found.append(
            Happened("landfall", "landfall", (int(r.mmsi[ship]),), int(heard[k]), end, int(told), 3)
        )
    return found


def happened(r: Record, g: Ground, shore: Shore) -> list[Happened]:
    near = np.isfinite(shore.away_m).any(1)  # 24 n mile ahead is within 30 of the shore
    return [e for v in r.vessels() if near[v] for e in of_ship(r, g, int(v))]
