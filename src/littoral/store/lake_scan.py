"""Positions of an area and a time: first the plan, which files and row groups can hold one, then
those alone are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from littoral.schema.ais import Positions
from littoral.store import lake_files
from littoral.store import lake_places as places
from littoral.store.lake_files import HOUR_US, LakeError, folder_hour, hour_folder

THREADS = 2
T = TypeVar("T")
# Of boxes (n, 4) of west, south, east, north, (n,): 0 apart from the area, 1 touches it, 2 within.
Relation = Callable[[np.ndarray], np.ndarray]
Rows = dict[str, np.ndarray]
# What is kept of rows; the flag: all lie in the area.
Take = Callable[[Rows, bool], Rows]


@dataclass(frozen=True, slots=True)
class Piece:
    """A file to be read; `groups`: its row groups, None: all; `sure`: they lie in the area."""

    path: Path
    groups: tuple[int, ...] | None
    known: pq.FileMetaData | None = None  # so that it is not read twice
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What is read, of how much. `files_of`: hour files of positions that the lake holds in all,
    and those in place order that stand for some of them."""

    pieces: tuple[Piece, ...]
    files_of: int
    groups: int
    groups_of: int  # in the files that are read


@dataclass(slots=True)
class Read:
    """What has been read of a plan."""

    plan: Plan
    rows: int = 0
    columns_bytes: int = 0
    files: list[str] = field(default_factory=list)


def plan(root: Path, from_us: int, to_us: int, relation: Relation) -> Plan:
    """For positions in `from_us <= t_us < to_us` within what `relation` does not rule out."""
    pieces: list[Piece] = []
    groups = groups_of = files_of = 0
    for day, folder in places.days(root):
        now = places.hour_files(folder)
        files_of += len(now)
        if (day + 1) * places.DAY_US <= from_us or day * places.DAY_US >= to_us:
            continue
        left = {n: size for n, size in now.items() if _in_time(n, folder, from_us, to_us)}
        for file in places.place_files(root, folder, now):
            if not left.keys() & file.made_of.keys():
                continue
            how = _relation(file, from_us, to_us, relation)
            chosen = np.flatnonzero(how)
            own = [n for n in file.made_of if n in left]
            if file.rows[chosen].sum() > file.rows.sum() * len(own) / len(file.made_of):
                continue  # so large an area and so short a time: the hours are less to read
            for name in own:
                del left[name]
            groups_of += len(file.rows)
            groups += len(chosen)
            for sure in (False, True):
                some = np.flatnonzero(how == 1 + sure).tolist()
                if some:
                    pieces.append(Piece(file.path, tuple(some), file.known, sure))
        pieces += [Piece(folder / name, None) for name in left]
    return Plan(tuple(pieces), files_of, groups, groups_of)


def read(plan_: Plan, from_us: int, to_us: int, take: Take) -> tuple[Rows, Read]:
    """The rows of the plan in that time that `take` keeps, and what was read for them."""
    done = Read(plan_)

    def one(piece: Piece) -> tuple[Rows, int, int]:
        with pq.ParquetFile(piece.path, metadata=piece.known) as file:
            names = [n for n in places.COLUMNS if n in file.schema_arrow.names]
            every = range(file.metadata.num_row_groups)
            groups = list(every) if piece.groups is None else list(piece.groups)
            table = file.read_row_groups(groups, columns=names, use_threads=False)
            size = _bytes(file, groups, names)
        rows = places.columns_of(table)
        in_time = (rows["t_us"] >= from_us) & (rows["t_us"] < to_us)
        if not in_time.all():
            rows = {n: c[in_time] for n, c in rows.items()}
        return take(rows, piece.sure), table.num_rows, size

    found = []
    with ThreadPoolExecutor(THREADS) as pool:
        for rows, count, size in pool.map(one, plan_.pieces):
            found.append(rows)
            done.rows += count
            done.columns_bytes += size
    done.files = list(dict.fromkeys("/".join(p.path.parts[-3:]) for p in plan_.pieces))
    if not found:
        found = [take({n: np.empty(0, t) for n, t in _TYPES.items()}, True)]
    return {n: np.concatenate([f[n] for f in found]) for n in found[0]}, done


_TYPES = {"t_us": np.int64, "mmsi": np.int32, "track": np.int32, "lon_deg": np.float64,
          "lat_deg": np.float64}  # fmt: skip


def scan(root: Path, from_us: int, to_us: int, relation: Relation, take: Take) -> tuple[Rows, Read]:
    """`plan` and `read`; once more where a file vanished between the two, as a merging does it."""
    return again(lambda: read(plan(root, from_us, to_us, relation), from_us, to_us, take))


def again(run: Callable[[], T]) -> T:
    """`lake_files.again` of what reads files itself; LakeError when they keep vanishing."""
    try:
        return lake_files.again(run, FileNotFoundError)
    except FileNotFoundError as error:
        raise LakeError(f"the lake's files keep changing: {error}") from error


def _bytes(file: pq.ParquetFile, groups: list[int], names: list[str]) -> int:
    """Compressed bytes of the columns in the row groups."""
    index = [i for i in range(file.metadata.num_columns) if file.schema[i].name in names]
    total = 0
    for g in groups:
        group = file.metadata.row_group(g)
        total += sum(group.column(i).total_compressed_size for i in index)
    return total


