"""A day in order of place answers as the hours do; the expected rows are DuckDB's, which reads the
hours as a stranger would."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from littoral.schema.ais import Positions
from littoral.store import lake_places, lake_scan
from littoral.store.lake import Lake
from tests.store.lake_rows import DAY_US, HOUR_US

WEST, SOUTH, EAST, NORTH = 110.2, 19.3, 110.5, 19.6


def fleet(hour: int, n: int = 400, first: int = 0) -> pa.Table:
    """Reports scattered over two square degrees within one hour; every tenth without a place."""
    rng = np.random.default_rng(hour + 1000 * first)
    p = Positions.empty(n)
    p.t_us[:] = DAY_US + hour * HOUR_US + np.sort(rng.integers(0, HOUR_US, n))
    p.obs_id[:] = first + 1_000_000 * hour + np.arange(n)
    p.mmsi[:] = 412_000_000 + rng.integers(0, 20, n)
    p.track[:] = p.mmsi % 20
    p.lon_deg[:], p.lat_deg[:] = rng.uniform(110, 112, n), rng.uniform(18.5, 20.5, n)
    p.lon_deg[::10] = np.nan
    return pa.Table.from_batches([p.to_arrow()])


def relation(boxes: np.ndarray) -> np.ndarray:
    apart = (boxes[:, 0] > EAST) | (boxes[:, 2] < WEST)
    apart |= (boxes[:, 1] > NORTH) | (boxes[:, 3] < SOUTH)
    return np.where(apart, 0, 1)


def take(rows: lake_scan.Rows, sure: bool) -> lake_scan.Rows:
    lon, lat = rows["lon_deg"], rows["lat_deg"]
    within = (lon > WEST) & (lon < EAST) & (lat > SOUTH) & (lat < NORTH)
    return {n: rows[n][within] for n in ("t_us", "mmsi", "track")}


def asked(
    root: Path, from_us: int, to_us: int
) -> tuple[list[tuple[int, int, int]], lake_scan.Read]:
    rows, read = lake_scan.scan(root, from_us, to_us, relation, take)
    return sorted(zip(*(rows[n].tolist() for n in ("t_us", "mmsi", "track")), strict=True)), read


def wanted(root: Path, from_us: int, to_us: int) -> list[tuple[int, int, int]]:
    return duckdb.sql(
        f"SELECT t_us, mmsi, track FROM '{root}/observations/**/*.parquet' "
        f"WHERE t_us >= {from_us} AND t_us < {to_us} AND lon_deg > {WEST} AND lon_deg < {EAST} "
        f"AND lat_deg > {SOUTH} AND lat_deg < {NORTH} ORDER BY ALL"
    ).fetchall()


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    monkeypatch.setattr(lake_places, "ROW_GROUP", 256)
    made = Lake(tmp_path)
    for hour in range(50):
        made.write("observations", fleet(hour), f"{hour:04d}")
    made.compact("observations")
    return made


SPANS = [(0, 50), (0, 24), (23, 25), (47, 50), (10, 11)]


@pytest.mark.parametrize(("a", "b"), SPANS)
def test_the_answer_is_the_same_with_and_without(lake: Lake, a: int, b: int) -> None:
    from_us, to_us = DAY_US + a * HOUR_US + 77, DAY_US + b * HOUR_US - 77
    want = wanted(lake.root, from_us, to_us)
    assert len(want) > 3
    assert asked(lake.root, from_us, to_us)[0] == want
    assert lake.order_places(DAY_US + 48 * HOUR_US) == 48 * 360
    assert asked(lake.root, from_us, to_us)[0] == want


def test_no_more_is_read_than_the_area_needs(lake: Lake) -> None:
    lake.order_places(DAY_US + 48 * HOUR_US)
    _, read = asked(lake.root, DAY_US, DAY_US + 48 * HOUR_US)
    assert read.plan.files_of == 50
    assert len(read.files) == 2
    assert all(name.startswith("by_place/") for name in read.files)
    assert 0 < read.plan.groups < read.plan.groups_of / 3
    assert read.rows < 48 * 360 / 3


def test_a_whole_sea_for_an_hour_reads_the_hour(lake: Lake) -> None:
    lake.order_places(DAY_US + 48 * HOUR_US)
    everywhere = lake_scan.scan(
        lake.root, DAY_US, DAY_US + HOUR_US, lambda b: np.ones(len(b)), lambda r, sure: r
    )
    assert len(everywhere[0]["t_us"]) == 360
    assert [n.split("/")[1] for n in everywhere[1].files] == ["hour=00"]


def test_what_comes_late_is_found_before_and_after_the_next_ordering(lake: Lake) -> None:
    lake.order_places(DAY_US + 24 * HOUR_US)
    lake.write("observations", fleet(3, first=7), "late")
    span = DAY_US, DAY_US + 24 * HOUR_US
    assert asked(lake.root, *span)[0] == wanted(lake.root, *span)
    assert lake.order_places(DAY_US + 24 * HOUR_US) == 360  # the late ones alone
    assert asked(lake.root, *span)[0] == wanted(lake.root, *span)
    assert lake.order_places(DAY_US + 24 * HOUR_US) == 0


def test_merging_makes_it_void_and_it_is_made_anew(lake: Lake) -> None:
    lake.order_places(DAY_US + 24 * HOUR_US)
    lake.write("observations", fleet(3, first=7), "late")
    lake.compact("observations")
    span = DAY_US, DAY_US + 24 * HOUR_US
    found, read = asked(lake.root, *span)
    assert found == wanted(lake.root, *span)
    assert not any(name.startswith("by_place/") for name in read.files)
    assert lake.order_places(DAY_US + 24 * HOUR_US) == 25 * 360
    found, read = asked(lake.root, *span)
    assert found == wanted(lake.root, *span)
    assert len(list((lake.root / "by_place").rglob("*.parquet"))) == 1


def test_a_folder_of_before_opens_as_it_is(tmp_path: Path) -> None:
    """As version 0.1.0 left it: files as written, columns of then, nothing in order of place."""
    table = fleet(0).drop_columns(["track", "ring", "alt_m"])
    with Lake(tmp_path) as lake:
        lake.write("observations", table, "a")
    found, read = asked(tmp_path, DAY_US, DAY_US + HOUR_US)
    assert [row[2] for row in found] == [-1] * len(found)
    assert len(found) > 3
    assert read.plan.files_of == 1
    with Lake(tmp_path) as lake:
        assert lake.order_places(DAY_US + 24 * HOUR_US) == 360
    assert asked(tmp_path, DAY_US, DAY_US + HOUR_US)[0] == found


def test_a_vessel_is_found_by_the_row_groups_of_her_number(lake: Lake) -> None:
    table, read = lake_scan.vessel(lake.root, 412_000_007, DAY_US, DAY_US + 50 * HOUR_US)
    want = duckdb.sql(
        f"SELECT obs_id FROM '{lake.root}/observations/**/*.parquet' WHERE mmsi = 412000007 "
        "ORDER BY t_us, obs_id"
    ).fetchall()
    assert table["obs_id"].to_pylist() == [i for (i,) in want]
    assert len(read.files) == 50
    assert lake_scan.vessel(lake.root, 1, DAY_US, DAY_US + HOUR_US)[1].plan.groups == 0
