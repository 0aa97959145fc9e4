"""Looking ahead with a memory gives what looking ahead without one gives."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest

from littoral.engine import core, order, slices
from littoral.engine.lookahead import LookAhead, by_slice
from littoral.schema.ais import Observations
from littoral.schema.batch import SLICE_US
from littoral.schema.state import pack
from littoral.sense.ais import AisDecoder
from littoral.sense.decoded import StationList
from tests.laws import scene

PIECES = 640


def arrivals(seed: int, late_us: int) -> Iterator[bytes]:
    """An hour of the night at sea in which something of every kind happens, in pieces, each report
    up to `late_us` late."""
    chance = random.Random(seed)
    sent = [m for m in scene.sent() if m[0] < scene.START_US + 90 * 60_000_000]
    late = sorted(sent, key=lambda m: m[0] + chance.randrange(late_us + 1))
    cuts = [0, *sorted(chance.sample(range(1, len(late)), PIECES)), len(late)]
    for a, b in pairwise(cuts):
        yield b"".join(data for _, data in late[a:b])


# The later reports may come, the more often a pending slice has changed at the next look: the last
# columns say how many slices, and how many beginnings of one, must at least have been remembered.
@pytest.mark.parametrize(
    ("seed", "late_us", "least", "begun"),
    [(1, 0, 40, 40), (2, 20_000_000, 25, 2), (3, 55_000_000, 1, 0)],
)
def test_the_memory_changes_nothing(seed: int, late_us: int, least: int, begun: int) -> None:
    rules, world = core.choose_rules("coastal"), scene.world()
    stations = StationList()
    decoder = AisDecoder(1, stations=stations, default_station="feed")
    state, waiting, ahead = core.start(rules, world), order.Order(), LookAhead()
    remembered = resumed = found_at_all = 0
    for number, piece in enumerate(arrivals(seed, late_us)):
        rows = decoder.feed(piece, scene.START_US).observations
        core.mark_areas(rows.positions, world)
        order.push(waiting, 1, rows)
        world = core.with_stations(world, stations)
        reference = core.Reference(rules, world)
        settled = slices.take_settled(waiting)
        for one in core.advance(state, settled, waiting.floor_us, reference):
            if reports := sum(map(len, one.observations())):
                ahead.settled(state.until_us, reports)
        if number % 3 == 0:  # several slices may come between two looks
            continue
        now = waiting.event_us + 1
        before = pack(state)
        known, beginning = [seen.after for seen in ahead._seen], ahead._begun
        after, found = ahead.run(state, waiting, now, reference)
        fresh, expected = LookAhead().run(state, waiting, now, reference)
        assert found == expected
        assert pack(after) == pack(fresh)
        assert pack(state) == before
        remembered += sum(a is b.after for a, b in zip(known, ahead._seen, strict=False))
        resumed += beginning is not None and beginning is ahead._begun
        found_at_all += len(found)
    assert found_at_all > 20
    assert remembered >= least
    assert resumed >= begun


def test_a_fence_drawn_meanwhile_is_looked_at_anew() -> None:
    rules, world = core.choose_rules("coastal", ["distress"]), scene.world()
    waiting, ahead = order.Order(), LookAhead()
    decoder = AisDecoder(1, stations=StationList(), default_station="feed")
    (whole,) = [b"".join(data for _, data in scene.sent()[:400])]
    order.push(waiting, 1, decoder.feed(whole, scene.START_US).observations)
    now = waiting.event_us + 1
    state = core.start(rules, world)
    ahead.run(state, waiting, now, core.Reference(rules, world))
    first = [seen.after for seen in ahead._seen]
    ahead.run(state, waiting, now, core.Reference(rules, world))
    assert len(first) > 1
    assert [seen.after is one for seen, one in zip(ahead._seen, first, strict=True)] == [
        True for _ in first
    ]
    other = core.with_stations(world, StationList(["new"]))
    ahead.run(state, waiting, now, core.Reference(rules, other))
    assert not any(seen.after is one for seen, one in zip(ahead._seen, first, strict=True))


def test_pending_reports_become_one_piece_a_slice() -> None:
    decoder = AisDecoder(1, stations=StationList(), default_station="feed")
    waiting = order.Order()
    for _, data in scene.sent()[:600]:
        order.push(waiting, 1, decoder.feed(data, scene.START_US).observations)
    settled = slices.take_settled(waiting)
    everything = slices.in_order(Observations.concat(waiting.pending))
    pieces = by_slice(waiting)
    starts = [start for start, _ in pieces]
    assert starts == sorted(set(starts))
    assert len(starts) > 1
    for start, rows in pieces:
        assert np.all(rows.positions.t_us // SLICE_US * SLICE_US == start)
    again = slices.in_order(Observations.concat([rows for _, rows in pieces]))
    assert np.array_equal(again.positions.obs_id, everything.positions.obs_id)
    assert len(again) == len(everything)
    assert [rows for _, rows in by_slice(waiting)] == waiting.pending
    assert settled is not None
