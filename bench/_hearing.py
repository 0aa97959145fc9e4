"""Whether what happened was heard well enough for a rule to know of it, where that takes more than
reports that are not too far apart."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from littoral.sim.referee.record import Happened, Record

TICK_US = 10_000_000
FRESH_US, LOOKS = 120_000_000, 7  # of a fix where a risk is first seen; ticks in a row, at the most


def collision(event: Happened, record: Record) -> bool:
    """Two reports of both, the last no older than two minutes, for as long as the rule looks."""
    ticks = np.arange(event.start_us, event.end_us + 1, TICK_US)
    fresh = np.ones(len(ticks), bool)
    for mmsi in event.mmsis:
        heard = record.heard[int(np.flatnonzero(record.mmsi == mmsi)[0])]
        last = np.searchsorted(heard, ticks, "right")
        if len(heard) < 2:
            return False
        fresh &= (last >= 2) & (ticks - heard[np.maximum(last - 1, 0)] <= FRESH_US)
    row = np.convolve(fresh, np.ones(LOOKS), "valid") if len(fresh) >= LOOKS else np.zeros(1)
    return bool((row >= LOOKS).any())


def said(event: Happened, record: Record) -> bool:
    """The referee has looked at what was heard."""
    return event.heard


SAID = ("identity", "particulars", "distress", "watch_list", "receiver")
HEARD_BY: dict[str, Callable[[Happened, Record], bool]] = {
    "collision": collision, **{rule: said for rule in SAID},
}  # fmt: skip
