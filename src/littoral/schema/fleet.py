"""The table of tracks: one row for each thing that moves, found by its row number (`track`).

Filled by `fuse`, read by detectors and by the live picture. A track is one real vessel's life under
one MMSI: two ships that share an MMSI are two rows.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache

import numpy as np

# Column, type, null or start value.
FLEET_COLUMNS: tuple[tuple[str, str, object], ...] = (
    ("mmsi", "i4", 0),
    # Event time of the first position; with the MMSI it makes the track's id.
    ("first_us", "i8", 0),
    ("last_us", "i8", 0),
    ("last_obs_id", "i8", 0),
    ("positions", "i8", 0),
    ("kind", "i1", 0),
    ("lon_deg", "f8", np.nan),
    ("lat_deg", "f8", np.nan),
    ("sog_mps", "f4", np.nan),
    ("cog_deg", "f4", np.nan),
    ("heading_deg", "f4", np.nan),
    ("rot_degpm", "f4", np.nan),
    ("nav_status", "i1", -1),
    ("ring", "i1", -1),
    ("flags", "u4", 0),
    ("station", "i2", -1),  # that heard the last position
    ("stations", "u8", 0),  # bit i: receiver i (below 64) heard it within the last `HEARD_US`
    ("imo", "i4", -1),
    ("name", "S34", b""),
    ("call_sign", "S7", b""),
    ("ship_type", "i2", -1),
    ("to_bow_m", "f4", np.nan),
    ("to_stern_m", "f4", np.nan),
    ("to_port_m", "f4", np.nan),
    ("to_starboard_m", "f4", np.nan),
    ("draught_m", "f4", np.nan),
    ("destination", "S20", b""),
    ("eta", "S12", b""),
    ("static_us", "i8", 0),  # event time of the last static message
    ("static_obs_id", "i8", 0),
    ("gear", "i1", 0),  # bits GEAR_*: what speaks for a net beacon, and whether it is one
)

# `gear`. A net beacon (an AIS transmitter on fishing gear) is told apart by `fuse.beacon`: its rows
# come before no detector, and there its row of the fleet stands as though it had not been heard.
GEAR_BEACON = 1 << 0  # taken for a net beacon
GEAR_FORM = 1 << 1  # its MMSI is of a form that no ship's has
GEAR_NAME = 1 << 2  # its name tells the level of a battery
GEAR_DRIFT = 1 << 3  # it has only drifted, for long enough to say so
GEAR_SAILED = 1 << 4  # it moved as nothing drifts, or called distress: a vessel
GEAR_SHIP = 1 << 5  # its static data is a ship's: a vessel


@lru_cache(maxsize=65_536)  # a busy detector names the same ones often
def track_id(mmsi: int, first_us: int) -> str:
    """What names the track of `mmsi` that was first heard at `first_us`."""
    when = np.datetime64(first_us, "us").astype("datetime64[ms]")
    stamp = str(when).replace("-", "").replace(":", "")
    return f"{mmsi:09d}-{stamp}Z"


@dataclass(slots=True)
class Fleet:
    """`count` rows are in use; the arrays may be longer. Shapes (capacity,)."""

    count: int
    mmsi: np.ndarray
    first_us: np.ndarray
    last_us: np.ndarray
    last_obs_id: np.ndarray
    positions: np.ndarray
    kind: np.ndarray
    lon_deg: np.ndarray
    lat_deg: np.ndarray
    sog_mps: np.ndarray
    cog_deg: np.ndarray
    heading_deg: np.ndarray
    rot_degpm: np.ndarray
    nav_status: np.ndarray
    ring: np.ndarray
    flags: np.ndarray
    station: np.ndarray
    stations: np.ndarray
    imo: np.ndarray
    name: np.ndarray
    call_sign: np.ndarray
    ship_type: np.ndarray
    to_bow_m: np.ndarray
    to_stern_m: np.ndarray
    to_port_m: np.ndarray
    to_starboard_m: np.ndarray
    draught_m: np.ndarray
    destination: np.ndarray
    eta: np.ndarray
    static_us: np.ndarray
    static_obs_id: np.ndarray
    gear: np.ndarray

    def __post_init__(self) -> None:
        if len(self.gear) != len(self.mmsi):  # from a checkpoint written before there was `gear`
            self.gear = np.zeros(len(self.mmsi), np.int8)

    @classmethod
    def empty(cls, capacity: int = 1024) -> Fleet:
        return cls(0, **{n: np.full(capacity, null, t) for n, t, null in FLEET_COLUMNS})

    @property
    def capacity(self) -> int:
        return len(self.mmsi)

    def reserve(self, rows: int) -> None:
        """Grow so that `rows` rows fit (at least doubling, so that growth is amortised)."""
        if rows <= self.capacity:
            return
        grown = max(rows, 2 * self.capacity)
        for name, dtype, null in FLEET_COLUMNS:
            column = np.full(grown, null, dtype)
            column[: self.count] = getattr(self, name)[: self.count]
            setattr(self, name, column)

    def snapshot(self) -> Fleet:
        """As it is now, for whoever reads it later; rows from `count` on hold nothing."""
        columns = {}
        for name, dtype, _ in FLEET_COLUMNS:
            columns[name] = np.empty(self.capacity, dtype)
            columns[name][: self.count] = getattr(self, name)[: self.count]
        return Fleet(self.count, **columns)

    def track_id(self, track: int) -> str:
        """`<mmsi>-<first report, UTC>`: stable over runs of the same data."""
        return track_id(int(self.mmsi[track]), int(self.first_us[track]))

    def thing(self, track: int) -> str:
        return f"vessel:{self.track_id(track)}"

    def length_m(self, track: int) -> float:
        return float(self.to_bow_m[track] + self.to_stern_m[track])

    def label(self, track: int) -> str:
        """Name, else MMSI: what a sentence calls the vessel."""
        name = bytes(self.name[track]).decode(errors="replace").strip()
        return name or f"MMSI {int(self.mmsi[track]):09d}"


assert tuple(f.name for f in fields(Fleet))[1:] == tuple(n for n, _, _ in FLEET_COLUMNS)
