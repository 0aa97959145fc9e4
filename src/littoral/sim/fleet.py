"""The fleet: who there is, how big, what they are called. Made once from the seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from littoral.area.geodesy import KNOT_MPS
from littoral.sim.classes import CLASSES, VesselClass
from littoral.sim.motion import HULL
from littoral.sim.names import call_sign, flag_of, imo_numbers, ship_name
from littoral.sim.places import AIDS, PORTS, STATIONS
from littoral.sim.radio import AID, BASE, CLASS_A, CLASS_B, SAR_AIRCRAFT
from littoral.sim.rows import ascii_rows, ships

WORLD_VESSELS = 2_500  # what the counts in `classes` and the aids add up to, about


@dataclass(slots=True)
class Fleet:
    """`hulls` (n,) of motion.HULL, `ships` (n,) of rows.SHIP (more rows may follow for second
    identities), `roles`, `homes` (a port's name) and `numbers` within the role, one each."""

    hulls: np.ndarray
    ships: np.ndarray
    roles: list[str]
    homes: list[str]
    numbers: list[int]
    speeds_mps: list[float]

    def add(self, other: Fleet) -> None:
        self.hulls = np.concatenate([self.hulls, other.hulls])
        self.ships = np.concatenate([self.ships, other.ships])
        self.roles += other.roles
        self.homes += other.homes
        self.numbers += other.numbers
        self.speeds_mps += other.speeds_mps


def _home(role: str, number: int) -> str:
    uses = {"fishing": "fishing", "yacht": "yacht", "ferry": "ferry", "coaster": "cargo"}
    use = uses.get(role, "work")
    ports = [p.name for p in PORTS.values() if use in p.uses]
    if role == "yacht":  # most lie around Sanya
        ports = ["SANYA", "YALONG", "SANYA", "YALONG", "SANYA", "XINCUN", "HAIKOU"]
    return ports[number % len(ports)]


def set_text(ship: np.ndarray, field: str, text: str) -> None:
    """Write `text` into a text column of one ship (or several alike)."""
    ship[field] = ascii_rows([text], ship[field].shape[-1])[0]


def fill_ship(
    ship: np.ndarray, c: VesselClass, name: str, sign: str, imo: int, rng: np.random.Generator
) -> int:
    """Static data of one ship of class `c`; returns its length in metres."""
    length = int(rng.integers(c.length_m[0], c.length_m[1] + 1))
    beam = max(3, round(length / c.length_to_beam))
    set_text(ship, "name", name)
    set_text(ship, "call_sign", sign)
    ship["imo"] = imo
    ship["ship_type"] = c.ship_types[int(rng.integers(len(c.ship_types)))]
    aft = min(length, max(2, round(length * rng.uniform(0.1, 0.3))))
    ship["to_bow_m"], ship["to_stern_m"] = length - aft, aft
    ship["to_port_m"], ship["to_starboard_m"] = beam // 2, beam - beam // 2
    if c.draught_m[1] > 0:
        share = (length - c.length_m[0]) / max(1, c.length_m[1] - c.length_m[0])
        low, high = c.draught_m
        draught = low + (high - low) * min(1.0, max(0.0, share + rng.uniform(-0.2, 0.1)))
        ship["draught_dm"] = round(10 * draught)
    return length


# Before its first voyage a ship reports any of these (`bound` says what it reports under way).
DESTINATIONS = {
    "container": ("CN HKG", "SG SIN", "VN HPH", "CN NSA", "VN SGN", "MY PKG", "CN YPG"),
    "bulk": ("CN FAN", "CN ZHA", "ID SRI", "VN HON", "AU PHE", "CN YPG", "CN BAS"),
    "tanker": ("CN YPG", "SG SIN", "CN QZH", "CN ZHA", "CN HUI", "MY PTP"),
    "strait": ("CN FAN", "CN QZH", "CN BHY", "CN CAN", "CN ZHA", "VN HPH"),
    "coaster": ("HAI KOU", "YANG PU", "BA SUO", "SAN YA", "BEI HAI", "QING LAN", "MA CUN"),
}


def make_fleet(count: int, seed: int, start_us: int) -> Fleet:
    """About `count` vessels in the proportions of `classes`, and the aids and base stations."""
    rng = np.random.default_rng([seed, 1])
    scale = count / WORLD_VESSELS
    roles: list[str] = []
    numbers: list[int] = []
    for role, c in CLASSES.items():
        n = round(c.count * scale) if c.count > 2 else c.count
        roles += [role] * n
        numbers += list(range(n))
    moving = len(roles)
    roles += ["aid"] * len(AIDS) + ["base"] * len(STATIONS)
    numbers += [*range(len(AIDS)), *range(len(STATIONS))]
    n = len(roles)
    hulls, table = np.zeros(n, HULL), ships(n)
    homes = [_home(r, k) for r, k in zip(roles, numbers, strict=True)]
    speeds: list[float] = []
    imos = imo_numbers(9_100_000, n)[rng.permutation(n)]
    serial = rng.permutation(900_000)
    day = int(np.datetime64(start_us, "us").astype("datetime64[D]").astype("int64"))
    for k in range(moving):
        role, number = roles[k], numbers[k]
        c = CLASSES[role]
        chinese = role in ("ferry", "fishing", "yacht", "pilot", "tug", "patrol", "dredger")
        country, mid, letters = "CN", int(rng.choice((412, 413, 414))), "B"
        if not chinese and (role not in ("coaster", "laid_up") or rng.random() < 0.15):
            country, mid, letters = flag_of(rng)
        name = ship_name(role, country, number, rng, homes[k])
        imo = int(imos[k]) if c.has_imo else 0
        length = fill_ship(table[k : k + 1], c, name, call_sign(letters, rng), imo, rng)
        h = hulls[k]
        h["mmsi"] = mid * 1_000_000 + int(serial[k])
        h["radio"] = CLASS_B if rng.random() < c.share_b else CLASS_A
        if role == "sar_aircraft":
            h["radio"], h["mmsi"] = SAR_AIRCRAFT, 111_412_101 + number
        speed = rng.uniform(*c.speed_kn) * KNOT_MPS
        speeds.append(float(speed))
        h["turn_degps"], h["accel_mps2"], h["top_mps"] = c.turn_degps, c.accel_mps2, 1.25 * speed
        h["length_m"] = length
        h["swing_m"] = min(220.0, 20.0 + 0.8 * length)
        h["drift_deg"] = rng.uniform(-3.0, 3.0)
        small = h["radio"] == CLASS_B
        h["has_heading"] = rng.random() < (0.15 if small else 0.95)
        h["has_turn"] = (not small) and rng.random() < 0.65
        h["accurate"] = rng.random() < 0.6
        if role in DESTINATIONS and not small:
            choices = DESTINATIONS[role]
            set_text(table[k : k + 1], "destination", choices[int(rng.integers(len(choices)))])
            eta = np.datetime64(day + int(rng.integers(1, 6)), "D").astype(object)
            table[k]["eta_month"], table[k]["eta_day"] = eta.month, eta.day
            table[k]["eta_hour"], table[k]["eta_minute"] = int(rng.integers(24)), 0
        elif role == "ferry":
            set_text(table[k : k + 1], "destination", "HAI KOU <> XU WEN")
    for k in range(moving, n):
        _fill_fixed(hulls, table, k, roles[k], numbers[k])
        speeds.append(0.0)
    return Fleet(hulls, table, roles, homes, numbers, speeds)


def _fill_fixed(hulls: np.ndarray, table: np.ndarray, k: int, role: str, number: int) -> None:
    h = hulls[k]
    h["accurate"] = 1
    if role == "base":
        h["radio"], h["mmsi"] = BASE, STATIONS[number].mmsi
        return
    aid = AIDS[number]
    h["radio"] = AID
    h["mmsi"] = 994_126_000 + number if aid.virtual else 994_121_000 + number
    set_text(table[k : k + 1], "name", aid.name[:20])
    table[k]["ship_type"] = aid.aid_type
    for side in ("to_bow_m", "to_stern_m", "to_port_m", "to_starboard_m"):
        table[k][side] = 0 if aid.virtual else 2
