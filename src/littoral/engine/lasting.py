"""What lasts as long as the process, kept out of the way of the garbage collector.

A full collection holds the interpreter while it walks all that is there: of a warm server some
700,000 objects, 0.4 s in which nobody is answered, twice a minute under the live load. Most of them
are code, tables, routes and policies, and never go.
"""

from __future__ import annotations

import atexit
import gc


def keep() -> None:
    """All that is there now is walked no more: once, where a start has made what lasts. Of what is
    kept nothing that hangs together in a circle is freed before the process ends: libraries in C++
    complain of what they are left with."""
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)
