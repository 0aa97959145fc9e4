"""Columns of a batch and of the fleet that the kernels read.

Named apart from those of other detectors: Numba tells named tuples by name when it looks up a
compiled function, and two of one name cost a third of a millisecond a call.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from littoral.schema.ais import Positions
from littoral.schema.fleet import Fleet


class ShoreFixes(NamedTuple):
    """Of a batch; shapes (n,)."""

    t_us: np.ndarray
    track: np.ndarray
    kind: np.ndarray
    flags: np.ndarray
    obs_id: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    sog: np.ndarray
    course: np.ndarray

    @classmethod
    def of(cls, p: Positions) -> ShoreFixes:
        return cls(
            p.t_us, p.track, p.kind, p.flags, p.obs_id, p.lon_deg, p.lat_deg, p.sog_mps, p.cog_deg
        )


class ShoreCrowd(NamedTuple):
    """Of the fleet, `rows` of them in use."""

    rows: int
    first_us: np.ndarray
    last_us: np.ndarray
    kind: np.ndarray
    ship_type: np.ndarray
    lon: np.ndarray
    lat: np.ndarray

    @classmethod
    def of(cls, f: Fleet) -> ShoreCrowd:
        return cls(f.count, f.first_us, f.last_us, f.kind, f.ship_type, f.lon_deg, f.lat_deg)
