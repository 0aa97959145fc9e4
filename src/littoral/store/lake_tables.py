"""The lake's tables: columns, the time that decides the hour of a row, how it is written.

Written rows may have fewer columns than a table here (they read as null) or more.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from littoral.schema.ais import Positions, Statics, Texts
from littoral.schema.fleet import FLEET_COLUMNS

_ARROW = {
    "i1": pa.int8(),
    "i2": pa.int16(),
    "i4": pa.int32(),
    "i8": pa.int64(),
    "u4": pa.uint32(),
    "u8": pa.uint64(),
    "f4": pa.float32(),
    "f8": pa.float64(),
}

TRACKS = pa.schema(
    [pa.field("track", pa.int32()), pa.field("id", pa.string())]
    + [pa.field(name, _ARROW.get(kind, pa.string())) for name, kind, _ in FLEET_COLUMNS]
)

ALERTS = pa.schema(
    [
        ("id", pa.string()),
        ("revision", pa.int32()),
        ("rule", pa.string()),
        ("version", pa.string()),
        ("profile", pa.string()),
        ("kind", pa.string()),
        ("state", pa.string()),
        ("withdrawn_reason", pa.string()),
        ("priority", pa.int8()),
        ("start_us", pa.int64()),
        ("end_us", pa.int64()),
        ("updated_us", pa.int64()),
        ("lon_deg", pa.float64()),
        ("lat_deg", pa.float64()),
        ("things", pa.list_(pa.string())),
        ("sentence_zh", pa.string()),
        ("sentence_en", pa.string()),
        ("facts", pa.string()),  # JSON
        ("settings", pa.string()),  # JSON
        ("evidence", pa.list_(pa.int64())),
        ("held_by", pa.string()),
    ]
)

SCHEMAS: dict[str, pa.Schema] = {
    "observations": Positions.TABLE.arrow_schema(),
    "statics": Statics.TABLE.arrow_schema(),
    "texts": Texts.TABLE.arrow_schema(),
    "tracks": TRACKS,
    "alerts": ALERTS,
}

# What `station` in the other tables means: one file, which grows with the run.
RECEIVERS = pa.schema([("station", pa.int16()), ("name", pa.string())])

TIME_COLUMN = {"tracks": "first_us", "alerts": "start_us"}  # else t_us

# Order within a compacted file: one vessel's rows lie together, so that its past is found by the
# row groups' statistics without reading the other vessels'.
SORT = {"observations": ("mmsi", "t_us", "obs_id"), "statics": ("mmsi", "t_us", "obs_id")}

_FEW_VALUES = {"received_us", "alt_m", "rot_degpm"}  # mostly null or one number


# Readers skip row groups by these alone; bounds of the other columns would cost and tell nothing.
_BOUNDS = frozenset({"t_us", "mmsi", "obs_id", "track", "start_us", "first_us", "last_us", "id"})


def time_column(table: str) -> str:
    return TIME_COLUMN.get(table, "t_us")


def write_options(schema: pa.Schema) -> dict[str, Any]:
    """Encodings by type (measured in docs/stores.md): integers as deltas, floats split by byte,
    a dictionary for text and for columns of few values, whose cost elsewhere is not repaid."""
    dictionary, encoding = [], {}
    for field in schema:
        if field.name in _FEW_VALUES or pa.types.is_string(field.type):
            dictionary.append(field.name)
        elif pa.types.is_floating(field.type):
            encoding[field.name] = "BYTE_STREAM_SPLIT"
        elif pa.types.is_integer(field.type):
            # Narrow ones plainly: a tenth more bytes until they are merged, for a sixth less time.
            wide = field.type.bit_width > 16
            encoding[field.name] = "DELTA_BINARY_PACKED" if wide else "PLAIN"
    bounds = [name for name in schema.names if name in _BOUNDS]
    return {
        "use_dictionary": dictionary,
        "column_encoding": encoding,
        "write_statistics": bounds or False,
    }
