"""The doings of each role: which voyage comes next. See `plans` for how they are put together."""

from __future__ import annotations

import math

import numpy as np

from littoral.area.geodesy import KNOT_MPS, haversine_m
from littoral.sim import season
from littoral.sim.lanes import DEG_M, clearance_m, to_starboard
from littoral.sim.motion import ANCHOR, DRIFT, MOOR, OFF
from littoral.sim.places import GROUNDS, PORTS
from littoral.sim.plans import (
    AT_ANCHOR,
    FISHING,
    HOUR_US,
    MINUTE_US,
    MOORED,
    RESTRICTED,
    Leg,
    Maker,
    Planner,
    Point,
    Trip,
    roads,
)

DAY_US = 24 * HOUR_US
LOCAL_US = 8 * HOUR_US  # UTC+8


def lane(t: Trip) -> list[Leg]:
    """To the other end of the vessel's lane, where it waits out of every receiver's reach."""
    p, life = t.p, t.life
    first = life.voyages == 1
    if not first or t.rng.random() < 0.5:
        life.lane = life.lane[::-1]
    nodes = [p.net.index(n) for n in life.lane]
    start = t.here
    if first:
        start = (float(p.net.lon_deg[nodes[0]]), float(p.net.lat_deg[nodes[0]]))
    points = p.along(life, start, nodes[1:], None)
    points[-1] = roads(points[-1], t.rng)
    legs = [Leg(lon, lat, life.speed_mps, radius_m=1500.0) for lon, lat in points]
    if first:
        legs.insert(0, Leg(*start, life.speed_mps))
    legs[-1].stop, legs[-1].stop_status, legs[-1].wait_us = ANCHOR, AT_ANCHOR, t.hours(2, 9)
    life.place = life.lane[-1]
    return legs


OUTSIDE = ("FANGCHENG", "BEIHAI", "ZHANJIANG", "HONGKONG")


def coaster(t: Trip) -> list[Leg]:
    """From port to port, by way of the anchorage where the berth is not free yet."""
    spots, place = t.p.harbours.spots, t.life.place
    if place.startswith("ANCHOR "):
        return t.sail("PORT " + place[7:], MOOR, MOORED, t.hours(8, 20))
    if place not in OUTSIDE and t.rng.random() < 0.4:
        return t.sail(t.pick(OUTSIDE), ANCHOR, AT_ANCHOR, t.hours(6, 16))
    ports = [n for n, q in PORTS.items() if "cargo" in q.uses and f"PORT {n}" != place]
    target = t.pick(ports)
    if f"ANCHOR {target}" in spots and t.rng.random() < 0.65:
        return t.sail(f"ANCHOR {target}", ANCHOR, AT_ANCHOR, t.hours(3, 14))
    return t.sail(f"PORT {target}", MOOR, MOORED, t.hours(8, 20))


FERRY_LINES: tuple[tuple[str, str], ...] = (("XIUYING", "HAIAN"), ("XINHAI", "XUWEN"))
FERRY_CYCLE_US = 5 * HOUR_US
FERRIES_A_LINE = 25


