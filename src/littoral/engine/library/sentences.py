"""Tables of pandas, Polars or Arrow that hold lines of AIS in a column, as archives of raw messages
are kept, to bytes of a log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from littoral.engine.library import frames
from littoral.engine.library.reading import warn
from littoral.sense.table import TableError, TableOptions
from littoral.sense.table.names import EPOCH, plain, read_name
from littoral.sense.table.times import times

NAMES = (
    "line", "nmea", "sentence", "raw", "message", "msg", "aivdm", "nmealine", "nmeasentence",
    "nmeamessage", "rawline", "rawnmea", "rawmessage", "aismessage", "报文", "原始报文",
)  # fmt: skip
FIELDS = ("line", "time")
ROWS_AT_ONCE = 100_000


def as_lines(table: Any, columns: Mapping[str, str]) -> Iterator[bytes]:
    """A line for each row, an empty one where there is none. In front of it stands the time of its
    row, if a column has one; a time that the line says itself (a tag block) goes before it.
    Raises TableError naming the column that is missing or wrong."""
    names = frames.names_of(table)
    line, time, unit = _chosen(names, columns)
    held = frames.columns_of(table, [line] if time is None else [line, time])
    text = _text(line, held[line])
    if time is not None:
        text = _timed(time, held[time], unit, text)
    for start in range(0, len(text), ROWS_AT_ONCE):
        yield b"\n".join([*text.slice(start, ROWS_AT_ONCE).to_pylist(), b""])


def _chosen(names: Sequence[str], columns: Mapping[str, str]) -> tuple[str, str | None, str]:
    """(column of lines, column of times, unit of these or "")."""
    options = TableOptions(columns=columns, called=True)
    chosen: dict[str, str] = {}
    unit = ""
    for key, wanted in columns.items():
        field, _, said = key.partition(":")
        if field not in FIELDS or (said and (field != "time" or said not in EPOCH)):
            known = ", ".join(f"time:{unit}" for unit in EPOCH)
            raise TableError(f"{options.naming([key], wanted)}: of lines are line, time, {known}")
        if names.count(wanted) != 1:
            count = names.count(wanted) or "no"
            raise TableError(f"{options.naming([key], wanted)}: {count} columns of this name")
        chosen[field] = wanted
        unit = said or unit
    for field in FIELDS:
        found = [name for name in names if _field(name) == field and name not in chosen.values()]
        if field in chosen or not found:
            continue
        if len(found) > 1:
            listed = ", ".join(found)
            asked = options.naming([field])
            raise TableError(f"{field} may be any of {listed}; say which: {asked}")
        chosen[field] = found[0]
        unit = (read_name(found[0]) or ("", ""))[1] if field == "time" else unit
    if "line" not in chosen:
        listed = ", ".join(names[:40]) or "none"
        asked = options.naming(["line"])
        raise TableError(f"no column for line among {listed}; name it: {asked}")
    return chosen["line"], chosen.get("time"), unit


def _field(name: str) -> str:
    if plain(name) in NAMES:
        return "line"
    said = read_name(name)
    return said[0] if said is not None else ""


def _text(name: str, values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Lines as bytes, none of them null."""
    kind = values.type
    if pa.types.is_dictionary(kind):
        values, kind = values.cast(kind.value_type), kind.value_type
    lines = (
        pa.types.is_string(kind), pa.types.is_large_string(kind), pa.types.is_string_view(kind),
        pa.types.is_binary(kind), pa.types.is_large_binary(kind), pa.types.is_null(kind),
    )  # fmt: skip
    if not any(lines):
        raise TableError(f"column {name!r} holds {kind}: no lines of AIS")
    return pc.fill_null(values.cast(pa.large_binary()), b"")


def _timed(name: str, values: pa.ChunkedArray, unit: str, text: pa.ChunkedArray) -> pa.Array:
    whole = pa.concat_arrays(values.chunks) if values.num_chunks else pa.array([], values.type)
    known = whole.is_valid().to_numpy(zero_copy_only=False)
    at_us, wrong = times(whole, unit, day_first=False)
    if (bad := int(np.count_nonzero(wrong & known))) > 0:
        warn(f"{bad:,} of {len(wrong):,} rows have no time: bad_time in column {name!r}")
    told = pc.fill_null(
        pc.binary_join_element_wise(
            pa.array(at_us, mask=wrong | ~known).cast(pa.string()).cast(pa.large_binary()),
            pa.scalar(b"", pa.large_binary()),
            pa.scalar(b" ", pa.large_binary()),
        ),
        b"",
    )
    return pc.binary_join_element_wise(told, text, pa.scalar(b"", pa.large_binary()))
