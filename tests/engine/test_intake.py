"""Senders that number their bytes: nothing twice, missing, changed or lost."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from littoral.engine import intake as module
from littoral.engine.intake import MAX_LINE, Intake
from littoral.engine.numbered import (
    HEAD_BYTES,
    LINES,
    PLACE_EVERY,
    Busy,
    Conflict,
    Gap,
    Sender,
    TooManySenders,
    position_after,
)
from littoral.store.journal import Journal


class Desk:
    """A journal and an intake over it; `reopen` is what a restart does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock_us = 1_000_000
        self.journal = Journal.open(folder)
        self.intake = Intake(self.journal, lambda: None, lambda: self.clock_us)

    def lines(self, source: int) -> bytes:
        """All that the journal holds of a source."""
        entries = self.journal.read(0)
        kept = [e.payload[HEAD_BYTES:] for e in entries if e.kind == LINES and e.source == source]
        return b"".join(kept)

    def reopen(self) -> None:
        self.journal.close()
        self.journal = Journal.open(self.folder)
        senders: dict[str, Sender] = {}
        for name, sender in self.intake._senders.items():
            senders[name] = Sender(sender.source)
            for entry in self.journal.read(0):
                if entry.kind == LINES and entry.source == sender.source:
                    senders[name].note(entry.position)
                    senders[name].held = position_after(entry)
        self.intake = Intake(self.journal, lambda: None, lambda: self.clock_us)
        self.intake.resume(len(senders) + 1, senders)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.journal.close()


def test_what_is_answered_is_durable_and_whole(desk: Desk) -> None:
    taken = desk.intake.take_numbered("pier", 0, b"one\ntwo\nthr")
    assert taken == (8, 2)
    assert desk.journal.synced == desk.journal.end
    assert desk.lines(1) == b"one\ntwo\n"
    assert desk.intake.take_numbered("pier", 8, b"three\n") == (14, 1)
    assert desk.lines(1) == b"one\ntwo\nthree\n"
    assert desk.intake.held("pier") == 14
    assert desk.intake.held("nobody") == 0


def test_the_same_again_is_not_taken_twice(desk: Desk) -> None:
    desk.intake.take_numbered("pier", 0, b"one\ntwo\n")
    assert desk.intake.take_numbered("pier", 0, b"one\ntwo\n") == (8, 0)
    assert desk.intake.take_numbered("pier", 0, b"one\n") == (8, 0)
    assert desk.intake.take_numbered("pier", 4, b"two\nthree\n") == (14, 1)
    assert desk.lines(1) == b"one\ntwo\nthree\n"


def test_a_gap_and_other_content_are_refused(desk: Desk) -> None:
    desk.intake.take_numbered("pier", 0, b"one\ntwo\n")
    with pytest.raises(Gap, match="bytes 8 to 9 are missing; send from 8") as gap:
        desk.intake.take_numbered("pier", 9, b"x\n")
    assert gap.value.held == 8
    for position, chunk in ((0, b"one\ntwx\nmore\n"), (4, b"twO\n"), (1, b"NE\n")):
        with pytest.raises(Conflict, match="other bytes are held") as conflict:
            desk.intake.take_numbered("pier", position, chunk)
        assert conflict.value.held == 8
    assert desk.lines(1) == b"one\ntwo\n"


def test_senders_do_not_meet(desk: Desk) -> None:
    desk.intake.take_numbered("pier", 0, b"one\n")
    desk.intake.take_numbered("mole", 0, b"eins\n")
    desk.intake.take_numbered("pier", 4, b"two\n")
    assert desk.intake.take_numbered("mole", 0, b"eins\nzwei\n") == (10, 1)
    assert (desk.lines(1), desk.lines(2)) == (b"one\ntwo\n", b"eins\nzwei\n")


def test_what_has_no_end_is_cut_and_goes_on(desk: Desk) -> None:
    """As on any feed: the decoder says what is wrong with it, the rest is read."""
    assert desk.intake.take_numbered("pier", 0, b"\0" * MAX_LINE) == (0, 0)
    assert desk.intake.take_numbered("pier", 0, b"\0" * (MAX_LINE + 1)) == (MAX_LINE + 1, 1)
    assert desk.intake.take_numbered("pier", MAX_LINE, b"\0one\n") == (MAX_LINE + 5, 1)
    assert desk.lines(1) == b"\0" * (MAX_LINE + 1) + b"\none\n"
    with pytest.raises(Conflict):
        desk.intake.take_numbered("pier", MAX_LINE, b"\1one\n")


