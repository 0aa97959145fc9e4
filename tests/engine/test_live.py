"""The live engine's own life: starting, stopping, taking up again."""

from __future__ import annotations

from pathlib import Path

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
