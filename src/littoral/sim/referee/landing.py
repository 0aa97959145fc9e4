"""Rule landing: see docs/detectors/landing.md, "The rule". No receiver is out in the day."""

from __future__ import annotations

import numpy as np

from littoral.sim.referee.ground import Ground, ahead_m, edges_m, is_night, shores_m
from littoral.sim.referee.record import KNOT_MPS, STEP_S, STEPS_A_MINUTE, Happened, Record
from littoral.sim.referee.shore import Shore, fast_mps

NEAR_M, OFF_M, STOP_M = 1_000.0, 2.0 * 1852.0, 500.0
BEFORE_S, FORGET_US = 7_200, 86_400_000_000
SLOW_MPS, LICENSED_M, HAVEN_M = 1.0 * KNOT_MPS, 500.0, 1_500.0
NIGHT_STOP_S, DAY_STOP_S, NIGHT_SILENT_S, DAY_SILENT_S, TURN_S = 600, 3_600, 1_200, 3_600, 3_600
OWN_MEANS = 10
STEP_US = STEP_S * 1_000_000


def away_m(r: Record, g: Ground, shore: Shore, ship: int, path: np.ndarray) -> np.ndarray:
    """(steps,) metres to our shore where within 2 n mile or about it; infinite elsewhere."""
    out = np.full(len(path), np.inf)
    steps = np.flatnonzero(np.repeat(shore.away_m[ship] < OFF_M + 1_500.0, STEPS_A_MINUTE))
    x, y = (np.ascontiguousarray(path[steps, c]) for c in (0, 1))
    moved = np.hypot(np.diff(x, prepend=np.inf), np.diff(y, prepend=np.inf)) > 0.0
    if len(steps):
        out[steps] = shores_m(g.ours, x[moved], y[moved], OFF_M + 1.0)[np.cumsum(moved) - 1]
    return out


class Ship:
    """One vessel's path with what the rule asks of each moment."""

    def __init__(self, r: Record, g: Ground, shore: Shore, ship: int) -> None:
        self.r, self.g, self.shore, self.ship = r, g, shore, ship
        self.path = r.track(ship)
        self.away = away_m(r, g, shore, ship, self.path)
        self.type = int(r.ship_type[ship])

    def night(self, step: int) -> bool:
        x, y = self.path[step, :2]
        return is_night(self.r.start_us + step * STEP_US, float(x), float(y))

    def licensed(self, step: int) -> bool:
        x, y = (float(c) for c in self.path[step, :2])
        if edges_m(self.g.licensed, np.array([x]), np.array([y]))[0] < LICENSED_M:
            return True
        return self.g.in_corridor(x, y, self.type)

    def in_haven(self, step: int) -> bool:
        x, y = (float(c) for c in self.path[step, :2])
        return self.shore.is_haven(self.r, x, y, step // STEPS_A_MINUTE, HAVEN_M, self.ship)

    def free(self, step: int) -> bool:
        return not self.licensed(step) and not self.in_haven(step)

    def judged(self, night: bool) -> bool:
        return night or self.type not in (36, 37)


Way = tuple[int, bool, tuple[int, int] | None]  # step, by night, steps of which one must be heard


def _stop(s: Ship, first: int, last: int) -> Way | None:
    """The first stop that counts in a visit: in no haven when it begins nor when its time is up."""
    since, among = -1, False
    for step in range(first, last + 1):
        if s.path[step, 2] >= SLOW_MPS or s.away[step] > STOP_M:
            since = -1
            continue
        if since < 0:
            since, among = step, s.in_haven(step)
        stood = (step - since) * STEP_S
        if among or stood < NIGHT_STOP_S:
            continue
        night = s.night(step)
        if (stood < DAY_STOP_S and not night) or not s.judged(night) or s.licensed(step):
            continue
        among = s.in_haven(step)
        if not among:
            return step, night, None
    return None


def _silence(s: Ship, first: int, last: int) -> Way | None:
    heard = s.r.heard[s.ship]
    for k in range(len(heard)):
        step = int((heard[k] - s.r.start_us) // STEP_US)
        until = heard[k + 1] if k + 1 < len(heard) else s.r.end_us
        if not first <= step <= last or until - heard[k] < NIGHT_SILENT_S * 1_000_000:
            continue
        if s.away[step] > NEAR_M or k < 1:
            continue
        night = s.night(step)
        mean_us = (heard[k] - heard[0]) / k
        due_us = max((NIGHT_SILENT_S if night else DAY_SILENT_S) * 1e6, OWN_MEANS * mean_us)
        x, y, speed, course = (float(c) for c in s.path[step])
        heads = speed < SLOW_MPS or ahead_m(s.g.ours, x, y, course) <= NEAR_M
        if until - heard[k] >= due_us and heads and s.judged(night) and s.free(step):
            return int((heard[k] + due_us - s.r.start_us) // STEP_US), night, None
    return None


def _turned(s: Ship, first: int, last: int) -> Way | None:
    left = last + 1  # 2 n mile off again
    if left >= len(s.away) or (left - first) * STEP_S > TURN_S:
        return None
    near = np.flatnonzero(s.away[first : last + 1] <= STOP_M) + first
    for step in near.tolist():
        if s.night(step) and s.free(step):
            return left, True, (step, int(near[-1]))
    return None


def is_told_by_reports(s: Ship, from_us: int, until_us: int) -> bool:
    """Whether a report of that span gives a place as near as a turn asks for."""
    times = s.r.heard[s.ship]
    given = s.r.reports[s.ship][(times >= from_us) & (times <= until_us)]
    lon, lat = (np.ascontiguousarray(given[:, c]) for c in (0, 1))
    return bool((shores_m(s.g.ours, lon, lat, OFF_M) <= STOP_M).any())


def of_ship(r: Record, g: Ground, shore: Shore, ship: int) -> list[Happened]:
    if fast_mps(int(r.ship_type[ship])) is None or not (shore.away_m[ship] < NEAR_M + 800.0).any():
        return []
    s = Ship(r, g, shore, ship)
    off = s.away >= OFF_M
    found: list[Happened] = []
    step = 0
    inside = np.flatnonzero(s.away <= NEAR_M)
    while True:
        later = inside[inside >= step]
        if not len(later):
            return found
        first = int(later[0])
        ahead = np.flatnonzero(off[first:])
        last = first + int(ahead[0]) - 1 if len(ahead) else len(off) - 1
        before = off[max(0, first - BEFORE_S // STEP_S) : first]
        if before.any():
            ways = [w for w in (_stop(s, first, last), _silence(s, first, last),
                                _turned(s, first, last)) if w is not None]  # fmt: skip
            if ways:
                at, night, within = min(ways, key=lambda w: w[0])
                a, b = within or (0, 0)
                us = (r.start_us + a * STEP_US, r.start_us + b * STEP_US) if within else None
                found.append(
                    Happened("landing", "landing", (int(r.mmsi[ship]),),
                             r.start_us + first * STEP_US, r.start_us + last * STEP_US,
                             r.start_us + at * STEP_US, 3 if night else 4, us,
                             heard=us is None or is_told_by_reports(s, *us))
                )  # fmt: skip
        step = last + 1


def happened(r: Record, g: Ground, shore: Shore) -> list[Happened]:
    return [e for v in r.vessels() for e in of_ship(r, g, shore, int(v))]
