"""What scripts build on: `littoral run FILE... --out DIR --json` as a process of its own."""

from __future__ import annotations

import csv
import gzip
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from littoral.store.journal import Journal
from littoral.store.quarantine import Quarantine
from tests.laws import scene

LITTORAL = Path(sys.executable).with_name("littoral")
KEYS = {
    "lines": int, "messages": int, "rejected": dict, "ignored": dict, "positions": int,
    "tracks": int, "alerts": dict, "seconds": float,
}  # fmt: skip


@dataclass(frozen=True)
class Ran:
    code: int
    said: dict[str, Any]
    errors: str
    out: Path

    def rows(self, table: str, what: str = "count(*)") -> list[tuple[Any, ...]]:
        """Read as a stranger would, with a DuckDB of their own."""
        files = f"{self.out}/{table}/**/*.parquet"
        return duckdb.sql(f"select {what} from read_parquet('{files}')").fetchall()


def littoral(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [str(LITTORAL), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


def run(out: Path, *arguments: object) -> Ran:
    done = littoral("run", *arguments, "--out", out, "--json")
    said = json.loads(done.stdout) if done.stdout else {}
    return Ran(done.returncode, said, done.stderr, out)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("log") / "night.nmea"
    path.write_bytes(scene.lines())
    return path


@pytest.fixture(scope="module")
def coastal(log: Path, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    return run(tmp_path_factory.mktemp("coastal") / "new" / "out", log)


def test_one_json_object_with_the_promised_keys(coastal: Ran) -> None:
    assert coastal.code == 0
    assert coastal.errors == ""
    assert {k: type(coastal.said[k]) for k in KEYS} == KEYS
    said = coastal.said
    assert said["lines"] == scene.lines().count(b"\n")
    rejected, ignored = sum(said["rejected"].values()), sum(said["ignored"].values())
    assert 0 < rejected + ignored < 0.02 * said["lines"]
    assert said["messages"] <= said["lines"] - rejected - ignored
    # All rules but those of fences, which the demo alone draws.
    rules = {rule for rule, _ in scene.KINDS}
    assert said["alerts"].keys() == rules
    assert all(isinstance(n, int) and n > 0 for n in said["alerts"].values())


def test_the_tables_are_what_the_object_counts(coastal: Ran) -> None:
    assert coastal.rows("observations") == [(coastal.said["positions"],)]
    assert coastal.rows("tracks") == [(coastal.said["tracks"],)]
    assert coastal.rows("alerts", "count(*) = count(distinct id)") == [(True,)]
    by_rule = duckdb.sql(
        f"select rule, count(*) from read_parquet('{coastal.out}/alerts/**/*.parquet') group by 1"
    ).fetchall()
    assert dict(by_rule) == coastal.said["alerts"]
    features = json.loads((coastal.out / "alerts.geojson").read_text())["features"]
    assert len(features) == sum(coastal.said["alerts"].values())
    assert {f["geometry"]["type"] for f in features if f["geometry"]} == {"Point"}


def test_what_was_rejected_is_kept_with_its_source_and_line(coastal: Ran, log: Path) -> None:
    quarantine = Quarantine(coastal.out / "quarantine")
    assert quarantine.counts() == coastal.said["rejected"]
    kept = quarantine.recent(10_000).items
    quarantine.close()
    assert len(kept) == sum(coastal.said["rejected"].values())
    lines = scene.lines().split(b"\n")
    for rejected in kept:
        assert rejected.source == str(log)
        assert lines[rejected.line - 1].rstrip(b"\r").startswith(rejected.raw.rstrip(b"\r"))


def test_what_cannot_be_read_is_named_and_the_others_run(log: Path, tmp_path: Path) -> None:
    lines = scene.lines()[:200_000]
    lines = lines[: lines.rindex(b"\n") + 1]
    good, packed, cut = tmp_path / "good", tmp_path / "packed.gz", tmp_path / "cut.gz"
    good.write_bytes(lines)
    packed.write_bytes(gzip.compress(lines))
    cut.write_bytes(gzip.compress(lines)[:20_000])
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)
    ran = run(
        tmp_path / "out", tmp_path / "absent", tmp_path, picture, good, packed, cut,
        "--detectors", "distress,gap",
    )  # fmt: skip
    assert ran.code == 2
    for bad in (tmp_path / "absent", tmp_path, picture, cut):
        assert any(f"{bad}:" in line for line in ran.errors.splitlines()), bad
    assert str(good) not in ran.errors
    assert str(packed) not in ran.errors
    assert ran.said["lines"] > 2 * lines.count(b"\n")  # and what could be read of the cut one
    assert ran.said["alerts"].keys() <= {"distress", "gap"}


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--profile", "gwf"), "gwf"),
        (("--detectors", "gap,nonsense"), "nonsense"),
        (("--region", "atlantis"), "atlantis"),
        (("--map", "lat"), "--map"),
    ],
)
def test_an_argument_that_is_unknown_is_named(
    log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, str], named: str,
) -> None:  # fmt: skip
    from littoral.cli import main

    assert main(["run", str(log), "--out", str(tmp_path), *arguments]) == 2
    assert named in capsys.readouterr().err


