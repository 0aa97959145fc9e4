"""Ships keep clear of each other, as at sea.

Three times a minute each ship looks along its own way and the others' (`outlook`). Where it would
come too near to one that it has to keep clear of, it takes the least change of course and speed
that leaves room for all, and goes back when its own way is clear again:

- COLREG rule 13: who overtakes keeps clear, on either side; 14: head-on both turn to starboard;
  15: who has the other to starboard gives way; 16: early, up to 12 minutes before; 17: who should
  stand on acts by itself in the last three minutes; 18: power-driven vessels keep clear of those
  that fish, are restricted or do not move.
- The room that is left (`room_m`) grows with the ships and shrinks in narrow water, as in Fujii and
  Tanaka 1971 (domains of 8 by 3.2 lengths in open water, 6 by 1.6 in restricted).
- Near a port ships slow down rather than turn, and nobody leaves a berth or an anchorage into the
  way of somebody (a port's traffic service would not let it).

Planted ships sail on; the others keep clear of them too, so that only the planted meet the planted.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from littoral.sim.motion import ANCHOR, MOOR, OFF, PASS, turn_between
from littoral.sim.outlook import HORIZON_S, STEPS, look_ahead, nearest, xy

HARBOUR_REACH_M = 4_500.0  # of a port's gate: no room to turn
HARBOUR_MPS = 5.2  # faster ships have to turn like others
HARBOUR_S = 300.0
STAND_ON_S = 180.0
OVERTAKEN_S = 60.0
CELL_M = 12_000.0
FAR_M = 3_000.0  # ways that stay so far apart are no concern of each other
FISHING, RESTRICTED = 7, 3
MOST_NEAR = 256

# Course and speed tried, with what each is worth avoiding: turn in degrees, factor, cost. A turn to
# port has its own cost on top, unless only an overtaking decides.
OPEN = np.array(
    [
        (20.0, 1.0, 0.08), (35.0, 1.0, 0.14), (55.0, 0.95, 0.25), (80.0, 0.8, 0.40),
        (0.0, 0.6, 0.35), (-20.0, 1.0, 0.08), (-35.0, 1.0, 0.14), (0.0, 0.25, 0.55),
        (110.0, 0.6, 0.7), (-70.0, 0.8, 0.5),
    ]
)  # fmt: skip
HARBOUR = np.array(
    [
        (0.0, 0.6, 0.08), (0.0, 0.3, 0.15), (15.0, 0.9, 0.10), (30.0, 0.7, 0.20),
        (0.0, 0.08, 0.28), (-15.0, 0.9, 0.12), (-30.0, 0.6, 0.25), (50.0, 0.5, 0.4),
    ]
)  # fmt: skip
PORT_COST = 0.45
BACK_SHARE = 1.3  # own way is clear again with so much more room than was needed
CONFLICT_COST = 4.0
STRAIGHT_S = 480.0  # so far ahead a ship also goes by the courses that she sees,
STRAIGHT_SHARE = 0.8  # for so much of the room
STAY_COST = 0.12  # what a change of mind costs
STAY_US = 45_000_000


@njit(cache=True, nogil=True)
def room_m(length_m: float, other_m: float, harbour: bool, strait: bool) -> float:
    """Distance that two ships' middles keep."""
    both, longer = 0.5 * (length_m + other_m), max(length_m, other_m)
    if harbour:
        return both + 100.0 + 1.0 * longer
    if strait:
        return both + 150.0 + 1.6 * longer
    return both + 230.0 + 2.0 * longer


@njit(cache=True, nogil=True)
def duty_s(s, o, planted: bool) -> tuple[float, bool]:
    """How long before the closest point the ship `s` acts for `o`, and whether it overtakes."""
    bearing = math.degrees(
        math.atan2((o.lon_deg - s.lon_deg) * math.cos(math.radians(s.lat_deg)),
                   o.lat_deg - s.lat_deg)
    )  # fmt: skip
    seen = turn_between(s.course_deg, bearing)
    back = turn_between(o.course_deg, bearing + 180.0)
    if planted or o.speed_mps < 0.5:
        return HORIZON_S, False
    if s.speed_mps > o.speed_mps and abs(back) > 112.5:
        return HORIZON_S, True
    if o.speed_mps > s.speed_mps and abs(seen) > 112.5:
        return OVERTAKEN_S, True
    hampered = s.nav_status == FISHING or s.nav_status == RESTRICTED
    other_hampered = o.nav_status == FISHING or o.nav_status == RESTRICTED
    if hampered != other_hampered:
        return (STAND_ON_S if hampered else HORIZON_S), False
    if abs(seen) < 15.0 and abs(back) < 15.0:
        return HORIZON_S, False
    return (HORIZON_S if 0.0 < seen <= 112.5 else STAND_ON_S), False


