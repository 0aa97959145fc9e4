"""Merging the lake's small files beside the live engine, hour by hour of event time.

A checkpoint every ten seconds leaves hundreds of files an hour. What lies before the checkpoint is
final: nothing of it is discarded or written again, so it may be merged; the rest is left alone.
A day that is over is then put in order of place once more, for questions, and counted.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Container, Iterable

from littoral.engine.allocator import give_back
from littoral.engine.figures import Figures
from littoral.store.lake import Lake, LakeError

HOUR_US = 3_600_000_000


class NotFinal(Container[str]):
    """Keys of the lake (places in the journal) at or beyond a checkpoint."""

    def __init__(self, position: int) -> None:
        self._position = position

    def __contains__(self, key: object) -> bool:
        return int(str(key)) >= self._position


class Tidier:
    """At most one merging at a time, in a thread of its own. `start` and `close` are for one
    thread, the engine's."""

    def __init__(self, lake: Lake, tables: Iterable[str]) -> None:
        self._lake, self._tables = lake, tuple(tables)
        self._figures = Figures(lake.root)
        self._thread: threading.Thread | None = None
        self._done_us = 0
        self._given_up = False

    def start(self, position: int, settled_us: int) -> None:
        """Merge the hours that ended before `settled_us`, if one has since the last time and
        nothing is being merged. `position`: of a checkpoint that is durable."""
        if settled_us // HOUR_US <= self._done_us // HOUR_US or self._given_up:
            return
        if self._thread is not None and self._thread.is_alive():
            return
        self._done_us = settled_us
        self._thread = threading.Thread(
            target=self._merge, args=(NotFinal(position), settled_us), name="tidy", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Waits for a merging under way: seconds."""
        if self._thread is not None:
            self._thread.join()

    def _merge(self, keep: NotFinal, settled_us: int) -> None:
        try:
            for table in self._tables:
                self._lake.compact(table, older_than_us=settled_us, keep=keep)
            self._lake.order_places(settled_us)
            self._figures.keep_days(settled_us)
        except (LakeError, OSError) as problem:  # the lake is whole, in more files than need be
            self._given_up = True
            print(f"littoral: the lake's files are not merged: {problem}", file=sys.stderr)
        give_back()