def _relation(file: places.PlaceFile, from_us: int, to_us: int, relation: Relation) -> np.ndarray:
    """`Relation` of each row group; 0 where no row of it is in the time."""
    how = np.zeros(len(file.rows), np.int8)
    timely = np.flatnonzero((file.boxes[:, 5] >= from_us) & (file.boxes[:, 4] < to_us))
    how[timely] = relation(file.boxes[timely, :4])
    return how


def _in_time(name: str, day: Path, from_us: int, to_us: int) -> bool:
    hour = folder_hour(f"{day.name}/{name.partition('/')[0]}")
    return hour is not None and hour * HOUR_US < to_us and (hour + 1) * HOUR_US > from_us


def hours_of(root: Path, from_us: int, to_us: int) -> Iterator[tuple[int, Path, str]]:
    """(hour since 1970, folder of the day, "hour=HH/name") of each hour file of positions that may
    hold a time of `from_us <= t_us < to_us`."""
    for day, folder in places.days(root):
        if (day + 1) * places.DAY_US <= from_us or day * places.DAY_US >= to_us:
            continue
        for name in places.hour_files(folder):
            if _in_time(name, folder, from_us, to_us):
                hour = folder_hour(f"{folder.name}/{name.partition('/')[0]}")
                assert hour is not None
                yield hour, folder, name


VESSEL = ("t_us", "obs_id", "mmsi", "track", "lon_deg", "lat_deg", "sog_mps")
_VESSEL = pa.schema([f for f in Positions.TABLE.arrow_schema() if f.name in VESSEL])


def vessel(root: Path, mmsi: int, from_us: int, to_us: int) -> tuple[pa.Table, Read]:
    """Columns `VESSEL` of all reports under an MMSI in `from_us <= t_us < to_us`, by time; those
    that a file lacks are null."""

    def all_hours() -> tuple[pa.Table, Read]:
        files_of = sum(len(places.hour_files(folder)) for _, folder in places.days(root))
        pieces = tuple(Piece(day / name, None) for _, day, name in hours_of(root, from_us, to_us))
        done = Read(Plan(pieces, files_of, 0, 0))
        found = []
        groups = groups_of = 0
        with ThreadPoolExecutor(THREADS) as pool:
            for piece, (part, read_, of) in zip(
                pieces, pool.map(lambda p: _of_vessel(p.path, mmsi), pieces), strict=True
            ):
                groups, groups_of = groups + len(read_), groups_of + of
                if part is None:
                    continue
                found.append(part)
                done.rows += part.num_rows
                done.files.append("/".join(piece.path.parts[-3:]))
        done.plan = replace(done.plan, groups=groups, groups_of=groups_of)
        table = pa.concat_tables(found) if found else _VESSEL.empty_table()
        t = table["t_us"]
        table = table.filter(pc.and_(pc.greater_equal(t, from_us), pc.less(t, to_us)))
        return table.sort_by([("t_us", "ascending"), ("obs_id", "ascending")]), done

    return again(all_hours)


def _of_vessel(path: Path, mmsi: int) -> tuple[pa.Table | None, list[int], int]:
    """Her rows (None: she is not in the file), the row groups read for them, and of how many."""
    with pq.ParquetFile(path) as file:
        known = file.metadata
        at = file.schema_arrow.get_field_index("mmsi")
        groups = []
        for g in range(known.num_row_groups):
            bounds = known.row_group(g).column(at).statistics
            if bounds is None or not bounds.has_min_max or bounds.min <= mmsi <= bounds.max:
                groups.append(g)
        if not groups:
            return None, [], known.num_row_groups
        own = pc.equal(file.read_row_groups(groups, ["mmsi"], use_threads=False)["mmsi"], mmsi)
        if not pc.any(own).as_py():
            return None, groups, known.num_row_groups
        names = [n for n in VESSEL if n in file.schema_arrow.names]
        rows = file.read_row_groups(groups, names, use_threads=False).filter(own)
    columns = [
        rows[f.name].cast(f.type) if f.name in names else pa.nulls(rows.num_rows, f.type)
        for f in _VESSEL
    ]
    return pa.table(columns, schema=_VESSEL), groups, known.num_row_groups


def files_of_rows(root: Path, table: str, rows: Iterable[tuple[int, int]]) -> dict[int, str]:
    """By obs_id the file of `table` that holds it, of (obs_id, t_us)."""
    by_folder: dict[str, set[int]] = {}
    for obs_id, t_us in rows:
        by_folder.setdefault(hour_folder(t_us // HOUR_US), set()).add(obs_id)
    found: dict[int, str] = {}
    for folder, ids in by_folder.items():
        wanted = pa.array(sorted(ids), pa.int64())
        for path in sorted((root / table / folder).glob("*.parquet")):
            held = pq.read_table(path, columns=["obs_id"], partitioning=None)["obs_id"]
            for obs_id in held.filter(pc.is_in(held, wanted)).to_pylist():
                found[obs_id] = f"{table}/{folder}/{path.name}"
    return found
