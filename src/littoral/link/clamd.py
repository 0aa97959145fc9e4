"""Asks ClamAV's clamd whether bytes are clean, by its own protocol (clamd(8), "COMMANDS").

`zPING` is answered `PONG`. `zINSTREAM` is followed by chunks, each after its length in four bytes,
big-endian, and ended by a length of zero; the answer is `stream: OK`, `stream: NAME FOUND`, or a
sentence that ends in `ERROR`. Each answer ends in a zero byte. What clamd could not look at whole
counts as not scanned: no answer that is not plainly `OK` lets bytes through.
"""

from __future__ import annotations

import select
import socket
import struct
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import Literal

from littoral.link.tcp import address_of
from littoral.link.words import why

UNIX = "unix:"
PORT = 3310
PING = b"zPING\0"
INSTREAM = b"zINSTREAM\0"
END = bytes(4)
CHUNK = 256 << 10
LONGEST_ANSWER = 4096
CONNECT_S = 5.0
SEND_S = 30.0
ANSWER_S = 150.0  # clamd looks at one file for 120 s at most (MaxScanTime)

State = Literal["ok", "out_of_reach"]
Result = Literal["clean", "found", "failed"]

# What clamd "finds" in a file that it did not look at whole, with `AlertExceedsMax yes`.
_NOT_WHOLE = "Heuristics.Limits.Exceeded"
_SIZE = "size limit exceeded"


class VirusFound(Exception):
    """`name`: what the scanner calls it."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the scanner found {name}")
        self.name = name


class ScanFailed(Exception):
    """Nobody knows whether the bytes are clean; the message says why."""


class TooLargeToScan(ScanFailed):
    """Larger than the scanner looks at."""


def chunks(piece: bytes) -> Iterator[bytes]:
    """As INSTREAM wants them; none of an empty piece, since a length of zero ends the stream."""
    for at in range(0, len(piece), CHUNK):
        part = piece[at : at + CHUNK]
        yield struct.pack("!I", len(part)) + part


def judge(answer: bytes) -> None:
    """Returns where the answer to INSTREAM says that the bytes are clean. Raises VirusFound,
    TooLargeToScan, ScanFailed."""
    said = _plain(answer)
    if said == "stream: OK":
        return
    if said.startswith("stream: ") and said.endswith(" FOUND"):
        name = said.removeprefix("stream: ").removesuffix(" FOUND")
        if name.startswith(_NOT_WHOLE):
            raise TooLargeToScan(f"the scanner did not look at all of it ({name})")
        raise VirusFound(name[:200])
    if _SIZE in said:
        raise TooLargeToScan("it is larger than the scanner takes (StreamMaxLength)")
    raise ScanFailed(f"the scanner answered {said[:200]!r}")


def _plain(answer: bytes) -> str:
    """One line of printable ASCII: it goes into the log and onto a page."""
    text = answer.split(b"\0", 1)[0].decode("ascii", "replace").strip()
    return "".join(c if " " <= c <= "~" else "?" for c in text)


@dataclass(frozen=True, slots=True)
class Scans:
    """Since the start. `state` is that of the last scan or ping."""

    state: State = "ok"
    clean: int = 0
    found: int = 0
    failed: int = 0
    error: str = ""


class Scanner:
    """A clamd at `HOST:PORT` or `unix:PATH`; a connection a scan. Safe for threads. ValueError for
    an address that is none."""

    def __init__(self, address: str, send_s: float = SEND_S, answer_s: float = ANSWER_S) -> None:
        self.address = address
        path = address.removeprefix(UNIX)
        if address.startswith(UNIX) and not path.startswith("/"):
            raise ValueError(f"{address!r}: write unix:/PATH")
        self._at = path if address.startswith(UNIX) else address_of(address, PORT)
        self._send_s = send_s
        self._answer_s = answer_s
        self._lock = threading.Lock()
        self._scans = Scans()

    @property
    def scans(self) -> Scans:
        return self._scans

    def ping(self) -> bool:
        """Whether it answers; `scans` says why not."""
        try:
            with closing(self._connected()) as line:
                _send(line, PING)
                said = _plain(self._answer(line))
            if said != "PONG":
                raise ScanFailed(f"the scanner answered {said[:200]!r}")
        except ScanFailed as error:
            self._count(None, "out_of_reach", str(error))
            return False
        self._count(None, "ok")
        return True

    def passing(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The same bytes as they come, each sent to the scanner too. Only when this ends without an
        exception are they clean: VirusFound, ScanFailed."""
        try:
            with closing(self._connected()) as line:
                _send(line, INSTREAM)
                for piece in pieces:
                    for chunk in chunks(piece):
                        self._send_chunk(line, chunk)
                    yield piece
                self._send_chunk(line, END)
                judge(self._answer(line))
        except VirusFound:
            self._count("found", "ok")
            raise
        except ScanFailed as error:
            # Too large a file says nothing of whether the scanner can be reached.
            if isinstance(error, TooLargeToScan):
                self._count("failed", "ok")
            else:
                self._count("failed", "out_of_reach", str(error))
            raise
        self._count("clean", "ok")

    def _count(self, what: Result | None, state: State, error: str = "") -> None:
        with self._lock:
            known = self._scans
            self._scans = Scans(
                state,
                known.clean + (what == "clean"),
                known.found + (what == "found"),
                known.failed + (what == "failed"),
                error,
            )

    def _connected(self) -> socket.socket:
        try:
            if isinstance(self._at, str):
                line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                line.settimeout(CONNECT_S)
                try:
                    line.connect(self._at)
                except OSError:
                    line.close()
                    raise
            else:
                line = socket.create_connection(self._at, CONNECT_S)
        except OSError as error:
            raise ScanFailed(f"{self.address}: {why(error)}") from error
        line.settimeout(self._send_s)
        return line

    def _send_chunk(self, line: socket.socket, chunk: bytes) -> None:
        """clamd answers early, and hangs up, where it will not take more."""
        if _has_answered(line):
            judge(self._answer(line))
            raise ScanFailed("the scanner answered before it had everything")
        try:
            _send(line, chunk)
        except ScanFailed:
            with suppress(OSError):
                answer = self._answer(line)
                if answer:
                    judge(answer)
            raise

    def _answer(self, line: socket.socket) -> bytes:
        line.settimeout(self._answer_s)
        got = b""
        try:
            while b"\0" not in got and len(got) < LONGEST_ANSWER:
                more = line.recv(LONGEST_ANSWER)
                if not more:
                    break
                got += more
        except OSError as error:
            raise ScanFailed(f"{self.address}: {why(error)}") from error
        return got


def _has_answered(line: socket.socket) -> bool:
    asked = select.poll()  # unlike `select` also of files beyond number 1,023
    asked.register(line, select.POLLIN)
    return bool(asked.poll(0))


def _send(line: socket.socket, data: bytes) -> None:
    try:
        line.sendall(data)
    except OSError as error:
        raise ScanFailed(f"the scanner takes no more: {why(error)}") from error
