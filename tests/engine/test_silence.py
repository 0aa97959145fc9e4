"""How silence is walked through: finely while timers may fire, cheaply over decades."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

from littoral.engine.core import next_quiet_us
from littoral.schema.batch import SLICE_US

SECOND_US = 1_000_000


def us(*date: int) -> int:
    return int(datetime(*date, tzinfo=UTC).timestamp()) * SECOND_US


def walk(from_us: int, to_us: int) -> list[int]:
    """The ends of the empty slices after `from_us` that are not beyond `to_us`."""
    ends: list[int] = []
    at_us = from_us
    while (at_us := next_quiet_us(at_us, len(ends))) <= to_us:
        ends.append(at_us)
    return ends


def test_a_week_is_walked_by_slices_then_ten_minutes_then_hours():
    start = us(2024, 3, 1, 10)
    ends = walk(start, start + 7 * 86_400 * SECOND_US)
    steps_s = [(b - a) // SECOND_US for a, b in pairwise([start, *ends])]
    # Eight slices to 10:04, to the next tenth minute, each tenth to 16:00, then each hour.
    assert SLICE_US == 30 * SECOND_US
    assert steps_s == [30] * 8 + [360] + [600] * 35 + [3_600] * (7 * 24 - 6)


def test_decades_cost_little_more_than_a_thousand_steps():
    """A line without a time stands at 1970; a receiver's clock may be at 2036."""
    ends = walk(us(1970, 1, 1), us(2036, 2, 7))
    assert 1_000 < len(ends) < 1_100
    assert ends == sorted(set(ends))
    assert us(2036, 2, 7) - ends[-1] < 30 * 86_400 * SECOND_US
