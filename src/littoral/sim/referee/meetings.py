"""Rule meetings: see docs/detectors/meetings.md, "The rule". Where a vessel is, is known always; an
event is heard when it is one too by the lines between reports."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import numpy as np

from littoral.sim.referee.ground import Ground
from littoral.sim.referee.pairs import are_near_and_slow, near_and_slow, off_coast, on_the_line
from littoral.sim.referee.record import KNOT_MPS, STEPS_A_MINUTE, Happened, Record

TICK_S, NEAR_M, SLOW_MPS, MOVES_MPS = 60, 250.0, 2.0 * KNOT_MPS, 3.0 * KNOT_MPS
APART_MIN, LEAST_MIN, MOST_MIN, KNOWN_MIN = 5, 5, 60, 15
WITHIN_MIN, JOINS_MIN, PARTNERS = 720, 360, 3
LINE_S = 600  # reports farther apart say nothing of what lies between them
MERCHANT, FISHING, SMALL, UNKNOWN, NOT_JUDGED = range(5)


class Meeting(NamedTuple):
    end: int  # minutes from the start
    begin: int
    partner: int
    heard: bool  # counts by what was heard of both, too


def kind_of(ship_type: int) -> int:
    if 70 <= ship_type <= 89:
        return MERCHANT
    if ship_type == 30:
        return FISHING
    if ship_type in (36, 37) or 90 <= ship_type <= 99:
        return SMALL
    return UNKNOWN if ship_type == 0 else NOT_JUDGED


def are_judged(a: int, b: int) -> bool:
    if a == b or NOT_JUDGED in (a, b):
        return False
    return UNKNOWN not in (a, b) or MERCHANT in (a, b)


def counted(minutes: np.ndarray, last_minute: int) -> list[tuple[int, int]]:
    """(begin, end) of the meetings that count among the minutes together of one pair."""
    found = []
    for run in np.split(minutes, np.flatnonzero(np.diff(minutes) > APART_MIN) + 1):
        begin, end = int(run[0]), int(run[-1])
        seen = begin > 0 and end + APART_MIN <= last_minute  # come together, and parted
        if seen and LEAST_MIN <= end - begin <= MOST_MIN:
            found.append((begin, end))
    return found


def counts_as_said(r: Record, a: int, b: int, begin: int, end: int) -> bool:
    """Whether a meeting that counts does so by the lines between reports: both are known before it
    and when they have parted."""
    last = r.path.shape[1] // STEPS_A_MINUTE - 1
    minutes = np.arange(max(0, begin - KNOWN_MIN), min(last, end + KNOWN_MIN) + 1)
    one, other = (on_the_line(r, v, minutes, LINE_S) for v in (a, b))
    known = ~np.isnan(one[:, 0] + other[:, 0])
    at = np.flatnonzero(are_near_and_slow(one, other, NEAR_M, SLOW_MPS))
    if not len(at) or not at[0] or not known[at[0] - 1] or not known[at[-1] + APART_MIN :].any():
        return False
    return bool(LEAST_MIN <= at[-1] - at[0] <= MOST_MIN)


def are_several(meetings: list[Meeting], end: int) -> bool:
    """Whether those that began within twelve hours before an end are with enough partners."""
    return len({m.partner for m in meetings if m.begin >= end - WITHIN_MIN}) >= PARTNERS


def of_vessel(r: Record, ship: int, meetings: list[Meeting]) -> list[Happened]:
    found: list[Happened] = []
    kept: list[Meeting] = []
    event: list[int] = []  # begin, end, told, priority
    kind, heard = "", False
    speed = np.asarray(r.path[ship, ::STEPS_A_MINUTE, 2])

    def close() -> None:
        begin, end, told = (r.start_us + m * 60_000_000 for m in event[:3])
        found.append(
            Happened("meetings", kind, (int(r.mmsi[ship]),), begin, end, told, event[3],
                     heard=heard)
        )  # fmt: skip

    for m in sorted(meetings):
        if event and m.end - event[1] < JOINS_MIN:
            event[1] = m.end
            kept.append(m)
            heard |= are_several([k for k in kept if k.heard], m.end)
            continue
        if event:
            close()
            event, kept = [], []
        kept.append(m)
        if are_several(kept, m.end):
            begin = min(k.begin for k in kept if k.begin >= m.end - WITHIN_MIN)
            heard = are_several([k for k in kept if k.heard], m.end)
            waits = bool((speed[begin : m.end + 1] < MOVES_MPS).all())
            kind = "visited" if waits else "repeated"
            event = [begin, m.end, m.end + KNOWN_MIN, 3 if waits else 4]
    if event:
        close()
    return found


def happened(r: Record, g: Ground) -> list[Happened]:
    kinds = [kind_of(int(t)) for t in r.ship_type]
    rows = np.array([v for v in r.vessels() if kinds[v] != NOT_JUDGED], int)
    mine: dict[int, list[Meeting]] = defaultdict(list)
    last_minute = r.path.shape[1] // STEPS_A_MINUTE - 1
    for (a, b), minutes in near_and_slow(r, rows, TICK_S, NEAR_M, SLOW_MPS).items():
        if not are_judged(kinds[a], kinds[b]):
            continue
        together = np.array(minutes)[off_coast(r, g, a, minutes) & off_coast(r, g, b, minutes)]
        for begin, end in counted(together, last_minute) if len(together) else ():
            heard = counts_as_said(r, a, b, begin, end)
            mine[a].append(Meeting(end, begin, b, heard))
            mine[b].append(Meeting(end, begin, a, heard))
    return [e for v, some in sorted(mine.items()) for e in of_vessel(r, v, some)]
