"""Work that takes a processor for a tenth of a second, off the event loop, in a bounded queue.

Many phones that sign in at once wait their turn; beyond the bound they are told when to come again.
"""

from __future__ import annotations

import asyncio
import math
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
Result = TypeVar("Result")

WAITING = 200
_GUESS_S = 0.1  # until some have been timed


class Busy(Exception):
    """The queue is full; come again in `retry_after_s`."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"too many sign in at this moment; come again in {retry_after_s} s")
        self.retry_after_s = retry_after_s


class WorkQueue:
    """`workers` threads (by default one a processor, at most four: each hash takes 64 MiB)."""

    def __init__(self, workers: int | None = None, waiting: int = WAITING) -> None:
        self._workers = workers or max(1, min(4, os.cpu_count() or 1))
        self._most = self._workers + waiting
        self._pool = ThreadPoolExecutor(self._workers, thread_name_prefix="sign-in")
        self._lock = threading.Lock()
        self._inside = 0
        self._mean_s = _GUESS_S

    @property
    def inside(self) -> int:
        """Running and waiting."""
        return self._inside

    async def run(self, work: Callable[P, Result], *args: P.args, **kwargs: P.kwargs) -> Result:
        """Raises Busy, and what `work` raises. Work whose client has gone runs to its end."""
        with self._lock:
            if self._inside >= self._most:
                raise Busy(max(1, math.ceil(self._inside * self._mean_s / self._workers)))
            self._inside += 1

        def timed() -> Result:
            started = time.perf_counter()
            try:
                return work(*args, **kwargs)
            finally:
                took = time.perf_counter() - started
                with self._lock:
                    self._inside -= 1
                    self._mean_s += (took - self._mean_s) / 16

        try:
            future = self._pool.submit(timed)
        except RuntimeError:  # the server is stopping
            with self._lock:
                self._inside -= 1
            raise
        return await asyncio.wrap_future(future)

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
