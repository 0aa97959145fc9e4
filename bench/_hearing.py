"""Whether what happened was heard well enough for a rule to know of it, where that takes more than
reports that are not too far apart."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from littoral.sim.referee.record import Happened, Record

TICK_US = 10_000_000
FRESH_US = 120_000_000  # the last report may be so old where an alert begins
FOUND, LOOKS = 3, 7  # a risk is seen at this tick at the latest; with the four looks of a warning
SLOW_MPS = 1.02889  # who is slower need not report twice


def collision(event: Happened, record: Record) -> bool:
    """As long as a warning may take to come, no last report of the two is older than two minutes;
    within it a new report comes of each that makes way."""
    ticks = np.arange(event.start_us, event.end_us + 1, TICK_US)
    fresh, last, slow = np.ones(len(ticks), bool), [], []
    for mmsi in event.mmsis:
        ship = int(np.flatnonzero(record.mmsi == mmsi)[0])
        heard = record.heard[ship]
        if len(heard) < 2:
            return False
        at = np.searchsorted(heard, ticks, "right")
        fresh &= (at >= 2) & (ticks - heard[np.maximum(at - 1, 0)] <= FRESH_US)
        last.append(at)
        slow.append(record.at(ship, event.start_us)[2] < SLOW_MPS)
    for run in np.split(np.arange(len(ticks)), np.flatnonzero(np.diff(fresh)) + 1):
        if len(run) >= LOOKS and fresh[run[0]]:
            seen, end = run[FOUND - 1], run[-1]
            if all(s or n[end] > n[seen] for n, s in zip(last, slow, strict=True)):
                return True
    return False


def said(event: Happened, record: Record) -> bool:
    """The referee has looked at what was heard."""
    return event.heard


SAID = ("identity", "particulars", "distress", "watch_list", "receiver")
HEARD_BY: dict[str, Callable[[Happened, Record], bool]] = {
    "collision": collision, **{rule: said for rule in SAID},
}  # fmt: skip
