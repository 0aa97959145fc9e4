"""Tables that come as Arrow batches (Parquet): typed columns, rows counted from 1."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pyarrow as pa

from littoral.sense.decoded import Decoded, StationList
from littoral.sense.table.layout import TableError, TableOptions, recognise
from littoral.sense.table.rows import RowReader

MAX_RAW = 512  # bytes of a rejected row that the quarantine keeps
TIMES = ("time", "date")


class ArrowTable:
    """One source. `columns` are the names that the reader of the file should read.

    Raises TableError when the schema is not that of an AIS table, or a column of a wrong type.
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
        for source_of in self.layout.fields.values():
            _check_type(source_of.name, schema.field(source_of.column).type)
        self.columns = list(dict.fromkeys(s.name for s in self.layout.fields.values()))
        self._reader = RowReader(self.layout, source, stations, default_station)
        self._rows = 0

    def take(self, batch: pa.RecordBatch) -> Decoded:
        """The next rows, with at least `columns`."""
        lines = np.arange(self._rows + 1, self._rows + batch.num_rows + 1, dtype=np.int64)
        self._rows += batch.num_rows
        columns = {n: _plain(batch.column(s.name), n) for n, s in self.layout.fields.items()}

        def raw(i: int) -> bytes:
            row = {s.name: _shown(columns[n][i]) for n, s in self.layout.fields.items()}
            return json.dumps(row, default=str, ensure_ascii=False).encode()[:MAX_RAW]

        return self._reader.read(columns, lines, raw)


def _check_type(name: str, kind: pa.DataType) -> None:
    held = kind.value_type if pa.types.is_dictionary(kind) else kind
    is_time = pa.types.is_timestamp(held) or pa.types.is_date(held)
    is_number = (
        pa.types.is_integer(held) or pa.types.is_floating(held) or pa.types.is_decimal(held)
        or pa.types.is_boolean(held)
    )  # fmt: skip
    if not (is_time or is_number or _is_words(held) or pa.types.is_null(held)):
        raise TableError(f"column {name!r} holds {kind}: neither text, numbers nor times")


def _is_words(kind: pa.DataType) -> bool:
    text = (pa.string(), pa.large_string(), pa.string_view())
    return kind in (*text, pa.binary(), pa.large_binary(), pa.binary_view())


def _plain(array: pa.Array, field: str) -> pa.Array:
    """Dictionaries as their values, views and bytes as text: a column is text or numbers, that of
    the time may be one of times."""
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if _is_words(array.type) and array.type not in (pa.string(), pa.large_string()):
        try:
            return array.cast(pa.string())
        except pa.ArrowInvalid:  # bytes that are not UTF-8
            found = [None if v is None else v.decode(errors="replace") for v in array.to_pylist()]
            return pa.array(found, pa.string())
    if pa.types.is_null(array.type) or (pa.types.is_temporal(array.type) and field not in TIMES):
        array = array.cast(pa.string())
    return array


def _shown(value: pa.Scalar) -> Any:
    """For the quarantine. Times that Python has no words for, finer than a microsecond or beyond
    the year 9999, as the number that stands there."""
    try:
        return value.as_py()
    except (ValueError, OverflowError):
        return value.value
