"""The columns of decoded messages as the library gives them, and back.

They are those of the lake but for what an analyst would have to translate: times are times (`t`),
`kind` and `station` are words. What only a run fills (receive time, track, ring) is left out. A
table of the lake itself is read too.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from littoral.schema.ais import KIND_NAMES
from littoral.schema.columns import Rows
from littoral.sense.decoded import StationList
from littoral.sense.table.times import times

T = TypeVar("T", bound=Rows)
UTC_US = pa.timestamp("us", "UTC")
LEFT_OUT = ("received_us", "track", "ring")
KEY = {"obs_id", "mmsi", "lon_deg", "lat_deg"}  # with a time: positions that were decoded here


def is_own(names: list[str]) -> bool:
    """Whether a table of positions with these columns is one of ours."""
    return set(names) >= KEY and bool({"t", "t_us"} & set(names))


def as_table(rows: Rows, stations: StationList) -> pa.Table:
    """Decoded rows for analysts, in their order."""
    found: dict[str, pa.Array] = {}
    for name, column in zip(rows.TABLE.names(), rows.to_arrow().columns, strict=True):
        if name == "t_us":
            found["t"] = column.cast(UTC_US)
        elif name == "kind":
            found[name] = _words(column, KIND_NAMES)
        elif name == "station":
            found[name] = _words(column, stations.names)
        elif name not in LEFT_OUT:
            found[name] = column
    return pa.table(found)


def _words(places: pa.Array, names: tuple[str, ...] | list[str]) -> pa.Array:
    known = pc.if_else(pc.less(places, 0), pa.scalar(None, places.type), places)
    indices = known.cast(pa.int32())
    return pa.DictionaryArray.from_arrays(indices, pa.array(names, pa.string()))


def from_table(kind: type[T], table: pa.Table, stations: StationList) -> T:
    """Inverse of `as_table`; a column that is missing is all null. Raises TypeError naming a column
    that cannot be what it is called."""
    arrays: dict[str, pa.Array] = {}
    for column in kind.TABLE.columns:
        name = "t" if column.name == "t_us" and "t" in table.column_names else column.name
        if name not in table.column_names or name in LEFT_OUT:
            continue
        values = table.column(name).combine_chunks()
        if isinstance(values, pa.ChunkedArray):
            values = values.chunk(0) if values.num_chunks else pa.array([], values.type)
        try:
            if column.name == "t_us":
                arrays[column.name] = _times(values, "us" if name == "t_us" else "")
            else:
                arrays[column.name] = _plain(column.name, values, column.arrow, stations)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, ValueError) as error:
            raise TypeError(f"column {name!r}: {error}") from None
    return kind.from_arrow(pa.table(arrays))


def _times(values: pa.Array, unit: str) -> pa.Array:
    """Also as text, since tables are kept as CSV."""
    at_us, wrong = times(values, unit, day_first=False)
    if wrong.any():
        raise ValueError(f"{values[int(np.argmax(wrong))]} is no time")
    return pa.array(at_us)


def _plain(name: str, values: pa.Array, wanted: pa.DataType, stations: StationList) -> pa.Array:
    if name in ("kind", "station") and not pa.types.is_integer(values.type):
        coded = values.dictionary_encode() if not _is_coded(values.type) else values
        words = coded.dictionary.cast(pa.string()).to_pylist()
        place = KIND_NAMES.index if name == "kind" else stations.index
        places = np.array([*(place(word) for word in words), -1], np.int64)
        at = coded.indices.cast(pa.int64()).fill_null(len(words)).to_numpy(zero_copy_only=False)
        return pa.array(places[at]).cast(wanted)
    if _is_coded(values.type):
        values = values.dictionary_decode()
    found = values.cast(wanted)
    if name == "station" and len(found) > found.null_count:
        for number in range(pc.max(found).as_py() + 1):  # of the lake, which has the names apart
            stations.index(f"receiver {number}")
    return found


def _is_coded(kind: pa.DataType) -> bool:
    return pa.types.is_dictionary(kind)
