"""How near, how long, at which hour, and how far from where landing is licensed."""

from __future__ import annotations

from dataclasses import dataclass

from littoral.area.geodesy import KNOT_MPS, NAUTICAL_MILE_M
from littoral.area.sun import CIVIL_TWILIGHT_DEG
from littoral.detect.contract import Profile
from littoral.detect.landing.adjustable import ADJUSTABLE
from littoral.schema.finding import CAUTION, WARNING


@dataclass(frozen=True, slots=True)
class LandingSettings:
    """Times in seconds, lengths in metres, speeds in m/s; "or more" and "or less" include."""

    off_m: float  # the open sea: farther than this from our shore
    come_s: float  # who was there within this time, or less, comes in from the sea
    visit_m: float  # a visit: within this of our shore, or less; and so near silence counts
    stop_m: float  # a stop or a turn: within this, or less
    licensed_m: float  # ports, landings, anchorages: at least so far outside of their circles
    haven_m: float  # others lie within this of the vessel, or less
    haven_count: int  # so many of them, or more, make it a harbour
    still_mps: float  # who is slower lies
    lain_s: float  # for so long, or more
    heard_s: float  # and was heard within this time, or less
    night_deg: float  # night: the sun lower than this
    night_stop_s: float  # a stop by night: for so long, or more
    day_stop_s: float  # by day
    night_silent_s: float  # a silence by night: for so long, or more
    day_silent_s: float  # by day
    own_means: float  # and for so many of its own mean intervals, or more
    ahead_m: float  # moving, it met the shore ahead within this, or less
    turn_s: float  # turned by night: in from the sea and out again within this, or less
    forget_s: float  # a visit is over when the vessel was not heard for so long
    untold_s: float  # a vessel without a type is judged when heard for so long, or more
    night_priority: int
    day_priority: int


COASTAL = LandingSettings(
    off_m=2.0 * NAUTICAL_MILE_M,
    come_s=7_200.0,
    visit_m=1_000.0,
    stop_m=500.0,
    licensed_m=500.0,
    haven_m=1_500.0,
    haven_count=3,
    still_mps=1.0 * KNOT_MPS,
    lain_s=1_800.0,
    heard_s=86_400.0,
    night_deg=CIVIL_TWILIGHT_DEG,
    night_stop_s=600.0,
    day_stop_s=3_600.0,
    night_silent_s=1_200.0,
    day_silent_s=3_600.0,
    own_means=10.0,
    ahead_m=1_000.0,
    turn_s=3_600.0,
    forget_s=86_400.0,
    untold_s=720.0,
    night_priority=WARNING,
    day_priority=CAUTION,
)

PROFILES = {
    "coastal": Profile(
        "coastal",
        COASTAL,
        "Littoral; ship types of ITU-R M.1371-5 table 53; civil twilight of the nautical almanacs",
        "A landing needs the way in from the open sea, the last few hundred metres, and time at "
        "the beach or a set that is switched off there. Boats that stop so near the shore by night "
        "do it in ports, at licensed landings, or where others lie: all these are left out. Ten "
        "minutes are more than it takes to land people and less than a rest; by day boats lie off "
        "beaches to fish and bathe, so an hour is asked and pleasure craft are not judged. GSHHG's "
        "shoreline is good to a few hundred metres away from made ground, hence 500 m and 1 km. "
        "Ten of the vessel's own intervals keep out those that are heard badly.",
        ADJUSTABLE,
    )
}
