"""Ships give way, so that the background traffic does not run through itself.

Once a block every pair that would pass too close within a quarter of an hour is found, and the one
that has to keep clear (COLREG rules 13 to 15) turns to starboard or slows until they are clear.
Roughly so: enough that close quarters are rare, as at sea, and that the planted ones stand out.
Planted ships sail on.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from littoral.sim.motion import DEG_M, PASS, turn_between

HORIZON_S = 900.0
CELL_DEG = 0.12  # two ships closing at 25 m/s within the horizon are at most two cells apart


@njit(cache=True, nogil=True)
def give_way(hulls: np.ndarray, states: np.ndarray, plans: np.ndarray) -> None:
    """Set `give_way_deg` and `give_way` of every state anew."""
    n = len(states)
    cell = np.empty(n, np.int64)
    for v in range(n):
        s = states[v]
        s.give_way_deg, s.give_way = 0.0, 0.0
        if s.stop == PASS and s.speed_mps > 1.0 and hulls[v].radio <= 1:
            cell[v] = int(s.lat_deg / CELL_DEG) * 4096 + int(s.lon_deg / CELL_DEG)
        else:
            cell[v] = -1
    order = np.argsort(cell, kind="mergesort")
    sorted_cell = cell[order]
    for a in range(n):
        if cell[a] < 0 or hulls[a].planted == 1:
            continue
        s = states[a]
        ax = s.speed_mps * math.sin(math.radians(s.course_deg))
        ay = s.speed_mps * math.cos(math.radians(s.course_deg))
        scale = DEG_M * math.cos(math.radians(s.lat_deg))
        soonest = HORIZON_S
        for row in range(-1, 2):
            first = np.searchsorted(sorted_cell, cell[a] + row * 4096 - 1)
            k = first
            while k < n and sorted_cell[k] <= cell[a] + row * 4096 + 1:
                b = order[k]
                k += 1
                if b == a:
                    continue
                o = states[b]
                dx = (o.lon_deg - s.lon_deg) * scale
                dy = (o.lat_deg - s.lat_deg) * DEG_M
                vx = o.speed_mps * math.sin(math.radians(o.course_deg)) - ax
                vy = o.speed_mps * math.cos(math.radians(o.course_deg)) - ay
                v2 = vx * vx + vy * vy
                if v2 < 0.05:
                    continue
                tcpa = -(dx * vx + dy * vy) / v2
                if tcpa <= 0.0 or tcpa > soonest:
                    continue
                cpa = math.hypot(dx + vx * tcpa, dy + vy * tcpa)
                fast = max(s.speed_mps, o.speed_mps)
                if cpa > min(900.0, 120.0 + 90.0 * fast):
                    continue
                bearing = math.degrees(math.atan2(dx, dy))
                seen = turn_between(s.course_deg, bearing)  # of the other, from own bow
                back = turn_between(o.course_deg, bearing + 180.0)  # of own, from the other's bow
                if abs(back) > 112.5:  # overtaking: keep clear (rule 13)
                    passing_right = math.sin(math.radians(back)) > 0.0
                    s.give_way_deg, s.give_way = (15.0 if passing_right else -15.0), 0.9
                elif abs(seen) > 112.5:
                    continue  # being overtaken: stand on
                elif abs(seen) < 15.0 and abs(back) < 15.0:  # head on (rule 14)
                    s.give_way_deg, s.give_way = 22.0, 1.0
                elif seen > 0.0:  # crossing, the other to starboard (rule 15)
                    s.give_way_deg, s.give_way = 30.0, 0.75
                else:
                    continue
                soonest = tcpa
