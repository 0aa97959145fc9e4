"""Where a vessel is, for the limits: which area profile holds and which scheduled crossing."""

from __future__ import annotations

import numpy as np

from littoral.area.world import World

NO_CROSSING = -1


def area_codes(world: World, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """(n,) codes of `area.profiles`; open sea where the region has none."""
    if world.profiles is None:
        return np.zeros(len(lon), np.int8)
    return world.profiles.code(lon, lat)


def crossing_codes(
    world: World, lon: np.ndarray, lat: np.ndarray, ship_type: np.ndarray
) -> np.ndarray:
    """(n,) int64: the crossing whose corridor a vessel sails and whose schedule speaks for her
    type, by its place in `world.crossings`; NO_CROSSING for none."""
    out = np.full(len(lon), NO_CROSSING, np.int64)
    kind = np.clip(ship_type, 0, 255).astype(np.int64)
    for i, crossing in enumerate(world.crossings):
        speaks_for = np.zeros(256, np.bool_)
        speaks_for[list(crossing.ship_types)] = True
        on = speaks_for[kind]
        if on.any():
            on[on] = crossing.contains(lon[on], lat[on])
            out[on] = i
    return out
