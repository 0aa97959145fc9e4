"""Counts of an hour: how many vessels of a type were heard, rings crossed, what each receiver gave.

Counts alone leave here: no row tells of one vessel.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from littoral.area.rings import RING_SLUGS
from littoral.schema.ais import ATON, BASE, DISTRESS_DEVICE, FLAG_NET_BEACON, SAR_AIRCRAFT

# As `web/client/category.ts`: ITU-R M.1371-5, table 53, and stations that are no ships apart.
CATEGORIES = (
    "other", "cargo", "tanker", "passenger", "fishing", "service", "pleasure",
    "aton", "sar", "distress", "base", "net_beacon",
)  # fmt: skip
_STATIONS = {BASE: "base", ATON: "aton", SAR_AIRCRAFT: "sar", DISTRESS_DEVICE: "distress"}
APART_US = 3600 * 1_000_000  # heard again after longer: no crossing was seen between the two

HEARD, CROSSED, POSITIONS, VESSELS = "heard", "crossed", "positions", "vessels"
Count = tuple[str, str, int]  # what, of what, how many


@dataclass(frozen=True, slots=True)
class Rings:
    """In which ring each vessel was last, and when; sorted by vessel. Shapes (n,)."""

    vessel: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))
    ring: np.ndarray = field(default_factory=lambda: np.empty(0, np.int8))
    t_us: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))


def _types() -> np.ndarray:
    """Category of each ship type 0..255."""
    name = np.full(256, "other", object)
    for first, last, category in (
        (30, 30, "fishing"), (31, 35, "service"), (36, 37, "pleasure"), (40, 49, "passenger"),
        (50, 59, "service"), (60, 69, "passenger"), (70, 79, "cargo"), (80, 89, "tanker"),
    ):  # fmt: skip
        name[first : last + 1] = category
    return np.array([CATEGORIES.index(n) for n in name], np.int8)


_CATEGORY = _types()


def categories(kind: np.ndarray, ship_type: np.ndarray, is_beacon: np.ndarray) -> np.ndarray:
    """Index in CATEGORIES of each; `ship_type` -1 where none is known. Shapes (n,)."""
    found = _CATEGORY[np.clip(ship_type, 0, 255)]
    for code, name in _STATIONS.items():
        found[kind == code] = CATEGORIES.index(name)
    found[is_beacon] = CATEGORIES.index("net_beacon")
    return found


def counts(
    rows: Mapping[str, np.ndarray],
    ship_types: tuple[np.ndarray, np.ndarray],
    receivers: Mapping[int, str],
    before: Rings,
) -> tuple[list[Count], Rings]:
    """Of one hour's t_us, mmsi, track, kind, ring, station (-1: none), flags, each (n,), in any
    order. A net beacon crosses no ring.

    `ship_types`: MMSI ascending, and the type of each. `before`: as the hour before gave it.
    """
    vessel = (rows["mmsi"].astype(np.int64) << 32) + rows["track"].astype(np.int64) + 1
    order = np.lexsort((rows["t_us"], vessel))
    vessel = vessel[order]
    first = np.flatnonzero(np.append(True, vessel[1:] != vessel[:-1])) if len(vessel) else order
    adrift = (rows["flags"][order] & FLAG_NET_BEACON) != 0
    ever = np.logical_or.reduceat(adrift, first) if len(vessel) else adrift
    told = _heard(rows, order[first], ship_types, ever)
    told += _received(rows, vessel, order, receivers)
    ships = ~adrift
    crossed, rings = _crossed(
        vessel[ships], rows["ring"][order][ships], rows["t_us"][order][ships], before
    )
    return told + crossed, rings


def _heard(
    rows: Mapping[str, np.ndarray],
    one: np.ndarray,
    ship_types: tuple[np.ndarray, np.ndarray],
    is_beacon: np.ndarray,
) -> list[Count]:
    """`one`: a row of each vessel; `is_beacon`: of each, whether it was taken for a net beacon in
    this hour."""
    mmsi, known = rows["mmsi"][one], ship_types[0]
    at = np.searchsorted(known, mmsi)
    kind = np.full(len(mmsi), -1, np.int16)
    same = at < len(known)
    same[same] = known[at[same]] == mmsi[same]
    kind[same] = ship_types[1][at[same]]
    many = np.bincount(categories(rows["kind"][one], kind, is_beacon), minlength=len(CATEGORIES))
    return [(HEARD, n, int(k)) for n, k in zip(CATEGORIES, many, strict=True) if k]


def _received(
    rows: Mapping[str, np.ndarray],
    vessel: np.ndarray,
    order: np.ndarray,
    receivers: Mapping[int, str],
) -> list[Count]:
    told: list[Count] = []
    station = rows["station"][order]
    for code in np.unique(station[station >= 0]).tolist():
        own = vessel[station == code]
        name = receivers.get(code) or str(code)
        told.append((POSITIONS, name, len(own)))
        told.append((VESSELS, name, 1 + int(np.count_nonzero(own[1:] != own[:-1]))))
    return told


def _crossed(
    vessel: np.ndarray, ring: np.ndarray, t_us: np.ndarray, before: Rings
) -> tuple[list[Count], Rings]:
    """Steps from one ring into another, by vessel and time; where the hour before ended counts."""
    known = ring >= 0
    vessel = np.concatenate([before.vessel, vessel[known]])
    t_us = np.concatenate([before.t_us, t_us[known]])
    ring = np.concatenate([before.ring, ring[known]])
    order = np.lexsort((t_us, vessel))
    vessel, t_us, ring = vessel[order], t_us[order], ring[order]
    step = (vessel[1:] == vessel[:-1]) & (ring[1:] != ring[:-1])
    step &= t_us[1:] - t_us[:-1] <= APART_US
    at = np.flatnonzero(step)
    pairs, many = np.unique(np.column_stack([ring[at], ring[at + 1]]), axis=0, return_counts=True)
    told = [
        (CROSSED, f"{RING_SLUGS[a]}>{RING_SLUGS[b]}", int(n))
        for (a, b), n in zip(pairs.tolist(), many.tolist(), strict=True)
    ]
    if not len(vessel):
        return told, Rings()
    last = np.append(vessel[1:] != vessel[:-1], True) & (t_us > t_us.max() - APART_US)
    return told, Rings(vessel[last], ring[last], t_us[last])
