"""Counts of a day, kept beside the lake so that a month's are read at once.

`<root>/counts/date=YYYY-MM-DD/counts.parquet`, derived: it names the files that it was made of, and
counts for nothing where these have changed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from littoral.store import lake_files
from littoral.store.files import sync_directory, write_new_by
from littoral.store.lake_places import MADE_OF, HourFiles, hour_files

FOLDER = "counts"
SCHEMA = pa.schema(
    [("hour_us", pa.int64()), ("what", pa.string()), ("of", pa.string()), ("count", pa.int64())]
)
NEEDED = {
    "t_us": np.int64, "mmsi": np.int32, "track": np.int32, "kind": np.int8, "ring": np.int8,
    "station": np.int16, "flags": np.int64,
}  # fmt: skip
NOTHING = {"flags": 0}  # what a null is read as; -1 elsewhere


def made_of(root: Path, day: Path) -> HourFiles:
    """The files that a day's counts depend on, by table, hour and name."""
    statics = root / "statics" / day.name
    found = {f"observations/{name}": size for name, size in hour_files(day).items()}
    return found | {f"statics/{name}": size for name, size in hour_files(statics).items()}


def kept(root: Path, day: Path, now: HourFiles) -> pa.Table | None:
    """The day's counts as kept, None where they are not or are no longer true."""
    path = root / FOLDER / day.name / "counts.parquet"
    if not path.exists():
        return None
    table = pq.read_table(path, partitioning=None)
    known = (table.schema.metadata or {}).get(MADE_OF, b"{}")
    return table if json.loads(known) == now else None


def keep(root: Path, day: Path, now: HourFiles, table: pa.Table) -> None:
    folder = root / FOLDER / day.name
    folder.mkdir(parents=True, exist_ok=True)
    told = table.replace_schema_metadata({MADE_OF: json.dumps(now)})
    write_new_by(folder / "counts.parquet", lambda file: pq.write_table(told, file))
    sync_directory(folder)


def hour_rows(folder: Path) -> dict[str, np.ndarray]:
    """`NEEDED` of all positions of an hour; `NOTHING` for null."""
    parts = []
    for path in sorted(folder.glob("*.parquet")):
        with pq.ParquetFile(path) as file:
            has = [n for n in NEEDED if n in file.schema_arrow.names]
            parts.append(file.read(columns=has, use_threads=False))
    return {
        name: np.concatenate([_column(p, name, kind) for p in parts] or [np.empty(0, kind)])
        for name, kind in NEEDED.items()
    }


def ship_types(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """(MMSI ascending, ship type) as said in the day's folder of static data; each once."""
    mmsi, kind = [np.empty(0, np.int32)], [np.empty(0, np.int16)]
    for path in sorted(folder.glob("hour=*/*.parquet")):
        table = pq.read_table(path, columns=["mmsi", "ship_type"], partitioning=None).drop_null()
        mmsi.append(table["mmsi"].to_numpy())
        kind.append(table["ship_type"].to_numpy())
    all_mmsi, all_kind = np.concatenate(mmsi), np.concatenate(kind)
    one, at = np.unique(all_mmsi, return_index=True)
    return one, all_kind[at]


def receivers(root: Path) -> Mapping[int, str]:
    path = lake_files.receivers_file(root)
    if not path.exists():
        return {}
    table = pq.read_table(path, partitioning=None)
    return dict(zip(table["station"].to_pylist(), table["name"].to_pylist(), strict=True))


def table_of(rows: Sequence[tuple[int, str, str, int]]) -> pa.Table:
    """(hour, what, of what, how many)."""
    return pa.table(
        [pa.array([r[i] for r in rows], f.type) for i, f in enumerate(SCHEMA)], schema=SCHEMA
    )


def _column(table: pa.Table, name: str, kind: type) -> np.ndarray:
    nothing = NOTHING.get(name, -1)
    if name not in table.column_names:
        return np.full(table.num_rows, nothing, kind)
    return table[name].fill_null(nothing).to_numpy().astype(kind, copy=False)


def hour_folder(day: Path, hour: int) -> Path:
    return day / f"hour={hour % 24:02d}"


def sizes(folder: Path) -> tuple[tuple[str, int], ...]:
    """Names and sizes of an hour's files: whether anything has changed."""
    if not folder.is_dir():
        return ()
    with os.scandir(folder) as entries:
        return tuple(sorted((e.name, e.stat().st_size) for e in entries))
