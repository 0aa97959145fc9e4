"""The journal: what it has synced is read back, whatever was cut off or damaged after it."""

from __future__ import annotations

import os
import random
import shutil
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from littoral.store.journal import Journal, JournalCorrupt, JournalError
from littoral.store.journal_format import HEADER_BYTES
from littoral.store.journal_fsck import fsck_journal

RECORD_BYTES = 44  # docs/stores.md: header of a record


def segments(directory: Path) -> list[Path]:
    return sorted(directory.glob("*.journal"))


def fill(directory: Path, payloads: list[bytes], **options: int) -> list[int]:
    """Appends and syncs; leaves the files as a killed process would (no mark of a clean close)."""
    journal = Journal.open(directory, **options)
    positions = [journal.append(1 + i % 3, i, 1_000 + i, p) for i, p in enumerate(payloads)]
    journal.sync()
    journal._release()
    return positions


def test_reads_back_what_was_appended(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal:
        first = journal.append(7, 3, -5, b"!AIVDM")
        second = journal.append(65535, 0xFFFFFFFF, 2**62, b"")
        assert journal.synced <= first
        assert journal.sync() == journal.end
        entries = list(journal.read(0))
    assert [(e.position, e.kind, e.source, e.at_us, e.payload) for e in entries] == [
        (first, 7, 3, -5, b"!AIVDM"),
        (second, 65535, 0xFFFFFFFF, 2**62, b""),
    ]
    assert (first, second) == (HEADER_BYTES, HEADER_BYTES + RECORD_BYTES + 6)
    assert entries[0].next_position == second


def test_reading_goes_on_from_next_position_over_reopening(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal:
        journal.append(1, 0, 0, b"a")
        here = journal.end
    with Journal.open(tmp_path) as journal:
        journal.append(1, 0, 0, b"b")
        assert [e.payload for e in journal.read(here)] == [b"b"]
        assert list(journal.read(journal.end)) == []


@settings(max_examples=25, deadline=None)
@given(
    payloads=st.lists(st.binary(max_size=200), max_size=40),
    segment_bytes=st.integers(100, 1500),
)
def test_segments_do_not_matter(
    tmp_path_factory: pytest.TempPathFactory, payloads: list[bytes], segment_bytes: int
) -> None:
    directory = tmp_path_factory.mktemp("journal")
    positions = fill(directory, payloads, segment_bytes=segment_bytes)
    with Journal.open(directory, segment_bytes) as journal:
        entries = list(journal.read(0))
        assert [e.payload for e in entries] == payloads
        assert [e.position for e in entries] == positions
        for entry in entries:
            assert next(iter(journal.read(entry.position))) == entry
    report = fsck_journal(directory)
    assert report.ok
    assert report.records == len(payloads)


def test_cut_off_at_every_byte_gives_the_records_before_it(tmp_path: Path) -> None:
    payloads = [b"one", b"", b"x" * 50, b"four"]
    fill(tmp_path / "whole", payloads)
    (source,) = segments(tmp_path / "whole")
    whole = source.read_bytes()
    ends = [HEADER_BYTES]
    for payload in payloads:
        ends.append(ends[-1] + RECORD_BYTES + len(payload))
    assert ends[-1] == len(whole)
    for cut in range(HEADER_BYTES, len(whole) + 1):
        directory = tmp_path / f"cut{cut}"
        directory.mkdir()
        (directory / source.name).write_bytes(whole[:cut])
        expected = [p for p, end in zip(payloads, ends[1:], strict=True) if end <= cut]
        report = fsck_journal(directory)
        assert (report.ok, report.records) == (True, len(expected))
        with Journal.open(directory) as journal:
            assert journal.cut_bytes == cut - ends[len(expected)] == report.torn_bytes
            assert [e.payload for e in journal.read(0)] == expected
            journal.append(1, 0, 0, b"after")
            journal.sync()
            assert [e.payload for e in journal.read(0)] == [*expected, b"after"]
        assert fsck_journal(directory).ok
        shutil.rmtree(directory)


@pytest.mark.parametrize("rubbish", [b"\0" * 300, b"\xa9LJR" * 60, os.urandom(300)])
def test_rubbish_after_the_last_record_is_cut(tmp_path: Path, rubbish: bytes) -> None:
    fill(tmp_path, [b"one", b"two"])
    (path,) = segments(tmp_path)
    path.write_bytes(path.read_bytes() + rubbish)
    assert fsck_journal(tmp_path).torn_bytes == len(rubbish)
    with Journal.open(tmp_path) as journal:
        assert journal.cut_bytes == len(rubbish)
        assert [e.payload for e in journal.read(0)] == [b"one", b"two"]


def test_every_flipped_bit_of_a_synced_record_is_reported(tmp_path: Path) -> None:
    """The third record was made after the second was synced and vouches for it."""
    journal = Journal.open(tmp_path / "whole")
    positions = []
    for payload in (b"one", b"two", b"three"):
        positions.append(journal.append(1, 0, 0, payload))
        journal.sync()
    journal._release()
    (source,) = segments(tmp_path / "whole")
    whole = bytearray(source.read_bytes())
    for at in range(positions[1], positions[2]):
        directory = tmp_path / f"flip{at}"
        directory.mkdir()
        damaged = bytearray(whole)
        damaged[at] ^= 1 << (at % 8)
        (directory / source.name).write_bytes(damaged)
        assert len(fsck_journal(directory).damage) == 1
        with Journal.open(directory) as journal:
            assert journal.cut_bytes == 0
            entries = journal.read(0)
            assert next(entries).payload == b"one"
            with pytest.raises(JournalCorrupt) as caught:
                next(entries)
            assert (caught.value.position, caught.value.resume) == (positions[1], positions[2])
            assert [e.payload for e in journal.read(positions[2])] == [b"three"]
        shutil.rmtree(directory)


def test_clean_close_vouches_for_the_last_record(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal:
        position = journal.append(1, 0, 0, b"last")
    (path,) = segments(tmp_path)
    data = bytearray(path.read_bytes())
    data[position + RECORD_BYTES] ^= 1
    path.write_bytes(data)
    with Journal.open(tmp_path) as journal, pytest.raises(JournalCorrupt):
        list(journal.read(0))


def test_a_payload_cannot_pass_for_a_record(tmp_path: Path) -> None:
    """Bytes of a record of another journal at the very same position, sent as payload: when the
    record around them is damaged, the search for the next one must not stop at them."""
    fill(tmp_path / "other", [b"x" * RECORD_BYTES, b"forged"])
    (other,) = segments(tmp_path / "other")
    forged = other.read_bytes()[-(RECORD_BYTES + 6) :]
    journal = Journal.open(tmp_path / "own")
    first = journal.append(1, 0, 0, b"y" * RECORD_BYTES + forged)
    journal.append(1, 0, 0, b"true")
    journal.sync()
    journal.append(1, 0, 0, b"vouches")
    journal.sync()
    journal._release()
    (path,) = segments(tmp_path / "own")
    data = bytearray(path.read_bytes())
    data[first + 9] ^= 1
    path.write_bytes(data)
    with Journal.open(tmp_path / "own") as journal:
        with pytest.raises(JournalCorrupt) as caught:
            list(journal.read(0))
        assert [e.payload for e in journal.read(caught.value.resume or 0)] == [b"true", b"vouches"]


def test_a_cut_segment_in_the_middle_is_reported(tmp_path: Path) -> None:
    fill(tmp_path, [bytes([i]) * 60 for i in range(6)], segment_bytes=250)
    paths = segments(tmp_path)
    assert len(paths) == 3
    paths[1].write_bytes(paths[1].read_bytes()[:-1])
    assert not fsck_journal(tmp_path).ok
    with Journal.open(tmp_path) as journal:
        with pytest.raises(JournalCorrupt) as caught:
            list(journal.read(0))
        assert caught.value.resume == int(paths[2].name.split(".")[0])


def test_trim_removes_whole_segments_only(tmp_path: Path) -> None:
    payloads = [bytes([i]) * 60 for i in range(6)]
    positions = fill(tmp_path, payloads, segment_bytes=250)
    with Journal.open(tmp_path, 250) as journal:
        assert journal.trim(positions[3]) <= positions[2]
        assert [e.payload for e in journal.read(positions[3])] == payloads[3:]
        with pytest.raises(JournalError, match="trimmed"):
            journal.read(0)
        journal.trim(journal.end + 10_000)
        assert len(segments(tmp_path)) == 1


def test_a_position_beyond_the_end_is_an_error(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal, pytest.raises(JournalError, match="beyond"):
        journal.read(journal.end + 1)


def test_one_writer_only(tmp_path: Path) -> None:
    with Journal.open(tmp_path), pytest.raises(JournalError, match="another process"):
        Journal.open(tmp_path)


def test_what_the_format_cannot_hold_is_refused(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal:
        for kind, source, size in ((0, 0, 0), (1, -1, 0), (1, 0, (16 << 20) + 1)):
            with pytest.raises(ValueError, match=r"range|limit"):
                journal.append(kind, source, 0, bytes(size))
        assert list(journal.read(0)) == []


def test_a_full_disk_loses_nothing_that_was_synced(tmp_path: Path) -> None:
    """/dev/full stands for the file once the disk is full; then there is room again."""
    journal = Journal.open(tmp_path)
    journal.append(1, 0, 0, b"before")
    journal.sync()
    kept, journal._fd = journal._fd, os.open("/dev/full", os.O_WRONLY)
    journal.append(1, 0, 0, b"during")
    with pytest.raises(OSError):  # noqa: PT011 - ENOSPC, or EINVAL from cutting /dev/full
        journal.sync()
    os.close(journal._fd)
    journal._fd = kept
    journal.sync()
    journal.close()
    with Journal.open(tmp_path) as journal:
        assert [e.payload for e in journal.read(0)] == [b"before", b"during"]


def test_many_threads_share_a_sync(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path, segment_bytes=5_000)
    acknowledged: list[int] = []

    def work(source: int) -> None:
        for i in range(50):
            position = journal.append(1, source, i, random.Random(i).randbytes(i))
            assert journal.sync() > position
            acknowledged.append(position)

    threads = [threading.Thread(target=work, args=(s,)) for s in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    journal._release()
    with Journal.open(tmp_path) as journal:
        entries = list(journal.read(0))
    assert sorted(acknowledged) == [e.position for e in entries]
    assert len(entries) == 200
    for source in range(4):
        assert [e.at_us for e in entries if e.source == source] == list(range(50))
