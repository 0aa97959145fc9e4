"""One table of columns per kind of record: name, type, unit, meaning.

Inside Littoral every quantity is SI and the unit stands in the column's name where it could be
doubted (`sog_mps`, `alt_m`); angles are degrees because AIS, charts and people use degrees.
A value that the sender declared "not available" is null in Arrow and, in the NumPy columns that
the hot loops use, NaN (floating point) or the column's `null` (integers). It is never a number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from littoral.schema.gather import as_index, gather

# The unit that each suffix of a column name promises; a test compares the two.
UNIT_OF_SUFFIX = {
    "us": "us",
    "m": "m",
    "mps": "m/s",
    "deg": "deg",
    "degpm": "deg/min",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: NumPy and Arrow type, unit, meaning, and the NumPy value that stands for null."""

    name: str
    dtype: np.dtype
    arrow: pa.DataType
    unit: str
    meaning: str
    null: float | int | bytes | None = None


def f64(name: str, unit: str, meaning: str) -> Column:
    return Column(name, np.dtype(np.float64), pa.float64(), unit, meaning, np.nan)


def f32(name: str, unit: str, meaning: str) -> Column:
    return Column(name, np.dtype(np.float32), pa.float32(), unit, meaning, np.nan)


def integer(
    name: str, bits: int, unit: str, meaning: str, null: int | None = None, signed: bool = True
) -> Column:
    word = ("int" if signed else "uint") + str(bits)
    return Column(name, np.dtype(word), getattr(pa, word)(), unit, meaning, null)


def text(name: str, width: int, meaning: str) -> Column:
    """UTF-8 in at most `width` bytes; fixed width so that hot loops need no Python object."""
    return Column(name, np.dtype(f"S{width}"), pa.string(), "", meaning, b"")


@dataclass(frozen=True, slots=True)
class Table:
    """A named, ordered set of columns."""

    name: str
    columns: tuple[Column, ...]

    def arrow_schema(self) -> pa.Schema:
        fields = [
            pa.field(
                c.name,
                c.arrow,
                nullable=c.null is not None,
                metadata={"unit": c.unit, "meaning": c.meaning},
            )
            for c in self.columns
        ]
        return pa.schema(fields, metadata={"table": self.name})

    def names(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns)


class Rows:
    """Struct of NumPy arrays whose fields are the columns of `TABLE`; every array has one length.

    Subclasses are dataclasses that declare one array per column, in the order of the table.
    """

    TABLE: Table

    def __len__(self) -> int:
        return len(getattr(self, self.TABLE.columns[0].name))

    @classmethod
    def empty(cls, rows: int = 0):
        """All columns at null (or zero where a column has no null), `rows` long."""
        arrays = {}
        for c in cls.TABLE.columns:
            if c.null is None:
                arrays[c.name] = np.zeros(rows, c.dtype)
            else:
                arrays[c.name] = np.full(rows, c.null, c.dtype)
        return cls(**arrays)

    def take(self, index):
        """Rows at `index` (indices from 0, a boolean mask, or a slice), as a new struct."""
        names = self.TABLE.names()
        if isinstance(index, slice):
            return type(self)(*[getattr(self, n)[index] for n in names])
        rows = as_index(np.asarray(index))
        return type(self)(*[gather(getattr(self, n), rows) for n in names])

    @classmethod
    def concat(cls, parts):
        parts = [p for p in parts if len(p)]
        if not parts:
            return cls.empty()
        if len(parts) == 1:
            return parts[0]
        return cls(**{n: np.concatenate([getattr(p, n) for p in parts]) for n in cls.TABLE.names()})

    def to_arrow(self) -> pa.RecordBatch:
        """The rows as Arrow, NaN and integer nulls turned into Arrow nulls."""
        arrays = []
        for c in self.TABLE.columns:
            values = getattr(self, c.name)
            if c.null is None:
                arrays.append(pa.array(values, c.arrow))
            elif c.dtype.kind == "f":
                arrays.append(pa.array(values, c.arrow, from_pandas=True))
            elif c.dtype.kind == "S":
                raw = pa.array(values, pa.binary(), mask=values == b"")
                arrays.append(raw.cast(c.arrow))
            else:
                arrays.append(pa.array(values, c.arrow, mask=values == c.null))
        return pa.RecordBatch.from_arrays(arrays, schema=self.TABLE.arrow_schema())

    @classmethod
    def from_arrow(cls, batch: pa.RecordBatch | pa.Table):
        """Inverse of `to_arrow`; columns are found by name, a missing one is all null."""
        arrays = {}
        for c in cls.TABLE.columns:
            if c.name not in batch.schema.names:
                arrays[c.name] = getattr(cls.empty(batch.num_rows), c.name)
                continue
            column = batch.column(c.name)
            if isinstance(column, pa.ChunkedArray):
                column = column.combine_chunks()
            if c.dtype.kind == "S":
                encoded = [fit_utf8(v or "", c.dtype.itemsize) for v in column.to_pylist()]
                arrays[c.name] = np.array(encoded, dtype=c.dtype)
            elif column.null_count and c.null is not None:
                filled = column.fill_null(pa.scalar(c.null, c.arrow))
                arrays[c.name] = filled.to_numpy(zero_copy_only=False).astype(c.dtype, copy=False)
            else:
                arrays[c.name] = column.to_numpy(zero_copy_only=False).astype(c.dtype, copy=False)
        return cls(**arrays)


def fit_utf8(value: str, width: int) -> bytes:
    """`value` as UTF-8 of at most `width` bytes, cut between characters."""
    encoded = value.encode()
    if len(encoded) <= width:
        return encoded
    return encoded[:width].decode(errors="ignore").encode()


def as_bytes(column: np.ndarray) -> np.ndarray:
    """Fixed-width texts of shape (n,) as bytes of shape (n, width); no copy where possible."""
    flat = np.ascontiguousarray(column)
    return flat.view(np.uint8).reshape(len(flat), flat.dtype.itemsize)
