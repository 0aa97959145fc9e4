"""A step of a run in a thread of its own, a bounded distance ahead of whoever takes its results."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _End:
    """No more items; `error` is what ended them, if anything did."""

    error: BaseException | None = None


def ahead(items: Iterable[T], most: int, name: str) -> Iterator[T]:
    """`items`, made by a thread `name` that may have `most` of them waiting: bounds memory.

    What making them raises is raised here. When the taker stops early, the thread ends after the
    item in its hands.
    """
    waiting: queue.Queue[T | _End] = queue.Queue(most)
    stop = threading.Event()

    def make() -> None:
        try:
            for item in items:
                if stop.is_set():
                    return
                waiting.put(item)
            waiting.put(_End())
        except BaseException as error:  # raised where the items are taken
            waiting.put(_End(error))

    thread = threading.Thread(target=make, name=name, daemon=True)
    thread.start()
    try:
        while not isinstance(item := waiting.get(), _End):
            yield item
        if item.error is not None:
            raise item.error
    finally:
        stop.set()
        while thread.is_alive():
            try:
                waiting.get(timeout=0.05)
            except queue.Empty:
                continue
