"""One message to many connections, over real sockets: whole, in order, whatever each can take."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from littoral.api.live import many

LARGE = bytes(range(256)) * 40_000  # more than a socket takes at once


class Line:
    """`rest`: what was left to the usual way."""

    def __init__(self, is_plain: bool = True) -> None:
        self.near, self.far = socket.socketpair()
        self.near.setblocking(False)
        self.far.setblocking(False)
        self.is_plain, self.rest = is_plain, b""

    @property
    def plain_fd(self) -> int:
        return self.near.fileno() if self.is_plain and not self.rest else -1

    def write(self, framed: bytes) -> None:
        self.rest += framed

    def got(self) -> bytes:
        parts = []
        try:
            while part := self.far.recv(1 << 20):
                parts.append(part)
        except BlockingIOError:
            pass
        return b"".join(parts)

    def close(self) -> None:
        self.near.close()
        self.far.close()


@pytest.fixture
def lines() -> Iterator[list[Line]]:
    made = [Line(), Line(is_plain=False), Line(), Line()]
    yield made
    for line in made:
        line.close()


def test_each_gets_the_whole(lines: list[Line]) -> None:
    many.write(lines, b"one")
    many.write(lines, b"two")
    assert [line.got() + line.rest for line in lines] == [b"onetwo"] * 4
    assert [line.rest for line in lines] == [b"", b"onetwo", b"", b""]


def test_what_the_system_does_not_take_goes_the_usual_way_and_nothing_goes_before_it(
    lines: list[Line],
) -> None:
    many.write(lines, LARGE)
    many.write(lines, b"after")
    assert 0 < len(lines[0].rest) < len(LARGE) + 5
    for line in lines:
        assert line.got() + line.rest == LARGE + b"after"


def test_a_connection_that_is_gone_is_left_to_its_own_way(lines: list[Line]) -> None:
    """And the process lives: no signal of a broken pipe."""
    lines[2].far.close()
    many.write(lines, b"one")
    assert lines[2].rest == b"one"
    assert [line.got() for line in (lines[0], lines[3])] == [b"one", b"one"]


def test_nobody_is_nobody() -> None:
    many.write([], b"one")
