"""What happens in the live bench beside its fleet: events of many kinds at a steady pace, so that
there are latencies to measure. All lie in open sea south of the fleet's boxes.

Times are seconds from the start of the stream.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from littoral.area.geodesy import EARTH_M, KNOT_MPS
from littoral.sim import tracks
from littoral.sim.rows import MESSAGE, messages
from littoral.sim.rows import ships as blank_ships

DEG_M = EARTH_M * math.pi / 180.0
WEST, EAST, SOUTH = 113.0, 118.0, 16.3  # of the cells in which single events lie
COLUMNS, ROWS = 20, 7
FIRST_MMSI = 413_500_000
BAD_IMO = 9_074_728  # the check digit of 907472x is 9
CALL = "NEED HELP WE ARE SINKING"
SILENCE_S = 120.0  # `sense.health`: least silence of a receiver that hears something every second

# Seconds between two events of a kind.
EVERY_S = {
    "sart": 3.0, "text": 8.0, "imo": 8.0, "entry": 5.0, "speed": 10.0,
    "collision": 10.0, "receiver": 30.0,
}  # fmt: skip


def _strip(fence: str, south: float, north: float, rule: dict[str, Any]) -> dict[str, Any]:
    ring = [[WEST, south], [EAST, south], [EAST, north], [WEST, north], [WEST, south]]
    return {
        "type": "Feature",
        "id": fence,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {"name": {"zh": fence, "en": fence}, "rules": [{**rule, "priority": 3}]},
    }


ENTRY_SOUTH, SPEED_SOUTH = 16.05, 15.60
FENCES = (
    _strip("bench-entry", ENTRY_SOUTH, ENTRY_SOUTH + 0.1, {"kind": "entry"}),
    _strip("bench-speed", SPEED_SOUTH, SPEED_SOUTH + 0.2, {"kind": "speed_over", "speed_kn": 22}),
)


@dataclass(slots=True)
class Events:
    """`rows` of messages; stations and texts that they name by number; one ship for static data."""

    rows: list[np.ndarray] = field(default_factory=list)
    stations: list[str] = field(default_factory=lambda: list(tracks.STATIONS))
    ship: int = 0
    vessels: int = 0

    def mmsi(self) -> int:
        self.vessels += 1
        return FIRST_MMSI + self.vessels

    def sail(
        self, mmsi: int, lon: float, lat: float, course: float, knots: float, start_s: float,
        seconds: float, every_s: float, status: int = 0,
    ) -> tuple[float, float]:  # fmt: skip
        """Reports of a vessel on a straight course; gives where it is `seconds` later."""
        t = np.arange(0.0, seconds, every_s)
        rows = messages(len(t))
        speed = knots * KNOT_MPS
        north, east = math.cos(math.radians(course)), math.sin(math.radians(course))
        scale = DEG_M * math.cos(math.radians(lat))
        rows["t_us"] = (start_s + t) * 1e6
        rows["lat_deg"] = lat + speed * t * north / DEG_M
        rows["lon_deg"] = lon + speed * t * east / scale
        rows["sog_mps"], rows["cog_deg"], rows["heading_deg"] = speed, course, course
        rows["mmsi"], rows["msg_type"], rows["nav_status"] = mmsi, 1, status
        rows["station"] = self.vessels % len(tracks.STATIONS)
        self.rows.append(rows)
        return lon + speed * seconds * east / scale, lat + speed * seconds * north / DEG_M


def _cell(number: int) -> tuple[float, float]:
    column, line = number % COLUMNS, number // COLUMNS % ROWS
    return WEST + 0.1 + 0.25 * column, SOUTH + 0.2 * line


def _sart(e: Events, n: int, at: float) -> None:
    lon, lat = _cell(7 * n)
    e.sail(970_100_000 + n, lon, lat, 0.0, 0.0, at, 1.0, 1.0, status=14)


def _say(e: Events, cell: int, east: float, at: float, msg_type: int, station: int):
    """A ship that has been heard for eight seconds sends a message at `at`; its rows."""
    lon, lat = _cell(cell)
    mmsi = e.mmsi()
    e.sail(mmsi, lon + east, lat, 90.0, 5.0, at - 8.0, 8.0, 4.0)
    rows = messages(1)
    rows["t_us"], rows["mmsi"] = at * 1e6, mmsi
    rows["msg_type"], rows["station"] = msg_type, station
    e.rows.append(rows)
    return rows


def _text(e: Events, n: int, at: float) -> None:
    _say(e, 3 * n + 1, 0.05, at, msg_type=14, station=0)


def _imo(e: Events, n: int, at: float) -> None:
    rows = _say(e, 3 * n + 2, 0.1, at, msg_type=5, station=1)
    rows["ship"] = e.ship


def _entry(e: Events, n: int, at: float) -> None:
    lon = WEST + 0.02 + (n * 0.13) % (EAST - WEST - 0.04)
    knots, lead_s = 20.0, 20.0
    south = ENTRY_SOUTH - knots * KNOT_MPS * lead_s / DEG_M
    e.sail(e.mmsi(), lon, south, 0.0, knots, at - lead_s, 50.0, 5.0)


def _speed(e: Events, n: int, at: float) -> None:
    lon = WEST + 0.05 + (n * 0.37) % (EAST - WEST - 0.3)
    mmsi = e.mmsi()
    lon, lat = e.sail(mmsi, lon, SPEED_SOUTH + 0.1, 90.0, 12.0, at - 90.0, 30.0, 5.0)
    e.sail(mmsi, lon, lat, 90.0, 30.0, at - 60.0, 75.0, 5.0)


def _collision(e: Events, n: int, at: float) -> None:
    """Two small ships meet head-on; the warning's time limit is 144 s for their length."""
    lon, lat = _cell(5 * n + 3)
    lat += 0.05
    e.sail(e.mmsi(), lon, lat, 90.0, 15.0, at - 80.0, 150.0, 5.0)
    apart = 180.0 * 2 * 15.0 * KNOT_MPS / (DEG_M * math.cos(math.radians(lat)))
    e.sail(e.mmsi(), lon + apart, lat, 270.0, 15.0, at - 79.0, 150.0, 5.0)


