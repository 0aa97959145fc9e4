"""One night south of Hainan, as a log of AIS and as a table: a meeting and a silence.

Ten ships sail on parallel lines, 1.5 km apart; the first of them says nothing from 01:00 to 05:00
into the scene, three hours more than the 30 minutes of the rule `gap`, with the others heard
beside it. A fishing vessel and a tanker lie 100 m apart, adrift, for all of it, in the dark (22:00
to 04:00 local time), which is three times and more the 20 minutes of the rule `encounter`.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from littoral.sim.encode import encode
from littoral.sim.rows import STATION_BYTES, ascii_rows, messages, ships

START_US = 1_780_322_400_000_000  # 2026-06-01T14:00:00Z, date -u -d ... +%s
HOURS, EVERY_S = 6, 60
SILENT_FROM_S, SILENT_TO_S = 3_600, 5 * 3_600
SAILING, PAIR = 10, 2
M_PER_DEG = 111_195.0
FIRST_MMSI = 413_000_001
TYPES = [70] * SAILING + [30, 80]
NAMES = [f"SAILING {k}" for k in range(SAILING)] + ["FISHER", "TANKER"]


def positions() -> np.ndarray:
    """Position reports of class A in order of time."""
    t_s = np.arange(0, HOURS * 3600, EVERY_S)
    n = SAILING + PAIR
    rows = messages(len(t_s) * n)
    at, ship = np.divmod(np.arange(len(rows)), n)
    rows["t_us"] = START_US + t_s[at] * 1_000_000
    rows["ship"], rows["mmsi"] = ship, FIRST_MMSI + ship
    rows["msg_type"], rows["station"] = 1, 0
    moving = ship < SAILING
    rows["sog_mps"] = np.where(moving, 1.0, 0.2)
    rows["cog_deg"] = 90.0
    lat = np.where(moving, 17.95 + ship * 1_500.0 / M_PER_DEG, 18.02)
    east_m = np.where(moving, t_s[at] * 1.0, 30_000.0 + (ship - SAILING) * 100.0)
    rows["lat_deg"] = lat
    rows["lon_deg"] = 109.8 + east_m / M_PER_DEG / np.cos(np.radians(lat))
    silent = (ship == 0) & (t_s[at] > SILENT_FROM_S) & (t_s[at] < SILENT_TO_S)
    return rows[~silent]


def log(station: str = "PIER") -> bytes:
    """The night as lines of NMEA 0183 with tag blocks, static data every half hour."""
    fleet = ships(SAILING + PAIR)
    fleet["ship_type"] = TYPES
    fleet["name"] = ascii_rows(NAMES, 20)
    fleet["to_bow_m"], fleet["to_stern_m"] = 60, 20
    moving = positions()
    said = messages((SAILING + PAIR) * HOURS * 2)
    at, ship = np.divmod(np.arange(len(said)), SAILING + PAIR)
    said["t_us"] = START_US + at * 1_800_000_000 + 500_000
    said["ship"], said["mmsi"], said["msg_type"], said["station"] = ship, FIRST_MMSI + ship, 5, 0
    rows = np.concatenate([moving, said])
    rows = rows[np.argsort(rows["t_us"], kind="stable")]
    return encode(rows, fleet, ascii_rows([station], STATION_BYTES)).data.tobytes()


def table() -> pa.Table:
    """The same positions as a publisher of tables has them, by vessel and not by time."""
    rows = positions()
    rows = rows[np.lexsort((rows["t_us"], rows["mmsi"]))]
    return pa.table(
        {
            "mmsi": rows["mmsi"],
            "timestamp": pa.array(rows["t_us"], pa.timestamp("us")),
            "longitude": rows["lon_deg"],
            "latitude": rows["lat_deg"],
            "sog": rows["sog_mps"] * 3600 / 1852,
            "cog": rows["cog_deg"],
            "ship_type": np.array(TYPES)[rows["ship"]],
            "name": np.array(NAMES)[rows["ship"]],
        }
    )
