"""Tables of the lake in others' forms: GeoJSON (RFC 7946), Parquet, CSV."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

GEOJSON_ROWS = 100  # as Python objects at a time


def rows_of(table: pa.Table) -> Iterator[dict[str, Any]]:
    """The rows as Python objects, a few in memory at a time."""
    for batch in table.to_batches(GEOJSON_ROWS):
        yield from batch.to_pylist()


def feature(row: dict[str, Any]) -> dict[str, Any]:
    """A point for a row with `lon_deg` and `lat_deg`, else a feature without geometry."""
    lon, lat = row.pop("lon_deg", None), row.pop("lat_deg", None)
    placed = lon is not None and lat is not None
    geometry = {"type": "Point", "coordinates": [lon, lat]} if placed else None
    for name in ("facts", "settings"):
        if isinstance(row.get(name), str):
            row[name] = orjson.loads(row[name])
    return {"type": "Feature", "geometry": geometry, "properties": row}


def write_geojson(rows: Iterable[dict[str, Any]], path: Path) -> None:
    """One FeatureCollection of all rows, a feature a line."""
    with open(path, "wb") as out:
        out.write(b'{"type":"FeatureCollection","features":[')
        separator = b"\n"
        for row in rows:
            out.write(separator + orjson.dumps(feature(row), option=orjson.OPT_UTC_Z))
            separator = b",\n"
        out.write(b"\n]}\n")


def flat(table: pa.Table) -> pa.Table:
    """Lists as text, since CSV has none."""
    for i, field in enumerate(table.schema):
        if pa.types.is_list(field.type):
            texts = [None if v is None else " ".join(map(str, v)) for v in table[i].to_pylist()]
            table = table.set_column(i, field.name, pa.array(texts, pa.string()))
    return table


FORMULA = r"^([=+\-@\t\r\n])"


def inert_text(text: str) -> str:
    """As `inert`, of one text."""
    return re.sub(FORMULA, r"'\1", text)


def inert(table: pa.Table) -> pa.Table:
    """Texts that a spreadsheet would take for a formula begin with an apostrophe, which says "text"
    to it: a ship may call itself `=HYPERLINK(...)` (OWASP, "CSV Injection"). Numbers stay."""
    for i, field in enumerate(table.schema):
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            marked = pc.replace_substring_regex(table[i], FORMULA, r"'\1")
            table = table.set_column(i, field.name, marked)
    return table


def write_table(table: pa.Table, path: Path) -> None:
    """The ending of `path` decides the form: .geojson, .parquet or .csv."""
    if path.suffix == ".geojson":
        write_geojson(rows_of(table), path)
    elif path.suffix == ".parquet":
        pq.write_table(table, path, compression="zstd")
    else:
        pacsv.write_csv(inert(flat(table)), path)