def test_the_published_profile_is_another_run(log: Path, coastal: Ran, tmp_path: Path) -> None:
    ran = run(tmp_path, log, "--profile", "gfw", "--detectors", "gap,encounter,distress")
    assert ran.code == 0
    assert ran.said["lines"] == coastal.said["lines"]
    # In four and a half hours no silence can last twelve; meetings last two at least.
    assert "gap" not in ran.said["alerts"]
    found = ran.rows("alerts", "rule, profile, kind, facts")
    assert {(rule, profile) for rule, profile, *_ in found} <= {
        ("encounter", "gfw"),
        ("distress", "coastal"),  # it has no other
    }
    met = [json.loads(facts) for rule, *_, facts in found if rule == "encounter"]
    assert all(m["duration_s"] >= 7200 for m in met)
    assert ran.said["alerts"]["distress"] == coastal.said["alerts"]["distress"]


def table_of(coastal: Ran) -> pa.Table:
    """Class A reports of the first hour under column names that nobody knows."""
    rows = duckdb.sql(
        "select t_us // 1000000 as zeit, mmsi as schiff, lat_deg as breite, lon_deg as laenge, "
        f"sog_mps as fahrt from read_parquet('{coastal.out}/observations/**/*.parquet') "
        "where msg_type in (1, 3) and lat_deg is not null order by t_us limit 4000"
    ).to_arrow_table()
    return rows


MAPPED = [
    x
    for pair in ("time:s=zeit", "mmsi=schiff", "lat=breite", "lon=laenge", "sog:mps=fahrt")
    for x in ("--map", pair)
]


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_table_needs_its_columns_and_its_datum_said(
    form: str, coastal: Ran, tmp_path: Path
) -> None:
    table, path = table_of(coastal), tmp_path / f"table.{form}"
    if form == "csv":
        with path.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(table.column_names)
            writer.writerows(zip(*(c.to_pylist() for c in table.columns), strict=True))
    else:
        pq.write_table(table, path)
    unnamed = run(tmp_path / "unnamed", path)
    assert unnamed.code == 2
    assert f"{path}:" in unnamed.errors
    assert "--map lat=COLUMN" in unnamed.errors
    undeclared = run(tmp_path / "undeclared", path, *MAPPED)
    assert undeclared.code == 2
    assert "--datum" in undeclared.errors
    ran = run(tmp_path / "out", path, *MAPPED, "--datum", "wgs84", "--detectors", "gap")
    assert (ran.code, ran.errors) == (0, "")
    assert ran.said["positions"] == table.num_rows
    lat = np.sort([r[0] for r in ran.rows("observations", "lat_deg")])
    assert np.allclose(lat, np.sort(table["breite"].to_numpy()), atol=1e-7)
    shifted = run(tmp_path / "gcj", path, *MAPPED, "--datum", "gcj02", "--detectors", "gap")
    assert shifted.code == 0
    assert np.abs(np.sort([r[0] for r in shifted.rows("observations", "lat_deg")]) - lat).max() > 0


