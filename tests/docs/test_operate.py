"""docs/operate.md: backup, restore, a lost checkpoint, and the metrics that it names."""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path

import httpx
import pytest

from littoral.api.app import create_app
from littoral.api.server import serving
from littoral.engine.served import select
from littoral.engine.setup import Plan, live_of
from tests.api.test_with_engine import COMPILE_S, line

AT_US = 1_790_000_000_000_000
OPERATE = Path(__file__).parents[2] / "docs" / "operate.md"
RULES = ("distress",)  # of what was heard alone: `receiver` also tells of the silence after it


def watch(folder: Path, heard: list[bytes]) -> set[str]:
    """A server's life: starts, takes what is heard, stops. Returns the names of its metrics."""
    live = live_of(Plan(folder, detectors=RULES))
    live.start()
    if heard:
        live.intake.opened("127.0.0.1:4001", "tcp", "connection 1")
        live.intake.take("connection 1", b"".join(heard), AT_US)
    with serving(create_app(live)) as address:
        deadline = time.monotonic() + COMPILE_S
        while True:
            text = httpx.get(f"{address}/metrics", timeout=60).text
            lines = re.search(r"^littoral_lines (\d+)", text, re.M)
            assert lines is not None
            is_taken = int(lines[1]) >= len(heard) and "littoral_receiver_hearing{" in text
            if is_taken or time.monotonic() > deadline:
                break
    assert live.drain(COMPILE_S)
    live.stop()
    return set(re.findall(r"^(littoral_\w+)[ {]", text, re.M))


def kept(folder: Path) -> tuple[list, list, list]:
    alerts = "select id, revision, state, start_us, end_us, sentence_en from alerts order by id"
    tracks = "select id, positions, last_us from tracks order by id"
    rows = "select mmsi, count(*) n from observations group by mmsi order by mmsi"
    a, t, o = (select(folder, q).to_pylist() for q in (alerts, tracks, rows))
    return a, t, o


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
    folder = tmp_path_factory.mktemp("watch") / "data"
    # Twenty minutes of two ships and a distress device (MMSI 970...).
    heard = [
        line(mmsi, AT_US + n * 10_000_000, 110.5 + mmsi % 7 * 0.1, 19.5, status)
        for n in range(120)
        for mmsi, status in ((412_000_001, 0), (412_000_002, 0), (970_111_003, 14))
    ]
    return folder, watch(folder, heard)


def test_there_is_something_to_lose(watched: tuple[Path, set[str]]) -> None:
    alerts, tracks, observations = kept(watched[0])
    assert [a["state"] for a in alerts] == ["confirmed"]
    assert len(tracks) == len(observations) == 3
    assert all(row["n"] > 100 for row in observations)


def test_a_backup_put_back_is_the_watch(watched: tuple[Path, set[str]], tmp_path: Path) -> None:
    shutil.copytree(watched[0], tmp_path / "back")
    watch(tmp_path / "back", [])
    assert kept(tmp_path / "back") == kept(watched[0])


def test_without_its_checkpoint_the_journal_tells_all(
    watched: tuple[Path, set[str]], tmp_path: Path
) -> None:
    shutil.copytree(watched[0], tmp_path / "back")
    (tmp_path / "back" / "checkpoint.arrow").unlink()
    watch(tmp_path / "back", [])
    assert kept(tmp_path / "back") == kept(watched[0])


def test_the_metrics_are_those_of_the_page(watched: tuple[Path, set[str]]) -> None:
    said = set(re.findall(r"`(littoral_\w+)`", OPERATE.read_text()))
    assert said - watched[1] == set(), "described, but not served"
    assert watched[1] - said == set(), "served, but not described"
