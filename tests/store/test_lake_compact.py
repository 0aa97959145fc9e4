"""Compaction: nothing lost, nothing doubled, whoever reads or dies meanwhile."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from littoral.store import lake_compact, lake_files
from littoral.store.lake import Lake, LakeError
from tests.store.lake_rows import DAY_US, HOUR_US, rows


def ids(root: Path) -> list[int]:
    """Read as a stranger would: DuckDB over the folder, none of our code."""
    found = duckdb.sql(f"SELECT obs_id FROM '{root}/observations/**/*.parquet' ORDER BY 1")
    return [i for (i,) in found.fetchall()]


def fill(lake: Lake, files: int, first: int = 0) -> None:
    for i in range(first, first + files):
        lake.write("observations", rows(range(10 * i, 10 * i + 10), [0, 1], mmsi=100 - i), f"k{i}")


def test_merges_each_hour_into_one_sorted_file(tmp_path: Path) -> None:
    with Lake(tmp_path) as lake:
        fill(lake, 5)
        done = lake.compact("observations")
    assert (done.hours, done.files_before, done.files_after, done.rows) == (2, 10, 2, 50)
    paths = sorted((tmp_path / "observations").rglob("*.parquet"))
    assert [p.name[:7] for p in paths] == ["merged-", "merged-"]
    for path in paths:
        mmsi = pq.read_table(path, partitioning=None)["mmsi"].to_pylist()
        assert mmsi == sorted(mmsi)
    assert ids(tmp_path) == list(range(50))


def test_old_folders_are_kept_for_readers_and_then_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def staged() -> list[str]:
        return sorted(p.name[:8] for p in (tmp_path / ".stage").iterdir())

    with Lake(tmp_path) as lake:
        fill(lake, 2)
        listing = os.scandir(tmp_path / "observations/date=2025-11-25/hour=00")
        lake.compact("observations")
        assert sorted(e.name for e in listing) == ["part-k0.parquet", "part-k1.parquet"]
    assert staged() == ["lock", "retired-", "retired-"]
    monkeypatch.setattr(lake_files, "GRACE_S", 0.0)
    with Lake(tmp_path) as lake:
        lake.compact("observations", older_than_us=0)
        fill(lake, 1, first=2)
    assert staged() == ["lock"]


def test_leaves_open_hours_and_open_keys(tmp_path: Path) -> None:
    with Lake(tmp_path) as lake:
        fill(lake, 3)
        assert lake.compact("observations", older_than_us=DAY_US + 2 * HOUR_US - 1).hours == 1
        assert lake.compact("observations", keep={"k0", "k1"}).hours == 0
        assert lake.compact("observations", keep={"k1"}).files_before == 2
        assert lake.keys("observations") == {"k1"}
    assert ids(tmp_path) == list(range(30))


def test_compacts_again_with_what_came_later(tmp_path: Path) -> None:
    with Lake(tmp_path) as lake:
        fill(lake, 3)
        lake.compact("observations")
        fill(lake, 2, first=3)
        assert lake.compact("observations").files_after == 2
        fill(lake, 5)  # all keys once more, as after a restart from an old checkpoint
    assert ids(tmp_path) == list(range(50))


def test_a_compacted_key_with_other_rows_is_refused(tmp_path: Path) -> None:
    with Lake(tmp_path) as lake:
        fill(lake, 2)
        lake.compact("observations")
        with pytest.raises(LakeError, match="is compacted with 5 rows, now 1"):
            lake.write("observations", rows(range(1)), "k0")
    assert ids(tmp_path) == list(range(20))


def test_a_full_hour_becomes_several_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lake_compact, "MAX_ROWS", 12)
    with Lake(tmp_path) as lake:
        fill(lake, 6)
        assert lake.compact("observations").files_after == 6  # 5 + 5 rows each, twice 3
        assert lake.compact("observations").hours == 0
    assert ids(tmp_path) == list(range(60))


def test_readers_and_a_writer_are_undisturbed(tmp_path: Path) -> None:
    """While one thread compacts and one writes, every query sees whole files, each row once."""
    enough = threading.Event()
    written, compacted = [3], [0]
    with Lake(tmp_path, durable=False) as lake:
        fill(lake, 3)

        def write() -> None:
            while not enough.is_set():
                fill(lake, 1, first=written[0])
                written[0] += 1

        def compact() -> None:
            with Lake(tmp_path, durable=False) as other:  # as a second process would
                while not enough.is_set():
                    compacted[0] += other.compact("observations").hours

        threads = [threading.Thread(target=write), threading.Thread(target=compact)]
        for t in threads:
            t.start()
        seen = [30]
        while len(seen) < 15 or compacted[0] < 3:
            found = lake.sql("SELECT obs_id, count(*) AS n FROM observations GROUP BY 1")
            if set(found["n"].to_pylist()) != {1} or found.num_rows < seen[-1]:
                break
            seen.append(found.num_rows)
        enough.set()
        for t in threads:
            t.join()
    assert set(found["n"].to_pylist()) == {1}
    assert found.num_rows == seen[-1]  # nothing once seen is missed later
    assert len(seen) >= 15
    assert ids(tmp_path) == list(range(10 * written[0]))


COMPACTOR = """
import sys
from littoral.store.lake import Lake
from tests.store.lake_rows import rows
lake = Lake(sys.argv[1], durable=False)
print("ready", flush=True)
number = int(sys.argv[2])
while True:
    for _ in range(4):
        lake.write("observations", rows(range(10 * number, 10 * number + 10), [0, 1]), f"k{number}")
        number += 1
        print(number, flush=True)
    lake.compact("observations")
"""


def test_killed_at_random_moments(tmp_path: Path) -> None:
    chance = random.Random(11)
    written = 0
    for _ in range(8):
        process = subprocess.Popen(
            [sys.executable, "-c", COMPACTOR, str(tmp_path), str(written)],
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        for _ in range(chance.randrange(2, 30)):
            process.stdout.readline()
        threading.Event().wait(chance.random() * 0.02)  # anywhere within a write or compaction
        process.send_signal(signal.SIGKILL)
        lines = process.stdout.read().split(b"\n")[:-1]
        process.wait()
        found = ids(tmp_path)
        assert len(found) == len(set(found))
        # Both hours of a key are written one after the other: the last key may be there in part.
        whole = len(found) // 10
        assert found[: whole * 10] == list(range(whole * 10))
        assert len(found) - whole * 10 in (0, 5)
        if lines:
            assert whole >= int(lines[-1]) > written
        written = whole
    assert written > 20
    Lake(tmp_path).compact("observations")
    left = [p.name for p in (tmp_path / ".stage").iterdir() if not p.name.startswith("retired-")]
    assert len(left) == 2  # the lock and our own: those of the dead are gone
    assert len(list((tmp_path / "observations").rglob("*.parquet"))) == 2
