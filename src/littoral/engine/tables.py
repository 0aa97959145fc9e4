"""Tables of decoded AIS as a stream in order of event time.

A table may be sorted by vessel, or not at all. So it is read to its end first, kept in memory up
to `IN_MEMORY` rows and beyond in a temporary lake (by the hour, so that memory stays bounded), and
then given in order.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from littoral.link.files import InputError, Stream
from littoral.schema.ais import Observations, Positions, Statics
from littoral.schema.columns import Rows
from littoral.sense.decoded import Decoded, StationList
from littoral.sense.table import ArrowTable, CsvTable, TableOptions
from littoral.store.lake import Lake
from littoral.store.lake_files import hour_folders

IN_MEMORY = 1_000_000
PIECE = 250_000  # rows given at once
BATCH = 65_536
T = TypeVar("T", bound=Rows)


def read_table(
    source: int, path: str, kind: str, name: str, stations: StationList, options: TableOptions
) -> Iterator[tuple[Decoded, float]]:
    """(piece, share read): first the account of all lines, then the rows by time.

    `kind` is csv or parquet. Raises TableError when its columns or datum must be named, InputError
    after the last row of a file that is cut short.
    """
    decode = _parquet if kind == "parquet" else _csv
    broken: InputError | None = None
    with _Sorter() as rows:
        try:
            for decoded, share in decode(source, path, name, stations, options):
                rows.add(decoded.observations)
                decoded.observations = Observations.empty()
                yield decoded, share / 2
        except InputError as error:
            broken = error
        for piece, share in rows.pieces():
            decoded = Decoded.empty()
            decoded.observations = piece
            yield decoded, 0.5 + share / 2
    if broken is not None:
        raise broken


def _csv(
    source: int, path: str, name: str, stations: StationList, options: TableOptions
) -> Iterator[tuple[Decoded, float]]:
    table = CsvTable(source, stations=stations, default_station=name, options=options)
    broken: InputError | None = None
    try:
        for chunk, share in Stream(path):
            yield table.feed(chunk), share
    except InputError as error:
        broken = error
    yield table.close(), 1.0
    if broken is not None:
        raise broken


def _parquet(
    source: int, path: str, name: str, stations: StationList, options: TableOptions
) -> Iterator[tuple[Decoded, float]]:
    with pq.ParquetFile(path) as file:
        table = ArrowTable(
            source, file.schema_arrow, stations=stations, default_station=name, options=options
        )
        done = 0
        for batch in file.iter_batches(BATCH, columns=table.columns):
            done += batch.num_rows
            yield table.take(batch), done / max(1, file.metadata.num_rows)


class _Sorter:
    """Takes rows in any order, gives them in order of time."""

    def __init__(self) -> None:
        self._parts: list[Observations] = []
        self._rows = 0
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._lake: Lake | None = None
        self._spilled = 0

    def __enter__(self) -> _Sorter:
        return self

    def __exit__(self, *_: object) -> None:
        if self._lake is not None and self._folder is not None:
            self._lake.close()
            self._folder.cleanup()

    def add(self, rows: Observations) -> None:
        if len(rows):
            self._parts.append(rows)
            self._rows += len(rows)
        if self._rows >= IN_MEMORY:
            self._spill()

    def pieces(self) -> Iterator[tuple[Observations, float]]:
        """(rows, share given)."""
        if self._lake is None:
            yield from pieces_in_order(Observations.concat(self._parts), 0.0, 1.0)
            return
        self._spill()
        folders: dict[int, dict[str, Path]] = {}
        for table in ("observations", "statics"):
            for hour, folder in hour_folders(self._lake.root, table):
                folders.setdefault(hour, {})[table] = folder
        for i, hour in enumerate(sorted(folders)):
            rows = Observations.empty()
            rows.positions = _load(Positions, folders[hour].get("observations"))
            rows.statics = _load(Statics, folders[hour].get("statics"))
            yield from pieces_in_order(rows, i / len(folders), 1 / len(folders))

    def _spill(self) -> None:
        if self._lake is None:
            self._folder = tempfile.TemporaryDirectory(prefix="littoral-")
            self._lake = Lake(self._folder.name, durable=False)
        rows = Observations.concat(self._parts)
        for table, part in (("observations", rows.positions), ("statics", rows.statics)):
            if len(part):
                data = pa.Table.from_batches([part.to_arrow()])
                self._lake.write(table, data, f"{self._spilled:06d}")
        self._spilled += 1
        self._parts, self._rows = [], 0


def _load(kind: type[T], folder: Path | None) -> T:
    if folder is None:
        return kind.empty()
    paths = sorted(folder.glob("*.parquet"))
    return kind.from_arrow(pa.concat_tables([pq.ParquetFile(p).read() for p in paths]))


def pieces_in_order(
    rows: Observations, share: float, part: float
) -> Iterator[tuple[Observations, float]]:
    """`rows` by time in pieces; the first begins at `share` of the whole, all are `part` of it."""
    positions = rows.positions.take(np.lexsort((rows.positions.obs_id, rows.positions.t_us)))
    statics = rows.statics.take(np.lexsort((rows.statics.obs_id, rows.statics.t_us)))
    # Cut at instants, so that the rows of one instant stay in one piece.
    cuts = np.unique(positions.t_us[PIECE::PIECE]).tolist()
    at = [0, *np.searchsorted(positions.t_us, cuts).tolist(), len(positions)]
    also = [0, *np.searchsorted(statics.t_us, cuts).tolist(), len(statics)]
    for i in range(len(cuts) + 1):
        # Static data go first: within a piece, `order` takes lines for the order of arrival.
        first, then = Observations.empty(), Observations.empty()
        first.statics = statics.take(slice(also[i], also[i + 1]))
        then.positions = positions.take(slice(at[i], at[i + 1]))
        yield first, share + part * i / (len(cuts) + 1)
        yield then, share + part * (i + 1) / (len(cuts) + 1)
