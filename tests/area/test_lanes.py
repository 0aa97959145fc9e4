"""Learned lanes: what is written is read, and distances are those of a program of its own."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from pyproj import Geod

from littoral.area.lane_grid import CELL_DEG, COLS, centres, group_of, sector_of
from littoral.area.lane_map import PASSED, distances, surrounded, window
from littoral.area.lanes import FORMAT, Lanes
from tests.detect.deviation.sea import cell, lanes_of

SPHERE = Geod(a=6_371_008.8, b=6_371_008.8)


def some() -> Lanes:
    rows = [{"cell": cell(110.0, 18.0)}, {"cell": cell(110.5, 18.2), "sector": 7, "group": 3}]
    return lanes_of(rows, ((1_234_567, "WPI:57818", 2), (7, "SEAROUTE:SGSIN", 9)))


def test_what_is_written_is_read() -> None:
    written = some()
    read = Lanes.from_arrow(written.to_arrow())
    assert read.version == written.version
    assert read.days == written.days
    assert read.end_place.tolist() == ["WPI:57818", "SEAROUTE:SGSIN"]
    assert (read.cell == written.cell).all()
    none = lanes_of([])
    assert Lanes.from_arrow(none.to_arrow()).version == none.version


def test_what_was_edited_is_refused() -> None:
    table = some().to_arrow()
    assert (table.schema.metadata or {})[b"format"] == FORMAT.encode()
    at = table.schema.get_field_index("vessels")
    edited = table.set_column(at, "vessels", pa.array([9, 9, None, None], pa.int32()))
    with pytest.raises(ValueError, match="damaged or edited"):
        Lanes.from_arrow(edited)
    with pytest.raises(ValueError, match="format"):
        Lanes.from_arrow(table.replace_schema_metadata({}))


def test_traffic_of_several_groups_and_directions_adds_up() -> None:
    here = cell(110.0, 18.0)
    rows = [
        {"cell": here, "sector": s, "group": g, "vessel_days": n}
        for s, g, n in ((0, 1, 5), (4, 1, 7), (4, 2, 11), (4, 4, 100))
    ]
    cells, days = lanes_of(rows).traffic((1, 2))
    assert (cells.tolist(), days.tolist()) == ([here], [23])


def brute(cells: np.ndarray, row0: int, col0: int, rows: int, cols: int) -> np.ndarray:
    """(cells, rows, cols) metres between middles, by PROJ."""
    x, y = centres(cells)
    c, r = np.meshgrid(col0 + np.arange(cols), row0 + np.arange(rows))
    lon, lat = (c + 0.5) * CELL_DEG - 180.0, (r + 0.5) * CELL_DEG - 90.0
    return np.array(
        [SPHERE.inv(np.full_like(lon, a), np.full_like(lat, b), lon, lat)[2]
         for a, b in zip(x, y, strict=True)]
    )  # fmt: skip


@pytest.mark.parametrize("lat", [0.0, 18.0, -43.0, 66.0])
def test_distances_on_the_raster(lat: float) -> None:
    rng = np.random.default_rng(3)
    cells = np.array([cell(110.0 + x, lat + y) for x, y in rng.uniform(-0.2, 0.2, (6, 2))])
    row0, col0, rows, cols = window(cells, 25)
    out = np.empty((rows, cols), np.float32)
    distances(cells, row0, col0, out, 20_000.0)
    apart = brute(cells, row0, col0, rows, cols)
    near = apart.min(0)
    assert (out[near > 20_001.0] == PASSED).all()
    assert out[near < 19_999.0] == pytest.approx(near[near < 19_999.0], abs=1.0)


def test_surrounded_means_on_all_four_sides() -> None:
    rng = np.random.default_rng(5)
    cells = np.array([cell(110.0 + x, 18.0 + y) for x, y in rng.uniform(-0.4, 0.4, (12, 2))])
    row0, col0, rows, cols = window(cells, 5)
    out = np.zeros((rows, cols), np.bool_)
    surrounded(cells, row0, col0, out, 30_000.0)
    within = brute(cells, row0, col0, rows, cols) <= 30_000.0
    c, r = np.meshgrid(col0 + np.arange(cols), row0 + np.arange(rows))
    of_row, of_col = (cells // COLS)[:, None, None], (cells % COLS)[:, None, None]
    sides = [
        (within & up & right).any(0)
        for up in (of_row > r, of_row < r)
        for right in (of_col > c, of_col < c)
    ]
    assert (out == np.logical_and.reduce(sides)).all()
    assert out.any()


def test_codes() -> None:
    """Groups after ITU-R M.1371-5, table 53; sectors centred on the points of the compass."""
    assert [group_of(t) for t in (59, 60, 69, 70, 79, 80, 89, 90, 30, -1)] == [
        0, 3, 3, 1, 1, 2, 2, 0, 4, 0,
    ]  # fmt: skip
    assert [sector_of(c) for c in (0.0, 22.4, 22.6, 90.0, 337.4, 337.6, 359.9)] == [
        0, 0, 1, 2, 7, 0, 0,
    ]  # fmt: skip
    assert sector_of(float("nan")) == -1
