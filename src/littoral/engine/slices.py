"""Pending rows to settled slices in canonical order (t_us, mmsi, obs_id)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numba import njit

from littoral.engine.order import Order
from littoral.schema.ais import Observations
from littoral.schema.batch import SLICE_US

_MMSI_BITS = 30  # an MMSI field is 30 bits wide


@njit(cache=True, nogil=True, inline="always")
def _units(us: int, unit: int) -> int:
    """`us` in `unit`s; the compiler knows by what it divides, which takes a fifth of the time."""
    if unit == 1_000_000:
        return us // 1_000_000
    if unit == 1_000:
        return us // 1_000
    return us


@njit(cache=True, nogil=True)
def _sort_keys(t_us: np.ndarray, mmsi: np.ndarray, first: int, unit: int, bits: int) -> np.ndarray:
    """Time (in `unit`s since `first`), MMSI and place of arrival in one number each."""
    key = np.empty(len(t_us), np.uint64)
    for i in range(len(t_us)):
        t = np.uint64(_units(t_us[i] - first, unit))
        key[i] = (
            (t << np.uint64(_MMSI_BITS + bits))
            | (np.uint64(mmsi[i]) << np.uint64(bits))
            | np.uint64(i)
        )
    return key


DIGIT = 12  # bits a pass of the radix sort: 4,096 counters of four bytes stay in the first cache


@njit(cache=True, nogil=True)
def _radix_sort(key: np.ndarray, low: int, high: int) -> np.ndarray:
    """`key` sorted by bits `low` and up, of which none is set from `high` on. Four times as fast as
    NumPy's sort here, whose compare-and-swap gains nothing from the few bits that matter."""
    spare = np.empty_like(key)
    for shift in range(low, high, DIGIT):
        start = np.zeros((1 << DIGIT) + 1, np.int32)
        mask = np.uint64((1 << DIGIT) - 1)
        for i in range(len(key)):
            start[np.int64((key[i] >> np.uint64(shift)) & mask) + 1] += 1
        for d in range(1 << DIGIT):
            start[d + 1] += start[d]
        for i in range(len(key)):
            digit = np.int64((key[i] >> np.uint64(shift)) & mask)
            spare[start[digit]] = key[i]
            start[digit] += 1
        key, spare = spare, key
    return key


@njit(cache=True, nogil=True)
def _places(key: np.ndarray, bits: int, obs_id: np.ndarray) -> np.ndarray:
    """Places of arrival from sorted keys; equal (time, MMSI) by obs_id (insertion sort: runs are
    short)."""
    mask = (np.uint64(1) << np.uint64(bits)) - np.uint64(1)
    order = np.empty(len(key), np.int64)
    for i in range(len(key)):
        row = np.int64(key[i] & mask)
        j = i - 1
        while j >= 0 and key[j] >> np.uint64(bits) == key[i] >> np.uint64(bits):
            if obs_id[order[j]] <= obs_id[row]:
                break
            order[j + 1] = order[j]
            j -= 1
        order[j + 1] = row
    return order


@njit(cache=True, nogil=True)
def _unit_us(t_us: np.ndarray, first: int) -> int:
    """The coarsest of a second, a millisecond, a microsecond that all times are multiples of."""
    unit = 1_000_000
    for i in range(len(t_us)):
        since = t_us[i] - first
        while since != _units(since, unit) * unit:
            unit //= 1_000
    return unit


def canonical_order(t_us: np.ndarray, mmsi: np.ndarray, obs_id: np.ndarray) -> np.ndarray:
    """Indices that sort by (t_us, mmsi, obs_id); shape (n,), int64."""
    if len(t_us) < 2:
        return np.arange(len(t_us))
    first = int(t_us.min())
    unit = _unit_us(t_us, first)
    bits = len(t_us).bit_length()
    span = (int(t_us.max()) - first) // unit
    width = span.bit_length() + _MMSI_BITS + bits
    if width > 64:
        return np.lexsort((obs_id, mmsi, t_us))
    key = _sort_keys(t_us, mmsi, first, unit, bits)
    if len(key) < 1 << DIGIT:
        key.sort()
    else:
        key = _radix_sort(key, bits, width)
    return _places(key, bits, obs_id)


def take_settled(order: Order) -> Observations | None:
    """Remove from `order.pending` everything before its floor, in canonical order."""
    settled: list[Observations] = []
    left: list[Observations] = []
    for rows in order.pending:
        before, after = _split(rows, order.floor_us)
        if before is not None:
            settled.append(before)
        if after is not None:
            left.append(after)
    order.pending = left
    return in_order(Observations.concat(settled)) if settled else None


def _split(rows: Observations, floor_us: int) -> tuple[Observations | None, Observations | None]:
    """Rows before `floor_us` and the others; None where there are none."""
    span = rows.span_us()
    if span is None:
        return None, None
    if span[0] >= floor_us:
        return None, rows
    if span[1] < floor_us:
        return rows, None
    parts = (rows.positions, rows.statics, rows.texts)
    masks = [p.t_us < floor_us for p in parts]
    return (
        Observations(*(p.take(m) for p, m in zip(parts, masks, strict=True))),
        Observations(*(p.take(~m) for p, m in zip(parts, masks, strict=True))),
    )


def in_order(rows: Observations) -> Observations:
    """`rows` in canonical order."""
    parts = []
    for part in (rows.positions, rows.statics, rows.texts):
        index = canonical_order(part.t_us, part.mmsi, part.obs_id)
        parts.append(part.take(index))
    return Observations(*parts)


def cut(rows: Observations, width_us: int = SLICE_US) -> Iterator[tuple[int, Observations]]:
    """(start of slice, its rows) for every slice that holds anything; `rows` in order."""
    parts = (rows.positions, rows.statics, rows.texts)
    times = (rows.positions.t_us, rows.statics.t_us, rows.texts.t_us)
    begin = [0, 0, 0]
    while True:
        heads = [t_us[a] for t_us, a in zip(times, begin, strict=True) if a < len(t_us)]
        if not heads:
            return
        low = int(min(heads)) // width_us * width_us
        end = [int(np.searchsorted(t_us, low + width_us)) for t_us in times]
        picked = (p.take(slice(a, b)) for p, a, b in zip(parts, begin, end, strict=True))
        yield low, Observations(*picked)
        begin = end