def ferry(t: Trip) -> list[Leg]:
    """There and back every 5 hours, the departures of a line's ferries evenly spread."""
    number = t.p.fleet.numbers[t.vessel]
    south, north = FERRY_LINES[number % len(FERRY_LINES)]
    away = t.life.place == f"PORT {north}"
    target = south if away else north
    phase = FERRY_CYCLE_US * (number // 2) // FERRIES_A_LINE
    if not away:
        phase += FERRY_CYCLE_US // 2
    ready_us = t.now_us + 20 * MINUTE_US
    depart_us = ready_us + (phase - ready_us) % FERRY_CYCLE_US
    gates = [t.p.net.index(t.p.gate(n)) for n in (t.life.place, f"PORT {target}")]
    end = t.p.harbours.take(t.vessel, f"PORT {target}", t.rng)
    lon = np.array([t.here[0], *t.p.net.lon_deg[gates], end[0]])
    lat = np.array([t.here[1], *t.p.net.lat_deg[gates], end[1]])
    x, y = to_starboard(lon, lat, np.array([0.0, 600.0, 600.0, 0.0]), t.life.side)
    legs = [
        # Lie where you are until the scheduled departure.
        Leg(t.here[0], t.here[1], 1.0, MOOR, depart_us=depart_us, stop_status=MOORED),
        Leg(float(x[1]), float(y[1]), 4.5, radius_m=150.0),
        Leg(float(x[2]), float(y[2]), t.life.speed_mps, radius_m=150.0),
        Leg(*end, 4.0, MOOR, 30 * MINUTE_US, stop_status=MOORED),
    ]
    t.life.place = f"PORT {target}"
    return legs


def _ground_way(p: Planner, port: str, ground: int) -> list[int] | None:
    """Nodes from the port's gate to one that sees the ground; None when there is none."""
    g = GROUNDS[ground]
    middle = (g.lon_deg, g.lat_deg)
    net, gate = p.net, p.net.index(f"GATE {port}")

    def metres(k: int) -> float:
        there = haversine_m(float(net.lon_deg[k]), float(net.lat_deg[k]), *middle)
        return there + float(net.distance_m[gate, k])

    nodes = [k for k, n in enumerate(net.names) if k == gate or not n.startswith("GATE ")]
    by_distance = sorted(nodes, key=metres)
    for k in by_distance[:12]:
        point = (float(net.lon_deg[k]), float(net.lat_deg[k]))
        reachable = k == gate or net.next_hop[gate, k] >= 0
        if reachable and clearance_m(p.shore, point, middle) > 2_500.0:
            return net.way(f"GATE {port}", net.names[k])
    return None


def grounds_of(p: Planner, port: str) -> list[int]:
    """Fishing grounds within 75 km of the port that it can sail to, the nearest first; at least
    the nearest reachable one."""
    q = PORTS[port]
    d = [haversine_m(q.lon_deg, q.lat_deg, g.lon_deg, g.lat_deg) for g in GROUNDS]
    found: list[int] = []
    for k in np.argsort(d, kind="stable"):
        if found and d[k] > 75_000.0:
            break
        if (port, int(k)) not in p.ways_to_grounds:
            way = _ground_way(p, port, int(k))
            if way is None:
                continue
            p.ways_to_grounds[port, int(k)] = way
        found.append(int(k))
    return found[:3]


def fishing(t: Trip) -> list[Leg]:
    """A trip of trawling and home again; in the closed season the boat stays in port."""
    p, life = t.p, t.life
    port = life.place[5:]
    closed = season.fishing_closed(t.now_us)
    if closed or (life.voyages == 1 and t.rng.random() < 0.15):
        wait_us = t.hours(4, 30)
        if closed:
            opens_us = season.moratorium_us(t.now_us)[1]
            wait_us = max(opens_us - t.now_us, 0) + t.hours(0.1, 5)
        return [Leg(*t.here, 1.0, MOOR, wait_us, stop_status=MOORED)]
    grounds = grounds_of(p, port)
    ground = grounds[int(t.rng.integers(len(grounds)))]
    g = GROUNDS[ground]
    way = p.ways_to_grounds[port, ground]

    def somewhere(around: Point | None, near_m: float, far_m: float) -> Point:
        """A point of the ground, at the given distance from `around` if that stays in it."""
        for _ in range(30):
            if around is None:
                r, base = g.radius_m * math.sqrt(t.rng.random()), (g.lon_deg, g.lat_deg)
            else:
                r, base = t.rng.uniform(near_m, far_m), around
            a = t.rng.uniform(0, 2 * math.pi)
            scale = DEG_M * math.cos(math.radians(g.lat_deg))
            x, y = base[0] + r * math.sin(a) / scale, base[1] + r * math.cos(a) / DEG_M
            if haversine_m(x, y, g.lon_deg, g.lat_deg) <= g.radius_m:
                return x, y
        return g.lon_deg, g.lat_deg

    at = somewhere(None, 0, 0)
    legs = [Leg(*q, life.speed_mps) for q in p.along(life, t.here, way, at)]
    for _ in range(int(t.rng.integers(5, 14))):
        at = somewhere(at, 3_000.0, 9_000.0)
        speed = t.rng.uniform(2.3, 3.9) * KNOT_MPS
        legs.append(Leg(*at, speed, radius_m=150.0, nav_status=FISHING))
    home = p.harbours.take(t.vessel, life.place, t.rng)
    back = p.along(life, at, way[::-1], home)
    legs += [Leg(*q, life.speed_mps) for q in back]
    legs[-1] = Leg(*home, 3.0, MOOR, t.hours(4, 22), stop_status=MOORED)
    return legs


def _local_hour(t_us: int) -> float:
    return (t_us + LOCAL_US) % DAY_US / HOUR_US


def yacht(t: Trip) -> list[Leg]:
    """By day a turn of some points off the port, at night in the marina."""
    hour = _local_hour(t.now_us)
    if not 8.0 <= hour <= 16.0 or t.rng.random() < 0.7:
        return [Leg(*t.here, 1.0, MOOR, t.hours(1.5, 6), stop_status=MOORED)]
    p, port = t.p, t.life.place[5:]
    q = PORTS[port]
    k = p.net.index(f"GATE {port}")
    spread = float(p.net.width_m[k]) / DEG_M
    gate: Point = (  # each passes the gate at a place of its own
        q.gate_lon_deg + spread * t.rng.uniform(-1, 1),
        q.gate_lat_deg + spread * t.rng.uniform(-1, 1),
    )
    at = gate
    legs = [Leg(*at, 3.0, radius_m=120.0)]
    for _ in range(int(t.rng.integers(1, 5))):
        for _ in range(8):
            a, r = t.rng.uniform(0, 2 * math.pi), t.rng.uniform(1_500.0, 7_000.0)
            scale = DEG_M * math.cos(math.radians(q.lat_deg))
            to = (
                q.gate_lon_deg + r * math.sin(a) / scale,
                q.gate_lat_deg + r * math.cos(a) / DEG_M,
            )
            if clearance_m(p.shore, at, to) > 500.0:
                legs.append(Leg(*to, t.life.speed_mps, radius_m=80.0))
                at = to
                break
        if t.rng.random() < 0.3:
            legs[-1].stop, legs[-1].wait_us = DRIFT, t.hours(0.3, 1.0)
    if clearance_m(p.shore, at, gate) > 300.0:
        legs.append(Leg(*gate, t.life.speed_mps, radius_m=150.0))
    else:  # by the points it came by
        legs += [Leg(k.lon_deg, k.lat_deg, t.life.speed_mps) for k in legs[-2::-1]]
    home = p.harbours.take(t.vessel, t.life.place, t.rng)
    legs.append(Leg(*home, 2.5, MOOR, t.hours(1, 5), stop_status=MOORED))
    return legs


def boarding(t: Trip) -> list[Leg]:
    """Pilot boats and tugs: out to the gate or anchorage of their port, a while there, and back."""
    port = t.life.place[5:]
    spots = t.p.harbours.spots.get(f"ANCHOR {port}")
    gate: Point = (PORTS[port].gate_lon_deg, PORTS[port].gate_lat_deg)
    to = gate
    if spots is not None and t.rng.random() < 0.5:
        k = int(t.rng.integers(len(spots)))
        to = (float(spots[k, 0]) + 0.002, float(spots[k, 1]))
        if clearance_m(t.p.shore, gate, to) < 300.0:
            to = gate
    home = t.p.harbours.take(t.vessel, t.life.place, t.rng)
    speed = t.life.speed_mps
    there = [Leg(*gate, speed)] if to != gate else []
    return [
        *there,
        Leg(*to, speed, DRIFT, t.hours(0.2, 0.8)),
        *[Leg(leg.lon_deg, leg.lat_deg, speed) for leg in there],
        Leg(*home, min(3.5, speed), MOOR, t.hours(1, 7), stop_status=MOORED),
    ]


def patrol(t: Trip) -> list[Leg]:
    """From harbour to harbour around the island, some hours alongside between."""
    bases = [f"PORT {n}" for n in ("HAIKOU", "YANGPU", "BASUO", "SANYA", "QINGLAN")]
    targets = [b for b in bases if b != t.life.place]
    return t.sail(t.pick(targets), MOOR, MOORED, t.hours(2, 9))


def dredger(t: Trip) -> list[Leg]:
    """To and fro off its port, slowly, restricted in its ability to manoeuvre."""
    q = PORTS[t.life.place[5:]]
    legs = [Leg(q.gate_lon_deg, q.gate_lat_deg, 3.0)]
    bearing = t.rng.uniform(0, 2 * math.pi)
    scale = DEG_M * math.cos(math.radians(q.lat_deg))
    for k in range(int(t.rng.integers(6, 16))):
        r = (600.0 if k % 2 else -600.0) + t.rng.uniform(-60, 60)
        x = q.gate_lon_deg + r * math.sin(bearing) / scale
        y = q.gate_lat_deg + r * math.cos(bearing) / DEG_M
        legs.append(Leg(x, y, t.rng.uniform(0.8, 1.6), radius_m=60.0, nav_status=RESTRICTED))
    home = t.p.harbours.take(t.vessel, t.life.place, t.rng)
    legs.append(Leg(q.gate_lon_deg, q.gate_lat_deg, 2.5))
    return [*legs, Leg(*home, 2.5, MOOR, t.hours(3, 10), stop_status=MOORED)]


def laid_up(t: Trip) -> list[Leg]:
    return [Leg(*t.here, 1.0, ANCHOR, 30 * DAY_US, stop_status=AT_ANCHOR)]


def still(t: Trip) -> list[Leg]:
    """Aids and base stations."""
    return [Leg(*t.here, 1.0, MOOR, 30 * DAY_US, stop_status=-1)]


def aircraft(t: Trip) -> list[Leg]:
    """Silent on the ground, then a patrol over the sea along the lane's nodes and back."""
    nodes = ("EC2", "EC4", "O3", "EC6", "SC1") if t.vessel % 2 else ("Q4", "QE2", "EC2", "O1", "Q1")
    speed = t.life.speed_mps
    legs = [Leg(*t.here, 1.0, OFF, t.hours(1, 5))]
    for n in nodes:
        k = t.p.net.index(n)
        legs.append(Leg(float(t.p.net.lon_deg[k]), float(t.p.net.lat_deg[k]), speed, radius_m=2e3))
    return [*legs, Leg(*t.here, speed, OFF, t.hours(1, 4))]


MAKERS: dict[str, Maker] = {
    "container": lane,
    "bulk": lane,
    "tanker": lane,
    "strait": lane,
    "coaster": coaster,
    "ferry": ferry,
    "fishing": fishing,
    "yacht": yacht,
    "pilot": boarding,
    "tug": boarding,
    "patrol": patrol,
    "dredger": dredger,
    "laid_up": laid_up,
    "sar_aircraft": aircraft,
    "aid": still,
    "base": still,
}
