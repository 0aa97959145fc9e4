"""Asks a time-stamp authority, now and then, to stamp the newest checkpoint. Nothing waits for it.

Requests go to the one address that was set: redirections are not followed.
"""

from __future__ import annotations

import http.client
import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from cryptography import x509

from littoral.store.files import write_new
from littoral.store.log import timestamp
from littoral.store.log.timestamp import Stamp, StampError
from littoral.store.log.writer import Log

TIMEOUT_S = 10.0
EVERY_S = 600.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Authority:
    """Where stamps come from (RFC 3161 over HTTP) and the roots under which they are trusted."""

    url: str
    roots: tuple[x509.Certificate, ...]

    def __post_init__(self) -> None:
        at = urlsplit(self.url)
        if at.scheme not in ("http", "https") or not at.hostname or at.username or at.fragment:
            raise ValueError(f"{self.url!r} is no address of a time-stamp authority")

    def ask(self, query: bytes, timeout_s: float = TIMEOUT_S) -> bytes:
        """Its answer, as it is. Raises StampError, OSError, HTTPException."""
        at = urlsplit(self.url)
        kind = http.client.HTTPSConnection if at.scheme == "https" else http.client.HTTPConnection
        connection = kind(at.netloc, timeout=timeout_s)
        path = (at.path or "/") + (f"?{at.query}" if at.query else "")
        try:
            headers = {"Content-Type": "application/timestamp-query"}
            connection.request("POST", path, query, headers)
            answer = connection.getresponse()
            if answer.status != 200:
                raise StampError(f"the authority answered {answer.status}")
            return answer.read(timestamp.MAX_ANSWER + 1)
        finally:
            connection.close()


@dataclass(frozen=True)
class Stamped:
    size: int
    stamp: Stamp


class Stamper:
    """A thread that stamps the newest checkpoint, if it is new, every `every_s` from the start on.

    `last` and `error` say how it went.
    """

    def __init__(self, log: Log, authority: Authority, every_s: float = EVERY_S) -> None:
        self.last: Stamped | None = None
        self.error: str | None = None
        self._log = log
        self._authority = authority
        self._every_s = every_s
        self._size = max(_sizes([p.stem for p in (log.root / timestamp.FOLDER).glob("*.tsr")]))
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="log-stamp", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while True:
            try:
                self.stamp()
                self.error = None
            except (StampError, OSError, http.client.HTTPException) as error:
                self.error = f"{type(error).__name__}: {error}"
                _log.warning("no time stamp: %s", self.error)
            if self._stop.wait(self._every_s):
                return

    def stamp(self) -> Stamped | None:
        """Stamps the newest checkpoint; None: it has one. Raises what the authority costs."""
        shown = self._log.checkpoint()
        if shown.size <= self._size:
            return None
        data = str(shown.note).encode()
        query, nonce = timestamp.request(data)
        answer = self._authority.ask(query)
        stamp = timestamp.verify(answer, data, self._authority.roots, nonce)
        checkpoint, kept = (self._log.root / name for name in timestamp.names(shown.size))
        checkpoint.parent.mkdir(exist_ok=True)
        write_new(checkpoint, data)
        write_new(kept, answer)
        self._size, self.last = shown.size, Stamped(shown.size, stamp)
        return self.last

    def close(self) -> None:
        """Does not wait for an authority that does not answer."""
        self._stop.set()


def _sizes(stems: Sequence[str]) -> list[int]:
    return [0, *(int(stem) for stem in stems if stem.isdecimal())]
