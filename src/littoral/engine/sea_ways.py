"""The ways at sea of a running server: prepared once, beside what it does."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection

from littoral.area.coast import Coast
from littoral.area.polygons import Polygons
from littoral.respond.rank.travel import Ways
from littoral.respond.road import Lands
from littoral.respond.route import SeaRouter

_log = logging.getLogger(__name__)


NICE = 10  # what watches goes first

Box = tuple[float, float, float, float]


def ways_over(coast: Coast) -> Ways:
    """Around a coast, by land where roads can join. Ten to thirty seconds, in a process of its own:
    in a thread it would hold up what watches. Raises EOFError when that ends before it is done."""
    west, south, east, north = (float(v) for v in coast.arrays.box)
    spawn = get_context("spawn")
    answer, said = spawn.Pipe(duplex=False)
    process = spawn.Process(
        target=_reckon, args=(said, coast.polygons, (west, south, east, north)), daemon=True
    )
    process.start()
    said.close()
    ways: Ways = answer.recv()
    process.join()
    return ways


def _reckon(said: Connection, polygons: Polygons, box: Box) -> None:
    """Without a reader any more, as when the server was killed, it ends too."""
    os.nice(NICE)
    router = SeaRouter.around(polygons, box)
    said.send(Ways(router, Lands(router.water)))


class SeaWays:
    """`make` takes some ten seconds of one core. Until it is done, `ways` is None."""

    def __init__(self, make: Callable[[], Ways]) -> None:
        self._make = make
        self._ways: Ways | None = None
        self._thread = threading.Thread(target=self._run, name="sea-ways", daemon=True)

    @property
    def ways(self) -> Ways | None:
        return self._ways

    def prepare(self) -> None:
        """Begins, and returns at once. To be called once."""
        self._thread.start()

    def wait(self, seconds: float) -> Ways | None:
        """What there is when it is done, or after so long."""
        self._thread.join(seconds)
        return self._ways

    def _run(self) -> None:
        try:
            self._ways = self._make()
        except EOFError:  # the server ends, and that process with it
            _log.info("ways at sea: their process ended before they were prepared")
        except Exception:
            # Suggestions go on by straight lines and say so.
            _log.exception("ways at sea could not be prepared")
