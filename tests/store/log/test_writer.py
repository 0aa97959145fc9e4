"""The writer: what it answers is kept, whatever the cut, and readers agree with it."""

from __future__ import annotations

import asyncio
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from littoral.schema.logentry import LogEntry, Verdict, from_bytes
from littoral.store.log import merkle, tiles
from littoral.store.log.fsck import fsck_log
from littoral.store.log.reader import LogReader
from littoral.store.log.signing import Signer
from littoral.store.log.writer import Log, LogCorrupt, LogError
from tests.store.log.logs import KEY, closed, entries
from tests.store.log.test_merkle import mth

IN_TIME = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def all_entries(root: Path) -> list[bytes]:
    reader = LogReader(root, KEY.public)
    size = reader.checkpoint().size
    return [e for n in range(-(-size // 256)) for e in reader.entries(n, size)]


def test_an_empty_log(tmp_path: Path) -> None:
    with Log(tmp_path / "log", KEY) as log:
        assert (log.size, log.checkpoint().size) == (0, 0)
        assert log.checkpoint().root == merkle.EMPTY_ROOT
        with pytest.raises(merkle.ProofError):
            log.proof(0)
    assert fsck_log(tmp_path / "log", KEY.public).ok


def test_entries_come_back_with_proofs(tmp_path: Path) -> None:
    act = LogEntry(1, "account:1", "person.read", "person:9", Verdict.DENY, purpose="rescue")
    with Log(tmp_path, KEY) as log:
        assert log.append([act]).result() == 0
        assert log.append([b"a", b"b"]).result() == 1
        proof = log.proof(0)
        assert from_bytes(proof.entry or b"") == act
        assert proof.verify(KEY.public).size == 3
        assert log.proof(2).entry == b"b"
        for index in (-1, 3):
            with pytest.raises(merkle.ProofError):
                log.proof(index)


@given(
    st.lists(
        st.lists(
            st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=300), max_size=4
        ),
        max_size=4,
    )
)
@IN_TIME
def test_the_cut_does_not_matter(tmp_path_factory, runs: list[list[list[bytes]]]) -> None:
    """In whatever appends, closed and opened again: the entries in their order, once."""
    root = tmp_path_factory.mktemp("log")
    said: list[bytes] = []
    checkpoints = []
    for appends in runs:
        with Log(root, KEY) as log:
            for appended in appends:
                assert log.append(appended).result() == len(said)
                said += appended
        checkpoints.append((root / "checkpoint").read_bytes())
    with Log(root, KEY) as log:
        assert log.checkpoint().root == mth(said)
    assert all_entries(root) == said
    report = fsck_log(root, KEY.public, checkpoints)
    assert (report.ok, report.size, report.tail) == (True, len(said), 0)
    assert [p.name for p in (root / "tail").iterdir()] == []


def test_many_callers_at_once(tmp_path: Path) -> None:
    """Threads and an event loop: every index is given once, to whom the entry at it belongs."""
    with Log(tmp_path, KEY, publish_s=0.05) as log, ThreadPoolExecutor(8) as pool:

        def thread(number: int) -> list[tuple[int, bytes]]:
            own = [b"thread %d, %d" % (number, i) for i in range(60)]
            return [(log.append([e]).result(), e) for e in own]

        async def loop() -> list[tuple[int, bytes]]:
            own = [b"task %d" % i for i in range(400)]
            return list(
                zip(await asyncio.gather(*(log.append_async([e]) for e in own)), own, strict=True)
            )

        threads = [pool.submit(thread, n) for n in range(8)]
        said = asyncio.run(loop()) + [pair for t in threads for pair in t.result()]
        assert log.size == len(said) == 880
    kept = all_entries(tmp_path)
    assert len(kept) == 880
    assert [(i, kept[i]) for i, _ in said] == said
    assert fsck_log(tmp_path, KEY.public).ok


def test_what_is_answered_is_synced_first(tmp_path: Path, monkeypatch) -> None:
    """Before the answer the file of the tail is synced, with the entry in it."""
    synced: list[bytes] = []
    sync = os.fdatasync

    def watched(fd: int) -> None:
        sync(fd)
        synced.append(Path(f"/proc/self/fd/{fd}").read_bytes())

    monkeypatch.setattr(os, "fdatasync", watched)
    with Log(tmp_path, KEY, publish_s=30) as log:
        for i in range(5):
            log.append([b"entry number %d" % i]).result()
            assert b"entry number %d" % i in synced[-1]
            assert len(synced) == i + 1


def test_a_failing_sync_ends_the_log(tmp_path: Path, monkeypatch) -> None:
    """The system may forget what it could not write: no later answer may be given."""
    log = Log(tmp_path, KEY, publish_s=30)
    log.append([b"a"]).result()
    with monkeypatch.context() as m:

        def fails(fd: int) -> None:
            raise OSError(5, "Input/output error")

        m.setattr(os, "fdatasync", fails)
        with pytest.raises(LogError, match="Input/output"):
            log.append([b"b"]).result()
    with pytest.raises(LogError, match="opened again"):
        log.append([b"c"])
    log.close()
    with Log(tmp_path, KEY) as again:
        assert again.append([b"d"]).result() in (1, 2)  # `b` may be there, nobody was told so
        assert again.proof(0).entry == b"a"


def test_one_writer(tmp_path: Path) -> None:
    with Log(tmp_path, KEY), pytest.raises(LogError, match="another process"):
        Log(tmp_path, KEY)
    with pytest.raises(LogCorrupt, match="not signed by"):
        Log(tmp_path, Signer.generate("another.example"))
    with Log(tmp_path, KEY) as log:
        log.append([b"a"]).result()
    with pytest.raises(LogError, match="closed"):
        log.append([b"b"])


def test_what_cannot_be_kept(tmp_path: Path) -> None:
    with Log(tmp_path, KEY) as log:
        with pytest.raises(ValueError, match="nothing"):
            log.append([])
        for wrong in ([b""], [b"a", bytes(65_536)]):
            with pytest.raises(ValueError, match="an entry of"):
                log.append(wrong)
        assert log.append([bytes(65_535)]).result() == 0
        assert log.proof(0).entry == bytes(65_535)


def test_too_much_at_once_is_said(tmp_path: Path) -> None:
    with Log(tmp_path, KEY) as log:
        with pytest.raises(LogError, match="behind"):
            log.append([bytes(65_535)] * 1100)
        assert log.size == 0


@pytest.mark.parametrize("spoil", ["checkpoint", "tile/0/001.p/44", "tile/entries/001.p/44"])
def test_a_spoilt_end_is_not_continued(tmp_path: Path, spoil: str) -> None:
    closed(tmp_path, 300)
    path = tmp_path / spoil
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(LogCorrupt):
        Log(tmp_path, KEY)


def test_a_log_whose_checkpoint_is_gone_does_not_begin_anew(tmp_path: Path) -> None:
    closed(tmp_path, 10)
    (tmp_path / "checkpoint").unlink()
    with pytest.raises(LogCorrupt, match="no checkpoint"):
        Log(tmp_path, KEY)


def test_published_files_are_those_of_the_specification(tmp_path: Path) -> None:
    closed(tmp_path, 1000)
    there = {
        p.relative_to(tmp_path).as_posix() for p in (tmp_path / "tile").rglob("*") if p.is_file()
    }
    wanted = {p.path for p in tiles.parts(1000)}
    # The checkpoint at 500 was published too: its partial tile of level 1 is to be kept.
    assert there - wanted == {"tile/1/000.p/1"}
    assert wanted <= there


def test_readers_run_beside_the_writer(tmp_path: Path) -> None:
    """While tiles grow every checkpoint that is read has its entries and proofs."""
    with Log(tmp_path, KEY, publish_s=0.01) as log:
        log.append([b"first"]).result()
        log.publish()
        stop = threading.Event()
        seen: list[int] = []
        wrong: list[str] = []

        def read() -> None:
            while not stop.is_set():
                reader = LogReader(tmp_path, KEY.public)
                signed = reader.checkpoint()
                reader.proof(signed.size - 1, signed).verify(KEY.public)
                reader.proof(0, signed).verify(KEY.public)
                report = fsck_log(tmp_path, KEY.public, [str(signed.note).encode()])
                wrong.extend(report.damage + [t for t in report.told if "continues" not in t])
                seen.append(signed.size)

        thread = threading.Thread(target=read)
        thread.start()
        for i in range(300):
            log.append(entries(i * 5, 5)).result()
        log.publish()
        stop.set()
        thread.join()
    assert wrong == []
    assert seen == sorted(seen)
    assert len(set(seen)) > 1