@settings(deadline=None, max_examples=60)
@given(stream=st.binary(max_size=60), seed=st.integers(0, 1 << 32))
def test_any_repetition_gives_the_stream_once(stream: bytes, seed: int, tmp_path_factory) -> None:
    """Pieces in order, any of them again, restarts in between: the journal holds the stream, and
    a changed byte of what is held is always refused."""
    desk = Desk(tmp_path_factory.mktemp("journal"))
    chance = random.Random(seed)
    stream += b"\n"
    try:
        held = 0
        while held < len(stream):
            position = chance.randint(0, held)
            end = chance.randint(position, len(stream))
            known = held
            held = desk.intake.take_numbered("pier", position, stream[position:end]).held
            assert held == max(known, stream[:end].rfind(b"\n") + 1)
            if chance.random() < 0.5:
                desk.reopen()
            if held:
                at = chance.randrange(held)
                changed = bytearray(stream[: at + 1])
                changed[at] ^= 1
                with pytest.raises(Conflict):
                    desk.intake.take_numbered("pier", 0, bytes(changed))
        assert desk.lines(1) == stream
    finally:
        desk.journal.close()


def test_old_bytes_are_found_among_many(desk: Desk) -> None:
    """Only some records are remembered; any old piece is still compared."""
    piece = bytes(range(1, 10)).replace(b"\n", b"\x0b") * 2000 + b"\n"
    count = 5 * PLACE_EVERY // len(piece)
    for number in range(count):
        desk.intake.take_numbered("pier", number * len(piece), piece)
        desk.intake.take_numbered("mole", number * 2, b"m\n")
    assert 2 <= len(desk.intake._senders["pier"].places) < count // 2
    for number in (0, 1, count // 2, count - 1):
        at = number * len(piece)
        assert desk.intake.take_numbered("pier", at, piece).lines == 0
        with pytest.raises(Conflict):
            desk.intake.take_numbered("pier", at, b"X" + piece[1:])


def test_senders_are_bounded(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_SENDERS", 2)
    desk.intake.take_numbered("a", 0, b"1\n")
    desk.intake.take_numbered("b", 0, b"1\n")
    with pytest.raises(TooManySenders):
        desk.intake.take_numbered("c", 0, b"1\n")
    assert desk.intake.take_numbered("a", 2, b"2\n").held == 4


def test_a_closed_journal_and_an_engine_far_behind_say_come_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.intake.take_numbered("a", 0, b"1\n")
    monkeypatch.setattr(module, "MAX_AHEAD", 1)
    monkeypatch.setattr(module, "ROOM_WAIT_S", 0.01)
    with pytest.raises(Busy, match="behind"):
        desk.intake.take_numbered("a", 2, b"2\n")
    desk.intake.engine_read_to(desk.journal.end)
    assert desk.intake.take_numbered("a", 2, b"2\n").held == 4
    monkeypatch.undo()
    desk.journal.close()
    with pytest.raises(Busy, match="closed"):
        desk.intake.take_numbered("a", 4, b"3\n")


def test_a_feed_says_why_it_is_down_until_it_is_up_again(desk: Desk) -> None:
    desk.intake.add_feed("tcp pier:10110", "tcp")
    desk.intake.failed("tcp pier:10110", "Connection refused")
    (feed,) = desk.intake.feeds({})
    assert (feed.connected, feed.last_error) == (False, "Connection refused")
    desk.intake.opened("tcp pier:10110", "tcp", "one")
    (feed,) = desk.intake.feeds({})
    assert (feed.connected, feed.last_error) == (True, None)


def test_silence_counts_from_the_start_when_nothing_came(desk: Desk) -> None:
    """After a restart a feed that does not come back must not look like a calm sea."""
    desk.intake.start()
    desk.clock_us += 7_000_000
    assert desk.intake.quiet_for_us() == 7_000_000
    desk.intake.take_numbered("pier", 0, b"one\n")
    desk.clock_us += 2_000_000
    assert desk.intake.quiet_for_us() == 2_000_000
    (feed,) = desk.intake.feeds({})
    assert (feed.name, feed.kind, feed.connected, feed.lines) == ("pier", "http", True, 1)
    desk.clock_us += 60_000_000
    assert not desk.intake.feeds({})[0].connected
    desk.intake.stop()
