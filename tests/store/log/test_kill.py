"""A writer killed at random moments: what it answered is there, once, under every checkpoint."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from littoral.store.log.fsck import fsck_log
from littoral.store.log.reader import LogReader
from littoral.store.log.writer import Log
from tests.store.log.logs import KEY

WRITER = """
import sys
from pathlib import Path
import littoral.store.log.writer as w
from littoral.store.log.signing import Signer
w.SEGMENT_BYTES = 20_000
log = w.Log(Path(sys.argv[1]), Signer.parse(sys.argv[2]), publish_s=0.02)
number = log.size
waiting = []
while True:
    for _ in range(number % 5 + 1):
        entries = [b"%d" % i + b"x" * (i % 90) for i in range(number, number + number % 7 + 1)]
        waiting.append(log.append(entries))
        number += len(entries)
    for future in waiting:
        future.result()
    waiting.clear()
    print(number, flush=True)
"""

KILLS = 15


def entry(i: int) -> bytes:
    return b"%d" % i + b"x" * (i % 90)


def test_killed_at_random_moments(tmp_path: Path) -> None:
    chance = random.Random(11)
    kept, in_tail, cut = 0, 0, 0
    checkpoints: list[bytes] = []
    for _ in range(KILLS):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), KEY.private_text],
            stdout=subprocess.PIPE,
        )
        assert writer.stdout is not None
        acknowledged = kept
        for _ in range(chance.randrange(0, 60)):
            acknowledged = int(writer.stdout.readline())
        writer.send_signal(signal.SIGKILL)
        rest = writer.stdout.read().split(b"\n")[:-1]  # acknowledged before the signal arrived
        writer.wait()
        writer.stdout.close()
        acknowledged = int(rest[-1]) if rest else acknowledged
        if not (tmp_path / "checkpoint").exists():
            assert acknowledged == 0
            continue
        report = fsck_log(tmp_path, KEY.public, checkpoints)
        assert report.damage == []
        assert report.ok
        assert report.size + report.tail >= acknowledged >= kept
        in_tail += report.tail > 0
        with Log(tmp_path, KEY) as log:
            kept = log.size
            cut += log.cut_bytes
            assert kept == report.size + report.tail
        checkpoints.append((tmp_path / "checkpoint").read_bytes())
        report = fsck_log(tmp_path, KEY.public, checkpoints)
        assert (report.damage, report.unfinished, report.fork, report.rollback) == (
            [], [], "none", "none",
        )  # fmt: skip
    assert kept > 1000
    assert in_tail > 3
    reader = LogReader(tmp_path, KEY.public)
    found = [e for n in range(-(-kept // 256)) for e in reader.entries(n, kept)]
    assert found == [entry(i) for i in range(kept)]


def test_cut_off_at_every_byte(tmp_path: Path) -> None:
    """As a crash leaves the file of the tail: any part of the last group, or zeros in its place."""
    with Log(tmp_path / "running", KEY, publish_s=60) as log:
        log.append([entry(0), entry(1)]).result()
        (path,) = (tmp_path / "running" / "tail").iterdir()
        sound = path.read_bytes()
        log.append([entry(2)]).result()
        whole = path.read_bytes()
        root = shutil.copytree(tmp_path / "running", tmp_path / "log")
    path = root / "tail" / path.name
    lost = len(whole) - len(sound)
    for rest in [whole[len(sound) : len(sound) + n] for n in range(lost)] + [bytes(lost)]:
        path.write_bytes(sound + rest)
        report = fsck_log(root, KEY.public)
        assert (report.damage, report.tail, report.torn_bytes) == ([], 2, len(rest))
    path.write_bytes(whole[: len(whole) - 1])
    with Log(root, KEY) as again:
        assert (again.size, again.cut_bytes) == (2, len(whole) - 1 - len(sound))
        assert again.append([b"after"]).result() == 2
        assert again.proof(1).entry == entry(1)
    report = fsck_log(root, KEY.public)
    assert (report.ok, report.size) == (True, 3)


def test_a_segment_without_a_group_is_begun_again(tmp_path: Path) -> None:
    with Log(tmp_path, KEY) as log:
        log.append([entry(0)]).result()
    (tmp_path / "tail" / f"{1:020d}").write_bytes(b"LTG1\0\0")
    with Log(tmp_path, KEY, publish_s=60) as log:
        assert log.cut_bytes == 6
        log.append([entry(1)]).result()
        assert fsck_log(tmp_path, KEY.public).tail == 1
    report = fsck_log(tmp_path, KEY.public)
    assert (report.ok, report.size) == (True, 2)
