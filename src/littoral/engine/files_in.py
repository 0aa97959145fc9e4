"""Recordings as one stream: several files merged by event time, decoded in a thread of their own.

A piece of a file is handed on when no other file has anything older to give, so that overlapping
recordings of several receivers and consecutive days are both in order.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from littoral.engine.ahead import ahead
from littoral.link.words import why
from littoral.sense.decoded import Counts, Decoded

AHEAD = 3  # decoded pieces that may wait: bounds memory


@dataclass(frozen=True, slots=True)
class Problem:
    """An input that could not be read, or not to its end, in words for whoever named it."""

    path: str
    message: str

    def as_json(self) -> dict[str, str]:
        return {"file": self.path, "message": self.message}


@dataclass(frozen=True, slots=True)
class Part:
    """A decoded piece of input number `source`; `hold_us` is where the earliest of the other inputs
    begins that has given no position yet: before that nothing may be settled."""

    source: int
    decoded: Decoded
    hold_us: int | None
    last: bool


def begins_us(piece: Decoded) -> int:
    """Least event time in a piece; 0, so that it comes at once, when it has no rows."""
    span = piece.observations.span_us()
    return span[0] if span is not None else 0


class Merge:
    """Iterates over `Part`s of all inputs in order of event time; `counts` and `problems` grow."""

    def __init__(
        self,
        paths: list[str],
        open_input: Callable[[int, str], Iterator[tuple[Decoded, float]]],
    ) -> None:
        self.paths = paths
        self.counts = Counts()
        self.problems: list[Problem] = []
        self.shares = [0.0] * len(paths)
        self._open = open_input

    @property
    def progress(self) -> float:
        """Share of all inputs that was read, 0..1."""
        return sum(self.shares) / max(1, len(self.shares))

    def __iter__(self) -> Iterator[Part]:
        return ahead(self._parts(), AHEAD, "decode")

    def _parts(self) -> Iterator[Part]:
        waiting: list[tuple[int, int, Decoded, Iterator[tuple[Decoded, float]]]] = []
        for source, path in enumerate(self.paths, start=1):
            pieces = self._open(source, path)
            piece = self._next(source, pieces)
            if piece is not None:
                heapq.heappush(waiting, (begins_us(piece), source, piece, pieces))
        silent = {source for _, source, _, _ in waiting}
        while waiting:
            _, source, piece, pieces = heapq.heappop(waiting)
            if len(piece.observations.positions):
                silent.discard(source)
            following = self._next(source, pieces)
            if following is not None:
                heapq.heappush(waiting, (begins_us(following), source, following, pieces))
            self.counts.add(piece.counts)
            hold_us = min((start for start, s, _, _ in waiting if s in silent), default=None)
            yield Part(source, piece, hold_us, following is None)

    def _next(self, source: int, pieces: Iterator[tuple[Decoded, float]]) -> Decoded | None:
        """The next piece; an input that fails is named and ends, the others go on."""
        path = self.paths[source - 1]
        try:
            item = next(pieces, None)
        except (OSError, ValueError) as error:
            self.problems.append(Problem(path, why(error)))
            item = None
        if item is None:
            self.shares[source - 1] = 1.0
            return None
        decoded, self.shares[source - 1] = item
        return decoded
