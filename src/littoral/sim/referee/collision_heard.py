"""Whether a risk of collision can be known from the reports that were heard: see
docs/detectors/collision.md, "How it is judged" and "Settings"."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from littoral.sim.referee.record import Record

SLOW_MPS = 1.02889  # who makes less need not report twice
FRESH_US, SLOW_FRESH_US = 120_000_000, 400_000_000  # the last report may be so old at a look
SILENT_US = 120_000_000  # of one that was silent so long the course is not known before her second
FIND_LOOKS = 2  # a pair is found at the third tick at the latest


@dataclass(frozen=True, slots=True)
class Reports:
    """Of a pair at some ticks: `tick` (n,); `judged` (n,) bool: both can be judged by what was
    heard; `count` (2, n): reports of each so far; `slow` (2, n) bool; `urgent` (n,) bool: no time
    is left to wait for a second report."""

    tick: np.ndarray
    judged: np.ndarray
    count: np.ndarray
    slow: np.ndarray
    urgent: np.ndarray

    def known(self, risk: np.ndarray, looks: int) -> int | None:
        """The first tick at which `risk` (n,) held for so many looks in a row that were judged, a
        report of each that makes way having come since the first of them."""
        first, before = 0, -2
        for k in np.flatnonzero(risk & self.judged).tolist():
            if self.tick[k] != before + 1:
                first = k
            before = int(self.tick[k])
            if k - first + 1 < looks + FIND_LOOKS:
                continue
            again = self.slow[:, k] | (self.count[:, k] > self.count[:, first + FIND_LOOKS])
            if self.urgent[k] or again.all():
                return before
        return None


def reports_of(
    r: Record, pair: tuple[int, int], tick: np.ndarray, t_us: np.ndarray, speed_mps: np.ndarray,
    urgent: np.ndarray,
) -> Reports:  # fmt: skip
    """`speed_mps` (2, n): of each at the ticks."""
    judged, count = np.ones(len(tick), bool), np.zeros((2, len(tick)), np.int64)
    for k, ship in enumerate(pair):
        heard = r.heard[ship]
        if len(heard) < 2:
            judged[:] = False
            continue
        count[k] = np.searchsorted(heard, t_us, "right")
        last, before = (heard[np.maximum(count[k] - n, 0)] for n in (1, 2))
        most_us = np.where(speed_mps[k] < SLOW_MPS, SLOW_FRESH_US, FRESH_US)
        sure = (last - before < SILENT_US) | (speed_mps[k] < 0.5 * SLOW_MPS) | urgent
        judged &= (count[k] >= 2) & (t_us - last <= most_us) & sure
    return Reports(tick, judged, count, speed_mps < SLOW_MPS, urgent)
