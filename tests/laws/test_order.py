"""Order within the lateness allowed doesn't matter, nor do repeats; what is later does no harm."""

from __future__ import annotations

import random
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from littoral.engine.order import LATENESS_US
from littoral.schema.ais import FLAG_LATE

from . import scene
from .compare import alert_difference, difference
from .running import ROWS, Outcome, pieces, run

Message = tuple[int, bytes]
# What differs by the way that a report came, not by what it says.
BY_THE_WAY = ("obs_id", "station", "last_obs_id", "static_obs_id", "stations")


def delayed(rng: random.Random, messages: list[Message], most_us: int) -> list[Message]:
    """Messages in an order as if each had been under way for up to `most_us`, exclusive."""
    return sorted(messages, key=lambda m: m[0] + rng.randrange(most_us))


def joined(messages: list[Message]) -> bytes:
    return b"".join(m for _, m in messages)


def outcome(*feeds: list[Message]) -> Outcome:
    with TemporaryDirectory() as folder:
        return run([[joined(feed)] for feed in feeds], Path(folder))


def said(found: Outcome) -> dict[str, dict[str, Any]]:
    """Alerts with the time and sender of each piece of evidence in place of its number: which of
    two receivers' lines stands for a report is a matter of order."""
    place = {}
    for name in ROWS:
        table = found.tables[name]
        for i, t, m in zip(
            *(table[c].to_pylist() for c in ("obs_id", "t_us", "mmsi")), strict=True
        ):
            place[i] = (name, t, m)
    return {
        key: {**a, "evidence": sorted(place[i] for i in a["evidence"])}
        for key, a in found.alerts.items()
    }


def tracks(found: Outcome) -> pa.Table:
    return found.tables["tracks"].drop_columns(
        [c for c in BY_THE_WAY if c in found.tables["tracks"].column_names]
    )


def assert_same(one: Outcome, other: Outcome) -> None:
    assert alert_difference(said(one), said(other)) == []
    assert tracks(one).equals(tracks(other))


@settings(max_examples=2, deadline=None, phases=[Phase.generate])
@given(st.integers(0, 2**32))
def test_any_order_within_the_lateness(clean: Outcome, seed: int) -> None:
    found = outcome(delayed(random.Random(seed), list(scene.sent()), LATENESS_US))
    assert found.report.late == 0
    assert_same(clean, found)
    for name in ROWS:
        assert len(found.tables[name]) == len(clean.tables[name])


@settings(max_examples=2, deadline=None, phases=[Phase.generate])
@given(st.integers(0, 2**32))
def test_repeats_do_not_matter(clean: Outcome, seed: int) -> None:
    rng = random.Random(seed)
    twice = [m for m in scene.sent() if rng.random() < 0.2]
    found = outcome(delayed(rng, [*scene.sent(), *twice], LATENESS_US))
    assert found.report.counts.messages == clean.report.counts.messages + len(twice)
    assert_same(clean, found)


@settings(max_examples=2, deadline=None, phases=[Phase.generate])
@given(st.integers(0, 2**32), st.floats(0.0, 1.0))
def test_two_feeds_that_share_the_traffic(clean: Outcome, seed: int, share: float) -> None:
    """Each message comes by one feed, by the other, or by both."""
    rng = random.Random(seed)
    first, second = [], []
    for message in scene.sent():
        draw = rng.random()
        if draw < share + 0.1:
            first.append(message)
        if draw > share - 0.1:
            second.append(message)
    assert_same(clean, outcome(delayed(rng, first, 30_000_000), delayed(rng, second, 30_000_000)))


def test_what_comes_too_late_goes_to_the_lake_and_changes_nothing_else(clean: Outcome) -> None:
    """Copies of old messages, all of them late, between the others."""
    rng = random.Random(5)
    # Two slices and the lateness later it is certain that the slice of the message is settled, but
    # for the silence of all receivers, in which event time stands still.
    still_us = scene.START_US + 212 * 60_000_000
    delays = (LATENESS_US + 61_000_000, 1_500_000_000)
    copies = [
        (t_us + rng.randrange(*delays), t_us, m)
        for t_us, m in scene.sent()
        if t_us < still_us and rng.random() < 0.1
    ]
    arrived = sorted([*copies, *((t_us, t_us, m) for t_us, m in scene.sent())])
    found = outcome([(t_us, m) for _, t_us, m in arrived])
    assert_same(clean, found)
    late = {n: found.tables[n].num_rows - clean.tables[n].num_rows for n in ROWS}
    assert min(late["observations"], late["statics"]) > 100
    assert found.report.late == sum(late.values()) >= len(copies) > 2_000
    flags = found.tables["observations"]["flags"].to_numpy()
    assert int(((flags & FLAG_LATE) > 0).sum()) == late["observations"]


@settings(max_examples=1, deadline=None, phases=[Phase.explicit, Phase.generate])
@example(160)  # the cut decides which feed is decoded first
@given(st.integers(0, 2**32))
def test_what_is_late_does_not_depend_on_the_cut(seed: int) -> None:
    """Two feeds with messages up to six minutes late, in one piece each and in many."""
    rng = random.Random(seed)
    feeds: tuple[list[Message], list[Message]] = ([], [])
    for message in scene.sent():
        feeds[rng.random() < 0.4].append(message)
    streams = [joined(delayed(rng, feed, 360_000_000)) for feed in feeds]
    cuts = [sorted(rng.randrange(len(s)) for _ in range(rng.choice((3, 60)))) for s in streams]
    with TemporaryDirectory() as one, TemporaryDirectory() as many:
        whole = run([[s] for s in streams], Path(one))
        cut = run([pieces(s, c) for s, c in zip(streams, cuts, strict=True)], Path(many))
    assert whole.report.late > 1_000
    assert difference(whole, cut) == []