def _receiver(e: Events, n: int, at: float) -> None:
    """A receiver that hears its own base station every second, until it falls silent."""
    t = np.arange(0.0, at - SILENCE_S, 1.0)
    rows = messages(len(t))
    rows["t_us"] = (t + 0.001 * (n % 900)) * 1e6
    rows["mmsi"], rows["msg_type"], rows["station"] = 4_138_000 + n, 4, len(e.stations)
    rows["lon_deg"], rows["lat_deg"] = _cell(n)
    e.stations.append(f"BENCH{n:03d}")
    e.rows.append(rows)


_MAKERS = {
    "sart": _sart, "text": _text, "imo": _imo, "entry": _entry, "speed": _speed,
    "collision": _collision, "receiver": _receiver,
}  # fmt: skip


def events(first_s: float, last_s: float, ship: int, share: float, seed: int) -> Events:
    """Events that complete from `first_s` to `last_s`; `share` of the usual pauses between them.
    Each comes anywhere within its pause, so that none keeps step with what the server does every
    second. `ship` is the row of the ship table that has a wrong IMO number."""
    made = Events(ship=ship)
    chance = np.random.default_rng(seed)
    for kind, every_s in EVERY_S.items():
        pause_s = every_s * share
        for n, at in enumerate(np.arange(first_s, last_s, pause_s)):
            _MAKERS[kind](made, n, float(at + chance.uniform(0.0, pause_s)))
    return made


def wrong_ship() -> np.ndarray:
    ship = blank_ships(1)
    ship["imo"], ship["ship_type"] = BAD_IMO, 70
    return ship


def all_rows(made: Events, until_s: float) -> np.ndarray:
    """Every message from second 0 to before `until_s`, as rows.MESSAGE; unsorted."""
    rows = np.concatenate(made.rows).astype(MESSAGE)
    return rows[(rows["t_us"] >= 0) & (rows["t_us"] < until_s * 1e6)]
