"""How fast, how silent, and how long a reach is worth telling."""

from __future__ import annotations

from dataclasses import dataclass

from littoral.area.geodesy import KNOT_MPS, NAUTICAL_MILE_M
from littoral.detect.contract import Profile
from littoral.detect.landfall.adjustable import ADJUSTABLE
from littoral.schema.finding import WARNING


@dataclass(frozen=True, slots=True)
class LandfallSettings:
    """Times in seconds, lengths in metres, speeds in m/s; "or more" and "or less" include."""

    fast_fishing_mps: float  # fast, by what the vessel is: fishing (30), or more
    fast_pleasure_mps: float  # sailing, pleasure craft (36, 37)
    fast_passenger_mps: float  # high-speed and passenger craft (40 to 49, 60 to 69)
    fast_other_mps: float  # all others that can land on a beach, and those that say no type
    ahead_m: float  # it met our shore ahead within this way, or less
    licensed_m: float  # ports and landings: at least so far outside of their circles
    silent_s: float  # silent for so long, or more
    own_means: float  # and for so many of its own mean intervals, or more
    min_positions: int  # of the track
    untold_s: float  # a vessel without a type is judged when heard for so long, or more
    speed_factor: float  # it may go so many times as fast as last heard
    update_s: float  # told again so often
    old_s: float  # over when it has not been heard for so long
    silly_m: float  # and when the reachable shore is longer than this
    priority: int


COASTAL = LandfallSettings(
    fast_fishing_mps=12.0 * KNOT_MPS,
    fast_pleasure_mps=20.0 * KNOT_MPS,
    fast_passenger_mps=25.0 * KNOT_MPS,
    fast_other_mps=15.0 * KNOT_MPS,
    ahead_m=24.0 * NAUTICAL_MILE_M,
    licensed_m=2_000.0,
    silent_s=600.0,
    own_means=10.0,
    min_positions=10,
    untold_s=720.0,
    speed_factor=1.2,
    update_s=600.0,
    old_s=10_800.0,
    silly_m=200_000.0,
    priority=WARNING,
)

PROFILES = {
    "coastal": Profile(
        "coastal",
        COASTAL,
        "Littoral; ship types of ITU-R M.1371-5 table 53; reporting intervals of its Annex 1",
        "A class A set at such speeds reports every 2 to 6 s, class B every 30 s: ten minutes are "
        "twenty reports missed, and a craft at 30 kn is five miles on, so waiting for the half "
        "hour of rule gap would tell where it was. Only who was fast for its class and pointed at "
        "our shore is judged: near ports, where sets are switched off, nobody is. A fifth above "
        "its last speed covers what it kept in hand. After three hours, or when 200 km of shore "
        "can be reached, the answer helps nobody.",
        ADJUSTABLE,
    )
}
