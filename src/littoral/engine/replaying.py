"""A stretch of the past as columns: how every vessel was when it began, then each report."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from littoral.schema.ais import Positions
from littoral.store.lake_scan import again, hours_of

# Who was silent for longer when a replay begins is not in its first picture. A live picture keeps
# such for six hours, at the price of seven hours to read here.
BEFORE_US = 3600 * 1_000_000
COLUMNS = (
    "t_us", "obs_id", "mmsi", "track", "kind", "lon_deg", "lat_deg", "sog_mps", "cog_deg",
    "heading_deg", "nav_status", "ring",
)  # fmt: skip
_SCHEMA = pa.schema([f for f in Positions.TABLE.arrow_schema() if f.name in COLUMNS])
_NULL = {"track": -1, "nav_status": -1, "ring": -1}
NO_TRACK = 1 << 31  # what has no row in the table of tracks is told apart by its MMSI

Rows = dict[str, np.ndarray]


@dataclass(frozen=True, slots=True)
class Stretch:
    """`first`: the last report of each vessel before the beginning, `then`: all from there on by
    time. `who`: number as readers see it (the row of the track table, or beyond `NO_TRACK`)."""

    first: Rows
    then: Rows


def stretch(lake: Path, from_us: int, to_us: int, with_first: bool) -> Stretch:
    """Reports in `from_us <= t_us < to_us`; without `with_first` its `first` is empty."""
    start_us = from_us - BEFORE_US if with_first else from_us
    rows = again(lambda: _read(lake, start_us, to_us))
    cut = int(np.searchsorted(rows["t_us"], from_us))
    before = {n: c[:cut] for n, c in rows.items()}
    _, newest = np.unique(before["who"][::-1], return_index=True)
    keep = np.sort(cut - 1 - newest)
    return Stretch({n: c[keep] for n, c in before.items()}, {n: c[cut:] for n, c in rows.items()})


def _read(lake: Path, from_us: int, to_us: int) -> Rows:
    """By time; those without a place are left out."""
    parts = [_file(day / name) for _, day, name in hours_of(lake, from_us, to_us)]
    table = pa.concat_tables(parts) if parts else _SCHEMA.empty_table()
    rows = {
        n: (table[n].fill_null(_NULL[n]) if n in _NULL else table[n]).to_numpy()
        for n in COLUMNS
        if n != "obs_id"
    }
    rows["obs_id"] = table["obs_id"].fill_null(0).to_numpy()
    own = (rows["t_us"] >= from_us) & (rows["t_us"] < to_us)
    own &= np.isfinite(rows["lon_deg"]) & np.isfinite(rows["lat_deg"])
    rows = {n: c[own] for n, c in rows.items()}
    order = np.lexsort((rows["obs_id"], rows["t_us"]))
    rows = {n: c[order] for n, c in rows.items()}
    track = rows["track"].astype(np.int64)
    rows["who"] = np.where(track >= 0, track, NO_TRACK + rows["mmsi"].astype(np.int64)).astype(
        np.uint32
    )
    return rows


def _file(path: Path) -> pa.Table:
    with pq.ParquetFile(path) as file:
        has = [n for n in COLUMNS if n in file.schema_arrow.names]
        table = file.read(columns=has, use_threads=False)
    columns = [
        table[f.name].cast(f.type) if f.name in has else pa.nulls(table.num_rows, f.type)
        for f in _SCHEMA
    ]
    return pa.table(columns, schema=_SCHEMA)