@njit(cache=True, nogil=True)
def _cost(
    way: np.ndarray, ways: np.ndarray, near: np.ndarray, room: np.ndarray, acts: np.ndarray,
    fastest: np.ndarray, count: int, share: float, mild: float, velocity: np.ndarray,
    course_deg: float, speed_mps: float,
) -> tuple[float, int]:  # fmt: skip
    """What a way costs in want of room, and which neighbour costs most (-1: none). Those that are
    not acted for yet count `mild`. What others mean to do she knows as a ship that listens to VHF;
    all the same nobody steers for another on the strength of it."""
    east = speed_mps * math.sin(math.radians(course_deg))
    north = speed_mps * math.cos(math.radians(course_deg))
    total, most, worst = 0.0, 0.0, -1
    for q in range(count):
        b = ways[near[q]]
        wanted = room[q] * share
        d, t = nearest(way, b, wanted, fastest[q])
        x, y = b[0, 0] - way[0, 0], b[0, 1] - way[0, 1]
        apart = math.sqrt(x * x + y * y)
        cost = 0.0
        if d < wanted and t > 0.0 and d < apart - 3.0:  # else room enough, or already opening
            weight = 1.0 if t <= acts[q] else mild
            cost = weight * CONFLICT_COST * (1.0 - d / wanted) * (1.2 - t / HORIZON_S)
            if d < 0.4 * wanted:
                cost += weight * 2.0
        u, w = velocity[q, 0] - east, velocity[q, 1] - north
        v2 = u * u + w * w
        if v2 > 0.5:
            t = -(x * u + y * w) / v2
            d = abs(x * w - y * u) / math.sqrt(v2)
            wanted *= STRAIGHT_SHARE
            if 0.0 < t < STRAIGHT_S and d < wanted and d < apart - 3.0:
                weight = 1.0 if t <= acts[q] else mild
                cost += weight * CONFLICT_COST * (1.0 - d / wanted) * (1.2 - t / HORIZON_S)
        total += cost
        if cost > most:
            most, worst = cost, q
    return total, worst


@njit(cache=True, nogil=True)
def _frame(way: np.ndarray, out: np.ndarray) -> None:
    """West, south, east, north of a way."""
    out[0] = out[2] = way[0, 0]
    out[1] = out[3] = way[0, 1]
    for i in range(1, len(way)):
        x, y = way[i, 0], way[i, 1]
        out[0], out[2] = min(out[0], x), max(out[2], x)
        out[1], out[3] = min(out[1], y), max(out[3], y)


@njit(cache=True, nogil=True)
def _inside(gates: np.ndarray, lon: float, lat: float) -> bool:
    x, y = xy(lon, lat)
    for p in range(len(gates)):
        gx, gy = xy(gates[p, 0], gates[p, 1])
        if (gx - x) ** 2 + (gy - y) ** 2 < HARBOUR_REACH_M * HARBOUR_REACH_M:
            return True
    return False


