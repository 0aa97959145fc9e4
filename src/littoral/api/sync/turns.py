"""One at a time by name: a record that comes twice at once, a file that two records name."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """A lock for each name, as long as somebody has it or waits. Of the process: one serves."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._locks: dict[str, tuple[threading.Lock, int]] = {}  # with how many want it

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        with self._guard:
            lock, wanted = self._locks.get(name, (threading.Lock(), 0))
            self._locks[name] = (lock, wanted + 1)
        try:
            with lock:
                yield
        finally:
            with self._guard:
                wanted = self._locks[name][1] - 1
                if wanted:
                    self._locks[name] = (lock, wanted)
                else:
                    del self._locks[name]
