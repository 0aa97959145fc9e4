"""Tables as a stream in order of time, whatever their own order and size."""

from __future__ import annotations

import gzip
import json
import random
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from littoral.cli import main
from littoral.engine import tables
from littoral.link.files import InputError
from littoral.schema.ais import Observations
from littoral.sense.decoded import Counts, StationList
from littoral.sense.table import TableError, TableOptions

HEADER = "mmsi,time,lat,lon,sog,name\n"


def lines(vessels: int, reports: int) -> list[str]:
    """Sorted by vessel, as many exports are; a report every 100 s, over several hours."""
    return [
        f"{412000000 + v},{1_700_000_000 + 100 * i + v},{19 + i / 1000},110.{v:03d},5,SHIP {v}\n"
        for v in range(vessels)
        for i in range(reports)
    ]


def read(path: Path, kind: str = "csv") -> tuple[Observations, Counts, list[float]]:
    parts, counts, shares = [], Counts(), []
    given = tables.read_table(1, str(path), kind, "t", StationList(), TableOptions())
    for decoded, share in given:
        parts.append(decoded.observations)
        counts.add(decoded.counts)
        shares.append(share)
    times = [p.positions.t_us for p in parts if len(p.positions)]
    assert all(a.max() < b.min() for a, b in pairwise(times))
    return Observations.concat(parts), counts, shares


@pytest.mark.parametrize(("in_memory", "piece"), [(1_000_000, 250_000), (700, 300), (4_000, 64)])
def test_rows_come_in_order_of_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_memory: int, piece: int
) -> None:
    monkeypatch.setattr(tables, "IN_MEMORY", in_memory)
    monkeypatch.setattr(tables, "PIECE", piece)
    monkeypatch.setattr(tables, "BATCH", 333)
    rows = lines(vessels=20, reports=150)
    path = tmp_path / "t.csv"
    path.write_text(HEADER + "".join(rows))
    pq.write_table(pyarrow.csv.read_csv(path), tmp_path / "t.parquet")
    for file, kind, extra in ((path, "csv", 1), (tmp_path / "t.parquet", "parquet", 0)):
        got, counts, shares = read(file, kind)
        assert (counts.lines, counts.used) == (3000 + extra, 3000)
        assert sorted(got.positions.obs_id.tolist()) == [
            1 << 40 | line for line in range(1 + extra, 3001 + extra)
        ]
        assert np.all(np.diff(got.positions.t_us) >= 0)
        assert sorted(got.statics.name.tolist()) == sorted(b"SHIP %d" % v for v in range(20))
        assert shares == sorted(shares)
        assert shares[-1] == 1.0


def test_a_table_cut_short_gives_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "t.csv.gz"
    whole = gzip.compress((HEADER + "".join(lines(50, 100))).encode())
    path.write_bytes(whole[: len(whole) // 2])
    given = tables.read_table(1, str(path), "csv", "t", StationList(), TableOptions())
    rows: list[int] = []
    with pytest.raises(InputError, match="cut short"):
        rows.extend(len(decoded.observations.positions) for decoded, _ in given)
    assert 1000 < sum(rows) < 4000


def test_what_must_be_named_is_asked_before_anything_is_given(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b,c\n1,2,3\n")
    with pytest.raises(TableError, match="--map"):
        next(tables.read_table(1, str(path), "csv", "t", StationList(), TableOptions()))


def test_run_gives_the_same_whatever_the_order_of_the_rows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = lines(vessels=12, reports=60)
    shuffled = rows.copy()
    random.Random(1).shuffle(shuffled)
    said = []
    for name, table in (("a", rows), ("b", shuffled)):
        path = tmp_path / f"{name}.csv"
        path.write_text(HEADER.replace("lat", "Breite") + "".join(table))
        out = tmp_path / name
        assert main(["run", str(path), "--out", str(out), "--map", "lat=Breite", "--json"]) == 0
        said.append(capsys.readouterr().out.split('"seconds"')[0])
        found = pyarrow.concat_tables(
            [pq.ParquetFile(p).read() for p in sorted((out / "observations").rglob("*.parquet"))]
        )
        assert found.num_rows == 720
    assert said[0] == said[1]
    assert '"late":0' in said[0]
    assert '"tracks":12' in said[0]


def test_run_says_how_many_positions_have_no_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Longitude and latitude exchanged: no tracks, and that would be all that is said."""
    path = tmp_path / "turned.csv"
    path.write_text("mmsi,time,lon,lat\n" + "412000001,2024-01-01T00:00:00Z,18,110\n" * 2)
    assert main(["run", str(path), "--out", str(tmp_path / "a"), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["positions"], said["placeless"], said["tracks"]) == (2, 2, 0)
    assert main(["run", str(path), "--out", str(tmp_path / "b")]) == 0
    assert "placeless: 2 positions with no coordinates on earth" in capsys.readouterr().out


def test_run_names_a_table_that_it_cannot_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b,c\n1,2,3\n")
    assert main(["run", str(path), "--out", str(tmp_path / "o"), "--json"]) == 2
    assert "no column for time, mmsi, lat, lon" in capsys.readouterr().err
    assert main(["run", str(path), "--out", str(tmp_path / "o"), "--map", "lat"]) == 2
