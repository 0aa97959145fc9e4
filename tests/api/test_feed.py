"""A feed of the live stream gives every row after a number of change, however it was read."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from littoral.api.live import feed
from littoral.api.live.feed import Feed


def rows_of(numbers: Sequence[int]) -> list[tuple[int, bytes]]:
    return [(n, b"%d" % n) for n in numbers]


@given(
    # Numbers of change of which some are not for those who read this feed.
    st.lists(st.integers(1, 60), unique=True).map(sorted),
    st.lists(st.integers(0, 60), max_size=5).map(sorted),
    st.integers(0, 60),
    st.integers(1, 7),
    st.integers(1, 9),
)
def test_every_row_once_whatever_the_cuts(
    numbers: list[int], cuts: list[int], after: int, limit: int, tail: int
) -> None:
    stored: list[tuple[int, bytes]] = []

    def read(seq: int, most: int) -> list[tuple[int, bytes]]:
        return [row for row in stored if row[0] > seq][:most]

    async def run() -> list[bytes]:
        subject = Feed("alerts", read, 0, tail, limit)
        for newest in [*cuts, 60]:
            stored[:] = rows_of([n for n in numbers if n <= newest])
            await subject.catch_up(newest)
            assert subject.seq == newest
        got, seq = [], after
        while seq < subject.seq:
            before = seq
            seq, new = await subject.after(seq)
            assert seq > before
            got += new
        return got

    assert asyncio.run(run()) == [text for n, text in rows_of(numbers) if n > after]


def test_what_is_new_is_read_once_for_all() -> None:
    asked = []

    def read(seq: int, most: int) -> list[tuple[int, bytes]]:
        asked.append(seq)
        return rows_of(range(seq + 1, 4))

    async def run() -> None:
        subject = Feed("alerts", read, 0)
        assert await subject.catch_up()
        for _ in range(100):
            assert await subject.after(1) == (3, [b"2", b"3"])
        assert not await subject.catch_up()

    asyncio.run(run())
    assert asked == [0, 3]
    assert feed.TAIL >= 3
