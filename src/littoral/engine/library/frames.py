"""Tables of others as Arrow, and Arrow as theirs. Neither pandas nor Polars is loaded unless it is
there already or asked for by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import pyarrow as pa

Kind = Literal["pandas", "polars", "arrow"]
KINDS = ("pandas", "polars", "arrow")
UNNAMED_INDEX = "time"  # what an index of times without a name is


def kind_of(table: Any) -> Kind:
    """Raises TypeError for what is no table."""
    bases = _packages(table)
    if "pandas" in bases and hasattr(table, "columns"):
        return "pandas"
    if "polars" in bases and hasattr(table, "to_arrow") and hasattr(table, "columns"):
        return "polars"
    streams = hasattr(table, "__arrow_c_stream__") and not bases & {"pandas", "polars"}
    if isinstance(table, pa.Table | pa.RecordBatch) or (streams and not _is_column(table)):
        return "arrow"
    raise TypeError(
        f"a {type(table).__module__}.{type(table).__qualname__} is no table; give a DataFrame of "
        "pandas or Polars (collected), or a table of Arrow"
    )


def once(given: Any) -> Any:
    """What a call was given, streams of Arrow held as tables: they can be read only once."""
    if isinstance(given, tuple):
        return tuple(None if part is None else once(part) for part in given)
    return _arrow(given) if kind_of(given) == "arrow" else given


def of_column(given: Any, name: str) -> Any:
    """A table of the same kind with this column alone of a Series or an array; None if it is
    neither."""
    if "pandas" in _packages(given) and hasattr(given, "to_frame"):
        return given.to_frame(name) if not hasattr(given, "columns") else None
    if "polars" in _packages(given) and hasattr(given, "to_frame"):
        return given.to_frame(name)
    return pa.table({name: given}) if _is_column(given) else None


def names_of(table: Any) -> list[str]:
    """Names of the columns; of pandas also those of the index, if it has any meaning."""
    if kind_of(table) == "pandas":
        return [*(name for name, _ in _index(table)), *(str(name) for name in table.columns)]
    return [str(name) for name in _arrow(table).column_names]


def columns_of(table: Any, names: Sequence[str]) -> pa.Table:
    """These columns alone, so that what Arrow cannot hold (a geometry) may stand beside them."""
    if kind_of(table) != "pandas":
        return _arrow(table).select(list(names))
    found: dict[str, pa.Array] = {}
    for name, values in (*_index(table), *((str(n), table[n]) for n in table.columns)):
        if name in names and name not in found:
            try:
                found[name] = pa.array(values, from_pandas=True)
            except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
                raise TypeError(f"column {name!r}: {error}") from None
    return pa.table({name: found[name] for name in names})


def given_back(table: pa.Table, kind: Kind) -> Any:
    """The table as one of `kind`."""
    if kind == "polars":
        import polars

        return polars.from_arrow(table)
    if kind == "pandas":
        frame = table.to_pandas()
        for field, column in zip(table.schema, table.columns, strict=True):
            if pa.types.is_integer(field.type) and column.null_count:
                frame[field.name] = column.to_pandas(types_mapper=_nullable)  # not as 1.0 and NaN
        return frame
    if kind == "arrow":
        return table
    raise ValueError(f"to={kind!r}: one of {', '.join(KINDS)}")


def with_column(table: Any, name: str, values: pa.Array) -> Any:
    """A copy of `table` in which the column `name` is `values`, in the order of its rows."""
    kind = kind_of(table)
    if kind == "pandas":
        column = values.to_pandas()
        column.index = table.index
        return table.assign(**{name: column})
    if kind == "polars":
        import polars

        return table.with_columns(polars.Series(name, values))
    arrow = _arrow(table)
    if name in arrow.column_names:
        return arrow.set_column(arrow.column_names.index(name), name, values)
    return arrow.append_column(name, values)


def _packages(given: Any) -> set[str]:
    return {base.__module__.partition(".")[0] for base in type(given).__mro__}


def _is_column(given: Any) -> bool:
    return isinstance(given, pa.Array | pa.ChunkedArray)


def _arrow(table: Any) -> pa.Table:
    if isinstance(table, pa.Table):
        return table
    if isinstance(table, pa.RecordBatch):
        return pa.Table.from_batches([table])
    return table.to_arrow() if kind_of(table) == "polars" else pa.table(table)


def _index(frame: Any) -> list[tuple[str, Any]]:
    """(name, values) of each level of the index that has a name or is of times."""
    index = frame.index
    levels = [index.get_level_values(i) for i in range(index.nlevels)]
    named = [(level.name, level) for level in levels]
    return [
        (str(name) if name is not None else UNNAMED_INDEX, level)
        for name, level in named
        if name is not None or level.dtype.kind == "M"
    ]


def _nullable(kind: pa.DataType) -> Any:
    import pandas

    return getattr(pandas, str(kind).replace("int", "Int").replace("uI", "UI") + "Dtype")()
