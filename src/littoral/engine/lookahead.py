"""The look-ahead: what is not settled yet, through a copy of every step's state.

A pending slice with the same reports as last time gives what it gave last time. So the copy is made
of the state after the last slice that has not changed, and only what follows is run again: mostly
the slice that is being filled. Pending reports are only ever added to, so their number tells.
"""

from __future__ import annotations

from dataclasses import dataclass

from littoral.engine import core, slices
from littoral.engine.order import Order
from littoral.schema.ais import Observations
from littoral.schema.batch import SLICE_US
from littoral.schema.finding import Finding
from littoral.schema.state import clone

Found = list[tuple[int, Finding]]  # each with the end of the slice that gave it


@dataclass(slots=True)
class _Seen:
    """A whole pending slice as last run: its reports, the state after it and what it gave, with
    the silence before it."""

    start_us: int
    rows: int
    after: core.CoreState
    found: Found


class LookAhead:
    """Remembers the pending slices of one live engine. `settled` must be told of every slice that
    was settled with reports."""

    def __init__(self) -> None:
        self._seen: list[_Seen] = []
        self._reference: core.Reference | None = None

    def settled(self, end_us: int, rows: int) -> None:
        """The slice that ends at `end_us` was settled with so many reports. When these are not what
        was looked at, what was built on it is void."""
        first = self._seen[0] if self._seen else None
        if first is not None and (first.start_us + SLICE_US, first.rows) == (end_us, rows):
            del self._seen[0]
        else:
            self._seen.clear()

    def run(
        self, state: core.CoreState, order: Order, now_us: int, reference: core.Reference
    ) -> tuple[core.CoreState, Found]:
        """State and findings at `now_us`, beyond every pending report. `state` is that of the last
        settled slice and stays as it is; the state returned is the caller's."""
        if self._reference is None or not _same(self._reference, reference):
            self._seen.clear()
            self._reference = reference
        pieces = by_slice(order)
        same = 0
        for seen, (start_us, rows) in zip(self._seen, pieces, strict=False):
            if (seen.start_us, seen.rows) != (start_us, len(rows)):
                break
            same += 1
        del self._seen[same:]
        at = clone(self._seen[-1].after if self._seen else state)
        filling = Observations.empty()
        for start_us, rows in pieces[same:]:
            in_order = slices.in_order(rows)
            if start_us + SLICE_US > now_us:
                filling = in_order
                continue
            found: Found = []
            for settled in core.advance(at, in_order, start_us + SLICE_US, reference):
                found += [(at.until_us, finding) for finding in settled.findings]
            self._seen.append(_Seen(start_us, len(rows), clone(at), found))
        everything = [item for seen in self._seen for item in seen.found]
        for settled in core.look_ahead(at, filling, now_us, reference):
            everything += [(at.until_us, finding) for finding in settled.findings]
        return at, everything


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