def test_a_second_run_takes_the_place_of_the_first(log: Path, coastal: Ran, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = run(out, log)
    assert first.rows("alerts") == coastal.rows("alerts")
    quiet = tmp_path / "quiet.aivdm"
    quiet.write_bytes(b"!AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0*4A\n")
    second = run(out, quiet)
    assert second.said["alerts"] == {}
    assert second.rows("observations") == [(second.said["positions"],)]
    assert not list((out / "alerts").rglob("*.parquet"))
    assert json.loads((out / "alerts.geojson").read_text())["features"] == []
    of_itself = run(out, next((out / "observations").rglob("*.parquet")))
    assert of_itself.code == 2
    assert second.rows("observations") == [(second.said["positions"],)]


def test_a_servers_data_folder_is_not_written_over(log: Path, tmp_path: Path) -> None:
    (tmp_path / "journal").mkdir()
    refused = run(tmp_path, log)
    assert refused.code == 2
    assert "data folder of a server" in refused.errors


def test_static_data_in_the_lake_names_its_track(coastal: Ran) -> None:
    (told,) = coastal.rows("statics", "count(*), count(track)")
    assert 0 < told[1] <= told[0]
    assert coastal.rows("statics", "distinct track is null or track >= 0") == [(True,)]


def test_fsck_tells_in_json_what_a_journal_holds(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "journal") as journal:
        journal.append(1, 1, 1, b"of the first kind")
        journal.sync()
    done = littoral("fsck", tmp_path, "--json")
    assert json.loads(done.stdout)["records"] == 1


def test_a_table_on_standard_input_is_named(tmp_path: Path) -> None:
    command = [str(LITTORAL), "run", "-", "--out", str(tmp_path / "out"), "--json"]
    done = subprocess.run(
        command, input="mmsi,lat,lon,time\n412000001,19,110,2026-01-01T00:00:00Z\n",
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "holds no AIS sentence" in done.stderr
    assert json.loads(done.stdout)["lines"] == 2


def test_areas_at_a_place_that_is_none() -> None:
    for at, field, most in (
        ("1000,20", "longitude", 180), ("-180.5,20", "longitude", 180),
        ("110,91", "latitude", 90), ("nan,20", "longitude", 180), ("110,inf", "latitude", 90),
    ):  # fmt: skip
        done = littoral("areas", f"--at={at}")
        said = f"littoral: --at {at}: the {field} must lie between -{most} and {most}\n"
        assert (done.returncode, done.stdout, done.stderr) == (2, "", said)
    edge = littoral("areas", "--at=180,-90")
    assert (edge.returncode, edge.stderr) == (0, "")


def test_files_that_cannot_be_opened_are_named_in_plain_words(tmp_path: Path, log: Path) -> None:
    absent = tmp_path / "absent"
    missing = "No such file or directory"
    for code, named, arguments in (
        (2, absent, ("run", absent, "--out", tmp_path / "out")),
        (2, absent, ("run", log, "--out", tmp_path / "out", "--reception", absent)),
        (1, absent / "areas.geojson", ("areas", "--out", absent / "areas.geojson")),
    ):
        done = littoral(*arguments)
        assert (done.returncode, done.stderr) == (code, f"littoral: {named}: {missing}\n")
    locked = tmp_path / "file" / "under"  # a file where a folder is wanted
    locked.parent.write_text("")
    done = littoral("run", log, "--out", locked)
    assert done.returncode == 2
    assert done.stderr.startswith(f"littoral: {locked.parent}")
    assert done.stderr.endswith("Not a directory\n")
