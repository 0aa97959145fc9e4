"""One MMSI of several ships through `littoral run`: the segments that gpsdio-segment expects."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pyarrow.dataset as ds

from littoral.schema.ais import SOURCE_SHIFT
from tests.fuse.test_shared_mmsi import adjusted_rand, recording, tracks_of_all
from tests.real.gfw.sea import littoral_run


def test_the_published_recording_as_a_table(tmp_path: Path) -> None:
    p, expected = recording()
    source = tmp_path / "338013000.csv"
    with source.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(("timestamp", "mmsi", "lon", "lat", "sog_mps", "cog"))
        for i in range(len(p)):
            when = datetime.fromtimestamp(p.t_us[i] / 1e6, UTC).isoformat()
            out.writerow((when, p.mmsi[i], p.lon_deg[i], p.lat_deg[i], p.sog_mps[i], p.cog_deg[i]))
    lake = littoral_run(source, tmp_path / "out", "gfw")
    table = ds.dataset(lake / "observations", format="parquet").to_table()
    assert table.num_rows == len(p) == 1193
    kept = table.filter(ds.field("track") >= 0)
    # A position's place in the file is its line, the header being the first.
    first = min(table["obs_id"].to_pylist())
    found = tracks_of_all(
        _with_obs_id(p, first),
        SimpleNamespace(obs_id=kept["obs_id"].to_numpy(), track=kept["track"].to_numpy()),
    )
    assert first >> SOURCE_SHIFT == max(table["obs_id"].to_pylist()) >> SOURCE_SHIFT
    assert adjusted_rand(expected, found) >= 0.99
    assert [t == found[0] for t in found] == [e == expected[0] for e in expected]


def _with_obs_id(p, first: int):
    p.obs_id[:] = first + (p.obs_id - p.obs_id[0])
    return p
