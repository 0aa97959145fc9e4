"""`littoral query` and `export` ask a server's folder as they ask a run's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from littoral.cli import main
from littoral.engine.setup import Plan, live_of
from littoral.sim.lines import generate
from tests.api.test_with_engine import line

AT_US = 1_790_000_000_000_000


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a server leaves that heard two ships and a distress device (MMSI 970...)."""
    folder = tmp_path_factory.mktemp("served")
    live = live_of(Plan(folder, detectors=("distress",)))
    live.start()
    live.intake.opened("127.0.0.1:4001", "tcp", "connection 1")
    heard = [
        line(mmsi, AT_US + n * 10_000_000, 110.5 + mmsi % 7 * 0.1, 19.5, status)
        for n in range(12)
        for mmsi, status in ((412_000_001, 0), (412_000_002, 0), (970_111_003, 14))
    ]
    live.intake.take("connection 1", b"".join(heard), AT_US)
    assert live.drain(240)
    live.stop()
    return folder


def asked(data: Path, query: str, capsys: pytest.CaptureFixture[str]) -> list[dict]:
    assert main(["query", query, "--data", str(data), "--json"]) == 0
    return [json.loads(row) for row in capsys.readouterr().out.splitlines()]


def test_alerts_come_from_the_records(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (alert,) = asked(data, "select rule, kind, priority, things from alerts", capsys)
    assert (alert["rule"], alert["kind"], alert["priority"]) == ("distress", "sart", 1)
    assert [t.split("-")[0] for t in alert["things"]] == ["vessel:970111003"]


def test_tracks_come_from_the_checkpoint(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = asked(data, "select mmsi from tracks order by mmsi", capsys)
    assert [r["mmsi"] for r in rows] == [412_000_001, 412_000_002, 970_111_003]


def test_one_question_over_both_and_the_lake(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (row,) = asked(
        data,
        "select count(distinct t.mmsi) t, count(distinct a.id) a, count(distinct o.mmsi) o "
        "from tracks t, alerts a, observations o",
        capsys,
    )
    assert (row["t"], row["a"]) == (3, 1)
    assert row["o"] <= 3  # what is settled


def test_export_writes_the_alerts_of_a_server(data: Path, tmp_path: Path) -> None:
    target = tmp_path / "alerts.geojson"
    assert main(["export", "alerts", str(target), "--data", str(data)]) == 0
    (feature,) = json.loads(target.read_text())["features"]
    assert feature["properties"]["rule"] == "distress"
    assert feature["geometry"]["type"] == "Point"


def test_a_run_answers_as_before(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "log"
    log.write_bytes(b"".join(c.tobytes() for c in generate(5_000, vessels=50, seed=5)))
    assert main(["run", str(log), "--out", str(tmp_path / "out"), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    rows = asked(tmp_path / "out", "select count(*) n from tracks", capsys)
    assert rows == [{"n": said["tracks"]}]
