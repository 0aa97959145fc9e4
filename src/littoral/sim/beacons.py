"""Net beacons: AIS transmitters that fishermen hang on their nets, and what is taken for one.

They lie in strings on the fishing grounds, drift with the tide or swing about a stake, speak under
numbers that no ship has (or a ship's, copied) and tell their battery in the name; they are hauled
and set elsewhere. See docs/net-beacons.md for where each of this is from. Every draw is of their
own, so a world of vessels is the same with and without them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from littoral.sim.buoyed import BOAT, BUOY, NET, POSER, afloat_s, speak
from littoral.sim.places import GROUNDS
from littoral.sim.radio import CLASS_A, CLASS_B
from littoral.sim.reception import Receivers
from littoral.sim.rows import MESSAGE, SHIP, ascii_rows, ships

ROLES = {NET: "net_beacon", BOAT: "looks_like_net_beacon", POSER: "poses_as_net_beacon"}
HOUR_US = 3_600_000_000
FISHING_TYPE = 30
STRING = (5, 18)  # beacons on one string of nets
APART_M = (250.0, 800.0)
EVERY_S, EVERY_SHARE = (120, 180, 300, 600), (0.5, 0.25, 0.15, 0.1)
FULL_V, EMPTY_V = 12.6, 10.6


@dataclass(slots=True)
class NetBeacons:
    """`buoys` (n,) of BUOY; `ships` (n,) of rows.SHIP, whose names fall with the battery; `stems`
    the names without the battery ("" for one that tells none); `volts` (n,) bool: told in volts."""

    buoys: np.ndarray
    ships: np.ndarray
    stems: list[str]
    volts: np.ndarray
    level: np.ndarray  # percent, last written into `ships`; -1: never
    seed: int

    def block(
        self, start_us: int, until_us: int, first_ship: int, receivers: Receivers, rows: np.ndarray
    ) -> int:
        """Writes what is heard of them into `rows` (ships are numbered from `first_ship`) and
        returns how many; brings the names up to date."""
        self._rename(start_us)
        return speak(
            self.buoys, start_us, until_us, first_ship, receivers.stations, receivers.silences,
            self.seed, rows,
        )  # fmt: skip

    def _rename(self, now_us: int) -> None:
        used = np.minimum(afloat_s(self.buoys, now_us) / self.buoys["battery_s"], 1.0)
        level = np.clip(np.floor(100.0 - 96.0 * used), 1, 100).astype(np.int64)
        for k in np.flatnonzero(level != self.level):
            self.level[k] = level[k]
            if self.stems[k]:
                self.ships["name"][k] = ascii_rows([self._name(int(k))], 20)[0]

    def _name(self, k: int) -> str:
        if self.buoys["role"][k] == BOAT:
            return self.stems[k]
        if self.volts[k]:
            level = EMPTY_V + (FULL_V - EMPTY_V) * self.level[k] / 100.0
            return f"{self.stems[k]}-{level:.1f}V"
        return f"{self.stems[k]}-{self.level[k]}%"

    def roles(self) -> list[dict[str, object]]:
        """Ground truth: who is what, by MMSI."""
        return [
            {"mmsi": int(b["mmsi"]), "role": ROLES[int(b["role"])]}
            for b in np.sort(self.buoys, order="mmsi")
        ]


def _mmsi(rng: np.random.Generator) -> int:
    """As they are set: mostly from a serial number that begins with no maritime identification
    digits, some at a ship's number, a few too short."""
    kind = rng.random()
    if kind < 0.45:
        return int(rng.integers(900_000_000, 969_999_999))
    if kind < 0.70:
        return int(rng.integers(120_000_000, 199_999_999))
    if kind < 0.75:
        return int(rng.integers(1_000, 99_999))
    return int(rng.integers(412_000_000, 413_999_999))


def _stem(rng: np.random.Generator, mmsi: int, k: int) -> str:
    kind = int(rng.integers(4))
    if kind == 0:
        return "NET MARK"
    if kind == 1:
        return f"B-{mmsi % 100_000:05d}"
    if kind == 2:
        return f"{mmsi % 100_000:05d}-{k % 9 + 1}"
    return f"WANG {k % 100:02d}"


