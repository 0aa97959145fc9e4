"""The client of clamd: what answers mean; a real clamd; one that is silent, cut off, away."""

from __future__ import annotations

import random
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from littoral.link.clamd import (
    CHUNK,
    END,
    INSTREAM,
    ScanFailed,
    Scanner,
    Scans,
    TooLargeToScan,
    VirusFound,
    chunks,
    judge,
)
from tests.clamav import EICAR, FOUND, SCANNED_BYTES, STREAM_BYTES, clamd, running

__all__ = ["clamd"]


def scan(scanner: Scanner, *pieces: bytes) -> bytes:
    return b"".join(scanner.passing(pieces))


def test_chunks_stand_after_their_lengths_and_none_is_empty() -> None:
    assert list(chunks(b"")) == []
    assert list(chunks(b"abc")) == [b"\0\0\0\3abc"]
    first, second = chunks(b"x" * (CHUNK + 1))
    assert first[:4] == b"\0\4\0\0"  # 262,144
    assert second == b"\0\0\0\1x"


@pytest.mark.parametrize(
    ("answer", "error", "said"),
    [
        (b"stream: Win.Test.EICAR_HDB-1 FOUND\0", VirusFound, "Win.Test.EICAR_HDB-1"),
        (b"stream: two words FOUND\0", VirusFound, "two words"),
        (b"stream: \x1b[31mred\xff FOUND\0", VirusFound, "?[31mred"),
        (b"INSTREAM size limit exceeded. ERROR\0", TooLargeToScan, "StreamMaxLength"),
        (
            b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0",
            TooLargeToScan,
            "did not look at all of it",
        ),
        (b"stream: Can't allocate memory ERROR\0", ScanFailed, "allocate"),
        (b"stream: OK", None, ""),
        (b"stream: OK\0rubbish", None, ""),
        (b"stream: OKAY\0", ScanFailed, "OKAY"),
        (b"OK\0", ScanFailed, "OK"),
        (b"UNKNOWN COMMAND\0", ScanFailed, "UNKNOWN"),
        (b"", ScanFailed, "''"),
        (b"\0stream: OK\0", ScanFailed, "''"),
        (b"\xff" * 5000, ScanFailed, "answered"),
    ],
)
def test_only_a_plain_ok_lets_bytes_through(
    answer: bytes, error: type[Exception] | None, said: str
) -> None:
    if error is None:
        judge(answer)
        return
    with pytest.raises(error) as raised:
        judge(answer)
    assert said in str(raised.value)
    assert type(raised.value) is error
    assert len(str(raised.value)) < 300


def test_a_cut_answer_is_no_ok() -> None:
    whole = b"stream: OK\0"
    for end in range(len(whole) - 1):
        with pytest.raises(ScanFailed):
            judge(whole[:end])


def test_a_real_scanner_finds_the_test_string_however_it_is_cut(clamd: str) -> None:
    scanner = Scanner(clamd)
    assert scanner.ping()
    data = b"a note about a boat\n" * 500 + EICAR + b"\nmore"
    rng = random.Random(7)
    cuts = sorted(rng.sample(range(1, len(data)), 40))
    random_pieces = [data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)], strict=True)]
    for pieces in ([data], random_pieces, [EICAR[:30], b"", EICAR[30:]]):
        with pytest.raises(VirusFound) as found:
            scan(scanner, *pieces)
        assert found.value.name == FOUND
    assert scan(scanner, b"a note", b"", b" about a boat") == b"a note about a boat"
    assert scan(scanner) == b""
    assert scanner.scans == Scans("ok", clean=2, found=3)


def test_what_is_not_looked_at_whole_is_not_clean(clamd: str) -> None:
    scanner = Scanner(clamd)
    with pytest.raises(TooLargeToScan, match="did not look at all"):
        scan(scanner, bytes(SCANNED_BYTES + 1))
    with pytest.raises(TooLargeToScan, match="StreamMaxLength"):
        scan(scanner, *[bytes(100_000)] * (2 * STREAM_BYTES // 100_000))
    assert scanner.scans == Scans("ok", failed=2)
    assert len(scan(scanner, bytes(SCANNED_BYTES - 1))) == SCANNED_BYTES - 1


def test_an_upload_that_ends_early_counts_for_nothing(clamd: str) -> None:
    def cut() -> Iterator[bytes]:
        yield b"begun"
        raise ConnectionResetError("the sender is gone")

    scanner = Scanner(clamd)
    with pytest.raises(ConnectionResetError, match="the sender"):
        list(scanner.passing(cut()))
    assert scanner.scans == Scans()
    assert scan(scanner, b"whole") == b"whole"


def test_a_scanner_that_ends_is_missed_and_found_again(tmp_path: Path) -> None:
    with running() as address:
        scanner = Scanner(address)
        assert scanner.ping()
    assert not scanner.ping()
    assert (scanner.scans.state, scanner.scans.failed) == ("out_of_reach", 0)
    with pytest.raises(ScanFailed):
        scan(scanner, b"x")
    assert scanner.scans.failed == 1


@contextmanager
def answering(
    answer: bytes | None, reads: int, said: threading.Event | None = None
) -> Iterator[str]:
    """A server on TCP that reads so many bytes of one connection, says `answer`, sets `said` and
    hangs up; None: says nothing until the test is over."""
    over, said = threading.Event(), said or threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            line, _ = server.accept()
            with line:
                left = reads
                while left > 0 and (got := line.recv(left)):
                    left -= len(got)
                if answer is None:
                    over.wait()
                else:
                    line.sendall(answer)
                    said.set()

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"127.0.0.1:{server.getsockname()[1]}"
        finally:
            over.set()
            thread.join()


WHOLE = len(INSTREAM) + 4 + 3 + len(END)  # of `abc` in one piece


def test_by_tcp() -> None:
    with answering(b"stream: OK\0", WHOLE) as address:
        scanner = Scanner(address)
        assert scan(scanner, b"abc") == b"abc"
    assert scanner.scans == Scans(clean=1)


@pytest.mark.parametrize("answer", [b"", b"stream: O"])
def test_one_that_hangs_up_has_not_said_ok(answer: bytes) -> None:
    with answering(answer, WHOLE) as address, pytest.raises(ScanFailed):
        scan(Scanner(address), b"abc")


def test_an_answer_before_the_end_is_none_for_the_whole() -> None:
    said = threading.Event()

    def pieces() -> Iterator[bytes]:
        yield b"abc"
        assert said.wait(20)
        yield b"def"

    with (
        answering(b"stream: OK\0", len(INSTREAM) + 7, said) as address,
        pytest.raises(ScanFailed, match="before it had everything"),
    ):
        list(Scanner(address).passing(pieces()))


def test_one_that_says_nothing_is_given_up() -> None:
    with answering(None, WHOLE) as address:
        scanner = Scanner(address, answer_s=0.2)
        with pytest.raises(ScanFailed, match="no answer in time"):
            scan(scanner, b"abc")
    assert scanner.scans.state == "out_of_reach"


def test_one_that_takes_nothing_is_given_up() -> None:
    with answering(None, 0) as address:
        scanner = Scanner(address, send_s=0.2, answer_s=0.2)
        with pytest.raises(ScanFailed):
            scan(scanner, *[bytes(1 << 20)] * 64)


@pytest.mark.parametrize("address", ["unix:", "unix:clamd.sock", "host:none", "host:99999"])
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(ValueError, match="write"):
        Scanner(address)
