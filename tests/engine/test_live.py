"""The live engine's own life: starting, stopping, taking up again."""

from __future__ import annotations

import itertools
import threading
from pathlib import Path

import pytest

from littoral.engine.ledger import Row
from littoral.engine.live import Live
from littoral.engine.setup import Plan, live_of
from littoral.sim.lines import generate
from littoral.store.journal import Entry

STOP_S = 120


def opened(folder: Path) -> Live:
    live = live_of(Plan(folder, detectors=("distress",)))
    live.start()
    return live


def stopped(live: Live) -> None:
    live.stop()
    assert not live._thread.is_alive()


def test_an_engine_without_input_rests_and_stops(tmp_path: Path) -> None:
    """A new journal holds a header alone, and a clean stop leaves a mark: nothing to take in."""
    for _ in range(3):
        live = opened(tmp_path)
        assert live.drain(STOP_S)
        assert live.health().counts["behind_bytes"] == 0
        stopped(live)


def test_lines_are_counted_once_over_restarts(tmp_path: Path) -> None:
    made = b"".join(c.tobytes() for c in generate(3_000, vessels=50, seed=5, damaged=0.0))
    # A first part counts when the second has come: only whole messages, so that numbers are exact.
    log = b"".join(k for k in made.splitlines(keepends=True) if b"!AIVDM,1,1," in k)
    half = log.rfind(b"\n", 0, len(log) // 2) + 1
    for position, end in ((0, half), (half, len(log))):
        live = opened(tmp_path)
        assert live.intake.held("pier") == position
        live.intake.take_numbered("pier", position, log[position:end])
        live.intake.take_numbered("pier", 0, log[:end])
        assert live.drain(STOP_S)
        assert live.health().counts["lines"] == log[:end].count(b"\n")
        stopped(live)


def test_a_stop_that_leaves_what_waits_to_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = b"".join(c.tobytes() for c in generate(600, vessels=20, seed=5, damaged=0.0))
    log = b"".join(k for k in made.splitlines(keepends=True) if b"!AIVDM,1,1," in k)
    monkeypatch.setattr("littoral.engine.live.READ_BYTES", 1)  # one entry of the journal a turn
    live = live_of(Plan(tmp_path, detectors=("distress",)))
    take_in, go_on = live._take_in, threading.Event()

    def held() -> bool:
        assert go_on.wait(STOP_S)
        return take_in()

    live._take_in = held  # type: ignore[method-assign]
    live.start()
    cuts = [0, *(log.find(b"\n", len(log) * n // 4) + 1 for n in (1, 2, 3)), len(log)]
    for begin, end in itertools.pairwise(cuts):
        live.intake.take_numbered("pier", begin, log[begin:end])
    stopping = threading.Thread(target=live.stop, kwargs={"take_all": False})
    stopping.start()
    with live._wake:
        assert live._wake.wait_for(lambda: live._stopping, STOP_S)
    go_on.set()
    stopping.join(STOP_S)
    assert not stopping.is_alive()
    left = live.health().counts
    assert left["behind_bytes"] > 0
    assert left["lines"] < log.count(b"\n")
    live = opened(tmp_path)
    assert live.drain(STOP_S)
    assert live.health().counts["lines"] == log.count(b"\n")
    stopped(live)


def test_drained_means_settled_whoever_nudges(tmp_path: Path) -> None:
    """Taken in alone is not enough: slices, alerts and counts of it come a moment later."""
    live = live_of(Plan(tmp_path, detectors=("distress",)))
    settle, reached, go_on = live._settle, threading.Event(), threading.Event()

    def held() -> list[Row]:
        if live._state.position >= live._journal.synced > begun:
            reached.set()
            assert go_on.wait(STOP_S)
        return settle()

    begun = live._journal.synced
    live._settle = held  # type: ignore[method-assign]
    live.start()
    live.intake.take_numbered("pier", 0, b"!AIVDM,1,1,,A,15MgK45P3@G?fl0E`JbR0OwT0@MS,0*4E\n")
    assert reached.wait(STOP_S)
    nudges = threading.Thread(target=lambda: [live.outages_changed() for _ in range(100)])
    nudges.start()
    assert not live.drain(0.3)
    nudges.join()
    go_on.set()
    assert live.drain(STOP_S)
    stopped(live)


def test_a_feed_that_never_rests_is_shown_as_it_comes(tmp_path: Path) -> None:
    """With each line that is taken in another becomes durable: what was there when the turn began
    is looked at all the same, and the picture never falls back to what is settled."""
    made = b"".join(c.tobytes() for c in generate(3_000, vessels=1, seed=5, damaged=0.0))
    # Positions of a class A ship (ITU-R M.1371, message 1).
    lines = [k for k in made.splitlines(keepends=True) if b",A,1" in k or b",B,1" in k][:12]
    assert len(lines) == 12
    live = live_of(Plan(tmp_path, detectors=("distress",)))
    take, sent, seen = live._taker.take, itertools.count(1), []

    def send(number: int) -> None:
        if number < len(lines):
            live.intake.take_numbered("pier", sum(map(len, lines[:number])), lines[number])

    def take_and_send(entry: Entry) -> None:
        take(entry)
        send(next(sent))

    live._taker.take = take_and_send  # type: ignore[method-assign]
    live.subscribe(lambda: seen.append(live.fleet().fleet.positions[:1].sum()))
    live.start()
    send(0)
    assert live.drain(STOP_S)
    stopped(live)
    assert len(set(seen)) >= len(lines) // 2
    assert seen == sorted(seen)
