"""Times, boxes and cursors of query strings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from littoral.api.params import (
    decode_cursor,
    encode_cursor,
    in_box,
    parse_box,
    parse_instant_us,
)
from littoral.api.problems import ProblemError
from littoral.api.wire import iso, iso_many

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        # By hand: 2026-11-24T07:40:03Z is 1,795,506,003 s after 1970 (date -u +%s).
        ("2026-11-24T07:40:03Z", 1_795_506_003_000_000),
        ("2026-11-24T07:40:03.12Z", 1_795_506_003_120_000),
        ("2026-11-24T15:40:03+08:00", 1_795_506_003_000_000),
        ("2026-11-24T15:40:03 08:00", 1_795_506_003_000_000),  # + of a query string not escaped
        ("2026-11-24t07:40:03.1234569z", 1_795_506_003_123_456),
        ("2026-11-24T07:40Z", 1_795_506_000_000_000),
        ("1969-12-31T23:59:59.5Z", -500_000),
    ],
)
def test_instants(written: str, expected: int) -> None:
    assert parse_instant_us(written) == expected


@pytest.mark.parametrize(
    "written",
    ["", "now", "2026-11-24", "2026-11-24T07:40:03", "2026-02-30T00:00:00Z", "20261124T074003Z",
     "2026-11-24T25:00:00Z", "2026-11-24T07:40:03+99:00", "٢٠٢٦-11-24T07:40:03Z", "1795506003", 5],
)  # fmt: skip
def test_what_is_no_instant(written: object) -> None:
    with pytest.raises(ValueError, match="time"):
        parse_instant_us(written)


@given(
    st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)),
    st.integers(-14 * 60, 14 * 60),
)
def test_instants_agree_with_the_library(when: datetime, offset_minutes: int) -> None:
    zoned = when.replace(tzinfo=timezone(timedelta(minutes=offset_minutes)))
    expected = (zoned - EPOCH) // timedelta(microseconds=1)
    assert parse_instant_us(zoned.isoformat(timespec="microseconds")) == expected


@given(st.integers(-(10**15), 4 * 10**15))
def test_iso_goes_there_and_back_to_the_millisecond(us: int) -> None:
    assert parse_instant_us(iso(us)) == us // 1000 * 1000
    assert iso_many(np.array([us])) == [iso(us)]


@pytest.mark.parametrize(
    "written", ["", "1,2,3", "1,2,3,4,5", "a,b,c,d", "nan,0,1,1", "0,10,1,5", "-181,0,0,1"]
)
def test_what_is_no_box(written: str) -> None:
    with pytest.raises(ValueError, match="must"):
        parse_box(written)


def test_box_across_the_antimeridian() -> None:
    box = parse_box("170,-10,-170,10")
    lon = np.array([175.0, -175.0, 0.0, 175.0])
    lat = np.array([0.0, 0.0, 0.0, 20.0])
    assert in_box(box, lon, lat).tolist() == [True, True, False, False]


@given(st.integers(), st.text(max_size=40))
def test_cursors_go_there_and_back(number: int, word: str) -> None:
    number %= 2**63
    word = word.encode("utf-8", "ignore").decode()
    assert decode_cursor(encode_cursor(number, word), int, str) == (number, word)


@pytest.mark.parametrize("cursor", ["", "!!", "é", "bm8", encode_cursor("a"), encode_cursor(1, 2)])
def test_a_foreign_cursor_is_a_problem_of_its_field(cursor: str) -> None:
    with pytest.raises(ProblemError) as caught:
        decode_cursor(cursor, int)
    assert caught.value.status == 400
    assert list(caught.value.errors) == ["cursor"]
