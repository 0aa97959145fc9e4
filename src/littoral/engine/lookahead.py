"""The look-ahead: what is not settled yet, through a copy of every step's state.

A pending slice with the same reports as last time gives what it gave last time. So the copy is made
of the state after the last slice that has not changed, and only what follows is run again: mostly
the slice that is being filled. That one is cut at fixed moments, and what lies before the last of
them is kept in the same way. Pending reports are only ever added to, so their number tells.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from littoral.engine import core, slices
from littoral.engine.order import Order
from littoral.schema.ais import Observations
from littoral.schema.batch import SLICE_US
from littoral.schema.finding import Finding
from littoral.schema.state import clone

Found = list[tuple[int, Finding]]  # each with the end of the slice that gave it
PART_US = SLICE_US // 3  # between two cuts of the slice that is being filled


@dataclass(slots=True)
class _Seen:
    """A whole pending slice as last run: its reports, the state after it and what it gave, with
    the silence before it."""

    start_us: int
    rows: int
    after: core.CoreState
    found: Found


@dataclass(slots=True)
class _Begun:
    """The slice that is being filled as far as `until_us`: the same of it."""

    until_us: int
    rows: int
    after: core.CoreState
    found: Found


class LookAhead:
    """Remembers the pending slices of one live engine. `settled` must be told of every slice that
    was settled with reports."""

    def __init__(self) -> None:
        self._seen: list[_Seen] = []
        self._begun: _Begun | None = None  # after all of `_seen`
        self._reference: core.Reference | None = None

    def settled(self, end_us: int, rows: int) -> None:
        """The slice that ends at `end_us` was settled with so many reports. When these are not what
        was looked at, what was built on it is void."""
        first = self._seen[0] if self._seen else None
        if first is not None and (first.start_us + SLICE_US, first.rows) == (end_us, rows):
            del self._seen[0]
        else:
            self._forget(0)

    def _forget(self, first: int) -> None:
        """The slices from the `first` that is remembered on."""
        del self._seen[first:]
        self._begun = None

    def run(
        self, state: core.CoreState, order: Order, now_us: int, reference: core.Reference
    ) -> tuple[core.CoreState, Found]:
        """State and findings at `now_us`, beyond every pending report. `state` is that of the last
        settled slice and stays as it is; the state returned is the caller's."""
        if self._reference is None or not _same(self._reference, reference):
            self._forget(0)
            self._reference = reference
        pieces = by_slice(order)
        same = 0
        for seen, (start_us, rows) in zip(self._seen, pieces, strict=False):
            if (seen.start_us, seen.rows) != (start_us, len(rows)):
                break
            same += 1
        left = pieces[same:]
        is_filling = bool(left) and left[-1][0] + SLICE_US > now_us
        start_us, rows = left.pop() if is_filling else (0, Observations.empty())
        if left or same < len(self._seen):
            self._forget(same)
        for whole_us, whole in left:
            at = clone(self._after(state))
            in_order = slices.in_order(whole)
            found = _found(at, core.advance(at, in_order, whole_us + SLICE_US, reference))
            self._seen.append(_Seen(whole_us, len(whole), at, found))
        everything = [item for seen in self._seen for item in seen.found]
        parts = list(slices.cut(slices.in_order(rows), PART_US))
        begun = self._begun
        if begun is not None and begun.rows != _rows_before(begun.until_us, parts):
            begun = None
        at = clone(self._after(state) if begun is None else begun.after)
        found = [] if begun is None else list(begun.found)
        done_us = start_us if begun is None else begun.until_us
        over = [(t, part) for t, part in parts if done_us <= t and t + PART_US <= now_us]
        for part_us, part in over:
            done_us = part_us + PART_US
            found += _found(at, core.look_ahead(at, part, done_us, reference))
        if over:
            begun = _Begun(done_us, _rows_before(done_us, parts), clone(at), found)
        self._begun = begun
        rest = Observations.concat([part for t, part in parts if t >= done_us])
        everything += found
        everything += _found(at, core.look_ahead(at, rest, now_us, reference))
        return at, everything

    def _after(self, state: core.CoreState) -> core.CoreState:
        """The state after the last slice that is remembered."""
        return self._seen[-1].after if self._seen else state


def _found(at: core.CoreState, judged: Iterator[core.Settled]) -> Found:
    return [(at.until_us, finding) for settled in judged for finding in settled.findings]


def _rows_before(until_us: int, parts: list[tuple[int, Observations]]) -> int:
    return sum(len(rows) for start_us, rows in parts if start_us < until_us)


def _same(one: core.Reference, other: core.Reference) -> bool:
    same = one.rules is other.rules and one.world is other.world
    return same and one.planned is other.planned and one.changes is other.changes


def by_slice(order: Order) -> list[tuple[int, Observations]]:
    """(start, pending reports) of every slice that has any, ascending; `order.pending` becomes one
    piece a slice, so that only what has come since is looked at the next time."""
    pieces: dict[int, list[Observations]] = {}
    mixed: list[Observations] = []
    for rows in order.pending:
        span = rows.span_us()
        if span is None:
            continue
        low, high = (t_us // SLICE_US * SLICE_US for t_us in span)
        if low == high:
            pieces.setdefault(low, []).append(rows)
        else:
            mixed.append(rows)
    if mixed:
        for start_us, rows in slices.cut(slices.in_order(Observations.concat(mixed))):
            pieces.setdefault(start_us, []).append(rows)
    whole = [
        (start_us, rows[0] if len(rows) == 1 else Observations.concat(rows))
        for start_us, rows in sorted(pieces.items())
    ]
    order.pending = [rows for _, rows in whole]
    return whole
