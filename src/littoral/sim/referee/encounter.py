"""Rule encounter, profile coastal: see docs/detectors/encounter.md, "Profiles" and "Settings"."""

from __future__ import annotations

import numpy as np

from littoral.sim.referee.ground import Ground, is_night
from littoral.sim.referee.pairs import near_and_slow, off_coast
from littoral.sim.referee.record import Happened, Record

TICK_S, TICK_MIN = 120, 2
NEAR_M, SLOW_MPS = 250.0, 1.54333
MERGE_S, SMALL_M = 14_400, 50.0
UNKNOWN, FISHING, CARGO, TANKER, PASSENGER, SERVICE, OTHER, SMALL = range(8)
# By kinds: seconds by night and by day (None: never), priority by night and by day.
PAIRS: dict[frozenset[int], tuple[int, int | None, int, int]] = {
    frozenset((FISHING, TANKER)): (1_200, 3_600, 3, 4),
    frozenset((FISHING, CARGO)): (1_200, 3_600, 3, 4),
    frozenset((SMALL, TANKER)): (1_200, None, 3, 4),
    frozenset((SMALL, CARGO)): (1_200, None, 4, 4),
    frozenset((TANKER,)): (2_400, 3_600, 4, 4),
    frozenset((CARGO, TANKER)): (2_400, None, 4, 4),
}


def kind_of(ship_type: int, length_m: float) -> int:
    if ship_type == 30:
        return FISHING
    if 70 <= ship_type <= 79:
        return CARGO
    if 80 <= ship_type <= 89:
        return TANKER
    if 60 <= ship_type <= 69:
        return PASSENGER
    if 31 <= ship_type <= 35 or 50 <= ship_type <= 59:
        return SERVICE
    if ship_type in (36, 37) or (ship_type in (0, *range(90, 100)) and length_m <= SMALL_M):
        return SMALL
    return OTHER


def of_pair(r: Record, g: Ground, a: int, b: int, minutes: list[int]) -> list[Happened]:
    kinds = [kind_of(int(r.ship_type[v]), float(r.length_m[v])) for v in (a, b)]
    limits = PAIRS.get(frozenset(kinds))
    if limits is None:
        return []
    at_sea = np.array(minutes)[off_coast(r, g, a, minutes) & off_coast(r, g, b, minutes)]
    found: list[Happened] = []
    for run in np.split(at_sea, np.flatnonzero(np.diff(at_sea) > TICK_MIN) + 1):
        if not len(run):
            continue
        begin, end = int(run[0]), int(run[-1])
        # The published page does not say whose light counts: a run that is dark at any tick at
        # which it is long enough is taken as one by night.
        track, due = r.track(a, 12), None
        for minute in run.tolist():
            lon, lat = (float(c) for c in track[minute, :2])
            night = is_night(r.start_us + minute * 60_000_000, lon, lat)
            need = limits[0] if night else limits[1]
            if need is not None and (minute - begin) * 60 >= need:
                due = (minute, limits[2] if night else limits[3])
                break
        if due is None:
            continue
        start, stop, told = (r.start_us + m * 60_000_000 for m in (begin, end, due[0]))
        if found and start - found[-1].end_us <= MERGE_S * 1_000_000:
            last = found.pop()
            start, told = last.start_us, last.told_us
        found.append(
            Happened("encounter", "encounter", (int(r.mmsi[a]), int(r.mmsi[b])), start, stop, told,
                     due[1])
        )  # fmt: skip
    return found


def happened(r: Record, g: Ground) -> list[Happened]:
    pairs = near_and_slow(r, r.vessels(), TICK_S, NEAR_M, SLOW_MPS)
    return [e for (a, b), minutes in sorted(pairs.items()) for e in of_pair(r, g, a, b, minutes)]
