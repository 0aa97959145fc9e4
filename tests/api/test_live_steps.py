"""Steps and messages that clients share: each gets exactly what it would get alone."""

from __future__ import annotations

import asyncio
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode

from littoral.api.fleet_rows import states, vessel_rows
from littoral.api.live import framing
from littoral.api.live.changes import NOTHING, Seen, changes, frame_of
from littoral.api.live.feed import Feed
from littoral.api.live.steps import MOST_STEPS, VESSELS_A_MESSAGE, Steps
from littoral.api.wire import dump
from littoral.engine.fleet_view import FleetView, empty_view, next_view

from .fleets import MINUTE_US, NOW_US, fleet_of, large_fleet
from .test_live_changes import VESSEL


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536, 70_000])
def test_framed_as_a_library_frames_it(size: int) -> None:
    payload = b"x" * size
    for ours, opcode in ((framing.text, Opcode.TEXT), (framing.binary, Opcode.BINARY)):
        assert ours(payload) == Frame(opcode, payload).serialize(mask=False)


class Alone:
    """A client for whom everything is made anew."""

    def __init__(self) -> None:
        self.seen = Seen()

    def read(self, view: FleetView) -> list[bytes]:
        new, self.seen = changes(self.seen, view, states(view))
        pieces = [
            new.introduce[at : at + VESSELS_A_MESSAGE]
            for at in range(0, len(new.introduce), VESSELS_A_MESSAGE)
        ]
        said = [dump({"type": "vessels", "rows": vessel_rows(view.fleet, p)}) for p in pieces]
        return [*map(framing.text, said), framing.binary(frame_of(view, new))]


class Sharing:
    def __init__(self, steps: Steps) -> None:
        self.steps = steps
        self.seen = NOTHING

    async def read(self, view: FleetView) -> list[bytes]:
        step = self.steps.step(self.seen, view, states(view))
        said = [await step.vessels(piece) for piece in range(step.pieces)]
        self.seen = step.after
        return [*said, step.frame()]


CLIENTS = 4


@settings(max_examples=100)
@given(
    st.lists(
        st.tuples(
            st.lists(VESSEL, max_size=5),
            st.integers(0, 30),
            st.booleans(),  # numbered anew
            st.lists(st.integers(0, CLIENTS - 1), max_size=6),  # who reads the picture, in order
        ),
        min_size=1,
        max_size=8,
    )
)
def test_who_shares_gets_what_one_alone_would(pictures: list[Any]) -> None:
    async def run() -> None:
        steps, view, generation = Steps(), empty_view(), 0
        alone, sharing = (
            [Alone() for _ in range(CLIENTS)],
            [Sharing(steps) for _ in range(CLIENTS)],
        )
        for number, (vessels, minutes, renumbered, readers) in enumerate(pictures):
            stamped = [{**v, "positions": number * 10 + v["last_obs_id"]} for v in vessels]
            generation += renumbered
            at_us = NOW_US + minutes * MINUTE_US
            view = next_view(view, fleet_of(*stamped), at_us, generation=generation)
            for reader in readers:
                assert await sharing[reader].read(view) == alone[reader].read(view)
        for reader in range(CLIENTS):
            assert await sharing[reader].read(view) == alone[reader].read(view)
            np.testing.assert_array_equal(sharing[reader].seen.state, alone[reader].seen.state)
        # Whoever has seen the same picture is of one group from now on.
        assert len({client.seen for client in sharing}) == 1

    asyncio.run(run())


def test_each_message_is_made_once_for_all_of_a_group() -> None:
    async def run() -> None:
        view = next_view(empty_view(), large_fleet(2 * VESSELS_A_MESSAGE + 1), NOW_US)
        steps = Steps()
        clients = [Sharing(steps) for _ in range(50)]
        got = await asyncio.gather(*(client.read(view) for client in clients))
        assert [len(said) for said in got] == [4] * 50
        for part in range(4):
            assert len({id(said[part]) for said in got}) == 1

    asyncio.run(run())


def test_a_client_that_leaves_does_not_take_the_message_from_the_others() -> None:
    async def run() -> None:
        view = next_view(empty_view(), large_fleet(VESSELS_A_MESSAGE), NOW_US)
        steps = Steps()
        leaving = asyncio.create_task(Sharing(steps).read(view))
        staying = asyncio.create_task(Sharing(steps).read(view))
        await asyncio.sleep(0)  # both wait for the same message
        leaving.cancel()
        assert (await staying)[0] == Alone().read(view)[0]

    asyncio.run(run())


def test_what_is_kept_of_a_picture_is_bounded() -> None:
    steps, view = Steps(), next_view(empty_view(), fleet_of({}, {}), NOW_US)
    late = [Seen(0, 0, np.zeros(n % 3, np.uint8)) for n in range(3 * MOST_STEPS)]
    for seen in [*late, *late]:
        new, _ = changes(seen, view, states(view))
        assert steps.step(seen, view, states(view)).frame() == framing.binary(frame_of(view, new))
    assert len(steps._made) == MOST_STEPS


@given(
    st.lists(st.integers(1, 40), unique=True).map(sorted),
    st.lists(st.integers(0, 40), max_size=5).map(sorted),
    st.lists(st.integers(0, 40), min_size=1, max_size=20),
    st.integers(1, 7),
    st.integers(1, 9),
)
def test_rows_of_a_feed_come_once_to_each_whoever_read_before(
    numbers: list[int], cuts: list[int], starts: list[int], limit: int, tail: int
) -> None:
    """Clients that begin at different numbers of change, some in the middle of it."""
    stored: list[tuple[int, bytes]] = []

    def read(seq: int, most: int) -> list[tuple[int, bytes]]:
        return [row for row in stored if row[0] > seq][:most]

    async def run() -> None:
        feed = Feed("tasks", read, 0, tail, limit)
        seqs = list(starts)
        got: list[list[int]] = [[] for _ in starts]
        for newest in [*cuts, 40]:
            stored[:] = [(n, b"%d" % n) for n in numbers if n <= newest]
            await feed.catch_up(newest)
            for client, _ in enumerate(seqs):
                while seqs[client] < feed.seq:
                    seqs[client], message = await feed.message(seqs[client])
                    if message is not None:
                        said = orjson.loads(message[message.index(b"{") :])
                        assert (said["type"], said["seq"]) == ("tasks", seqs[client])
                        got[client] += said["rows"]
        assert got == [[n for n in numbers if n > start] for start in starts]

    asyncio.run(run())
