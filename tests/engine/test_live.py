"""The live engine's own life: starting, stopping, taking up again."""

from __future__ import annotations

import threading
from pathlib import Path

from littoral.engine.ledger import Row
from littoral.engine.live import Live
from littoral.engine.setup import Plan, live_of
from littoral.sim.lines import generate

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
