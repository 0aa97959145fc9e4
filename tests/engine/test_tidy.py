"""The live engine merges the lake's small files, and only those that are final."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from littoral.engine.live import Live
from littoral.engine.served import select
from littoral.engine.setup import Plan, live_of
from littoral.engine.tidy import NotFinal
from tests.api.test_with_engine import COMPILE_S, line

HOUR_US = 3_600_000_000
AT_US = 1_790_000_000_000_000 // HOUR_US * HOUR_US
PIECES, MINUTES = 12, 190


def heard() -> list[bytes]:
    """Two ships for three hours and ten minutes, a report each minute, in twelve pieces."""
    each = [
        b"".join(line(412_000_000 + k, AT_US + m * 60_000_000, 110.5 + k, 19.5) for k in (1, 2))
        for m in range(MINUTES)
    ]
    return [b"".join(each[i * MINUTES // PIECES : (i + 1) * MINUTES // PIECES])
            for i in range(PIECES)]  # fmt: skip


def opened(folder: Path) -> Live:
    live = live_of(Plan(folder, detectors=("distress",), checkpoint_s=0.0))
    live.start()
    return live


def wait_for(done: Callable[[], bool]) -> None:
    until = time.monotonic() + COMPILE_S
    while not done():
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A server that made a checkpoint, hence a file an hour, of every piece."""
    data = tmp_path_factory.mktemp("tidy")
    live, position = opened(data), 0
    for piece in heard():
        live.intake.take_numbered("pier", position, piece)
        position += len(piece)
        assert live.drain(COMPILE_S)
        taken = live._journal.synced  # or a slow disk has one checkpoint for several pieces
        wait_for(lambda taken=taken: live._lake_from >= taken and not live._saver.busy())
    # Merging goes on beside the engine.
    wait_for(lambda: all("merged" in f for f in list(files(data).values())[:2]))
    live.stop()
    return data


def files(folder: Path) -> dict[str, list[str]]:
    hours = sorted((folder / "lake" / "observations").glob("date=*/hour=*"))
    return {h.name: sorted(f.name.split("-")[0] for f in h.glob("*.parquet")) for h in hours}


def rows(folder: Path) -> list[dict]:
    query = (
        "select mmsi, count(*) n, count(distinct t_us) t from observations group by 1 order by 1"
    )
    return select(folder, query).to_pylist()


def test_hours_that_ended_are_merged(folder: Path) -> None:
    """At most what came after an hour was merged still lies beside it."""
    first, second, *_ = files(folder).values()
    assert "merged" in first
    assert len(first) <= 2
    assert "merged" in second


def test_every_row_is_there_once(folder: Path) -> None:
    told = rows(folder)
    assert [r["mmsi"] for r in told] == [412_000_001, 412_000_002]
    # All but those of the last two minutes, which are not settled.
    assert all(MINUTES - 3 <= r["n"] == r["t"] <= MINUTES for r in told)


def test_a_restart_goes_on_beside_merged_files(folder: Path) -> None:
    before = rows(folder)
    live = opened(folder)
    assert live.drain(COMPILE_S)
    live.stop()
    assert rows(folder) == before


def test_without_a_checkpoint_the_lake_is_made_anew(folder: Path) -> None:
    before = rows(folder)
    (folder / "checkpoint.arrow").unlink()
    live = opened(folder)
    assert live.drain(COMPILE_S)
    live.stop()
    assert rows(folder) == before


def test_what_is_not_final_is_kept() -> None:
    keep = NotFinal(1000)
    assert f"{999:020d}" not in keep
    assert f"{1000:020d}" in keep
