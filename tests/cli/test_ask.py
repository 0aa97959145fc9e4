"""`littoral ask` and `littoral replay` over folders written by hand and by a server's stores."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest

from littoral.cli import main
from littoral.engine.numbered import LINES
from littoral.schema.ais import Positions
from littoral.store.journal import Journal
from littoral.store.lake import Lake
from littoral.store.records import Records

DAY_US = 1_764_028_800_000_000  # 2025-11-25T00:00:00Z
MIN_US = 60_000_000
SPAN = ["--from", "2025-11-25T00:00:00Z", "--to", "2025-11-25T03:00:00Z"]
WEST = "109.9,19.9 110.1,19.9 110.1,20.1 109.9,20.1"
EAST = "110.4,19.9 110.6,19.9 110.6,20.1 110.4,20.1"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One vessel at 20 N: 110.0 E at 0:00, 110.25 E at 0:30, 110.5 E at 1:00."""
    p = Positions.empty(3)
    p.mmsi[:], p.lat_deg[:], p.obs_id[:] = 412_000_001, 20.0, [1, 2, 3]
    p.lon_deg[:], p.t_us[:] = [110.0, 110.25, 110.5], [DAY_US + m * MIN_US for m in (0, 30, 60)]
    p.sog_mps[:] = 7.0
    with Lake(tmp_path) as lake:
        lake.write("observations", pa.Table.from_batches([p.to_arrow()]), "1")
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *args: str) -> list[dict]:
    assert main([*args]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_who_was_inside(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["ask", "inside", WEST, *SPAN, "--data", str(folder), "--json"]
    want = told(capsys, *asked)
    assert [(r["mmsi"], r["positions"]) for r in want] == [(412_000_001, 1)]
    assert main(["ask", "prepare", "--data", str(folder)]) == 0
    assert "3 positions" in capsys.readouterr().err
    assert told(capsys, *asked) == want


def test_who_went_on_and_her_voyages(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rest = [*SPAN, "--data", str(folder), "--json"]
    found = told(capsys, "ask", "then", WEST, EAST, "--within-hours", "1", *rest)
    assert [(r["mmsi"], r["hours"]) for r in found] == [(412_000_001, 1.0)]
    assert [r["kind"] for r in told(capsys, "ask", "voyages", "412000001", *rest)] == ["leg"]


def test_what_is_not_understood(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "inside", "110,20", *SPAN, "--data", str(folder)]) == 2
    assert "three corners" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["ask", "inside", WEST, "--data"], ["replay"]])
def test_times_the_wrong_way_round_are_named(
    folder: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    """An empty answer would read as that nobody was there."""
    turned = ["--from", SPAN[3], "--to", SPAN[1]]
    assert main([*command, str(folder), *turned]) == 2
    assert capsys.readouterr().err == "littoral: --to: must be later than --from\n"


@pytest.mark.parametrize("hours", ["0", "-5", "nan", "721"])
def test_hours_that_are_none(folder: Path, capsys: pytest.CaptureFixture[str], hours: str) -> None:
    asked = ["ask", "then", WEST, EAST, f"--within-hours={hours}", *SPAN, "--data", str(folder)]
    assert main(asked) == 2
    assert "--within-hours: must be above 0 and at most 720" in capsys.readouterr().err


@pytest.mark.parametrize("speed", ["-1", "nan", "inf"])
def test_speeds_that_are_none(folder: Path, capsys: pytest.CaptureFixture[str], speed: str) -> None:
    assert main(["replay", str(folder), *SPAN, f"--speed={speed}"]) == 2
    assert "--speed: must be 0 or" in capsys.readouterr().err


def test_a_folder_of_neither_is_no_empty_past(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["replay", str(tmp_path), *SPAN]) == 2
    assert "no journal, no observations" in capsys.readouterr().err


def test_an_area_is_a_fence_that_people_drew(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["ask", "inside", "fence:west", *SPAN, "--data", str(folder), "--json"]
    assert main(asked) == 2
    assert "area fence:west: is no fence that there is now" in capsys.readouterr().err
    corners = [[float(v) for v in corner.split(",")] for corner in WEST.split()]
    drawn = {
        "type": "Feature", "properties": {"name": "west"},
        "geometry": {"type": "Polygon", "coordinates": [[*corners, corners[0]]]},
    }  # fmt: skip
    records = Records.open(f"sqlite:///{folder / 'records.sqlite'}")
    records.create_geofence(drawn, "watch lead", "west")
    records.close()
    assert [(r["mmsi"], r["positions"]) for r in told(capsys, *asked)] == [(412_000_001, 1)]


def test_a_lake_without_lines_is_replayed_as_positions(
    folder: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["replay", str(folder), *SPAN, "--speed", "0"]) == 0
    rows = [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    assert [r["lon_deg"] for r in rows] == [110.0, 110.25, 110.5]


def test_raw_lines_are_replayed_as_they_came(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    with Journal.open(tmp_path / "journal") as journal:
        for i, minute in enumerate((-1, 0, 179, 180)):
            line = f"!AIVDM,{i}\n".encode()
            journal.append(LINES, 1, DAY_US + minute * MIN_US, bytes(8) + line)
        journal.sync()
        assert main(["replay", str(tmp_path), *SPAN, "--speed", "0"]) == 0
    assert capfdbinary.readouterr().out == b"!AIVDM,1\n!AIVDM,2\n"
    later = ["--from", "2026-08-15T13:00:00Z", "--to", "2026-08-15T14:00:00Z"]
    assert main(["replay", str(tmp_path), *later]) == 0
    said = capfdbinary.readouterr().err.decode()
    assert "from 2025-11-24T23:59:00.000Z to 2025-11-25T03:00:00.000Z" in said
