"""Tables that come as Arrow batches (Parquet): typed columns, rows counted from 1."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa

from littoral.sense.decoded import Decoded, StationList
from littoral.sense.table.layout import TableOptions, recognise
from littoral.sense.table.rows import RowReader

MAX_RAW = 512  # bytes of a rejected row that the quarantine keeps


class ArrowTable:
    """One source. `columns` are the names that the reader of the file should read.

    Raises TableError when the schema is not that of an AIS table.
    """

    def __init__(
        self,
        source: int,
        schema: pa.Schema,
        *,
        stations: StationList,
        default_station: str,
        options: TableOptions | None = None,
    ) -> None:
        self.layout = recognise(schema.names, options or TableOptions())
        self.columns = list(dict.fromkeys(s.name for s in self.layout.fields.values()))
        self._reader = RowReader(self.layout, source, stations, default_station)
        self._rows = 0

    def take(self, batch: pa.RecordBatch) -> Decoded:
        """The next rows, with at least `columns`."""
        lines = np.arange(self._rows + 1, self._rows + batch.num_rows + 1, dtype=np.int64)
        self._rows += batch.num_rows
        columns = {n: _plain(batch.column(s.name)) for n, s in self.layout.fields.items()}

        def raw(i: int) -> bytes:
            row = {s.name: columns[n][i].as_py() for n, s in self.layout.fields.items()}
            return json.dumps(row, default=str, ensure_ascii=False).encode()[:MAX_RAW]

        return self._reader.read(columns, lines, raw)


def _plain(array: pa.Array) -> pa.Array:
    """Dictionaries as their values, views and bytes as text: a column is text or numbers."""
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if pa.types.is_binary(array.type) or array.type in (pa.string_view(), pa.binary_view()):
        array = array.cast(pa.string())
    if pa.types.is_null(array.type):
        array = array.cast(pa.string())
    return array
