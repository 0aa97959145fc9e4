"""Checkpoints beside the engine: whole, of one instant, and a failure is not swallowed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from littoral.engine import core, live_state, order
from littoral.engine.saving import Saved, Saver, snapshot
from littoral.fuse.settings import DEFAULT as FUSE
from littoral.schema.state import pack
from littoral.sense.ais import AisDecoder
from littoral.sense.decoded import StationList
from littoral.sense.health import DEFAULT as HEALTH
from littoral.store.lake import Lake
from tests.laws import scene


def state_of(messages: int) -> live_state.LiveState:
    """A state with pending reports."""
    rules = core.choose_rules("coastal", ["distress"])
    state = live_state.fresh(rules, scene.world())
    decoder = AisDecoder(1, stations=StationList(), default_station="feed")
    data = b"".join(data for _, data in scene.sent()[:messages])
    order.push(state.order, 1, decoder.feed(data, scene.START_US).observations)
    state.position = 12_345
    return state


def test_a_snapshot_stands_still() -> None:
    state = state_of(200)
    copy = snapshot(state)
    before = pack(copy)
    assert before == pack(state)
    state.position += 1
    state.order.pending = state.order.pending[:-1]
    state.core.health.reserve(9)
    state.rejected["feed"] = 1
    assert pack(copy) == before != pack(state)


def test_what_is_saved_is_what_was_there_at_the_start(tmp_path: Path) -> None:
    state = state_of(200)
    before = pack(state)
    with Lake(tmp_path / "lake") as lake:
        saver = Saver(lake, tmp_path)
        assert saver.take_saved() is None
        saver.start(list(state.order.pending), f"{0:020d}", state)
        state.position = 99
        saver.wait()
        assert saver.take_saved() == Saved(12_345, 0)
        assert saver.take_saved() is None
        saver.close()
        rows = lake.sql("select count(*) as n from observations")["n"][0].as_py()
    assert (tmp_path / live_state.CHECKPOINT).read_bytes() == before
    assert rows == sum(len(piece.positions) for piece in state.order.pending) > 100


def test_a_checkpoint_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    state = state_of(20)
    with Lake(tmp_path / "lake") as lake:
        saver = Saver(lake, tmp_path / "absent")
        saver.start([], f"{0:020d}", state)
        with pytest.raises(FileNotFoundError):
            saver.wait()
        with pytest.raises(FileNotFoundError):
            saver.start([], f"{0:020d}", state)
        with pytest.raises(FileNotFoundError):
            saver.take_saved()
        saver.close()


def test_a_checkpoint_of_other_settings_does_not_fit() -> None:
    """Tracks and outages decide alerts as the rules' own settings do."""
    rules = core.choose_rules("coastal")
    now = live_state.fingerprint(rules)
    assert now == live_state.fingerprint(rules)
    others = (
        live_state.fingerprint(core.choose_rules("gfw")),
        live_state.fingerprint(rules, fuse=replace(FUSE, repeat_s=7.0)),
        live_state.fingerprint(rules, health=replace(HEALTH, least_silence_s=60.0)),
    )
    assert len({now, *others}) == 4
