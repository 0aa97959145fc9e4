"""What tells a net beacon from a vessel, each number with its reason. See docs/net-beacons.md."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from functools import lru_cache

import numpy as np

VERSION = "1"


@dataclass(frozen=True, slots=True)
class BeaconSettings:
    """Seconds, metres, metres a second by their names; counts without a unit. All numbers, so that
    the compiled loops take one array."""

    # Faster than this nothing drifts: 3.9 kn, above the tides that nets are set in. Trawlers fish
    # at 2 to 4 kn, so it may not be much more.
    drift_mps: float = 2.0
    # So many reports in a row that say more than `drift_mps`, without a pause between them:
    # one alone is a hiccup of GNSS on a buoy in the waves.
    fast_reports: float = 2.0
    # A speed that is told may be a lie: from where it was up to `far_s` ago it must have come
    # further than a drift reaches and `far_m` more (a string of nets under one MMSI speaks from
    # several places), and further still at each of so many reports in a row.
    far_m: float = 2_000.0
    far_s: float = 1_800.0
    far_reports: float = 4.0
    # After a longer silence a beacon may have been hauled and set anew: nothing is reckoned over it
    # (they report every 1 to 30 min).
    pause_s: float = 1_900.0
    # Who sailed is a vessel until it has not for so long: one that poses as a beacon and waits at
    # a meeting place stays in sight of the detectors.
    rest_s: float = 6 * 3_600.0
    # Having only drifted for so long is told as evidence beside form and name.
    drifted_s: float = 1_800.0
    # Static data that only a ship tells: length overall, or a ship type from here on (40: high
    # speed craft; 50 to 59 pilots, tugs, law enforcement; 60 to 89 passengers, cargo, tankers).
    ship_length_m: float = 20.0
    ship_type: float = 40.0


@lru_cache(maxsize=8)
def limits_of(settings: BeaconSettings) -> np.ndarray:
    """Shape (len(fields),), float64, in the order of the fields: what the kernels index."""
    return np.array(astuple(settings), np.float64)


(
    DRIFT_MPS, FAST_REPORTS, FAR_M, FAR_S, FAR_REPORTS, PAUSE_S, REST_S, DRIFTED_S, SHIP_LENGTH_M,
    SHIP_TYPE,
) = range(10)  # fmt: skip

DEFAULT = BeaconSettings()
