"""Where a vessel is, for the limits: which area profile holds and which scheduled crossing."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from littoral.area.places import Crossing, in_corridor_at
from littoral.area.profiles import OPEN_SEA, codes_of
from littoral.area.world import World
from littoral.detect.collision.scene import ABSENT, ACTIVE, AREA, CROSSING, LAT, LON, TYPE

NO_CROSSING = -1


class Corridors(NamedTuple):
    """The crossings of a world, by place in `world.crossings`."""

    line: np.ndarray  # (points, 2) degrees, of all
    first: np.ndarray  # (crossings + 1,): points of crossing c are `line[first[c]:first[c + 1]]`
    half_width_m: np.ndarray
    box: np.ndarray  # (crossings, 4) west, south, east, north of the corridor, generous
    types: np.ndarray  # (crossings, 256) bool: whom the schedule speaks for


def corridors_of(crossings: tuple[Crossing, ...]) -> Corridors:
    n = len(crossings)
    lines = [c.line for c in crossings]
    half_width = np.array([c.half_width_m for c in crossings], np.float64)
    box, types = np.empty((n, 4)), np.zeros((n, 256), np.bool_)
    for k, crossing in enumerate(crossings):
        high = crossing.half_width_m / 110_000.0
        south, north = crossing.line[:, 1].min() - high, crossing.line[:, 1].max() + high
        narrowest = math.cos(math.radians(min(89.9, max(abs(south), abs(north)))))
        wide = crossing.half_width_m / (111_300.0 * narrowest)
        box[k] = crossing.line[:, 0].min() - wide, south, crossing.line[:, 0].max() + wide, north
        types[k, list(crossing.ship_types)] = True
    return Corridors(
        np.concatenate([*lines, np.zeros((0, 2))]),
        np.cumsum([0, *map(len, lines)]),
        half_width,
        box,
        types,
    )


@njit(cache=True, nogil=True)
def _put(fix: np.ndarray, order: np.ndarray, codes: np.ndarray, on: np.ndarray) -> None:
    for q in range(len(order)):
        f = fix[order[q]]
        f[AREA], f[CROSSING] = codes[q], on[q]


@njit(cache=True, nogil=True)
def _crossings(fix: np.ndarray, order: np.ndarray, c: Corridors) -> np.ndarray:
    line, first, half_width_m, box, types = c.line, c.first, c.half_width_m, c.box, c.types
    out = np.full(len(order), NO_CROSSING, np.int64)
    for i in range(len(order)):
        f = fix[order[i]]
        lon, lat = f[LON], f[LAT]
        kind = int(min(255.0, max(0.0, f[TYPE])))
        for q in range(len(half_width_m)):
            if types[q, kind] and box[q, 0] <= lon <= box[q, 2] and box[q, 1] <= lat <= box[q, 3]:
                part = line[first[q] : first[q + 1]]
                if in_corridor_at(part, half_width_m[q], lon, lat):
                    out[i] = q
    return out


def mark(fix: np.ndarray, order: np.ndarray, world: World) -> None:
    """Set AREA (codes of `area.profiles`; open sea where the region has none) and CROSSING of the
    tracks `order`: the crossing whose corridor a vessel sails and whose schedule speaks for her
    type, by its place in `world.crossings`."""
    codes = np.full(len(order), OPEN_SEA, np.int8)
    if world.profiles is not None:
        codes = codes_of(world.profiles.waters(), fix[:, LON], fix[:, LAT], order)
    _put(fix, order, codes, _crossings(fix, order, corridors_of(world.crossings)))


@njit(cache=True, nogil=True)
def close_waters(fix: np.ndarray, order: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Tracks in straits and port approaches, where times are short, and those of `known` pairs
    (keys), ascending."""
    chosen = np.zeros(len(fix), np.bool_)
    for k in order:
        chosen[k] = fix[k, AREA] != OPEN_SEA
    for key in known:
        chosen[key >> 32] = chosen[key & 0xFFFFFFFF] = True
    out, n = np.empty(len(order) + 2 * len(known), np.int64), 0
    for k in range(len(fix)):
        if chosen[k] and fix[k, ACTIVE] != ABSENT:
            out[n] = k
            n += 1
    return out[:n]
