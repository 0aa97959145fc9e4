"""Thousands of clients of the live stream in one process: sockets, one epoll, no library.

Reads `--people` (JSON: cookie and desk of each), connects, prints `connected`, then reads until
SIGTERM and writes `--log` (npz). A message that many get is parsed once: its bytes are looked up.
All times are wall-clock seconds at which the bytes were read from the socket.
"""

from __future__ import annotations

import argparse
import json
import select
import signal
import socket
import struct
import time
from pathlib import Path

import numpy as np
import orjson

from littoral.api.live import frame

AT_ONCE = 40  # handshakes under way
READ_BYTES = 1 << 18
TEXT, BINARY, CLOSE, PING = 1, 2, 8, 9
BOARDS = b'{"type":"incidents"'


class Stream:
    __slots__ = ("ended", "fd", "left", "number", "opened", "socket")

    def __init__(self, number: int, port: int, path: str, cookie: str) -> None:
        self.number, self.left, self.opened, self.ended = number, b"", False, ""
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.sendall(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nCookie: {cookie}\r\n\r\n".encode()
        )
        self.socket.setblocking(False)
        self.fd = self.socket.fileno()

    def pong(self, payload: bytes) -> None:
        self.socket.send(bytes((0x8A, 0x80 | len(payload), 0, 0, 0, 0)) + payload)


class Log:
    """What came: for each distinct message who got it and when."""

    def __init__(self) -> None:
        self.got: dict[bytes, tuple[list[int], list[float]]] = {}
        self.bytes = self.messages = 0

    def note(self, payload: bytes, client: int, at_s: float) -> None:
        self.messages += 1
        self.bytes += len(payload)
        found = self.got.get(payload)
        if found is None:
            found = self.got[payload] = ([], [])
        found[0].append(client)
        found[1].append(at_s)


def take(stream: Stream, data: bytes, at_s: float, log: Log) -> None:
    """Whole messages of what was read; the rest waits."""
    data = stream.left + data if stream.left else data
    if not stream.opened:
        head, found, data_left = data.partition(b"\r\n\r\n")
        if not found:
            stream.left = data
            return
        if not head.startswith(b"HTTP/1.1 101"):
            stream.ended = head[:80].decode(errors="replace")
            return
        stream.opened, data = True, data_left
    at, size = 0, len(data)
    while size - at >= 2:
        length, begin = data[at + 1], at + 2
        if length == 126:
            if size - begin < 2:
                break
            length, begin = struct.unpack_from(">H", data, begin)[0], begin + 2
        elif length == 127:
            if size - begin < 8:
                break
            length, begin = struct.unpack_from(">Q", data, begin)[0], begin + 8
        if size - begin < length:
            break
        kind, payload = data[at] & 15, data[begin : begin + length]
        at = begin + length
        if kind == BINARY or (kind == TEXT and payload.startswith(BOARDS)):
            log.note(payload, stream.number, at_s)
        elif kind == PING:
            stream.pong(payload)
        elif kind == CLOSE:
            stream.ended = f"closed: {payload[2:].decode(errors='replace')}"
        else:
            log.messages += 1
            log.bytes += len(payload)
    stream.left = data[at:]


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--port", type=int, required=True)
    p.add_argument("--path", required=True)
    p.add_argument("--people", type=Path, required=True)
    p.add_argument("--log", type=Path, required=True)
    a = p.parse_args()
    people = json.loads(a.people.read_text())
    asked: list[bool] = []
    signal.signal(signal.SIGTERM, lambda *_: asked.append(True))
    poll, log = select.epoll(), Log()
    streams: dict[int, Stream] = {}
    every: list[Stream] = []
    opening = said = 0
    while not asked:
        while opening < AT_ONCE and len(every) < len(people):
            made = Stream(len(every), a.port, a.path, people[len(every)][0])
            every.append(made)
            streams[made.fd] = made
            poll.register(made.fd, select.EPOLLIN)
            opening += 1
        for fd, _ in poll.poll(0.05):
            stream = streams[fd]
            was = stream.opened
            try:
                data = stream.socket.recv(READ_BYTES)
            except ConnectionError:
                data = b""
            if data:
                take(stream, data, time.time(), log)
            if not data or stream.ended:
                stream.ended = stream.ended or "the connection ended"
                poll.unregister(fd)
                del streams[fd]
                opening -= not stream.opened and not was
            if stream.opened and not was:
                opening -= 1
        if not said and len(every) == len(people) and not opening:
            said = 1
            print("connected", flush=True)
    write(a.log, log, every)


def write(path: Path, log: Log, every: list[Stream]) -> None:
    """`frames`, `boards`: of each distinct message its rows (in columns) and who got it when."""
    columns: dict[str, list[np.ndarray]] = {name: [] for name in ("clients", "at", "last_ms")}
    sizes: list[tuple[int, int]] = []  # of a frame: deliveries, rows
    boards: list[dict[str, object]] = []
    for payload, (clients, at) in log.got.items():
        if payload.startswith(BOARDS):
            rows = [[r["id"], r["version"]] for r in orjson.loads(payload)["rows"]]
            boards.append({"rows": rows, "clients": clients, "at": at})
            continue
        last_ms = frame.decode(payload)[1]["last_ms"]
        columns["clients"].append(np.array(clients, np.int32))
        columns["at"].append(np.array(at))
        columns["last_ms"].append(np.array(last_ms))
        sizes.append((len(clients), len(last_ms)))
    joined = {n: np.concatenate(c) if c else np.zeros(0) for n, c in columns.items()}
    ended = [[s.number, s.ended] for s in every if s.ended]
    told = {"boards": boards, "ended": ended, "bytes": log.bytes, "messages": log.messages}
    np.savez(path, sizes=np.array(sizes, np.int64).reshape(-1, 2), **joined)
    path.with_suffix(".json").write_bytes(orjson.dumps(told))


if __name__ == "__main__":
    main()
