"""TCP feeds: a listener that many senders connect to, and a client that keeps coming back.

Either may be wrapped in TLS (`link.tls`).

A thread a connection: a sink that blocks then holds back that sender alone, by TCP's own window.
"""

from __future__ import annotations

import random
import socket
import ssl
import threading
import time

from littoral.link.sink import Sink
from littoral.link.tls import HANDSHAKE_S
from littoral.link.words import why

CHUNK = 256 << 10
BACKOFF_S = (0.5, 30.0)  # first and longest pause before the client tries again


def address_of(text: str, default_port: int = 10110) -> tuple[str, int]:
    """`host:port`, `host` or `:port` as (host, port); raises ValueError naming the text."""
    host, colon, port = text.rpartition(":")
    if not colon:
        host, port = text, str(default_port)
    if not port.isdigit() or not 0 <= int(port) <= 65535:
        raise ValueError(f"{text!r}: write host:port, with a port from 0 to 65535")
    return host.strip("[]") or "127.0.0.1", int(port)


def _receive(
    connection: socket.socket, feed: str, name: str, sink: Sink, stop: threading.Event
) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    connection.settimeout(0.5)
    while not stop.is_set():
        try:
            chunk = connection.recv(CHUNK)
        except TimeoutError:
            continue
        except OSError as error:
            sink.failed(feed, why(error))
            return
        if not chunk:
            return
        sink.take(name, chunk, time.time_ns() // 1000)


class TcpListener:
    """Takes connections on `host:port` (port 0: any free one; `port` says which)."""

    def __init__(self, host: str, port: int, sink: Sink, tls: ssl.SSLContext | None = None) -> None:
        self._sink = sink
        self._tls = tls
        self._stop = threading.Event()
        self._server = socket.create_server((host, port), reuse_port=False)
        self._server.settimeout(0.5)
        self.host, self.port = self._server.getsockname()[:2]
        self.name = f"{'tcp' if tls is None else 'tls'}-listen {self.host}:{self.port}"
        self._threads: list[threading.Thread] = []
        self._accepting = threading.Thread(target=self._accept, name=self.name, daemon=True)

    def start(self) -> None:
        self._accepting.start()

    def stop(self) -> None:
        self._stop.set()
        self._accepting.join()
        for thread in self._threads:
            thread.join()
        self._server.close()

    def _accept(self) -> None:
        while not self._stop.is_set():
            try:
                connection, peer = self._server.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            self._threads = [t for t in self._threads if t.is_alive()]
            thread = threading.Thread(
                target=self._serve, args=(connection, f"{peer[0]}:{peer[1]}"), daemon=True
            )
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket, peer: str) -> None:
        name = f"{peer} @ {time.time_ns()}"
        try:
            connection = _secured(connection, self._tls, server_side=True)
        except OSError as error:
            self._sink.failed(self.name, f"{peer.rpartition(':')[0]}: {why(error)}")
            return
        with connection:
            self._sink.opened(self.name, "tcp", name)
            try:
                _receive(connection, self.name, name, self._sink, self._stop)
            finally:
                self._sink.closed(name)


def _secured(
    connection: socket.socket,
    tls: ssl.SSLContext | None,
    server_side: bool = False,
    host: str | None = None,
) -> socket.socket:
    """Raises OSError, and the connection is closed then."""
    if tls is None:
        return connection
    try:
        connection.settimeout(HANDSHAKE_S)
        return tls.wrap_socket(connection, server_side=server_side, server_hostname=host)
    except BaseException:
        connection.close()
        raise


class TcpClient:
    """Connects to a sender and comes back when the line breaks, with growing, scattered pauses."""

    def __init__(self, host: str, port: int, sink: Sink, tls: ssl.SSLContext | None = None) -> None:
        self.name = f"{'tcp' if tls is None else 'tls'} {host}:{port}"
        self._tls = tls
        self._address = (host, port)
        self._sink = sink
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        pause = BACKOFF_S[0]
        while not self._stop.is_set():
            try:
                connection = _secured(
                    socket.create_connection(self._address, timeout=10),
                    self._tls,
                    host=self._address[0],
                )
            except OSError as error:
                self._sink.failed(self.name, why(error))
                self._stop.wait(pause * random.uniform(0.5, 1.0))
                pause = min(BACKOFF_S[1], pause * 2)
                continue
            pause = BACKOFF_S[0]
            name = f"{self.name} @ {time.time_ns()}"
            with connection:
                self._sink.opened(self.name, "tcp", name)
                try:
                    _receive(connection, self.name, name, self._sink, self._stop)
                finally:
                    self._sink.closed(name)
            self._stop.wait(pause)
