"""Feeds over real sockets of this machine: what is sent arrives, a slow reader holds its sender."""

from __future__ import annotations

import socket
import struct
import threading

import pytest

from littoral.link.tcp import TcpClient, TcpListener, address_of
from littoral.link.udp import UdpListener

WAIT_S = 10


class Kept:
    """A sink that keeps what it gets; `gate` closed makes `take` block."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.changed = threading.Condition()
        self.data: dict[str, bytes] = {}
        self.ended: list[str] = []
        self.failures: list[tuple[str, str]] = []

    def opened(self, feed: str, kind: str, connection: str) -> None:
        with self.changed:
            self.data[connection] = b""
            self.changed.notify_all()

    def take(self, connection: str, chunk: bytes, received_us: int) -> None:
        self.gate.wait()
        assert received_us > 1_700_000_000_000_000
        with self.changed:
            self.data[connection] += chunk
            self.changed.notify_all()

    def closed(self, connection: str) -> None:
        with self.changed:
            self.ended.append(connection)
            self.changed.notify_all()

    def failed(self, feed: str, why: str) -> None:
        with self.changed:
            self.failures.append((feed, why))
            self.changed.notify_all()

    def wait(self, condition) -> bool:
        with self.changed:
            return self.changed.wait_for(condition, WAIT_S)


def test_listener_keeps_connections_apart_and_sees_their_end():
    sink = Kept()
    listener = TcpListener("127.0.0.1", 0, sink)
    listener.start()
    try:
        senders = [socket.create_connection(("127.0.0.1", listener.port)) for _ in range(2)]
        for i, sender in enumerate(senders):
            sender.sendall(b"line %d\n" % i * 1000)
            sender.close()
        assert sink.wait(lambda: len(sink.ended) == 2)
        assert sorted(sink.data.values()) == [b"line 0\n" * 1000, b"line 1\n" * 1000]
    finally:
        listener.stop()


def test_a_sink_that_blocks_holds_its_sender_back():
    sink = Kept()
    sink.gate.clear()
    listener = TcpListener("127.0.0.1", 0, sink)
    listener.start()
    try:
        sender = socket.create_connection(("127.0.0.1", listener.port))
        sender.settimeout(0.3)
        sent = 0

        def send_without_end() -> None:
            nonlocal sent
            for _ in range(2000):
                sent += sender.send(b"x" * 65536)

        with pytest.raises(TimeoutError):
            send_without_end()
        sink.gate.set()
        sender.settimeout(WAIT_S)
        sender.close()
        assert sink.wait(lambda: len(sink.ended) == 1)
        assert len(next(iter(sink.data.values()))) >= sent
    finally:
        sink.gate.set()
        listener.stop()


def test_client_comes_back_after_the_line_broke():
    sink = Kept()
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(WAIT_S)
    client = TcpClient(*server.getsockname()[:2], sink)
    client.start()
    try:
        for i in range(2):
            connection, _ = server.accept()
            connection.sendall(b"again %d\n" % i)
            connection.close()
        assert sink.wait(lambda: len(sink.ended) == 2)
        assert list(sink.data.values()) == [b"again 0\n", b"again 1\n"]
    finally:
        client.stop()
        server.close()


def test_client_says_why_it_is_not_connected():
    sink = Kept()
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    client = TcpClient("127.0.0.1", port, sink)  # where nobody listens any more
    client.start()
    try:
        assert sink.wait(lambda: sink.failures)
        assert sink.failures[0] == (f"tcp 127.0.0.1:{port}", "Connection refused")
    finally:
        client.stop()


def test_a_line_that_broke_is_told():
    sink = Kept()
    listener = TcpListener("127.0.0.1", 0, sink)
    listener.start()
    try:
        sender = socket.create_connection(("127.0.0.1", listener.port))
        assert sink.wait(lambda: sink.data)
        # SO_LINGER of 0 s: closing resets the connection.
        sender.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sender.close()
        assert sink.wait(lambda: sink.ended)
        assert sink.failures == [(listener.name, "Connection reset by peer")]
    finally:
        listener.stop()


def test_datagrams_end_their_lines():
    sink = Kept()
    listener = UdpListener("127.0.0.1", 0, sink)
    listener.start()
    try:
        sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for data in (b"a,1\r\n", b"b,2"):
            sender.sendto(data, ("127.0.0.1", listener.port))
        assert sink.wait(lambda: b"".join(sink.data.values()) == b"a,1\r\nb,2\n")
    finally:
        listener.stop()


@pytest.mark.parametrize(
    ("text", "expected"),
    [("127.0.0.1:5", ("127.0.0.1", 5)), (":7", ("127.0.0.1", 7)), ("[::1]:9", ("::1", 9)),
     ("host", ("host", 10110))],
)  # fmt: skip
def test_addresses(text, expected):
    assert address_of(text) == expected


@pytest.mark.parametrize("text", ["a:b", "a:70000", "a:-1"])
def test_addresses_that_cannot_be(text):
    with pytest.raises(ValueError, match="host:port"):
        address_of(text)
