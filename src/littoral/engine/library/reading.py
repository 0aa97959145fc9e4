"""What an analyst gives to observations in event-time order, as a run over recordings has them."""

from __future__ import annotations

import sys
import warnings
from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa

from littoral.engine import order, slices
from littoral.engine.library import frames, own
from littoral.engine.tables import pieces_in_order
from littoral.schema.ais import SOURCE_SHIFT, Observations, Positions, Statics, Texts
from littoral.schema.columns import Rows
from littoral.sense.decoded import Decoded, StationList
from littoral.sense.table import ArrowTable, TableError, TableOptions
from littoral.sense.table.layout import Source, recognise
from littoral.sense.table.names import UNITS
from littoral.sense.table.values import is_text, numbers

T = TypeVar("T", bound=Rows)
SOURCE = 1  # of a table that is none of ours: obs_id is 1 << 40 | row from 1
ALL_SETTLED_US = 1 << 61
PACKAGE = __name__.rpartition(".")[0]


class Messages(NamedTuple):
    """Decoded messages: three tables of one kind. Wherever a table of positions is taken, so is
    this, and then names, types and dimensions of the vessels count as in a run."""

    positions: Any
    statics: Any = None
    texts: Any = None


class RowsNotUsed(UserWarning):
    """Some rows of the input say nothing that can be judged; the message says how many and why."""


class Read(NamedTuple):
    """Rows as they came, in pieces with the number of their source; `row_obs_id` is of the rows of
    the table of positions, int64; `is_own`: it was decoded here."""

    pieces: list[tuple[int, Observations]]
    stations: StationList
    row_obs_id: np.ndarray
    is_own: bool


def read(given: Any, columns: Mapping[str, str] | None = None, datum: str | None = None) -> Read:
    """Raises TableError or TypeError naming the column that is missing or wrong."""
    messages = Messages(*given) if isinstance(given, tuple) else Messages(given)
    names = frames.names_of(messages.positions)
    if columns is None and own.is_own(names):
        return _own(messages)
    if messages.statics is not None or messages.texts is not None:
        raise TableError("statics and texts go with positions that littoral.decode gave")
    return _table(messages.positions, names, TableOptions(datum, columns or {}, called=True))


def in_order(given: Read) -> Observations:
    """All that is judged, in canonical order. What comes too late or under a wrong clock is left
    out as in a run, and warned of."""
    waiting = order.Order(by_source=True)
    for source, rows in given.pieces:
        order.push(waiting, source, rows)
    for source in sorted({source for source, _ in given.pieces}):
        order.end_source(waiting, source)
    waiting.floor_us = ALL_SETTLED_US
    left_out = waiting.late_rows + waiting.off_rows
    if left_out:
        warn(
            f"{left_out:,} rows were not used: they are over a minute older than what stands "
            "before them, or of a clock that is wrong"
        )
    settled = slices.take_settled(waiting)
    return Observations.empty() if settled is None else settled


def _is_ours(names: Mapping[str, Any]) -> bool:
    return str(names.get("__name__")).startswith(PACKAGE)


def warn(message: str) -> None:
    """At the line that called the library."""
    level, frame = 2, sys._getframe(1)
    while frame.f_back is not None and _is_ours(frame.f_globals):
        level, frame = level + 1, frame.f_back
    warnings.warn(message, RowsNotUsed, stacklevel=level)


def _own(messages: Messages) -> Read:
    """In the order in which they were received, which `obs_id` tells."""
    stations = StationList()
    positions = _part(Positions, messages.positions, stations)
    obs_id = positions.obs_id
    if len(np.unique(obs_id)) < len(obs_id):
        raise TableError("column 'obs_id' has a number twice: each row must be there once")
    parts = (
        positions,
        _part(Statics, messages.statics, stations),
        _part(Texts, messages.texts, stations),
    )
    ordered = Observations(*(p.take(np.argsort(p.obs_id, kind="stable")) for p in parts))
    sources = np.unique(
        np.concatenate([p.obs_id for p in (ordered.positions, ordered.statics, ordered.texts)])
        >> SOURCE_SHIFT
    )
    pieces = [(int(source), _of_source(ordered, int(source))) for source in sources]
    return Read(pieces, stations, obs_id, is_own=True)


