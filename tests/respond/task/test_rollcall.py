"""Times worked out by hand: asked every 20 minutes, late 5 minutes after."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from littoral.respond.task.rollcall import MINUTE_US, Asked, RollCall, answered, asked

CALL = RollCall(20 * MINUTE_US, 5 * MINUTE_US, begun_us=0)


@pytest.mark.parametrize(
    ("minutes", "is_asking", "rung"),
    [(0, False, 0), (19.9, False, 0), (20, True, 0), (24.9, True, 0), (25, True, 1),
     (29.9, True, 1), (30, True, 2), (35, True, 3), (500, True, 3)],
)  # fmt: skip
def test_silence_goes_up_a_tier_after_each_further_time(
    minutes: float, is_asking: bool, rung: int
) -> None:
    found = asked(CALL, int(minutes * MINUTE_US), tiers_above=3)
    assert found == Asked(20 * MINUTE_US, 25 * MINUTE_US, is_asking, rung)


def test_an_answer_begins_the_time_anew() -> None:
    heard = answered(CALL, 22 * MINUTE_US, help=False)
    assert asked(heard, 26 * MINUTE_US, 3) == Asked(42 * MINUTE_US, 47 * MINUTE_US, False, 0)


def test_an_answer_that_comes_late_takes_back_no_newer_one() -> None:
    """From a phone that was out of reach: the answer of minute 21 after that of minute 40."""
    heard = answered(answered(CALL, 40 * MINUTE_US, help=True), 21 * MINUTE_US, help=False)
    assert (heard.answered_us, heard.help) == (40 * MINUTE_US, True)


def test_a_late_call_for_help_is_not_lost() -> None:
    heard = answered(answered(CALL, 40 * MINUTE_US, help=False), 21 * MINUTE_US, help=True)
    assert (heard.answered_us, heard.help) == (40 * MINUTE_US, True)
    assert asked(heard, 40 * MINUTE_US, 3).rung == 3
    well = answered(heard, 41 * MINUTE_US, help=False)
    assert asked(well, 41 * MINUTE_US, 3).rung == 0


@given(st.lists(st.integers(0, 10**10), max_size=6), st.integers(0, 2 * 10**10), st.integers(1, 6))
def test_the_order_of_answers_and_of_asking_does_not_matter(
    answers: list[int], now_us: int, tiers: int
) -> None:
    call = CALL
    for at_us in answers:
        call = answered(call, at_us, help=False)
    back = CALL
    for at_us in reversed(answers):
        back = answered(back, at_us, help=False)
    assert back == call
    found, later = asked(call, now_us, tiers), asked(call, now_us + MINUTE_US, tiers)
    assert 0 <= found.rung <= later.rung <= tiers
    assert (found.rung > 0) == (now_us >= found.late_us)


def test_no_roll_is_called_every_second() -> None:
    for every_us, within_us in ((1, MINUTE_US), (MINUTE_US, 25 * 60 * MINUTE_US)):
        with pytest.raises(ValueError, match="from a minute to a day"):
            RollCall(every_us, within_us, 0)
