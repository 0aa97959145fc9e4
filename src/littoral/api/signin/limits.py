"""Rate limits by address, in memory: a bucket of `burst` that fills at `per_s`."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict

MOST = 20_000  # addresses that are remembered; the one unseen for longest makes room


class RateLimit:
    def __init__(self, burst: int, per_s: float) -> None:
        self.burst = burst
        self.per_s = per_s
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # level, when

    def wait_s(self, address: str, now_s: float | None = None) -> int:
        """0 when one more is within the limit, which takes it; else whole seconds to wait."""
        now = time.monotonic() if now_s is None else now_s
        with self._lock:
            level, when = self._buckets.pop(address, (float(self.burst), now))
            level = min(float(self.burst), level + (now - when) * self.per_s)
            taken = level >= 1.0
            self._buckets[address] = (level - 1.0 if taken else level, now)
            while len(self._buckets) > MOST:
                self._buckets.popitem(last=False)
        return 0 if taken else max(1, math.ceil((1.0 - level) / self.per_s))
