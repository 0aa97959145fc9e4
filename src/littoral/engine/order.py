"""Brings a stream into event-time order: watermark, lateness, wrong clocks, slices.

Rows are judged one by one in the order in which they came, so that the cut of the stream into
chunks cannot matter (docs/life-of-an-alert.md).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numba import njit

from littoral.schema.ais import (
    FLAG_LATE,
    FLAG_TIME_OFF,
    Observations,
    Positions,
    Statics,
    Texts,
)
from littoral.schema.batch import SLICE_US

LATENESS_US = 60_000_000
SILENT_AFTER_US = 120_000_000
NO_SILENCE_US = 1 << 61
JUMP_US = 600_000_000
FAR_US = 3_600_000_000  # so far ahead of others that deliver no agreement of its own counts
DELIVERS_US = 120_000_000  # of receive time since its last report
AGREE_ROWS = 5  # rows in a row that settle a jump ahead when they are one vessel's
NEVER = -(1 << 62)

OK, LATE, OFF, HELD = 0, 1, 2, 3


@njit(cache=True, nogil=True)
def judge_rows(
    t_us: np.ndarray,
    mmsi: np.ndarray,
    highest: int,
    others: np.ndarray,
    frontier: int,
    ceiling: int,
    silent_after: int,
    floor: int,
    own_floor: int,
    by_source: bool,
    held_mmsi: int,
    held_rows: int,
    held_low: int,
    held_high: int,
    lateness: int,
    verdict: np.ndarray,
    released: np.ndarray,
    watermark: np.ndarray,
) -> tuple[int, int, int, int, int, int, int]:
    """Verdict on each row of one source, in the order of arrival.

    `highest`: highest event time of the source; `others`: those of the other sources, ascending;
    `frontier`: the highest of all and of the clock; `ceiling`: beyond it the clock is wrong;
    `floor`: end of the last settled slice;
    `own_floor`: the same were there no other source, which decides what is late if `by_source`.
    `released[i]` is +1 when row i settles that the held rows before it were right, -1 when it
    settles that they were wrong. `watermark[i]` is the deciding floor after row i.
    """
    ahead = 0  # others[ahead:] are active: not silent against the frontier
    for i in range(len(t_us)):
        t = t_us[i]
        released[i] = 0
        # A source's first report is measured by the others.
        known = highest if highest != NEVER or by_source else frontier
        if known != NEVER and t > known + JUMP_US:
            if t > ceiling:
                verdict[i] = OFF
                watermark[i] = own_floor if by_source else floor
                continue
            agree = held_rows > 0 and abs(t - held_high) <= JUMP_US and mmsi[i] != held_mmsi
            if agree or held_rows + 1 >= AGREE_ROWS:
                released[i] = 1 if held_rows > 0 else 0
                highest = max(t, held_high) if held_rows > 0 else t
                # rows held earlier may be older than this one: no row of the agreed group is late
                low = min(t, held_low) if held_rows > 0 else t
                held_rows = 0
                verdict[i] = OK
                frontier = max(frontier, highest)
                while ahead < len(others) and others[ahead] < frontier - silent_after:
                    ahead += 1
                bound = min(highest, low) - lateness
                own_floor = max(own_floor, bound // SLICE_US * SLICE_US)
                if ahead < len(others):
                    bound = min(bound, others[ahead] - lateness)
                floor = max(floor, bound // SLICE_US * SLICE_US)
                watermark[i] = own_floor if by_source else floor
                continue
            if held_rows == 0:
                held_low = t
                held_high = t
            held_rows += 1
            held_mmsi = mmsi[i]
            held_low = min(held_low, t)
            held_high = max(held_high, t)
            verdict[i] = HELD
            watermark[i] = own_floor if by_source else floor
            continue
        if held_rows > 0:
            released[i] = -1
            held_rows = 0
        verdict[i] = LATE if t < (own_floor if by_source else floor) else OK
        if t > highest:
            highest = t
            frontier = max(frontier, highest)
            while ahead < len(others) and others[ahead] < frontier - silent_after:
                ahead += 1
        bound = highest - lateness
        own_floor = max(own_floor, bound // SLICE_US * SLICE_US)
        if ahead < len(others):
            bound = min(bound, others[ahead] - lateness)
        floor = max(floor, bound // SLICE_US * SLICE_US)
        watermark[i] = own_floor if by_source else floor
    return highest, floor, own_floor, held_mmsi, held_rows, held_low, held_high


@dataclass(slots=True)
class Source:
    """What the order knows of one source."""

    highest_us: int = NEVER
    floor_us: int = NEVER  # everything before would be settled were there no other source
    held_mmsi: int = -1
    held_rows: int = 0
    held_low_us: int = 0
    held_high_us: int = 0
    heard_us: int = 0  # receive time of its last report; 0 in history


@dataclass(slots=True)
class Order:
    """State: pending rows of all sources and the settled floor. Arrays and plain values only."""

    sources: dict[int, Source] = field(default_factory=dict)
    clock_us: int = NEVER
    floor_us: int = NEVER  # everything before is settled
    highest_us: int = NEVER
    late_rows: int = 0
    off_rows: int = 0
    lateness_us: int = LATENESS_US
    silent_after_us: int = SILENT_AFTER_US
    # History: every file is waited for, however far behind it is, and what is late is so in its own
    # file; else it would depend on how far the others happen to have been read.
    by_source: bool = False
    hold_us: int | None = None  # where the earliest file begins that has given no position yet
    held: list[Observations] = field(default_factory=list)  # their time is in doubt
    held_source: list[int] = field(default_factory=list)
    pending: list[Observations] = field(default_factory=list)

    @property
    def event_us(self) -> int:
        """How far event time has come, by sources or clock; NEVER before the first report."""
        return max(self.highest_us, self.clock_us)


def _others(order: Order, source: int) -> np.ndarray:
    """Highest times of the other sources, ascending."""
    times = [
        other.highest_us
        for key, other in order.sources.items()
        if key != source and other.highest_us != NEVER
    ]
    if order.hold_us is not None:
        times.append(order.hold_us)
    return np.array(sorted(times), np.int64)


def _ceiling(order: Order, source: int, received_us: int) -> int:
    """FAR_US past the foremost of the other sources that deliver; without one there is none."""
    deliver = [
        other.highest_us
        for key, other in order.sources.items()
        if key != source
        and other.highest_us != NEVER
        and 0 < received_us <= other.heard_us + DELIVERS_US
    ]
    return max(deliver) + FAR_US if deliver else -NEVER


def push(order: Order, source: int, rows: Observations) -> Observations | None:
    """Take rows of one source; returns those that will not be judged (late, wrong clock) or None.

    Rows of unknown time order may be in `rows` in any order; that order is the order of arrival.
    """
    state = order.sources.setdefault(source, Source())
    p = rows.positions
    n = len(p)
    verdict = np.empty(n, np.int8)
    released = np.zeros(n, np.int8)
    floors = np.empty(n, np.int64)
    floor_before = state.floor_us if order.by_source else order.floor_us
    (
        state.highest_us,
        order.floor_us,
        state.floor_us,
        state.held_mmsi,
        state.held_rows,
        state.held_low_us,
        state.held_high_us,
    ) = judge_rows(
        p.t_us,
        p.mmsi,
        state.highest_us,
        _others(order, source),
        order.event_us,
        _ceiling(order, source, int(p.received_us[0]) if n else 0),
        NO_SILENCE_US if order.by_source else order.silent_after_us,
        order.floor_us,
        state.floor_us,
        order.by_source,
        state.held_mmsi,
        state.held_rows,
        state.held_low_us,
        state.held_high_us,
        order.lateness_us,
        verdict,
        released,
        floors,
    )
    order.highest_us = max(order.highest_us, state.highest_us)
    if n:
        state.heard_us = max(state.heard_us, int(p.received_us[-1]))
    left_out: list[Observations] = []
    statics, late_statics = _split_by_floor(rows.statics, p, floors, floor_before)
    texts, late_texts = _split_by_floor(rows.texts, p, floors, floor_before)
    if not verdict.any() and not released.any():
        order.pending.append(Observations(p, statics, texts))
    else:
        order.pending.append(Observations(p.take(verdict == OK), statics, texts))
        left_out += _settle_held(order, source, p, verdict, released)
    if len(late_statics) or len(late_texts):
        left_out.append(Observations(Positions.empty(), late_statics, late_texts))
    if not left_out:
        return None
    out = Observations.concat(left_out)
    order.late_rows += int(np.count_nonzero(out.positions.flags & FLAG_LATE))
    order.late_rows += len(out.statics) + len(out.texts)
    order.off_rows += int(np.count_nonzero(out.positions.flags & FLAG_TIME_OFF))
    return out


def _settle_held(
    order: Order, source: int, p: Positions, verdict: np.ndarray, released: np.ndarray
) -> list[Observations]:
    """Move held rows to pending or out, as the rows after them decided."""
    out = []
    late = p.take(verdict == LATE)
    if len(late):
        late.flags |= np.uint32(FLAG_LATE)
        out.append(Observations(late, Statics.empty(), Texts.empty()))
    off = p.take(verdict == OFF)
    if len(off):
        off.flags |= np.uint32(FLAG_TIME_OFF)
        out.append(Observations(off, Statics.empty(), Texts.empty()))
    start = 0
    for at in np.flatnonzero(released):
        _hold(order, source, p.take(slice(start, at)), verdict[start:at])
        start = int(at)
        mine = _take_held(order, source)
        if released[at] > 0:
            order.pending += mine
        else:
            for h in mine:
                h.positions.flags |= np.uint32(FLAG_TIME_OFF)
            out += mine
    _hold(order, source, p.take(slice(start, len(p))), verdict[start:])
    return out


def _hold(order: Order, source: int, p: Positions, verdict: np.ndarray) -> None:
    held = p.take(verdict == HELD)
    if len(held):
        order.held.append(Observations(held, Statics.empty(), Texts.empty()))
        order.held_source.append(source)


def _split_by_floor(rows, p: Positions, floors: np.ndarray, floor_before: int):
    """Statics or texts that are in time, and those that are late at their place in the stream."""
    if not len(rows) or (floor_before == NEVER and not len(floors)):
        return rows, type(rows).empty()
    if len(floors):
        before = np.searchsorted(p.obs_id, rows.obs_id) - 1
        floor = np.where(before >= 0, floors[np.maximum(before, 0)], floor_before)
    else:
        floor = np.full(len(rows), floor_before)
    late = rows.t_us < floor
    if not late.any():
        return rows, type(rows).empty()
    return rows.take(~late), rows.take(late)


def tick(order: Order, clock_us: int) -> None:
    """The live clock says that event time has come to `clock_us` while sources may be silent."""
    order.clock_us = max(order.clock_us, clock_us)
    active = [t for t in _others(order, -1) if t >= order.event_us - order.silent_after_us]
    bound = (int(active[0]) if active else order.clock_us) - order.lateness_us
    if order.floor_us != NEVER:
        order.floor_us = max(order.floor_us, bound // SLICE_US * SLICE_US)


def end_source(order: Order, source: int) -> Observations | None:
    """A source has come to its end: it holds the watermark back no longer. Its held rows count
    where nobody is left to gainsay them; else they are returned as of a wrong clock."""
    order.sources.pop(source, None)
    held = _take_held(order, source)
    if order.by_source or not order.sources:
        for h in held:
            order.pending.append(h)
            order.highest_us = max(order.highest_us, int(h.positions.t_us.max()))
        return None
    for h in held:
        h.positions.flags |= np.uint32(FLAG_TIME_OFF)
        order.off_rows += len(h.positions)
    return Observations.concat(held) if held else None


def _take_held(order: Order, source: int) -> list[Observations]:
    both = list(zip(order.held, order.held_source, strict=True))
    order.held = [h for h, s in both if s != source]
    order.held_source = [s for _, s in both if s != source]
    return [h for h, s in both if s == source]
