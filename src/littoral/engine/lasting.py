"""What lasts, kept out of the way of the garbage collector.

A full collection holds the interpreter while it walks all that is there: of a warm server some
700,000 objects, 0.4 s in which nobody is answered, and with thousands of live clients twice that,
several times a minute. Most of it is code, tables, routes, policies and connections, and stays. So
what a walk leaves is not walked again, but for a walk of all from time to time.
"""

from __future__ import annotations

import atexit
import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

EVERY_S = 1.0  # walks of what came since the last one: some thousandths of a second
ALL_EVERY = 600  # of them one walks all: what hung together in a circle is freed after ten minutes
# Of what came last the collector walks by itself as before, less often; all it never does.
YOUNG, MIDDLE, NEVER = 10_000, 20, 1 << 30


def keep() -> None:
    """All that is there now is walked no more. Of what is kept nothing that hangs together in a
    circle is freed before the next walk of all, or before the process ends: libraries in C++
    complain of what they are left with."""
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)


@contextmanager
def walks(every_s: float = EVERY_S, all_every: int = ALL_EVERY) -> Iterator[None]:
    """Full collections by this schedule alone, in a thread of its own."""
    before = gc.get_threshold()
    ended = threading.Event()

    def walk() -> None:
        count = 0
        while not ended.wait(every_s):
            count += 1
            if count % all_every == 0:
                gc.unfreeze()
            gc.collect()
            gc.freeze()

    thread = threading.Thread(target=walk, name="garbage", daemon=True)
    gc.set_threshold(YOUNG, MIDDLE, NEVER)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        gc.set_threshold(*before)
