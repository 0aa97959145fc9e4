"""A call finds what `littoral run` finds in the same data: logs, tables, a recording."""

from __future__ import annotations

from pathlib import Path

import polars
import pyarrow.csv
import pytest

import littoral
from littoral.sim.lines import generate
from tests.engine.library import scene
from tests.engine.library.ran import called, ran
from tests.sense.table.test_formats import SOLENT


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("night") / "night.nmea"
    path.write_bytes(scene.log())
    return path


def test_encounters_and_gaps_of_a_log(log: Path, tmp_path: Path) -> None:
    expected = ran(log, tmp_path / "out", "--detectors", "encounter,gap")
    assert sorted(row[1] for row in expected) == ["encounter", "gap"]
    messages = littoral.decode(log)
    got = [
        *called(littoral.detect.encounters(messages)),
        *called(littoral.detect.gaps(messages)),
    ]
    assert sorted(got) == sorted(expected)


def test_all_rules_at_once_over_traffic_with_spoilt_lines(tmp_path: Path) -> None:
    path = tmp_path / "day.nmea"
    lines = generate(20_000, vessels=40, seed=5, days=0.5)
    path.write_bytes(b"".join(c.tobytes() for c in lines))
    expected = ran(path, tmp_path / "out", "--profile", "gfw")
    assert len(expected) >= 10
    with pytest.warns(littoral.RowsNotUsed, match="bad_checksum"):
        messages = littoral.decode(path)
    assert called(littoral.alerts(messages, profile="gfw")) == expected


def test_two_logs_of_one_night(log: Path, tmp_path: Path) -> None:
    """A second receiver has half of the lines, of messages of one sentence."""
    other = tmp_path / "other.nmea"
    lines = [n for n in scene.log("CAPE").splitlines(keepends=True) if b"!AIVDM,1,1" in n]
    other.write_bytes(b"".join(lines[::2]))
    expected = ran([log, other], tmp_path / "out", "--detectors", "encounter,gap")
    assert len(expected) == 2
    got = littoral.alerts(littoral.decode(log, other), detectors=["encounter", "gap"])
    assert called(got) == expected


def test_the_lake_of_a_run_is_judged_anew(log: Path, tmp_path: Path) -> None:
    expected = ran(log, tmp_path / "out", "--detectors", "encounter,gap")
    tables = ("observations", "statics")
    kept = littoral.Messages(*(polars.read_parquet(tmp_path / "out" / name) for name in tables))
    found = littoral.alerts(kept, detectors=["encounter", "gap"])
    assert called(found.to_arrow()) == expected
    outages = littoral.detect.receiver_outages(kept)  # reads who heard what
    assert len(outages) == len(littoral.detect.receiver_outages(littoral.decode(log)))


def test_encounters_and_gaps_of_a_table(tmp_path: Path) -> None:
    path = tmp_path / "night.csv"
    pyarrow.csv.write_csv(scene.table(), path)
    expected = ran(path, tmp_path / "out", "--detectors", "encounter,gap")
    assert sorted(row[1] for row in expected) == ["encounter", "gap"]
    assert called(littoral.alerts(scene.table(), detectors=["encounter", "gap"])) == expected


def the_solent(tmp_path: Path) -> None:
    """The recording has meetings by Skylight's definition, and is too short for a silence."""
    expected = ran(
        SOLENT, tmp_path / "out", "--detectors", "encounter,gap", "--profile", "skylight"
    )
    table = polars.read_csv(SOLENT)
    encounters = littoral.detect.encounters(table, profile="skylight").to_arrow()
    assert len(expected) > 50
    assert called(encounters) == expected
    assert len(littoral.detect.gaps(table)) == 0


if SOLENT.is_file():
    test_the_solent = the_solent