def _part(kind: type[T], table: Any, stations: StationList) -> T:
    if table is None:
        return kind.empty()
    names = [n for n in frames.names_of(table) if n in {*kind.TABLE.names(), "t"}]
    return own.from_table(kind, frames.columns_of(table, names), stations)


def _of_source(rows: Observations, source: int) -> Observations:
    parts = (rows.positions, rows.statics, rows.texts)
    return Observations(*(p.take(p.obs_id >> SOURCE_SHIFT == source) for p in parts))


def _table(table: Any, names: list[str], options: TableOptions) -> Read:
    stations = StationList()
    layout = recognise(names, options)
    wanted = list(dict.fromkeys(source.name for source in layout.fields.values()))
    columns = frames.columns_of(table, wanted).combine_chunks()
    said = _said(layout.fields, options)
    reader = ArrowTable(
        SOURCE, columns.schema, stations=stations, default_station="table", options=said
    )
    batches = columns.to_batches()
    decoded = reader.take(batches[0]) if batches else Decoded.empty()
    _account(decoded, {field: source.name for field, source in layout.fields.items()})
    _places_beyond(columns, layout.fields["lat"], layout.fields["lon"])
    pieces = [(SOURCE, piece) for piece, _ in pieces_in_order(decoded.observations, 0.0, 1.0)]
    row_obs_id = (SOURCE << SOURCE_SHIFT) | np.arange(1, columns.num_rows + 1)
    return Read(pieces, stations, row_obs_id, is_own=False)


def _said(fields: Mapping[str, Any], options: TableOptions) -> TableOptions:
    """The options over the columns that are left, found by name."""
    named = {
        key: fields[key.partition(":")[0]].name for key in options.columns
    }  # a number counts columns that are no longer there
    return TableOptions(options.datum, named, called=True)


def _account(decoded: Decoded, columns: Mapping[str, str]) -> None:
    """Warn of rows that cannot be used; raise TableError where there is no other."""
    rejects = decoded.rejects
    if not len(rejects):
        return
    counted = Counter(zip(rejects.reason, rejects.field, strict=True))
    said = ", ".join(
        f"{n:,} {reason} in column {columns.get(field, field)!r}"
        for (reason, field), n in counted.most_common()
    )
    message = f"{len(rejects):,} of {decoded.counts.lines:,} rows were not used: {said}"
    if not decoded.counts.used:
        raise TableError(f"{message}; the first: {rejects.raw[0].decode(errors='replace')}")
    warn(message)


def _places_beyond(columns: pa.Table, lat: Source, lon: Source) -> None:
    """Warn of rows whose coordinates no place on earth has and no code of AIS is: they are read as
    not available, and longitude and latitude may have been exchanged."""
    beyond = np.zeros(columns.num_rows, np.bool_)
    for source, most, code in ((lat, 90.0, 91.0), (lon, 180.0, 181.0)):
        column = columns[source.name].combine_chunks()
        if not (is_text(column) or pa.types.is_primitive(column.type)):
            continue  # categories of text
        values, _ = numbers(column)
        degrees = values * (UNITS["lat"][source.unit] if source.unit else 1.0)
        beyond |= (np.abs(degrees) > most) & (degrees != code)
    if beyond.any():
        warn(
            f"{np.count_nonzero(beyond):,} of {len(beyond):,} rows have no place: beyond 90 or 180 "
            f"degrees in {lat.name!r}, {lon.name!r}"
        )


def rows_of(obs_ids: np.ndarray, given: Read) -> np.ndarray:
    """The row of the table of positions, from 0, of each of `obs_ids`; int64, of their shape."""
    by_id = np.argsort(given.row_obs_id)
    return by_id[np.searchsorted(given.row_obs_id, obs_ids, sorter=by_id)]
