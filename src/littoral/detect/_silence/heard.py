"""Whether a vessel that fell silent is heard all the same, or again."""

from __future__ import annotations

import numpy as np

from littoral.schema.fleet import GEAR_BEACON, Fleet


def is_still_heard(rows: np.ndarray, fleet: Fleet) -> np.ndarray:
    """(n,) bool: another track of the same MMSI has been heard since this one; or it is taken for a
    net beacon by now, and what such say comes before no detector."""
    mmsi, last_us = fleet.mmsi[: fleet.count], fleet.last_us[: fleet.count]
    order = np.lexsort((last_us, mmsi))
    ends = np.searchsorted(mmsi[order], mmsi[rows], side="right") - 1
    return (last_us[order[ends]] > last_us[rows]) | (fleet.gear[rows] & GEAR_BEACON != 0)


def heard_again(tracks: np.ndarray, last_us: np.ndarray, known: int, fleet: Fleet) -> np.ndarray:
    """(n,) the track on which each of `tracks`, silent since `last_us`, is heard again: its own, or
    after a long silence a new one of the same MMSI (rows from `known` on); -1 while it is not."""
    back = np.where(fleet.last_us[tracks] != last_us, tracks, -1)
    for k in range(known, fleet.count):
        if fleet.last_us[k] == 0:  # a net beacon under the same number: no detector hears it
            continue
        back[(fleet.mmsi[tracks] == fleet.mmsi[k]) & (back < 0)] = k
    return back