def make_beacons(count: int, seed: int, start_us: int, history_us: int) -> NetBeacons:
    """`count` beacons in strings, and the two look-alikes."""
    rng = np.random.default_rng([seed, 31])
    total = count + 2 if count else 0
    b = np.zeros(total, BUOY)
    table, stems, volts = ships(total), [""] * total, np.zeros(total, np.bool_)
    k = 0
    while k < count:
        size = min(int(rng.integers(*STRING)), count - k)
        _string(b[k : k + size], rng, start_us)
        for i in range(k, k + size):
            mmsi = _mmsi(rng)
            b[i]["mmsi"] = mmsi
            # A ship's number is told from a ship by the name alone, so that always comes.
            named = rng.random() < 0.85 or 412_000_000 <= mmsi < 414_000_000
            stems[i] = _stem(rng, mmsi, i) if named else ""
            volts[i] = rng.random() < 0.15
            b[i]["radio"] = CLASS_A if rng.random() < 0.12 else CLASS_B
            table[i]["ship_type"] = FISHING_TYPE if rng.random() < 0.5 else 0
            if rng.random() < 0.3:
                table[i]["to_bow_m"], table[i]["to_stern_m"] = 2, 2
                table[i]["to_port_m"], table[i]["to_starboard_m"] = 1, 1
        k += size
    for i, role in enumerate((BOAT, POSER) if count else ()):
        _look_alike(b[count + i], role, start_us, history_us)
        stems[count + i] = "88123" if role == BOAT else "NET MARK"
        table[count + i]["ship_type"] = FISHING_TYPE
    if count:
        table[count]["to_bow_m"], table[count]["to_stern_m"] = 9, 7
        table[count]["to_port_m"], table[count]["to_starboard_m"] = 2, 2
    return NetBeacons(b, table, stems, volts, np.full(total, -1), seed)


def _string(b: np.ndarray, rng: np.random.Generator, start_us: int) -> None:
    """One string of nets: where, how it lies, when it is out."""
    ground = GROUNDS[int(rng.integers(len(GROUNDS)))]
    every_s = int(rng.choice(EVERY_S, p=EVERY_SHARE))
    b["role"] = NET
    b["string"] = int(rng.integers(1 << 31))
    b["lon_deg"], b["lat_deg"], b["radius_m"] = ground.lon_deg, ground.lat_deg, ground.radius_m
    b["bearing_deg"] = rng.uniform(0.0, 180.0)
    b["along_m"] = np.cumsum(rng.uniform(*APART_M, len(b)))
    b["tide_mps"] = 0.0 if rng.random() < 0.4 else rng.uniform(0.3, 0.9)  # 0: on stakes
    b["cycle_us"] = int(rng.uniform(20, 60) * HOUR_US)
    b["out_us"] = (b["cycle_us"] * rng.uniform(0.7, 0.9)).astype(np.int64)
    b["begin_us"] = start_us - int(rng.uniform(0, 60) * HOUR_US)
    b["every_us"] = every_s * 1_000_000
    b["phase_us"] = rng.integers(0, every_s * 1_000_000, len(b))
    b["battery_s"] = rng.uniform(8, 20, len(b)) * 86_400.0


def _look_alike(b: np.ndarray, role: int, start_us: int, history_us: int) -> None:
    """A small fishing boat that is called by its number and steams round; and who looks like a
    beacon in all but that it sails for an hour before the history ends."""
    ground = next(g for g in GROUNDS if g.name == ("SANYA S" if role == BOAT else "LINGSHUI"))
    b["role"], b["radio"] = role, CLASS_B
    b["mmsi"] = 412_488_123 if role == BOAT else 900_412_072
    b["lon_deg"], b["lat_deg"] = ground.lon_deg, ground.lat_deg
    b["radius_m"] = 4_000.0 if role == BOAT else 0.0
    b["tide_mps"] = 0.0 if role == BOAT else 0.4
    b["bearing_deg"] = 45.0
    b["begin_us"] = start_us - 6 * HOUR_US
    b["cycle_us"] = b["out_us"] = 1 << 60
    b["every_us"] = 30_000_000
    b["battery_s"] = 10 * 86_400.0
    b["run_us"] = start_us + history_us - 2 * HOUR_US


def table_of(beacons: NetBeacons, others: np.ndarray) -> np.ndarray:
    """The ship table with the beacons' rows after those of all others, which `beacons.ships` then
    is a part of."""
    table = np.concatenate([others, beacons.ships]).astype(SHIP)
    beacons.ships = table[len(others) :]
    return table


def rows_needed(beacons: NetBeacons) -> np.ndarray:
    """Room for what is heard of them in a block of a minute: reports of three messages, twice."""
    return np.zeros(math.ceil(len(beacons.buoys) * 3 * 2 * 3) + 16, MESSAGE)
