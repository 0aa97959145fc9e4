"""Checkpoints beside the live engine: the settled reports into the lake, then the state that says
how far the lake goes. The engine goes on meanwhile, so that no alert waits for the disk."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from littoral.engine import live_state
from littoral.engine.allocator import give_back
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
    """One checkpoint at a time, always in the same thread, since the allocator keeps memory by
    thread. To be called by one thread, the engine's."""

    def __init__(self, lake: Lake, folder: Path) -> None:
        self._lake, self._folder = lake, folder
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="checkpoint")
        self._saving: Future[Saved] | None = None
        self._told = True

    def busy(self) -> bool:
        return self._saving is not None and not self._saving.done()

    def start(self, rows: list[Observations], key: str, state: live_state.LiveState) -> None:
        """Begin to write the rows under `key` and then the state as it is now. Waits for the one
        before; raises what that one met."""
        self.wait()
        self._saving = self._worker.submit(self._save, rows, key, snapshot(state))
        self._told = False

    def wait(self) -> None:
        """Until nothing is being written; raises what the writing met."""
        if self._saving is not None:
            self._saving.result()

    def close(self) -> None:
        """Until nothing is being written."""
        self._worker.shutdown()

    def take_saved(self) -> Saved | None:
        """The checkpoint that has become durable since the last call; raises what its writing
        met."""
        if self._told or self._saving is None or not self._saving.done():
            return None
        self._told = True
        return self._saving.result()

    def _save(self, rows: list[Observations], key: str, state: live_state.LiveState) -> Saved:
        self._lake.name_receivers(state.stations)
        write_rows(self._lake, rows, key)
        live_state.save(self._folder, state)
        give_back()
        return Saved(state.position, state.core.until_us)


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
