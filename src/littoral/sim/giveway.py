"""Ships give way, so that the background traffic does not run through itself.

Three times a minute every pair that would pass too close is found. In open water the one that has
to keep clear (COLREG rules 13 to 15) turns to starboard, or to the side on which it overtakes,
until the course that it means to steer is clear again; near a port it slows and lets the other
pass. Roughly so: enough that close quarters are rare, as at sea, and that the planted ones stand
out. Planted ships sail on.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from littoral.sim.motion import DEG_M, PASS, turn_between

HORIZON_S = 780.0
HARBOUR_S, HARBOUR_M = 240.0, 230.0
HARBOUR_REACH_M = 4_500.0  # of a port's gate, at harbour pace: no room to turn
HARBOUR_MPS = 5.2
CELL_DEG = 0.12  # what closes at 25 m/s within the horizon is at most two cells away


@njit(cache=True, nogil=True)
def _intended(s, plan: np.ndarray, out: np.ndarray) -> None:
    """Course and speed that the ship would steer if nobody were in the way, as velocity east and
    north and course."""
    leg = plan[s.leg]
    scale = DEG_M * math.cos(math.radians(s.lat_deg))
    dx = (leg.lon_deg - s.lon_deg) * scale
    dy = (leg.lat_deg - s.lat_deg) * DEG_M
    d = max(1.0, math.hypot(dx, dy))
    speed = max(s.speed_mps, min(leg.speed_mps, 2.0 * s.speed_mps))
    out[0], out[1] = speed * dx / d, speed * dy / d
    out[2] = math.degrees(math.atan2(dx, dy))


@njit(cache=True, nogil=True)
def give_way(hulls: np.ndarray, states: np.ndarray, plans: np.ndarray, gates: np.ndarray) -> None:
    """Set `give_way_deg` and `give_way` of every state anew. `gates` (p, 2): lon, lat of ports."""
    n = len(states)
    cell = np.empty(n, np.int64)
    for v in range(n):
        s = states[v]
        s.give_way_deg, s.give_way = 0.0, 0.0
        if s.stop == PASS and s.leg < s.legs and s.speed_mps > 0.5 and hulls[v].radio <= 1:
            cell[v] = int(s.lat_deg / CELL_DEG) * 4096 + int(s.lon_deg / CELL_DEG)
        else:
            cell[v] = -1
    order = np.argsort(cell, kind="mergesort")
    ordered = cell[order]
    mine = np.empty(3)
    for a in range(n):
        if cell[a] < 0 or hulls[a].planted == 1:
            continue
        s = states[a]
        _intended(s, plans[a], mine)
        scale = DEG_M * math.cos(math.radians(s.lat_deg))
        inside = False
        for p in range(len(gates)):
            dx, dy = (gates[p, 0] - s.lon_deg) * scale, (gates[p, 1] - s.lat_deg) * DEG_M
            inside = inside or dx * dx + dy * dy < HARBOUR_REACH_M * HARBOUR_REACH_M
        soonest = HORIZON_S
        for row in range(-1, 2):
            k = np.searchsorted(ordered, cell[a] + row * 4096 - 1)
            while k < n and ordered[k] <= cell[a] + row * 4096 + 1:
                o = states[order[k]]
                k += 1
                dx = (o.lon_deg - s.lon_deg) * scale
                dy = (o.lat_deg - s.lat_deg) * DEG_M
                vx = o.speed_mps * math.sin(math.radians(o.course_deg)) - mine[0]
                vy = o.speed_mps * math.cos(math.radians(o.course_deg)) - mine[1]
                v2 = vx * vx + vy * vy
                if v2 < 0.05 or (dx == 0.0 and dy == 0.0):
                    continue
                tcpa = -(dx * vx + dy * vy) / v2
                if tcpa <= 0.0 or tcpa > soonest:
                    continue
                cpa = math.hypot(dx + vx * tcpa, dy + vy * tcpa)
                harbour = inside and s.speed_mps < HARBOUR_MPS and o.speed_mps < 1.3 * HARBOUR_MPS
                fast = max(s.speed_mps, o.speed_mps)
                if cpa > (HARBOUR_M if harbour else min(800.0, 180.0 + 60.0 * fast)):
                    continue
                bearing = math.degrees(math.atan2(dx, dy))
                seen = turn_between(mine[2], bearing)  # of the other, from own bow
                back = turn_between(o.course_deg, bearing + 180.0)  # of own, from the other's bow
                if abs(seen) > 112.5:
                    continue  # being overtaken: stand on
                if harbour:
                    if tcpa > HARBOUR_S or (seen < 0.0 and abs(back) <= 112.5):
                        continue
                    s.give_way_deg, s.give_way = 0.0, 0.3
                elif abs(back) > 112.5:  # overtaking: keep clear (rule 13)
                    side = 1.0 if math.sin(math.radians(back)) > 0.0 else -1.0
                    s.give_way_deg, s.give_way = 16.0 * side, 0.9
                elif abs(seen) < 15.0 and abs(back) < 15.0:  # head on (rule 14)
                    s.give_way_deg, s.give_way = 22.0, 1.0
                elif seen > 0.0:  # crossing, the other to starboard (rule 15)
                    s.give_way_deg, s.give_way = 35.0, 0.7
                else:
                    continue
                soonest = tcpa
