"""Merging the small files of an hour into one, beside readers and writers.

The merged file is made in a staged copy of the hour's folder, whose other files are hard links,
and the two folders are then exchanged in one step of the file system: at every instant the hour's
path holds each row once, and after a crash it holds either the old folder or the new.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from littoral.store.files import sync_directory, sync_file
from littoral.store.lake_files import KEYS_METADATA, Stage, exchange, merged_keys
from littoral.store.lake_tables import SORT, time_column, write_options

ROW_GROUP = 65_536  # small enough that the row groups' statistics single out a vessel
MAX_ROWS = 500_000  # rows held in memory at once; a fuller hour becomes several merged files


@dataclass(slots=True)
class Compacted:
    """What a compaction did."""

    hours: int = 0
    files_before: int = 0
    files_after: int = 0
    rows: int = 0

    def add(self, other: Compacted) -> None:
        self.hours += other.hours
        self.files_before += other.files_before
        self.files_after += other.files_after
        self.rows += other.rows


def compact_hour(
    stage: Stage, table: str, folder: Path, keep: Container[str], min_files: int
) -> Compacted:
    stage.remove_retired()
    before = _inodes(folder)
    merge = [n for n in sorted(before) if not (n.startswith("part-") and n[5:-8] in keep)]
    done = [g for g, rows in _groups(folder, merge) if _worth(table, g, rows, min_files)]
    if not done:
        return Compacted()
    # The exchange gives the old folder the staged name, so that name must be of this step alone.
    staged = stage.new("-hour") / folder.name
    staged.mkdir(parents=True)
    try:
        rows, made = 0, []
        for group in done:
            path, count = _merge(staged, table, folder, group)
            rows += count
            made.append(path.name)
        merged = {name for group in done for name in group}
        if not _swap(stage, folder, staged, before, merged):
            return Compacted()
        stage.retire(staged)  # by now the old folder
        return Compacted(1, len(merged), len(made), rows)
    finally:
        shutil.rmtree(staged.parent, ignore_errors=True)


def _inodes(folder: Path) -> dict[str, int]:
    with os.scandir(folder) as entries:
        return {e.name: e.inode() for e in entries if e.name.endswith(".parquet")}


def _groups(folder: Path, names: list[str]) -> list[tuple[list[str], int]]:
    """The files cut into runs of at most MAX_ROWS rows (or of one file), with their rows."""
    groups: list[tuple[list[str], int]] = []
    for name in names:
        count = pq.read_metadata(folder / name).num_rows
        if groups and groups[-1][1] + count <= MAX_ROWS:
            group, rows = groups[-1]
            groups[-1] = ([*group, name], rows + count)
        else:
            groups.append(([name], count))
    return groups


def _worth(table: str, names: list[str], rows: int, min_files: int) -> bool:
    """Whether to merge them: many, or one big one that is still in the order of arrival."""
    unsorted = table in SORT and any(n.startswith("part-") for n in names)
    return len(names) >= max(min_files, 2) or (unsorted and rows >= ROW_GROUP)


def _merge(staged: Path, table: str, folder: Path, names: list[str]) -> tuple[Path, int]:
    keys: dict[str, int] = {}
    parts = []
    for name in names:
        part = pq.ParquetFile(folder / name).read()
        parts.append(part.replace_schema_metadata(None))
        if name.startswith("part-"):
            keys[name[5:-8]] = part.num_rows
        else:
            keys.update(merged_keys(folder / name))
    data = pa.concat_tables(parts, promote_options="permissive")
    order = [c for c in SORT.get(table, (time_column(table),)) if c in data.column_names]
    del parts, part  # else they stay beside the sorted rows while these are written
    data = data.sort_by([(c, "ascending") for c in order])
    data = data.replace_schema_metadata({KEYS_METADATA: json.dumps(keys)})
    digest = hashlib.blake2b("\n".join(names).encode(), digest_size=8).hexdigest()
    path = staged / f"merged-{digest}.parquet"
    options = write_options(data.schema)
    if order[0] == "mmsi":  # one number a vessel; no larger, see docs/stores.md
        options["use_dictionary"] += ["mmsi", "track"]
        for name in ("mmsi", "track"):
            options["column_encoding"].pop(name, None)
    pq.write_table(
        data, path, compression="zstd", row_group_size=ROW_GROUP, write_page_index=True, **options
    )
    sync_file(path)
    return path, data.num_rows


def _swap(
    stage: Stage, folder: Path, staged: Path, before: dict[str, int], merged: set[str]
) -> bool:
    """Exchanges the folders unless a file that was merged has been replaced or removed since."""
    with stage.changing():
        now = _inodes(folder)
        if any(now.get(name) != before[name] for name in merged):
            return False
        for name in now.keys() - merged:
            os.link(folder / name, staged / name)
        sync_directory(staged)
        exchange(staged, folder)
    return True
