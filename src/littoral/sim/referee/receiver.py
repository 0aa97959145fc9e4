"""Rule receiver, profile coastal: see docs/detectors/receiver.md, from the times of all that each
receiver heard."""

from __future__ import annotations

import math

import numpy as np

from littoral.sim.referee.record import Happened, Record

LEAST_S, MEANS, HALF_LIFE_S, LEAST_MESSAGES = 120.0, 20.0, 3_600.0, 20
SILENT, PLANNED, FEED = 3, 4, 2
ACTIVE_US, OVERRUN_US = 3_600_000_000, 300_000_000

# (receiver, from, until) in us: works that were planned.
Works = list[tuple[str, int, int]]


def silences(times_us: np.ndarray) -> list[tuple[int, int]]:
    """(last thing heard, next thing heard) of each silence of a receiver that heard something at
    sorted times (n,)."""
    found = []
    wide = np.flatnonzero(np.diff(times_us) > LEAST_S * 1e6)
    for k in wide.tolist():
        if k + 1 < LEAST_MESSAGES:
            continue
        # The mean interval up to then: what lies an hour back counts half.
        before = times_us[: k + 1]
        age_s = (before[-1] - before) / 1e6
        fades = math.log(2.0) / HALF_LIFE_S
        count = float(np.exp(-fades * age_s).sum())
        watched_s = (1.0 - math.exp(-fades * float(age_s[0]))) / fades
        gap_s = (times_us[k + 1] - times_us[k]) / 1e6
        if gap_s > MEANS * watched_s / count:
            found.append((int(times_us[k]), int(times_us[k + 1])))
    return found


def priority_of(name: str, end_us: int, begin_us: int, works: Works) -> int:
    """As planned, until five minutes after the end of the works."""
    for station, a, b in works:
        if station == name and begin_us >= a - OVERRUN_US and end_us <= b + OVERRUN_US:
            return PLANNED
    return SILENT


def happened(r: Record, works: Works) -> list[Happened]:
    stations = {k: v for k, v in r.said.stations.items() if len(v)}
    if not stations:
        return []
    quiet = {name: silences(times) for name, times in stations.items()}
    feed = []
    for a, b in silences(np.sort(np.concatenate(list(stations.values())))):
        active = [n for n, t in stations.items() if ((t >= a - ACTIVE_US) & (t <= a)).any()]
        if all(any(x < b and y > a for x, y in quiet[n]) for n in active):
            feed.append((a, b))
    found = [
        Happened("receiver", "feed_silent", (), a, b, a + int(LEAST_S * 1e6), FEED) for a, b in feed
    ]
    for name, spans in quiet.items():
        for a, b in spans:
            # Of a feed that is silent each receiver may be told too.
            alone = not any(x < b and y > a for x, y in feed)
            told = a + int(LEAST_S * 1e6)
            urgent = priority_of(name, b, a, works)
            found.append(
                Happened("receiver", "receiver_silent", (), a, b, told, urgent, due=alone,
                         station=name)
            )  # fmt: skip
    return found
