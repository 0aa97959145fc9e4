"""How fast, how near, how long, and how far from ports."""

from __future__ import annotations

from dataclasses import dataclass

from littoral.area.geodesy import KNOT_MPS, NAUTICAL_MILE_M
from littoral.area.sun import CIVIL_TWILIGHT_DEG
from littoral.detect.approach.adjustable import ADJUSTABLE
from littoral.detect.contract import Profile
from littoral.schema.finding import CAUTION, WARNING


@dataclass(frozen=True, slots=True)
class ApproachSettings:
    """Times in seconds, lengths in metres, speeds in m/s; "or more" and "or less" include."""

    fast_fishing_mps: float  # fast, by what the vessel is: fishing (30), or more
    fast_pleasure_mps: float  # sailing, pleasure craft (36, 37)
    fast_passenger_mps: float  # high-speed and passenger craft (40 to 49, 60 to 69)
    fast_other_mps: float  # all others that can land on a beach, and those that say no type
    night_mps: float  # by night from this speed on
    night_deg: float  # night: the sun lower than this
    within_m: float  # our shore is met ahead within this way, or less
    within_s: float  # and within this time, or less
    slant: float  # the way ahead is at most so many times the distance to the shore
    licensed_m: float  # ports and landings: at least so far outside of their circles
    haven_m: float  # others lie within this of the point ahead, or less
    haven_count: int  # so many of them, or more, make it a harbour
    still_mps: float  # who is slower lies
    lain_s: float  # for so long, or more
    heard_s: float  # and was heard within this time, or less
    hold_s: float  # all of it for so long, or more
    gap_s: float  # between two reports no longer than this it is taken to hold
    quiet_s: float  # over when it has not held for so long
    untold_s: float  # a vessel without a type is judged when heard for so long, or more
    fast_priority: int
    night_priority: int


COASTAL = ApproachSettings(
    fast_fishing_mps=12.0 * KNOT_MPS,
    fast_pleasure_mps=20.0 * KNOT_MPS,
    fast_passenger_mps=25.0 * KNOT_MPS,
    fast_other_mps=15.0 * KNOT_MPS,
    night_mps=6.0 * KNOT_MPS,
    night_deg=CIVIL_TWILIGHT_DEG,
    within_m=6.0 * NAUTICAL_MILE_M,
    within_s=900.0,
    slant=1.5,
    licensed_m=2_000.0,
    haven_m=3_000.0,
    haven_count=3,
    still_mps=1.0 * KNOT_MPS,
    lain_s=1_800.0,
    heard_s=86_400.0,
    hold_s=120.0,
    gap_s=180.0,
    quiet_s=600.0,
    untold_s=720.0,
    fast_priority=WARNING,
    night_priority=CAUTION,
)

PROFILES = {
    "coastal": Profile(
        "coastal",
        COASTAL,
        "Littoral; ship types of ITU-R M.1371-5 table 53; civil twilight of the nautical almanacs",
        "Who comes home goes to a port, a licensed landing or a place where others lie; who runs "
        "along the coast does not point at it. What is left is rare: fast, with minutes to the "
        "beach, or by night. Fast is what such a vessel seldom does in ordinary work: fishing "
        "boats steam at 8 to 10 kn, pleasure craft at up to 18 kn, passenger craft at up to 24 kn. "
        "A quarter of an hour ahead is the time in which somebody can still go there; 2 min keep "
        "out a turn that sweeps the shore. Cargo ships and tankers cannot land on a beach: a ship "
        "that drives ashore is another matter.",
        ADJUSTABLE,
    )
}
