"""Where the compiled code writes: the columns of a table, those of one type in one block.

A block is an array (columns, rows), so that a column is a contiguous row of it, and one argument
carries all columns of a type into the compiled code: element `column * rows + row`.
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
_STATIC_F32S = block_of(Statics.TABLE, "float32")
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
TO_BOW, TO_STERN = _STATIC_F32S.index("to_bow_m"), _STATIC_F32S.index("to_stern_m")
TO_PORT, TO_STARBOARD = _STATIC_F32S.index("to_port_m"), _STATIC_F32S.index("to_starboard_m")
DRAUGHT = _STATIC_F32S.index("draught_m")
STATIC_F32 = len(_STATIC_F32S)

TO_MMSI = _TEXT_I32.index("to_mmsi")

for _table in (Positions.TABLE, Statics.TABLE, Texts.TABLE):
    assert block_of(_table, "int64").index("t_us") == T_US
    assert block_of(_table, "int64").index("obs_id") == OBS_ID
    assert block_of(_table, "int32").index("mmsi") == MMSI
    assert block_of(_table, "int16").index("station") == STATION
    assert block_of(_table, "int8").index("msg_type") == MSG_TYPE
assert block_of(Statics.TABLE, "int8").index("kind") == KIND


def _width(table: Table, name: str) -> int:
    return next(c.dtype.itemsize for c in table.columns if c.name == name)


NAME_WIDTH, CALL_SIGN_WIDTH = _width(Statics.TABLE, "name"), _width(Statics.TABLE, "call_sign")
DESTINATION_WIDTH, ETA_WIDTH = _width(Statics.TABLE, "destination"), _width(Statics.TABLE, "eta")
TEXT_WIDTH = _width(Texts.TABLE, "text")


class Layout:
    """The blocks and the text columns of a table."""

    def __init__(self, rows: type[Rows]) -> None:
        self.rows = rows
        self.dtype = {c.name: c.dtype for c in rows.TABLE.columns}
        self.texts = tuple(n for n, t in self.dtype.items() if t.kind == "S")
        self.blocks = tuple(
            (dtype, names)
            for dtype in ("int64", "int32", "float64", "float32", "int16", "int8")
            if (names := block_of(rows.TABLE, dtype))
        )


LAYOUTS: dict[type[Rows], Layout] = {rows: Layout(rows) for rows in (Positions, Statics, Texts)}


class Blocks:
    """Memory for `capacity` rows of a table, unwritten, and the columns in it."""

    def __init__(self, rows: type[Rows], capacity: int) -> None:
        self.layout = layout = LAYOUTS[rows]
        self.blocks = [np.empty((len(names), capacity), t) for t, names in layout.blocks]
        self.texts = [
            np.empty((capacity, layout.dtype[n].itemsize), np.uint8) for n in layout.texts
        ]

    def arrays(self) -> tuple[np.ndarray, ...]:
        """Arguments of the compiled code, in its order."""
        return (*self.blocks, *self.texts)

    def take(self, count: int):
        """The first `count` rows as a struct of the schema, sharing this memory."""
        layout = self.layout
        columns: dict[str, np.ndarray] = {}
        for (_, names), block in zip(layout.blocks, self.blocks, strict=True):
            columns.update(zip(names, block[:, :count], strict=True))
        if "flags" in columns:
            columns["flags"] = columns["flags"].view(layout.dtype["flags"])  # unsigned
        for name, column in zip(layout.texts, self.texts, strict=True):
            columns[name] = column[:count].view(layout.dtype[name]).reshape(count)
        return layout.rows(**columns)


class Room:
    """Memory for what one call of the compiled code gives."""

    def __init__(self, positions: int, statics: int, texts: int, rejects: int, raw: int) -> None:
        self.positions = Blocks(Positions, positions)
        self.statics = Blocks(Statics, statics)
        self.texts = Blocks(Texts, texts)
        self.rejects = np.empty((rejects, 3), np.int64)  # line, reason, end of its bytes in raw
        self.raw = np.empty(raw, np.uint8)

    def arrays(self) -> tuple[np.ndarray, ...]:
        return (
            self.rejects,
            self.raw,
            *self.positions.arrays(),
            *self.statics.arrays(),
            *self.texts.arrays(),
        )
