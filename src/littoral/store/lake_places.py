"""A day's positions once more, in order of place: how an area's past is found without reading the
whole sea's.

`<root>/by_place/date=YYYY-MM-DD/places-<hash>.parquet`, derived from `observations` and never the
truth: each file names the hour files that it was made of with their sizes. Where one of these is
gone or another, the file counts for nothing until it is made anew, and what it does not name is
read from the hours. So the answer is the same with it, without it and beside a writer.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from littoral.area.hilbert import hilbert_order
from littoral.store.files import sync_directory, sync_file
from littoral.store.lake_files import HOUR_US, Stage, folder_hour

FOLDER = "by_place"
COLUMNS = ("t_us", "mmsi", "track", "lon_deg", "lat_deg")
ROW_GROUP = 16_384  # a busy harbour's hour: little besides is read with it
MAX_ROWS = 2_000_000  # of a file, in memory while it is made: some 200 MB
MADE_OF = b"littoral.made_of"  # {"hour=HH/name": bytes}
BOXES = b"littoral.boxes"  # of each row group: west, south, east, north, first_us, last_us
HOURS = 24
DAY_US = HOURS * HOUR_US

HourFiles = dict[str, int]  # "hour=HH/name.parquet" → bytes


@dataclass(frozen=True, slots=True)
class PlaceFile:
    """`boxes`: (row groups, 6) float64 as `BOXES`; `rows`: (row groups,)."""

    path: Path
    known: pq.FileMetaData
    made_of: Mapping[str, int]
    boxes: np.ndarray
    rows: np.ndarray


def days(root: Path) -> list[tuple[int, Path]]:
    """(day since 1970, its folder of observations), ascending."""
    found = []
    for folder in root.joinpath("observations").glob("date=*"):
        hour = folder_hour(f"{folder.name}/hour=00")
        if hour is not None:
            found.append((hour // HOURS, folder))
    return sorted(found)


def hour_files(day: Path) -> HourFiles:
    """The files of a day's observations with their sizes, by hour and name."""
    found: HourFiles = {}
    for folder in sorted(day.glob("hour=*")):
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda e: e.name):
                if entry.name.endswith(".parquet"):
                    found[f"{folder.name}/{entry.name}"] = entry.stat().st_size
    return found


def place_files(root: Path, day: Path, now: HourFiles) -> list[PlaceFile]:
    """Those of a day that are still true of `now`."""
    found = []
    for path in sorted((root / FOLDER / day.name).glob("*.parquet")):
        known = pq.read_metadata(path)
        more = known.metadata or {}
        made_of = json.loads(more.get(MADE_OF, b"{}"))
        if not made_of or any(now.get(name) != size for name, size in made_of.items()):
            continue
        rows = np.array([known.row_group(i).num_rows for i in range(known.num_row_groups)])
        boxes = np.array(json.loads(more[BOXES]), np.float64).reshape(-1, 6)
        found.append(PlaceFile(path, known, made_of, boxes, rows))
    return found


def build_day(stage: Stage, root: Path, day: Path) -> int:
    """Writes what the day lacks and removes what is no longer true; returns the rows written.

    For a day that is over: what comes late is read from its hour until the next call.
    """
    now = hour_files(day)
    kept = place_files(root, day, now)
    covered = {name for file in kept for name in file.made_of}
    target = root / FOLDER / day.name
    written = 0
    for names, rows in _portions(day, [n for n in now if n not in covered]):
        made_of = {name: now[name] for name in names}
        _write(stage, target, made_of, rows)
        written += len(rows["t_us"])
    true = {file.path for file in place_files(root, day, now)}
    for path in target.glob("*.parquet"):
        if path not in true:
            path.unlink(missing_ok=True)
    return written


def _portions(day: Path, names: list[str]) -> Iterator[tuple[list[str], dict[str, np.ndarray]]]:
    """The files in runs of at most MAX_ROWS rows (or of one file), with their rows that have a
    place."""
    waiting: list[str] = []
    parts: list[dict[str, np.ndarray]] = []
    rows = 0
    for name in names:
        part = placed_rows(day / name)
        if waiting and rows + len(part["t_us"]) > MAX_ROWS:
            yield waiting, _joined(parts)
            waiting, parts, rows = [], [], 0
        waiting.append(name)
        parts.append(part)
        rows += len(part["t_us"])
    if waiting:
        yield waiting, _joined(parts)


def placed_rows(path: Path) -> dict[str, np.ndarray]:
    """`COLUMNS` of an hour's file, of the rows that have a place; track -1 where there is none."""
    with pq.ParquetFile(path) as file:
        names = [name for name in COLUMNS if name in file.schema_arrow.names]
        return columns_of(file.read(columns=names, use_threads=False))


def columns_of(table: pa.Table) -> dict[str, np.ndarray]:
    out = {
        "t_us": table["t_us"].to_numpy(),
        "mmsi": table["mmsi"].to_numpy(),
        "lon_deg": table["lon_deg"].to_numpy(),
        "lat_deg": table["lat_deg"].to_numpy(),
    }
    if "track" in table.column_names:
        out["track"] = table["track"].fill_null(-1).to_numpy()
    else:
        out["track"] = np.full(table.num_rows, -1, np.int32)
    placed = np.isfinite(out["lon_deg"]) & np.isfinite(out["lat_deg"])
    return out if placed.all() else {name: column[placed] for name, column in out.items()}


def _joined(parts: list[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Takes the columns out of the parts, so that no more than one is held twice."""
    return {name: np.concatenate([p.pop(name) for p in parts]) for name in COLUMNS}


def _write(stage: Stage, target: Path, made_of: HourFiles, rows: dict[str, np.ndarray]) -> None:
    order = np.lexsort(
        (rows["t_us"], rows["mmsi"], hilbert_order(rows["lon_deg"], rows["lat_deg"]))
    )
    for name in COLUMNS:  # one by one: a day of a busy sea is held once
        rows[name] = rows[name][order]
    digest = hashlib.blake2b(json.dumps(made_of).encode(), digest_size=8).hexdigest()
    table = pa.table({name: rows[name] for name in COLUMNS}).replace_schema_metadata(
        {MADE_OF: json.dumps(made_of), BOXES: json.dumps(_boxes(rows).tolist())}
    )
    temporary = stage.new(".tmp")
    pq.write_table(
        table,
        temporary,
        compression="zstd",
        row_group_size=ROW_GROUP,
        use_dictionary=["mmsi", "track"],
        column_encoding={
            "t_us": "DELTA_BINARY_PACKED",
            "lon_deg": "BYTE_STREAM_SPLIT",
            "lat_deg": "BYTE_STREAM_SPLIT",
        },
        write_statistics=True,
    )
    sync_file(temporary)
    target.mkdir(parents=True, exist_ok=True)
    os.replace(temporary, target / f"places-{digest}.parquet")
    sync_directory(target)


def _boxes(rows: dict[str, np.ndarray]) -> np.ndarray:
    starts = np.arange(0, len(rows["t_us"]), ROW_GROUP)
    if not len(starts):
        return np.empty((0, 6))
    lon, lat, t = rows["lon_deg"], rows["lat_deg"], rows["t_us"]
    least = [np.minimum.reduceat(v, starts) for v in (lon, lat, t)]
    most = [np.maximum.reduceat(v, starts) for v in (lon, lat, t)]
    return np.column_stack([least[0], least[1], most[0], most[1], least[2], most[2]])
