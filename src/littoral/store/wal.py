"""The write-ahead log of SQLite brought into the file beside those who write.

Left to itself SQLite does so in whichever commit finds the log a thousand pages long: that one
waits for the file to be written and synced, tens of milliseconds, and it is somebody's request. A
passive checkpoint holds up nobody (https://www.sqlite.org/wal.html, section 3.1).
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

from littoral.store.database import BUSY_TIMEOUT_S, Database

EVERY_S = 2.0

log = logging.getLogger(__name__)


@contextmanager
def brought_in(database: Database, every_s: float = EVERY_S) -> Iterator[None]:
    """In a thread of its own until the end; with PostgreSQL, which does so by itself, nothing."""
    path = database.url.database
    if database.url.get_backend_name() != "sqlite" or path is None:
        yield
        return
    ended = threading.Event()
    thread = threading.Thread(
        target=_bring_in, args=(path, every_s, ended), name="records", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _bring_in(path: str, every_s: float, ended: threading.Event) -> None:
    with closing(sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None)) as connection:
        while not ended.wait(every_s):
            try:
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            except sqlite3.Error as error:  # a full disk: the commits themselves will say so
                log.warning("the log of the records could not be brought in: %s", error)
