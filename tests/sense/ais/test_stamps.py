"""Times round a sentence: the compiled reading and the plain one, written apart, agree."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit

from littoral.sense.ais.messages import decode_lines
from littoral.sense.ais.messages.stamps import any_s
from littoral.sense.ais.times import NO_TIME, any_time_us
from littoral.sense.ais.wide import PAD, pointer
from tests.sense.ais.helpers import decode, message, sentences


@njit
def compiled(text: np.ndarray, end: int) -> int:
    return any_time_us(pointer(text), 0, end)


def both(text: bytes) -> tuple[float | None, float | None]:
    us = compiled(np.frombuffer(text + bytes(PAD), np.uint8), len(text))
    return (None if us == NO_TIME else us / 1e6), any_s(text)


# 2026-01-01 is day 20,454 since 1970: 56 years of 365 days and 14 leap days.
NEW_YEAR_S = 20_454 * 86_400


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (b"1767225600", NEW_YEAR_S),
        (b"1767225600.25 ", NEW_YEAR_S + 0.25),
        (b"1767225600250", NEW_YEAR_S + 0.25),
        (b"1767225600250000", NEW_YEAR_S + 0.25),
        (b"1767225600250000000:", NEW_YEAR_S + 0.25),
        (b"2026-01-01T00:00:00Z", NEW_YEAR_S),
        (b"[2026/01/01 00:00:00] ", NEW_YEAR_S),
        (b"20260101T000000.5", NEW_YEAR_S + 0.5),
        (b"2026-01-01 08:00:00 +08:00,", NEW_YEAR_S),
        (b"2025.12.31_22:30:00-0130", NEW_YEAR_S),
        (b"2026-01-01,00:00:00,75 UTC", NEW_YEAR_S + 0.75),
        (b"2026-01/01T00:00:00", None),
        (b"2026-13-01T00:00:00", None),
        (b"2026-01-01T24:00:00", None),
        (b"1979-12-31T23:59:59Z", None),
        (b"12345678", None),
        (b"", None),
        (b"port 4001", None),
    ],
)
def test_known_forms(text, seconds):
    if seconds is None:
        assert both(text) == (None, None)
    else:
        assert both(text) == pytest.approx((seconds, seconds), abs=1e-6)


PIECES = st.sampled_from([
    b"2026", b"1980", b"2199", b"0000", b"01", b"12", b"31", b"60", b"-", b"/", b".", b"T", b" ",
    b"_", b",", b":", b"Z", b"UTC", b"GMT", b"+08", b"-", b"30", b"1767225600", b"0", b"[", b"]",
])  # fmt: skip
DATES = st.builds(
    lambda y, a, mo, d, t, h, c, mi, s, end, zone: (
        f"{y:04}{a}{mo:02}{a}{d:02}{t}{h:02}{c}{mi:02}{c}{s:02}{end}{zone}".encode()
    ),
    st.integers(1975, 2205), st.sampled_from(["", "-", "/", "."]), st.integers(0, 13),
    st.integers(0, 32), st.sampled_from("T _,x"), st.integers(0, 24), st.sampled_from(["", ":"]),
    st.integers(0, 60), st.integers(0, 61), st.sampled_from(["", ".5", ",25", "."]),
    st.sampled_from(["", "Z", " UTC", "+0800", "-03:30", "+8", "+15", " GMT", "X"]),
)  # fmt: skip


@given(st.one_of(DATES, st.lists(PIECES, max_size=14).map(b"".join)))
@settings(max_examples=400, deadline=None)
def test_both_readings_agree(text):
    ours, plain = both(text)
    assert (ours is None) == (plain is None), text
    assert ours is None or abs(ours - plain) < 2e-6, text


@pytest.mark.parametrize(("second", "messages"), [("09", 1), ("11", 0)])
@pytest.mark.parametrize(
    "form", ["2026-01-01T00:00:{} {}", "{1}*,2026-01-01 00:00:{0}", "17672256{} {}"]
)
def test_parts_more_than_ten_seconds_apart_are_not_one_message(form, second, messages):
    first, last = sentences(message(424, {0: (6, 5), 8: (30, 1)}))
    text = "\n".join([form.format("00", first), form.format(second, last)]).replace("*,", ",")
    assert decode(text).counts.messages == messages
    assert len(list(decode_lines([text.encode()]))) == messages
