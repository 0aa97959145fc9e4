"""Rule position: see docs/detectors/position.md, "The rule". Judged is what vessels report."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from littoral.sim.referee.ground import DEG_M, Ground, apart_m, edges_m, is_land, shores_m
from littoral.sim.referee.record import KNOT_MPS, Happened, Record

JUMP_M, JUMP_US, JUMP_MPS, SETTLE_US = 1_852.0, 600_000_000, 50.0 * KNOT_MPS, 60_000_000
INLAND_M, INLAND_LEAST, INLAND_US, DOCK_M = 1_600.0, 3, 120_000_000, 3_000.0
TURN_MPS, TURN_APART_US, WINDOWS_S = 5.0 * KNOT_MPS, 15_000_000, (600, 1_200, 1_800, 2_400)
TURN_LEAST, TURN_SPAN_US, RADIUS_M, ROUND, TURNS = 12, 540_000_000, (100.0, 1_000.0), 0.08, 3.0
TURN_GAP_US, TURN_ON_US = 300_000_000, 300_000_000
BEFORE_US, NEAR_M, FALSE_M, SOURCES, TARGETS = 1_800_000_000, 37_040.0, 3_000.0, 4, 3


@dataclass(frozen=True, slots=True)
class Jump:
    """A displacement of a vessel, settled at `settled_us`; or a circle that has begun, which has a
    target alone: its centre."""

    ship: int
    t_us: int
    source: tuple[float, float] | None
    target: tuple[float, float]
    settled_us: int

    def is_from(self, place: tuple[float, float] | None, most_m: float) -> bool:
        """Its source lies so near; without a source, or without a place, none does."""
        if self.source is None or place is None:
            return False
        return bool(apart_m(*self.source, *place) <= most_m)

    def is_to(self, place: tuple[float, float] | None, most_m: float) -> bool:
        return place is not None and bool(apart_m(*self.target, *place) <= most_m)


def jumps_of(r: Record, ship: int) -> tuple[list[int], list[Jump]]:
    """Reports at which it was displaced, and the settled ones of them."""
    t, said = r.heard[ship], r.reports[ship]
    if len(t) < 2:
        return [], []
    dt = np.diff(t)
    rough = np.hypot(np.diff(said[:, 0]) * 0.9, np.diff(said[:, 1])) * DEG_M
    hit = []
    for k in np.flatnonzero((dt <= JUMP_US) & (rough >= 0.9 * JUMP_M)).tolist():
        d = apart_m(*said[k, :2], *said[k + 1, :2])
        if d >= JUMP_M and d > JUMP_MPS * dt[k] / 1e6:
            hit.append(k + 1)
    settled = []
    for n, k in enumerate(hit):
        after = int(np.searchsorted(t, t[k] + SETTLE_US))
        again = hit[n + 1] if n + 1 < len(hit) else len(t)
        if after < len(t) and again >= after:
            source, target = (tuple(float(x) for x in said[i, :2]) for i in (k - 1, k))
            settled.append(Jump(ship, int(t[k]), source, target, int(t[after])))  # type: ignore[arg-type]
    return hit, settled


def is_inland(g: Ground, place: np.ndarray) -> bool:
    lon, lat = (np.array([float(c)]) for c in place[:2])
    if shores_m(g.any_shore, lon, lat, INLAND_M)[0] <= INLAND_M:
        return False
    return is_land(g.any_shore, float(lon[0]), float(lat[0]))


def on_land(r: Record, g: Ground, ship: int, hit: list[int]) -> list[Happened]:
    t, said = r.heard[ship], r.reports[ship]
    found: list[Happened] = []
    for k in hit:
        lon, lat = (np.array([c]) for c in said[k, :2])
        if edges_m(g.harbours, lon, lat)[0] <= DOCK_M or not is_inland(g, said[k]):
            continue
        if found and t[k] <= found[-1].end_us:
            continue  # a jump from inland to inland
        last, told = k, 0
        while last < len(t) and is_inland(g, said[last]):
            if not told and last - k + 1 >= INLAND_LEAST and t[last] - t[k] >= INLAND_US:
                told = int(t[last])
            last += 1
        if told:
            found.append(
                Happened("position", "on_land", (int(r.mmsi[ship]),), int(t[k]),
                         int(t[last - 1]), told, 4)
            )  # fmt: skip
    return found


def circle_of(x: np.ndarray, y: np.ndarray, way_m: float) -> tuple[float, float] | None:
    """The centre of points (n,) in metres that go at least three times round a circle fitted by
    least squares."""
    a = np.column_stack([2 * x, 2 * y, np.ones(len(x))])
    (cx, cy, c), *_ = np.linalg.lstsq(a, x * x + y * y, rcond=None)
    radius = math.sqrt(max(0.0, c + cx * cx + cy * cy))
    if not RADIUS_M[0] <= radius <= RADIUS_M[1]:
        return None
    off = np.hypot(x - cx, y - cy) - radius
    if math.sqrt(float((off * off).mean())) > ROUND * radius:
        return None
    sectors = np.floor(np.degrees(np.arctan2(x - cx, y - cy)) % 360.0 / 45.0)
    if len(np.unique(sectors)) < 8 or way_m < TURNS * 2.0 * math.pi * radius:
        return None
    return float(cx), float(cy)


def circling(r: Record, ship: int, hit: list[int]) -> tuple[list[Happened], list[Jump]]:
    """Events, and the target that each of them is."""
    t, said = r.heard[ship], r.reports[ship]
    taken: list[int] = []
    for k in np.flatnonzero(said[:, 2] >= TURN_MPS).tolist():
        if not taken or t[k] - t[taken[-1]] >= TURN_APART_US:
            taken.append(k)
    at = np.array(taken, int)
    if len(at) < TURN_LEAST:
        return [], []
    since = np.searchsorted(np.array(hit, int), at, "right")  # displacements up to it
    times = t[at]
    x_m = math.cos(math.radians(float(said[at, 1].mean()))) * DEG_M  # of a degree
    x = said[at, 0] * x_m
    y = said[at, 1] * DEG_M
    step = np.diff(times, prepend=times[0])
    way = np.cumsum(np.where(step <= TURN_GAP_US, said[at, 2] * step / 1e6, 0.0))
    found: list[list[int]] = []
    targets: list[Jump] = []
    for i in range(TURN_LEAST - 1, len(at)):
        for window_s in WINDOWS_S:
            first = int(np.searchsorted(times, times[i] - window_s * 1_000_000))
            while since[first] != since[i]:
                first += 1
            if i - first + 1 < TURN_LEAST or times[i] - times[first] < TURN_SPAN_US:
                continue
            metres = float(way[i] - way[first])
            spread = max(np.ptp(x[first : i + 1]), np.ptp(y[first : i + 1]))
            if metres < 2.8 * spread:  # three turns are 9.4 of their width
                continue
            part = slice(first, i + 1)
            centre = circle_of(x[part] - x[i], y[part] - y[i], metres)
            if centre is None:
                continue
            if found and times[i] - found[-1][1] <= TURN_ON_US:
                found[-1][1] = int(times[i])
            else:
                found.append([int(times[first]), int(times[i]), int(times[i])])
                place = (x[i] + centre[0]) / x_m, (y[i] + centre[1]) / DEG_M
                targets.append(Jump(ship, int(times[i]), None, place, int(times[i])))
            break
    mmsi = int(r.mmsi[ship])
    return [Happened("position", "circling", (mmsi,), a, b, c, 4) for a, b, c in found], targets


@dataclass(slots=True)
class Area:
    """An event of interference that goes on; `centre`, `radius_m` and `false` (the place that all
    went to, if there is one) are as it began."""

    members: set[int]  # rows of the record
    first: tuple[int, ...]  # MMSIs of the vessels at its beginning
    centre: tuple[float, float]
    radius_m: float
    false: tuple[float, float] | None
    begin_us: int
    told_us: int
    last_us: int

    def takes(self, d: Jump) -> bool:
        if d.source is None and d.ship in self.members:
            return True
        near_m = self.radius_m + NEAR_M
        return (
            d.is_from(self.centre, near_m)
            or d.is_to(self.centre, near_m)
            or d.is_to(self.false, FALSE_M)
        )

    def lasts_until(self, t_us: int, busy: dict[int, list[tuple[int, int]]]) -> int:
        """The last moment up to `t_us` at which one joined, circled or was on land."""
        until = self.last_us
        for v in self.members:
            for begin, end in busy.get(v, ()):
                if begin <= t_us and end >= self.begin_us:
                    until = max(until, min(end, t_us))
        return until


def middle(places: list[tuple[float, float]]) -> tuple[float, float]:
    at = np.array(places)
    return float(at[:, 0].mean()), float(at[:, 1].mean())


def those_with(d: Jump, free: list[Jump]) -> list[Jump]:
    """Of the displacements that belong to no event, `d` among them: those that begin one."""
    recent = [j for j in free if j.t_us >= d.t_us - BEFORE_US]
    to_one_place = [j for j in recent if j.is_to(d.target, FALSE_M)]
    if len({j.ship for j in to_one_place}) >= TARGETS:
        return to_one_place
    from_one_area = [j for j in recent if j.is_from(d.source, NEAR_M)]
    return from_one_area if len({j.ship for j in from_one_area}) >= SOURCES else []


def begun(r: Record, chosen: list[Jump], told_us: int) -> Area:
    targets = [j.target for j in chosen]
    sources = [j.source for j in chosen if j.source is not None]
    centre, false = middle(sources or targets), middle(targets)
    return Area(
        {j.ship for j in chosen},
        tuple(sorted({int(r.mmsi[j.ship]) for j in chosen})),
        centre,
        max(1_000.0, *(float(apart_m(*s, *centre)) for s in sources), 0.0),
        false if all(apart_m(*t, *false) <= FALSE_M for t in targets) else None,
        min(j.t_us for j in chosen),
        told_us,
        max(j.t_us for j in chosen),
    )


def interference(
    r: Record, jumps: list[Jump], busy: dict[int, list[tuple[int, int]]]
) -> list[Happened]:
    """`busy`: spans in which a vessel circles or is on land."""
    going: list[Area] = []
    over: list[tuple[Area, int]] = []
    free: list[Jump] = []
    for d in sorted(jumps, key=lambda j: j.settled_us):
        for area in list(going):
            until = area.lasts_until(d.settled_us, busy)
            if d.settled_us - until > BEFORE_US:
                going.remove(area)
                over.append((area, until))
        host = next((a for a in going if a.takes(d)), None)
        if host is not None:
            host.members.add(d.ship)
            host.last_us = max(host.last_us, d.t_us)
            continue
        free.append(d)
        chosen = those_with(d, free)
        if chosen:
            going.append(begun(r, chosen, d.settled_us))
            free = [j for j in free if j not in chosen]
    over += [(area, area.lasts_until(r.end_us, busy)) for area in going]
    return [
        Happened("position", "interference", a.first, a.begin_us, until, a.told_us, 3)
        for a, until in over
    ]


def happened(r: Record, g: Ground) -> list[Happened]:
    found: list[Happened] = []
    jumps: list[Jump] = []
    busy: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for v in r.vessels().tolist():
        hit, settled = jumps_of(r, v)
        jumps += settled
        land = on_land(r, g, v, hit)
        circles, targets = circling(r, v, hit)
        jumps += targets
        turns = [
            c
            for c in circles
            if not any(e.start_us <= c.end_us and c.start_us <= e.end_us for e in land)
        ]
        found += land + turns
        busy[v] = [(e.start_us, e.end_us) for e in land + turns]
    return found + interference(r, jumps, busy)
