"""A filter over columns: which rows of a table may be shown.

Columns are named as the attributes of a thing. A row's missing value is the empty string or set,
as in `Resource`; a row of an unknown data class is shown to nobody, whatever the rules say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from littoral.access.filter import SCALARS, SETS, And, Const, Filter, Holds, In, Not, Or
from littoral.access.words import DATA_CLASSES

KNOWN = In("data_class", frozenset(DATA_CLASSES))


def mask(condition: Filter, rows: pa.Table | pa.RecordBatch | Mapping[str, Any]) -> np.ndarray:
    """One bool a row. `rows` has at least `data_class`; a column that is absent is empty.

    Scalar columns are strings (Arrow, dictionary-coded too, or a NumPy array or list of str), the
    columns `areas` and `shared_with` lists of strings. Raises KeyError without `data_class`.
    """
    columns = Columns(rows)
    known = columns.of(KNOWN)
    return known if condition == Const(True) else known & columns.of(condition)


class Columns:
    """The columns of one table and what was already found of them."""

    def __init__(self, rows: pa.Table | pa.RecordBatch | Mapping[str, Any]) -> None:
        names = rows.schema.names if isinstance(rows, pa.Table | pa.RecordBatch) else list(rows)
        self.raw = {name: rows[name] for name in names if name in SCALARS | SETS}
        self.length = len(self.raw["data_class"])
        self.codes: dict[str, tuple[np.ndarray, dict[str, int]]] = {}
        self.lists: dict[str, tuple[np.ndarray, np.ndarray, dict[str, int]]] = {}
        self.found: dict[Filter, np.ndarray] = {}

    def of(self, condition: Filter) -> np.ndarray:
        known = self.found.get(condition)
        if known is None:
            known = self.found[condition] = self.made(condition)
        return known

    def made(self, condition: Filter) -> np.ndarray:
        match condition:
            case Const(value):
                return np.full(self.length, value)
            case Not(part):
                return ~self.of(part)
            case And(parts):
                return np.logical_and.reduce([self.of(part) for part in parts])
            case Or(parts):
                return np.logical_or.reduce([self.of(part) for part in parts])
            case In(attribute, values):
                if attribute not in self.raw:
                    return np.full(self.length, "" in values)
                codes, index = self.coded(attribute)
                return chosen(index, values)[codes]
            case Holds(attribute, values):
                if attribute not in self.raw:
                    return np.zeros(self.length, bool)
                codes, parents, index = self.listed(attribute)
                out = np.zeros(self.length, bool)
                out[parents[chosen(index, values)[codes]]] = True
                return out

    def coded(self, attribute: str) -> tuple[np.ndarray, dict[str, int]]:
        if attribute not in self.codes:
            self.codes[attribute] = encoded(one_chunk(self.raw[attribute]))
        return self.codes[attribute]

    def listed(self, attribute: str) -> tuple[np.ndarray, np.ndarray, dict[str, int]]:
        if attribute not in self.lists:
            column = one_chunk(self.raw[attribute])
            if pa.types.is_null(column.type):
                column = column.cast(pa.list_(pa.string()))
            codes, index = encoded(pc.list_flatten(column))
            self.lists[attribute] = codes, pc.list_parent_indices(column).to_numpy(), index
        return self.lists[attribute]


def chosen(index: dict[str, int], values: frozenset[str]) -> np.ndarray:
    """Which codes stand for one of `values`."""
    out = np.zeros(max(len(index), 1), bool)
    for value in values:
        if value in index:
            out[index[value]] = True
    return out


def encoded(column: pa.Array) -> tuple[np.ndarray, dict[str, int]]:
    """A code a row, and the code of each string; a missing value is the empty string."""
    if not pa.types.is_dictionary(column.type):
        column = column.cast(pa.string()) if pa.types.is_null(column.type) else column
        column = column.fill_null("").dictionary_encode()
    else:
        column = column.cast(pa.string()).fill_null("").dictionary_encode()
    return column.indices.to_numpy(), {s: i for i, s in enumerate(column.dictionary.to_pylist())}


def one_chunk(column: Any) -> pa.Array:
    if isinstance(column, pa.ChunkedArray):
        return column.combine_chunks()
    return column if isinstance(column, pa.Array) else pa.array(column)
