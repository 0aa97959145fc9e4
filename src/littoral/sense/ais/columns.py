"""Where the compiled code writes: the columns of a table, those of one type in one block.

A block is an array (columns, rows), so that a column is a contiguous row of it, and one argument
carries all columns of a type into the compiled code. (A tuple of arrays would have every array's
reference count changed at every use: it was 20 times slower.)
"""

from __future__ import annotations

import numpy as np

from littoral.schema.ais import Positions, Statics, Texts
from littoral.schema.columns import Rows, Table


def block_of(table: Table, dtype: str) -> tuple[str, ...]:
    """Names of the columns that share the block of a type; unsigned ones go with signed."""
    kinds = {dtype, dtype.replace("int", "uint")}
    return tuple(c.name for c in table.columns if c.dtype.name in kinds)


# Rows of the blocks. What all tables have in common comes first and at the same place.
_POSITION_I64 = block_of(Positions.TABLE, "int64")
_POSITION_I32 = block_of(Positions.TABLE, "int32")
_POSITION_F64 = block_of(Positions.TABLE, "float64")
_POSITION_F32 = block_of(Positions.TABLE, "float32")
_POSITION_I8 = block_of(Positions.TABLE, "int8")
_STATIC_I32 = block_of(Statics.TABLE, "int32")
_STATIC_F32 = block_of(Statics.TABLE, "float32")
_STATIC_I16 = block_of(Statics.TABLE, "int16")
_TEXT_I32 = block_of(Texts.TABLE, "int32")

T_US, OBS_ID = _POSITION_I64.index("t_us"), _POSITION_I64.index("obs_id")  # int64
MMSI = _POSITION_I32.index("mmsi")  # int32
STATION = 0  # int16
MSG_TYPE, KIND = _POSITION_I8.index("msg_type"), _POSITION_I8.index("kind")  # int8

FLAGS = _POSITION_I32.index("flags")
LON, LAT = _POSITION_F64.index("lon_deg"), _POSITION_F64.index("lat_deg")
SOG, COG = _POSITION_F32.index("sog_mps"), _POSITION_F32.index("cog_deg")
HEADING, ROT = _POSITION_F32.index("heading_deg"), _POSITION_F32.index("rot_degpm")
ALT = _POSITION_F32.index("alt_m")
NAV_STATUS, ACCURATE = _POSITION_I8.index("nav_status"), _POSITION_I8.index("accurate")
FIX = _POSITION_I8.index("fix")

IMO, MOTHERSHIP = _STATIC_I32.index("imo"), _STATIC_I32.index("mothership_mmsi")
SHIP_TYPE = _STATIC_I16.index("ship_type")
TO_BOW, TO_STERN = _STATIC_F32.index("to_bow_m"), _STATIC_F32.index("to_stern_m")
TO_PORT, TO_STARBOARD = _STATIC_F32.index("to_port_m"), _STATIC_F32.index("to_starboard_m")
DRAUGHT = _STATIC_F32.index("draught_m")

TO_MMSI = _TEXT_I32.index("to_mmsi")

for _table in (Positions.TABLE, Statics.TABLE, Texts.TABLE):
    assert block_of(_table, "int64").index("t_us") == T_US
    assert block_of(_table, "int64").index("obs_id") == OBS_ID
    assert block_of(_table, "int32").index("mmsi") == MMSI
    assert block_of(_table, "int16").index("station") == STATION
    assert block_of(_table, "int8").index("msg_type") == MSG_TYPE
assert block_of(Statics.TABLE, "int8").index("kind") == KIND


class Blocks:
    """Memory for `capacity` rows of a table, unwritten, and the columns in it."""

    def __init__(self, rows: type[Rows], capacity: int) -> None:
        self.rows = rows
        self.blocks: dict[str, np.ndarray] = {}
        self.texts: dict[str, np.ndarray] = {}
        for c in rows.TABLE.columns:
            if c.dtype.kind == "S":
                self.texts[c.name] = np.empty((capacity, c.dtype.itemsize), np.uint8)
        for dtype in ("int64", "int32", "float64", "float32", "int16", "int8"):
            names = block_of(rows.TABLE, dtype)
            if names:
                self.blocks[dtype] = np.empty((len(names), capacity), dtype)

    def arrays(self) -> tuple[np.ndarray, ...]:
        """Arguments of the compiled code, in its order."""
        return (*self.blocks.values(), *self.texts.values())

    def take(self, count: int):
        """The first `count` rows as a struct of the schema, sharing this memory."""
        columns = {}
        for dtype, block in self.blocks.items():
            for i, name in enumerate(block_of(self.rows.TABLE, dtype)):
                columns[name] = block[i, :count]
        for c in self.rows.TABLE.columns:
            if c.dtype.kind == "S":
                columns[c.name] = self.texts[c.name][:count].view(c.dtype).reshape(count)
            else:
                columns[c.name] = columns[c.name].view(c.dtype)
        return self.rows(**columns)


class Room:
    """Memory for what one call of the compiled code gives."""

    def __init__(self, positions: int, statics: int, texts: int, rejects: int, raw: int) -> None:
        self.positions = Blocks(Positions, positions)
        self.statics = Blocks(Statics, statics)
        self.texts = Blocks(Texts, texts)
        self.rejects = np.empty((3, rejects), np.int64)  # line, reason, end of its bytes in raw
        self.raw = np.empty(raw, np.uint8)

    def arrays(self) -> tuple[np.ndarray, ...]:
        return (
            self.rejects,
            self.raw,
            *self.positions.arrays(),
            *self.statics.arrays(),
            *self.texts.arrays(),
        )
