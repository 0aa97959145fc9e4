"""The lake: append-only Parquet by event hour, which any DuckDB, Spark or Polars reads.

Each file appears whole or not at all and is known by the key under which it was written, so a
writer that was killed writes the same key again and nothing is doubled. docs/stores.md tells the
life of a row.
"""

from __future__ import annotations

import heapq
import os
import shutil
from collections.abc import Container, Iterator, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from threading import RLock
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from littoral.store import lake_files as files
from littoral.store import lake_query
from littoral.store.files import sync_directory, sync_file, write_new_by
from littoral.store.lake_compact import Compacted, compact_hour
from littoral.store.lake_files import HOUR_US, Hour, LakeError, Stage
from littoral.store.lake_places import DAY_US, build_day, days
from littoral.store.lake_tables import RECEIVERS, time_column, write_options

__all__ = ["Compacted", "Lake", "LakeError"]

ROW_GROUP = 250_000
COMPRESSION = "lz4"  # fresh files; compaction takes zstd


class Lake:
    """Safe for several threads; one process should write a table, others may read and compact.

    `durable=False` leaves out the syncs: files are still whole after a crash of the process, but
    after a power cut the last ones may be missing (a run over files can be run again).
    """

    def __init__(self, root: str | Path, durable: bool = True) -> None:
        self.root = Path(root)
        self.durable = durable
        self._stage: Stage | None = None
        self._lock = RLock()
        self._hours: dict[tuple[str, str], Hour] = {}
        self._folders: dict[str, dict[str, set[str]]] = {}  # table → key → folders of its parts
        self._receivers: list[str] | None = None  # as this object has written them

    def write(self, table: str, data: pa.Table, key: str) -> int:
        """Writes the rows, one file an event hour; returns the rows written.

        The same key again replaces what it wrote before, also in hours that it no longer has.
        Where that has been compacted, the same number of rows counts as the same rows (nothing is
        done) and another number raises LakeError.
        """
        files.check_table(table)
        files.check_key(key)
        with self._lock:
            known = self._known(table)
            old = known.get(key, set())
            new: set[str] = set()
            for hour, rows in _by_hour(data, time_column(table)):
                folder = files.hour_folder(hour)
                self._write_hour(table, folder, rows, key)
                new.add(folder)
            self._unlink(table, key, old - new)
            if new:
                known[key] = new
        return data.num_rows

    def name_receivers(self, names: Sequence[str]) -> None:
        """Writes which receiver each number in `station` is; its place in `names` is its number.

        Durable before rows that use a new number are, the names stay true whatever is lost.
        """
        with self._lock:
            if self._receivers == list(names):
                return
            table = pa.table([range(len(names)), names], schema=RECEIVERS)
            path = files.receivers_file(self.root)
            path.parent.mkdir(parents=True, exist_ok=True)
            write_new_by(path, lambda file: pq.write_table(table, file))
            sync_directory(self.root)
            self._receivers = list(names)

    def discard(self, table: str, keys: list[str] | set[str]) -> int:
        """Removes what was written under the keys and not yet compacted; returns files removed."""
        removed = 0
        with self._lock:
            known = self._known(table)
            for key in keys:
                folders = known.get(files.check_key(key), set())
                removed += len(folders)
                self._unlink(table, key, folders)
        return removed

    def clear(self, table: str) -> None:
        """Removes all of the table, compacted or not; for who writes it anew from the start."""
        with self._lock:
            for _, folder in list(files.hour_folders(self.root, table)):
                shutil.rmtree(folder)
                self._hours.pop((table, f"{folder.parent.name}/{folder.name}"), None)
            self._folders.pop(table, None)

    def keys(self, table: str) -> set[str]:
        """Keys whose files are not compacted yet."""
        with self._lock:
            return set(self._known(table))

    def compact(
        self,
        table: str,
        older_than_us: int | None = None,
        keep: Container[str] = frozenset(),
        min_files: int = 2,
    ) -> Compacted:
        """Merges the files of each hour that ended before `older_than_us` (None: of every hour).

        Files of the keys in `keep` (not yet final) stay as they are. Readers see the hour before
        or after, never a part of both. Raises LakeError where the file system cannot exchange.
        """
        files.check_table(table)
        total = Compacted()
        for hour, folder in list(files.hour_folders(self.root, table)):
            if older_than_us is not None and (hour + 1) * HOUR_US > older_than_us:
                continue
            total.add(compact_hour(self._staging(), table, folder, keep, min_files))
        if total.hours:
            with self._lock:
                self._folders.pop(table, None)
        return total

    def order_places(self, before_us: int) -> int:
        """Writes the days that ended before `before_us` once more in order of place, where that is
        not done yet; returns the rows written. A question answers the same without it, slower."""
        return sum(
            build_day(self._staging(), self.root, folder)
            for day, folder in days(self.root)
            if (day + 1) * DAY_US <= before_us
        )

    def in_order(
        self, table: str, columns: Sequence[str], at_once: int
    ) -> Iterator[dict[str, Any]]:
        """All rows as Python objects, by hour of event time and in it by `columns`. Every file must
        be in that order: then `at_once` rows of each file of an hour are in memory."""
        key = itemgetter(*columns)
        for _, folder in files.hour_folders(self.root, table):
            paths = sorted(folder.glob("*.parquet"))
            yield from heapq.merge(*(_rows(path, at_once) for path in paths), key=key)

    def sql(self, query: str, beside: Mapping[str, pa.Table] | None = None) -> pa.Table:
        """One SELECT over the views observations, statics, texts, tracks, alerts, receivers; a
        table of `beside` stands for the lake's own of that name.

        Raises LakeError when it is anything but a SELECT, or with DuckDB's words when it fails.
        """
        return lake_query.select(self.root, query, beside or {})

    def positions_of(
        self,
        thing: int | str,
        from_us: int | None = None,
        to_us: int | None = None,
        limit: int = 10_000,
        newest: bool = False,
        track: int | None = None,
    ) -> pa.Table:
        """Positions of an MMSI, or of a track by its id (`<mmsi>-<start>Z`), in `from_us <= t_us <
        to_us`, ascending; when there are more than `limit`, the first or the newest of them.

        `track` (row of the track table) tells two vessels under one MMSI apart.
        """
        return lake_query.positions_of(self.root, thing, from_us, to_us, limit, newest, track)

    def close(self) -> None:
        if self._stage is not None:
            self._stage.close()
            self._stage = None

    def __enter__(self) -> Lake:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _staging(self) -> Stage:
        with self._lock:
            if self._stage is None:
                self._stage = Stage(self.root)
            return self._stage

    def _known(self, table: str) -> dict[str, set[str]]:
        """Key → folders, read from the disk when first asked and kept up to date from then on."""
        known = self._folders.get(table)
        if known is None:
            known = {}
            for _, folder in files.hour_folders(self.root, table):
                name = f"{folder.parent.name}/{folder.name}"
                hour = Hour.look(folder)
                self._hours[table, name] = hour
                for key in hour.parts:
                    known.setdefault(key, set()).add(name)
            self._folders[table] = known
        return known

    def _write_hour(self, table: str, folder: str, rows: pa.Table, key: str) -> None:
        path = self.root / table / folder
        stage = self._staging()
        temporary = stage.new(".tmp")
        pq.write_table(
            rows,
            temporary,
            compression=COMPRESSION,
            row_group_size=ROW_GROUP,
            **write_options(rows.schema),
        )
        if self.durable:
            sync_file(temporary)
        with stage.changing():
            created = not path.is_dir()
            path.mkdir(parents=True, exist_ok=True)
            hour = self._hours.get((table, folder))
            if hour is None or hour.inode != path.stat().st_ino:
                hour = self._hours[table, folder] = Hour.look(path)
            if key in hour.merged:
                temporary.unlink()
                if hour.merged[key] != rows.num_rows:
                    raise LakeError(
                        f"{table} {folder}: key {key} is compacted with {hour.merged[key]} rows, "
                        f"now {rows.num_rows}"
                    )
                return
            os.replace(temporary, path / f"part-{key}.parquet")
            hour.parts.add(key)
        if self.durable:
            sync_directory(path)
            if created:
                sync_directory(path.parent)
                sync_directory(path.parent.parent)
                sync_directory(self.root)

    def _unlink(self, table: str, key: str, folders: set[str]) -> None:
        """Removes the key's files in the folders."""
        if not folders:
            return
        with self._staging().changing():
            for folder in sorted(folders):
                path = self.root / table / folder
                (path / f"part-{key}.parquet").unlink(missing_ok=True)
                if self.durable:
                    sync_directory(path)
                hour = self._hours.get((table, folder))
                if hour is not None:
                    hour.parts.discard(key)
        known = self._folders[table]
        left = known.get(key, set()) - folders
        if left:
            known[key] = left
        else:
            known.pop(key, None)


