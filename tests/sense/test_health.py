"""Receivers that fall silent, by event time alone."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from littoral.schema.ais import Observations, Positions, Statics, Texts
from littoral.schema.batch import SLICE_US, Outage
from littoral.schema.state import clone, pack, unpack
from littoral.sense.health import DEFAULT, HealthSettings, start, step

SECOND_US = 1_000_000
T0_US = 1_700_000_010 // 30 * 30 * SECOND_US


def heard(station: int, times_s) -> Observations:
    times = np.asarray(times_s, np.float64)
    p = Positions.empty(len(times))
    p.t_us[:] = T0_US + np.rint(times * SECOND_US).astype(np.int64)
    p.station[:] = station
    return Observations(p, Statics.empty(), Texts.empty())


def run(
    parts: list[Observations],
    to_s: float,
    s: HealthSettings = DEFAULT,
    planned: tuple[Outage, ...] = (),
    names: tuple[str, ...] = ("alpha", "bravo"),
):
    """Slice by slice: [(seconds at the end of the slice, outages, ages)]."""
    o = Observations.concat(parts)
    state, told = start(), []
    for k in range(int(to_s // 30)):
        a, b = T0_US + k * SLICE_US, T0_US + (k + 1) * SLICE_US
        p = o.positions.take((o.positions.t_us >= a) & (o.positions.t_us < b))
        piece = Observations(p.take(np.argsort(p.t_us, kind="stable")), o.statics, o.texts)
        state, outages, ages = step(state, piece, a, b, planned, names, s)
        told.append(((k + 1) * 30, outages, ages))
    return state, told


def spans(outages) -> list[tuple]:
    """(receiver, start, end) in seconds."""
    return [
        (o.name, (o.start_us - T0_US) / SECOND_US, o.end_us and (o.end_us - T0_US) / SECOND_US)
        for o in outages
    ]


def first_told(told) -> float | None:
    return next((t for t, outages, _ in told if outages), None)


def test_silence_begins_with_the_last_and_ends_with_the_first_thing_heard():
    parts = [heard(0, np.arange(0.5, 300, 1.0)), heard(0, np.arange(700.25, 900, 1.0))]
    _, told = run(parts, 900)
    assert first_told(told) == 420  # 299.5 s + 120 s, at the end of the slice
    assert spans(told[13][1]) == [("alpha", 299.5, None)]
    assert spans(told[-1][1]) == [("alpha", 299.5, 700.25)]
    assert [t for t, o, _ in told if spans(o)[-1:] == [("alpha", 299.5, None)]] == list(
        range(420, 720, 30)
    )


def test_the_other_receiver_is_not_touched():
    _, told = run([heard(0, np.arange(0, 300, 1.0)), heard(1, np.arange(0, 900, 2.0))], 900)
    assert {name for _, o, _ in told for name, *_ in spans(o)} == {"alpha"}


def test_static_data_and_texts_are_signs_of_life_too():
    o = heard(0, np.arange(0, 300, 1.0))
    statics, texts = Statics.empty(10), Texts.empty(10)
    statics.t_us[:] = T0_US + np.arange(300, 700, 40) * SECOND_US
    texts.t_us[:] = T0_US + np.arange(700, 1100, 40) * SECOND_US
    state = start()
    for a in range(0, 1110, 30):
        lo, hi = T0_US + a * SECOND_US, T0_US + (a + 30) * SECOND_US

        def part(rows, lo=lo, hi=hi):
            return rows.take((rows.t_us >= lo) & (rows.t_us < hi))

        piece = Observations(part(o.positions), part(statics), part(texts))
        state, outages, _ = step(state, piece, lo, hi)
        assert outages == ()


def test_a_rarely_heard_receiver_is_given_its_own_time():
    # One report a minute: 20 means are 20 minutes.
    parts = [heard(0, np.arange(0, 7200, 60.0))]
    _, told = run(parts, 9600)
    assert 7140 + 1200 - 30 <= first_told(told) <= 7140 + 1230


def test_a_receiver_heard_a_handful_of_times_is_not_judged():
    assert first_told(run([heard(0, np.arange(19) * 1.0)], 3600)[1]) is None
    assert first_told(run([heard(0, np.arange(20) * 1.0)], 3600)[1]) is not None


def test_long_silent_steps_find_it_too_and_so_does_a_silence_between_two_looks():
    state = start()
    state, *_ = step(state, heard(0, np.arange(0, 30, 0.5)), T0_US, T0_US + SLICE_US)
    hour = T0_US + 3600 * SECOND_US
    state, outages, ages = step(clone(state), Observations.empty(), T0_US + SLICE_US, hour)
    assert spans(outages) == [("receiver 0", 29.5, None)]
    assert ages.tolist() == [3570.5]
    fresh, *_ = step(start(), heard(0, np.arange(0, 30, 0.5)), T0_US, T0_US + SLICE_US)
    _, outages, _ = step(fresh, heard(0, [200.0]), T0_US + SLICE_US, T0_US + 210 * SECOND_US)
    assert spans(outages) == [("receiver 0", 29.5, 200.0)]


def test_ages_are_of_the_last_message_and_nan_where_nothing_came():
    _, told = run([heard(1, [1.0, 2.0, 5.0])], 60)
    assert told[0][2].tolist()[1:] == [25.0]
    assert np.isnan(told[0][2][0])
    assert told[1][2][1] == 55.0


def test_an_outage_does_not_teach_a_longer_interval():
    parts = [heard(0, np.arange(0, 600, 1.0)), heard(0, np.arange(8000, 8600, 1.0))]
    state, _ = run(parts, 9000)
    mean_s = state.recent_s[0] / state.recent_messages[0]
    assert 0.99 < mean_s < 1.01


def test_planned_outages_come_along_while_they_touch_the_last_two_days():
    day = 86_400 * SECOND_US
    planned = tuple(
        Outage(1, "bravo", T0_US + a, T0_US + b, planned=False, reason=r)
        for a, b, r in ((-3 * day, -2 * day - 1, "old"), (-day, -day + 1, "past"), (day, day, "to"))
    )
    _, outages, _ = step(start(), Observations.empty(), T0_US, T0_US + 1, planned, ("a", "b"))
    assert [(o.reason, o.planned) for o in outages] == [("past", True)]


def test_a_found_outage_is_forgotten_after_two_days():
    for days, count in ((1.9, 1), (2.1, 0)):
        end = days * 86_400 + 600
        state, _ = run([heard(0, np.arange(0, 30, 0.5)), heard(0, np.arange(600, 630, 0.5))], 630)
        until = T0_US + round(end * SECOND_US)
        state.silent_since_us[:] = -(2**62)
        _, outages, _ = step(state, heard(0, [end - 1]), until - SLICE_US, until)
        assert len([o for o in outages if o.start_us == T0_US + 29_500_000]) == count


# field, case(factor) -> told?  No at 0.9, yes at 1.1 of the limit.
def least_silence(s, f):
    state = start()
    state, *_ = step(state, heard(0, np.arange(0, 30, 0.5)), T0_US, T0_US + SLICE_US, settings=s)
    until = T0_US + round((29.5 + f * 120.0) * SECOND_US)
    return bool(step(state, Observations.empty(), T0_US + SLICE_US, until, settings=s)[1])


def silence_means(s, f):
    state, _ = run([heard(0, np.arange(0, 7200, 60.0))], 7200, s)
    mean_s = state.recent_s[0] / state.recent_messages[0]
    assert 55.0 < mean_s < 65.0
    until = T0_US + round((7140 + f * 20.0 * mean_s) * SECOND_US)
    return bool(step(state, Observations.empty(), T0_US + 7200 * SECOND_US, until, settings=s)[1])


def half_life(s, f):
    # The next message comes after f half-lives: 300 * 0.5 ** f of the weight are left, plus one.
    state, *_ = step(start(), heard(0, np.arange(0, 30, 0.1)), T0_US, T0_US + SLICE_US, settings=s)
    after = 29.9 + f * 3600
    until = T0_US + round((after + 1) * SECOND_US)
    once_more = heard(0, [after])
    state.messages[:] = 0  # not judged, so that the wait is no outage
    state, *_ = step(state, once_more, T0_US + SLICE_US, until, settings=s)
    return state.recent_messages[0] < 151.0


def min_messages(s, f):
    n = 18 if f < 1 else 21
    return first_told(run([heard(0, np.arange(n) * 1.0)], 3600, s)[1]) is not None


def keep(s, f):
    state = start()
    state.reserve(1)
    state.ended = [(0, T0_US - SECOND_US, T0_US)]
    until = T0_US + round(f * 2 * 86_400 * SECOND_US)
    return not step(state, Observations.empty(), until - 1, until, settings=s)[1]


CASES = {
    "least_silence_s": least_silence,
    "silence_means": silence_means,
    "half_life_s": half_life,
    "min_messages": min_messages,
    "keep_s": keep,
}


@pytest.mark.parametrize("name", CASES)
def test_both_sides_of_each_limit_and_a_moved_one_is_noticed(name):
    case = CASES[name]
    assert [case(DEFAULT, 0.9), case(DEFAULT, 1.1)] == [False, True]
    for factor in (0.8, 1.25):
        s = replace(
            DEFAULT, **{name: type(getattr(DEFAULT, name))(getattr(DEFAULT, name) * factor)}
        )
        assert [case(s, 0.9), case(s, 1.1)] != [False, True]


def test_every_limit_has_a_case():
    assert {f.name for f in fields(HealthSettings)} == set(CASES)


@given(st.lists(st.floats(0, 2000), min_size=30, max_size=60), st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_arrival_does_not_matter_nor_does_a_checkpoint(times, chance):
    def through(times_s, packed):
        state, out = start(), None
        o = heard(0, times_s)
        for k in range(100):
            a, b = T0_US + k * SLICE_US, T0_US + (k + 1) * SLICE_US
            p = o.positions.take((o.positions.t_us >= a) & (o.positions.t_us < b))
            piece = Observations(p, Statics.empty(), Texts.empty())
            state, out, _ = step(state, piece, a, b)
            if packed and k % 7 == 3:
                state = unpack(pack(state), start())
        return spans(out)

    mixed = list(times)
    chance.shuffle(mixed)
    assert through(sorted(times), False) == through(mixed, True)
