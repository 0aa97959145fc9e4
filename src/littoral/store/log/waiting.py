"""Callers of the log that wait for an answer, threads and event loops alike."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from littoral.schema.logentry import LogEntry, to_bytes
from littoral.store.log import tiles
from littoral.store.log.recover import LogError


@dataclass(slots=True)
class Waiting:
    """What one caller wants appended. `loop` when its future belongs to an event loop."""

    entries: list[bytes]
    answer: Future[int] | asyncio.Future[int]
    loop: asyncio.AbstractEventLoop | None = None

    @property
    def bytes(self) -> int:
        return sum(map(len, self.entries))


def as_bytes(entries: Sequence[LogEntry | bytes]) -> list[bytes]:
    found = [to_bytes(e) if isinstance(e, LogEntry) else e for e in entries]
    if not found:
        raise ValueError("nothing to append")
    for entry in found:
        if not 0 < len(entry) <= tiles.MAX_ENTRY:
            raise ValueError(f"an entry of {len(entry)} bytes; 1 to {tiles.MAX_ENTRY}")
    return found


def answer_all(group: Sequence[Waiting], answers: Sequence[int] | LogError) -> None:
    """Gives everybody the first index, or the error; once for each event loop."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[int], int | LogError]]] = {}
    for number, waiting in enumerate(group):
        answer = answers if isinstance(answers, LogError) else answers[number]
        if isinstance(waiting.answer, Future):
            _settle_future(waiting.answer, answer)
        elif waiting.loop is not None:
            by_loop.setdefault(waiting.loop, []).append((waiting.answer, answer))
    for loop, settled in by_loop.items():
        with contextlib.suppress(RuntimeError):  # the loop was closed: nobody waits
            loop.call_soon_threadsafe(_settle_loop, settled)


def _settle_future(future: Future[int], answer: int | LogError) -> None:
    if not future.set_running_or_notify_cancel():
        return
    if isinstance(answer, LogError):
        future.set_exception(answer)
    else:
        future.set_result(answer)


def _settle_loop(settled: list[tuple[asyncio.Future[int], int | LogError]]) -> None:
    for future, answer in settled:
        if future.done():
            continue
        if isinstance(answer, LogError):
            future.set_exception(answer)
        else:
            future.set_result(answer)
