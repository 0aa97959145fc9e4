"""Pieces of work shared by two threads, the caller's and a helper's: who is free takes the next.

Who does which piece depends on how long each took, so nothing may depend on who did it: pieces do
not know each other, and what they gave is handed back in their own order.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import TypeVar

T = TypeVar("T")

WORTH_S = 0.001  # all pieces together: less is not worth waking another thread for


class TwoHands:
    """Does named pieces of work, the longest first by what each took of late. `helper` has a thread
    to spare; it is asked where all pieces together took `worth_s` at least. For one caller."""

    def __init__(self, helper: Executor, worth_s: float = WORTH_S) -> None:
        self._helper = helper
        self._worth_s = worth_s
        self._took_s: dict[str, float] = {}

    def __call__(self, pieces: Sequence[tuple[str, Callable[[], T]]]) -> list[T]:
        """What each piece gave. What one raises is raised here, after the other hand has let go."""
        took_s = self._took_s
        known_s = [took_s.get(name, 0.0) for name, _ in pieces]
        places = deque(sorted(range(len(pieces)), key=lambda k: -known_s[k]))
        gave: dict[int, T] = {}

        def work() -> None:
            while True:
                try:
                    k = places.popleft()
                except IndexError:
                    return
                name, piece = pieces[k]
                began = time.thread_time()
                gave[k] = piece()
                now_s = time.thread_time() - began
                took_s[name] = 0.5 * (took_s.get(name, now_s) + now_s)

        if sum(known_s) < self._worth_s:
            work()
        else:
            other = self._helper.submit(work)
            try:
                work()
            finally:
                places.clear()  # empty already, but for an error
                other.exception()
            other.result()
        return [gave[k] for k in range(len(pieces))]


def one_hand(pieces: Sequence[tuple[str, Callable[[], T]]]) -> list[T]:
    """All of it in the caller's thread, one piece after the other."""
    return [piece() for _, piece in pieces]
