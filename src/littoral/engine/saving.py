"""Checkpoints beside the live engine: the settled reports into the lake, then the state that says
how far the lake goes. The engine goes on meanwhile, so that no alert waits for the disk."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from littoral.engine import live_state
from littoral.engine.lake_out import write_rows
from littoral.schema.ais import Observations
from littoral.schema.state import clone
from littoral.store.lake import Lake


@dataclass(frozen=True, slots=True)
class Saved:
    """A checkpoint that is durable: its place in the journal and the end of what is settled."""

    position: int
    until_us: int


class Saver:
    """One checkpoint at a time, in a thread of its own. For one thread, the engine's."""

    def __init__(self, lake: Lake, folder: Path) -> None:
        self._lake, self._folder = lake, folder
        self._thread: threading.Thread | None = None
        self._failed: BaseException | None = None
        self._saved: Saved | None = None

    def busy(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def start(self, rows: list[Observations], key: str, state: live_state.LiveState) -> None:
        """Begin to write the rows under `key` and then the state as it is now. Waits for the one
        before; raises what that one met."""
        self.wait()
        self._thread = threading.Thread(
            target=self._save, args=(rows, key, snapshot(state)), name="checkpoint", daemon=True
        )
        self._thread.start()

    def wait(self) -> None:
        """Until nothing is being written; raises what the writing met."""
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        if self._failed is not None:
            raise self._failed

    def close(self) -> None:
        """Until nothing is being written."""
        if self._thread is not None:
            self._thread.join()

    def take_saved(self) -> Saved | None:
        """The checkpoint that has become durable since the last call."""
        saved, self._saved = self._saved, None
        return saved

    def _save(self, rows: list[Observations], key: str, state: live_state.LiveState) -> None:
        try:
            write_rows(self._lake, rows, key)
            live_state.save(self._folder, state)
            self._saved = Saved(state.position, state.core.until_us)
        except BaseException as error:  # raised to the engine at its next checkpoint
            self._failed = error


def snapshot(state: live_state.LiveState) -> live_state.LiveState:
    """A copy that stands still. Pending reports are shared: they are never changed in place, and
    they are most of the bytes."""
    pending, state.order.pending = state.order.pending, []
    try:
        copy = clone(state)
    finally:
        state.order.pending = pending
    copy.order.pending = list(pending)
    return copy