def _rows(path: Path, at_once: int) -> Iterator[dict[str, Any]]:
    # Read ahead and by threads, a file takes ten times the memory of its rows.
    with pq.ParquetFile(path, pre_buffer=False) as file:
        batches = file.iter_batches(at_once, use_threads=False)
        if file.metadata.num_rows > at_once:
            yield from (row for batch in batches for row in batch.to_pylist())
            return
        rows = [row for batch in batches for row in batch.to_pylist()]
    yield from rows  # the file is closed: an hour may have very many small ones


def _by_hour(data: pa.Table, column: str) -> list[tuple[int, pa.Table]]:
    """(hour since 1970, rows) in ascending order of hours; the order within an hour is kept."""
    if not data.num_rows:
        return []
    times = data.column(column)
    if times.null_count:
        raise ValueError(f"column {column} has nulls; the hour of a row must be known")
    bounds = pc.min_max(times)
    first, last = (bounds[k].as_py() // HOUR_US for k in ("min", "max"))
    if first == last:
        return [(first, data)]
    hours = times.to_numpy() // HOUR_US
    if np.any(hours[1:] < hours[:-1]):
        order = np.argsort(hours, kind="stable")
        hours, data = hours[order], data.take(pa.array(order))
    starts = np.flatnonzero(np.r_[True, hours[1:] != hours[:-1]])
    ends = np.r_[starts[1:], len(hours)]
    return [
        (int(hours[a]), data.slice(int(a), int(b - a))) for a, b in zip(starts, ends, strict=True)
    ]
