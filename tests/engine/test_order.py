"""Watermark, lateness and slices: what docs/life-of-an-alert.md promises, on hand-made streams."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from littoral.engine import order as o
from littoral.engine.slices import canonical_order, cut, take_settled
from littoral.schema.ais import FLAG_LATE, FLAG_TIME_OFF, Observations, Positions, Statics, Texts
from littoral.schema.batch import SLICE_US

T0 = 1_700_000_010_000_000  # a multiple of 30 s
S = 1_000_000


def rows(times_s, mmsis=None, first_line=1, source=1) -> Observations:
    n = len(times_s)
    p = Positions.empty(n)
    p.t_us[:] = T0 + (np.asarray(times_s, float) * S).astype(np.int64)
    p.mmsi[:] = mmsis if mmsis is not None else 412000001
    p.obs_id[:] = (source << 40) + first_line + np.arange(n)
    return Observations(p, Statics.empty(), Texts.empty())


def test_origin_is_the_start_of_a_slice():
    assert T0 % SLICE_US == 0


def settle_all(stream: Observations, cuts: list[int]):
    """Feed one source in pieces; gives the settled rows' ids in order, and those left out."""
    state = o.Order()
    settled, out = [], []
    edges = [0, *sorted(cuts), len(stream.positions)]
    for a, b in pairwise(edges):
        piece = Observations(stream.positions.take(slice(a, b)), Statics.empty(), Texts.empty())
        left = o.push(state, 1, piece)
        if left is not None:
            out += list(zip(left.positions.obs_id, left.positions.flags, strict=True))
        done = take_settled(state)
        if done is not None:
            settled += [(s, tuple(r.positions.obs_id)) for s, r in cut(done)]
    o.end_source(state, 1)
    state.floor_us = 1 << 61
    done = take_settled(state)
    if done is not None:
        settled += [(s, tuple(r.positions.obs_id)) for s, r in cut(done)]
    return settled, sorted(out)


def test_a_late_row_is_flagged_and_the_rest_is_settled_in_order():
    # By hand: after t = 200 s the watermark is 140 s, the floor 120 s; 119 s is late, 121 is not.
    stream = rows([0, 100, 200, 119, 121, 150])
    settled, out = settle_all(stream, [])
    assert [(int(i) & 0xFF, int(f)) for i, f in out] == [(4, FLAG_LATE)]
    assert [tuple(i & 0xFF for i in ids) for _, ids in settled] == [(1,), (2,), (5,), (6,), (3,)]


def test_one_wrong_clock_does_not_move_the_watermark():
    stream = rows([0, 10, 90_000, 20, 30, 100], [1, 2, 3, 4, 5, 6])
    settled, out = settle_all(stream, [])
    assert [(int(i) & 0xFF, int(f)) for i, f in out] == [(3, FLAG_TIME_OFF)]
    assert sum(len(ids) for _, ids in settled) == 5


def test_a_pause_in_the_recording_is_believed_when_two_vessels_agree():
    stream = rows([0, 10, 90_000, 90_001, 90_002], [1, 2, 3, 4, 5])
    settled, out = settle_all(stream, [])
    assert out == []
    assert sum(len(ids) for _, ids in settled) == 5


def test_sparse_reports_of_a_single_vessel_are_all_used():
    stream = rows([i * 3600 for i in range(12)])
    settled, out = settle_all(stream, [3, 4, 9])
    assert out == []
    assert [ids[0] & 0xFF for _, ids in settled] == list(range(1, 13))