@njit(cache=True, nogil=True)
def give_way(
    hulls: np.ndarray, states: np.ndarray, plans: np.ndarray, gates: np.ndarray,
    strait: np.ndarray, now_us: int,
) -> None:  # fmt: skip
    """Set `give_way_deg` and `give_way` of every state anew, and put off departures. `gates`
    (p, 2): lon, lat of ports; `strait`: west, south, east, north."""
    n = len(states)
    ways = np.empty((n, STEPS + 1, 2))
    frames, frame = np.empty((n, 4)), np.empty(4)
    cell = np.full(n, -1, np.int64)
    harbour = np.zeros(n, np.bool_)
    for v in range(n):
        s = states[v]
        if hulls[v].radio > 1 or s.stop == OFF or s.stop == MOOR:
            leaves = s.stop == MOOR and hulls[v].radio <= 1 and s.until_us <= now_us + STAY_US
            if not leaves:
                continue
        look_ahead(hulls[v], s, plans[v], s.give_way_deg, s.give_way if s.give_way > 0.0 else 1.0,
                   False, ways[v])  # fmt: skip
        _frame(ways[v], frames[v])
        x, y = ways[v, 0]
        cell[v] = int(y / CELL_M) * 8192 + int(x / CELL_M)
        harbour[v] = s.speed_mps < HARBOUR_MPS and _inside(gates, s.lon_deg, s.lat_deg)
    order = np.argsort(cell, kind="mergesort")
    ordered = cell[order]
    near, room = np.empty(MOST_NEAR, np.int64), np.empty(MOST_NEAR)
    acts, fastest = np.empty(MOST_NEAR), np.empty(MOST_NEAR)
    velocity = np.empty((MOST_NEAR, 2))
    own, trial = np.empty((STEPS + 1, 2)), np.empty((STEPS + 1, 2))
    for a in range(n):
        s, h = states[a], hulls[a]
        if cell[a] < 0 or h.planted == 1 or s.idle == 1 or s.leg >= s.legs:
            continue
        leaves = s.stop != PASS and s.until_us <= now_us + STAY_US
        if s.stop != PASS and not leaves:
            continue
        gave = s.give_way > 0.0
        if gave or leaves:
            look_ahead(h, s, plans[a], 0.0, 1.0, True, own)
        else:
            own[:] = ways[a]
        _frame(own, frame)
        narrow = strait[0] < s.lon_deg < strait[2] and strait[1] < s.lat_deg < strait[3]
        speed = max(s.speed_mps, plans[a][s.leg].speed_mps)
        count = 0
        overtakes = np.zeros(MOST_NEAR, np.bool_)
        for row in range(-1, 2):
            k = np.searchsorted(ordered, cell[a] + row * 8192 - 1)
            while k < n and ordered[k] <= cell[a] + row * 8192 + 1:
                b = order[k]
                k += 1
                o = states[b]
                if b == a or (o.stop == MOOR and s.stop == MOOR) or count >= MOST_NEAR:
                    continue
                if o.stop == MOOR:
                    continue
                f = frames[b]
                apart = max(f[0] - frame[2], frame[0] - f[2], f[1] - frame[3], frame[1] - f[3])
                if apart > FAR_M:
                    continue
                pace = speed + max(o.speed_mps, plans[b][min(o.leg, len(plans[b]) - 1)].speed_mps)
                r = room_m(h.length_m, hulls[b].length_m, harbour[a] or harbour[b], narrow)
                if o.stop == ANCHOR:
                    r = 0.5 * (h.length_m + hulls[b].length_m) + hulls[b].swing_m + 120.0
                d, _ = nearest(own, ways[b], r * BACK_SHARE, pace)
                if d >= r * 2.0 and d > FAR_M:
                    continue
                way = math.radians(o.course_deg)
                now = o.speed_mps if o.stop == PASS else 0.0
                velocity[count, 0], velocity[count, 1] = now * math.sin(way), now * math.cos(way)
                near[count], room[count], fastest[count] = b, r, pace
                acts[count], overtakes[count] = duty_s(s, o, hulls[b].planted == 1)
                if harbour[a]:
                    acts[count] = min(acts[count], HARBOUR_S)
                count += 1
        share = BACK_SHARE if gave else 1.0
        leg = plans[a][s.leg]
        tx, ty = xy(leg.lon_deg, leg.lat_deg)
        bearing = math.degrees(math.atan2(tx - own[0, 0], ty - own[0, 1]))
        least, worst = _cost(own, ways, near, room, acts, fastest, count, share, 0.0, velocity,
                             bearing, leg.speed_mps)  # fmt: skip
        if leaves:
            if worst >= 0 and s.stop != PASS:
                s.until_us = max(s.until_us, now_us) + STAY_US
            continue
        if worst < 0:
            s.give_way_deg, s.give_way = 0.0, 0.0
            ways[a], frames[a] = own, frame
            continue
        best_deg, best = 0.0, 0.0
        chosen = 0
        trials = HARBOUR if harbour[a] else OPEN
        free_side = overtakes[worst]
        for c in range(len(trials)):
            deg, factor, cost = trials[c, 0], trials[c, 1], trials[c, 2]
            if deg < 0.0 and not free_side:
                cost += PORT_COST
            if gave and deg == s.give_way_deg and factor == s.give_way:
                cost -= STAY_COST
            if cost >= least:
                continue
            look_ahead(h, s, plans[a], deg, factor, False, trial)
            more, _ = _cost(trial, ways, near, room, acts, fastest, count, 1.0, 0.4, velocity,
                            bearing + deg, leg.speed_mps * factor)  # fmt: skip
            if cost + more < least:
                least, best_deg, best, chosen = cost + more, deg, factor, 1
                own[:] = trial
        s.give_way_deg, s.give_way = best_deg, best
        if chosen == 1 or gave:
            ways[a] = own
            _frame(own, frames[a])
