"""What the simulated radios send, as rows: the encoder's input.

Structured arrays (one record a message or a ship) because messages are made, sorted and encoded a
record at a time; each field is a column all the same (`rows["lon_deg"]`). Quantities are SI and
degrees as in `littoral.schema.ais`; NaN means "not available" and is sent as the reserved code.
"""

from __future__ import annotations

import numpy as np

STATION_BYTES = 15  # IEC 61162-450: a source identification has at most 15 characters
TEXT_BYTES = 156  # ITU-R M.1371-5, table 60: message 14 carries at most 156 characters

MESSAGE = np.dtype(
    [
        ("t_us", "i8"),  # event time, UTC; sent in the tag block and as the UTC second
        ("lon_deg", "f8"),
        ("lat_deg", "f8"),
        ("sog_mps", "f4"),
        ("cog_deg", "f4"),
        ("heading_deg", "f4"),
        ("rot_degpm", "f4"),
        ("alt_m", "f4"),  # type 9
        ("mmsi", "i4"),
        ("ship", "i4"),  # row of the ship table, for static data
        ("text", "i4"),  # row of the text table, for type 14
        ("station", "i2"),  # row of the station table; -1: no tag block
        ("msg_type", "i1"),
        ("part", "i1"),  # type 24: 0 part A, 1 part B
        ("nav_status", "i1"),  # -1: sent as 15
        ("accurate", "i1"),
        ("fix", "i1"),  # 0: send the second of t_us; 60..63 as in `littoral.schema.ais`
    ],
    align=True,
)

SHIP = np.dtype(
    [
        ("imo", "i4"),  # 0: none
        ("name", "u1", (20,)),  # ASCII, zero padded
        ("call_sign", "u1", (7,)),
        ("destination", "u1", (20,)),
        ("ship_type", "u1"),  # AtoN type for an aid to navigation
        ("to_bow_m", "u2"),
        ("to_stern_m", "u2"),
        ("to_port_m", "u1"),
        ("to_starboard_m", "u1"),
        ("draught_dm", "u1"),
        ("eta_month", "u1"),
        ("eta_day", "u1"),
        ("eta_hour", "u1"),
        ("eta_minute", "u1"),
    ],
    align=True,
)


def messages(count: int) -> np.ndarray:
    """`count` messages, every quantity "not available", no tag block. Shape (count,)."""
    rows = np.zeros(count, MESSAGE)
    for name in ("lon_deg", "lat_deg", "sog_mps", "cog_deg", "heading_deg", "rot_degpm", "alt_m"):
        rows[name] = np.nan
    rows["station"] = -1
    rows["nav_status"] = -1
    return rows


def ships(count: int) -> np.ndarray:
    """`count` ships that say nothing of themselves. Shape (count,)."""
    rows = np.zeros(count, SHIP)
    rows["eta_hour"] = 24  # reserved: not available
    rows["eta_minute"] = 60
    return rows


def ascii_rows(values: list[str], width: int) -> np.ndarray:
    """Texts as zero-padded ASCII. Shape (len(values), width); ValueError where one is too long."""
    out = np.zeros((len(values), width), np.uint8)
    for i, value in enumerate(values):
        raw = value.encode("ascii")
        if len(raw) > width:
            raise ValueError(f"{value!r} is longer than {width} characters")
        out[i, : len(raw)] = np.frombuffer(raw, np.uint8)
    return out