@settings(max_examples=200, deadline=None)
@given(
    times=st.lists(
        st.one_of(st.integers(0, 400), st.integers(0, 400), st.sampled_from([5_000, 100_000])),
        min_size=1,
        max_size=60,
    ),
    data=st.data(),
)
def test_the_cut_does_not_matter(times, data):
    mmsis = data.draw(st.lists(st.integers(1, 4), min_size=len(times), max_size=len(times)))
    cuts = data.draw(st.lists(st.integers(0, len(times)), max_size=8))
    stream = rows(times, mmsis)
    whole = settle_all(stream, [])
    assert settle_all(rows(times, mmsis), cuts) == whole
    assert settle_all(rows(times, mmsis), list(range(len(times)))) == whole
    kept = [i for _, ids in whole[0] for i in ids]
    assert sorted(kept + [i for i, _ in whole[1]]) == sorted(stream.positions.obs_id)


def test_silent_source_does_not_hold_the_others_back():
    state = o.Order()
    o.push(state, 1, rows([0], source=1))
    o.push(state, 2, rows([0, 60, 119], source=2))
    assert state.floor_us < T0
    o.push(state, 2, rows([190], source=2, first_line=4))
    # source 1 lags by 190 s, more than 120 s: floor = (190 - 60) rounded down to 120 s
    assert state.floor_us == T0 + 120 * S


def test_tick_moves_time_on_when_all_are_silent():
    state = o.Order()
    o.push(state, 1, rows([0, 5]))
    o.tick(state, T0 + 100 * S)
    assert state.floor_us < T0  # the source is not silent yet
    o.tick(state, T0 + 400 * S)
    assert state.floor_us == T0 + 330 * S


@given(
    st.integers(0, 2**32),
    st.sampled_from([200, 9_000]),
    st.sampled_from([S, 1_000, 1]),
    st.sampled_from([20, 1_000_000, 10**12]),
    st.sampled_from([5, 1 << 30]),
)
@settings(max_examples=60, deadline=None)
def test_canonical_order_is_lexsort(seed, most, unit_us, span, mmsis):
    """NumPy's lexsort is the reference: few and many rows, fine and coarse times, long spans."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(most // 2, most))
    t = rng.integers(0, span, n) * unit_us + T0
    mmsi = rng.integers(0, mmsis, n).astype(np.int32)
    obs = rng.permutation(n).astype(np.int64)
    assert list(canonical_order(t, mmsi, obs)) == list(np.lexsort((obs, mmsi, t)))


def received(stream: Observations, at_s: int) -> Observations:
    stream.positions.received_us[:] = T0 + at_s * S
    return stream


@pytest.mark.parametrize("ahead_s", [2 * 3600, 20 * 365 * 86400])
def test_a_new_source_of_a_wrong_clock_does_not_blind_the_watch(ahead_s):
    """A receiver set to local time, or to nonsense, beside one that delivers: by hand, the good
    one's reports at 0..300 s are all used, the other's twelve are not."""
    state = o.Order()
    assert o.push(state, 1, received(rows([0, 10]), 0)) is None
    bad = rows([ahead_s + k for k in range(12)], range(12), source=2)
    out = o.push(state, 2, received(bad, 15))
    assert out is not None
    assert (out.positions.flags & FLAG_TIME_OFF != 0).sum() == 12
    assert o.push(state, 1, received(rows([20, 300], first_line=3), 20)) is None
    assert o.end_source(state, 2) is None
    assert state.event_us == T0 + 300 * S


def test_a_first_report_far_ahead_that_nobody_bears_out_goes_with_its_source():
    state = o.Order()
    o.push(state, 1, received(rows([0, 10]), 0))
    assert o.push(state, 2, received(rows([1800], source=2), 15)) is None
    off = o.end_source(state, 2)
    assert off is not None
    assert list(off.positions.flags & FLAG_TIME_OFF) == [FLAG_TIME_OFF]
    assert state.event_us == T0 + 10 * S


def test_after_a_silence_of_all_a_source_that_agrees_with_itself_is_believed():
    state = o.Order()
    o.push(state, 1, received(rows([0, 10]), 0))
    later = rows([7200, 7201], [1, 2], source=2)
    assert o.push(state, 2, received(later, 7200)) is None
    assert state.event_us == T0 + 7201 * S
