"""Which crossings of rings are told, and how long a rule of a geofence must be broken."""

from __future__ import annotations

from dataclasses import dataclass

from littoral.area.geodesy import KNOT_MPS
from littoral.area.rings import BEYOND, NEAR_SEA, TERRITORIAL
from littoral.detect.area_rule.adjustable import ADJUSTABLE
from littoral.detect.contract import Profile
from littoral.schema.finding import CAUTION

ANYONE, NO_IDENTITY = "anyone", "no_identity"


@dataclass(frozen=True, slots=True)
class RingAlert:
    """A crossing that is told: ring codes of `area.rings`, for whom, how urgent."""

    from_ring: int
    to_ring: int
    who: str
    priority: int


@dataclass(frozen=True, slots=True)
class AreaRuleSettings:
    """Times in seconds, speeds in m/s. Every crossing of rings is counted, told or not."""

    ring_alerts: tuple[RingAlert, ...]
    ring_hold_s: float  # a vessel is in another ring when it has stayed there this long
    identity_s: float  # a vessel heard this long without static data has no identity
    clear_s: float  # what is broken ends when it has not been so for this long
    max_gap_s: float  # between fixes: no crossing is interpolated, no span goes on across more
    lost_s: float  # a vessel not heard this long has left
    speed_hold_s: float  # over or under a speed limit
    night_hold_s: float
    season_hold_s: float  # moving as if fishing in a closed season
    fishing_low_mps: float
    fishing_high_mps: float
    update_s: float


COASTAL = AreaRuleSettings(
    ring_alerts=(
        RingAlert(NEAR_SEA, TERRITORIAL, NO_IDENTITY, CAUTION),
        RingAlert(BEYOND, TERRITORIAL, NO_IDENTITY, CAUTION),
    ),
    ring_hold_s=120.0,
    identity_s=1800.0,
    clear_s=180.0,
    max_gap_s=900.0,
    lost_s=6 * 3600.0,
    speed_hold_s=60.0,
    night_hold_s=60.0,
    season_hold_s=900.0,
    fishing_low_mps=1.0 * KNOT_MPS,
    fishing_high_mps=6.0 * KNOT_MPS,
    update_s=3600.0,
)

PROFILES = {
    "coastal": Profile(
        "coastal",
        COASTAL,
        "Littoral. Season: Ministry of Agriculture and Rural Affairs of the PRC, notice on the "
        "marine summer fishing moratorium (2023, no. 1). Fishing speeds: Natale et al. 2015, "
        "Mapping Fishing Effort through AIS Data, PLoS ONE 10(6):e0130746 (trawlers fish at about "
        "2 to 5 kn); a knot is left on both sides",
        "Merchant ships cross the rings all day: only who does not say who he is is told, on the "
        "way in. An edge is crossed at the point where the straight line between two fixes cuts "
        "it; whoever tacks along an edge is told once, since leaving counts only after three "
        "minutes outside. A speed limit is broken when it has been for a minute, so that one bad "
        "report is none. In a closed season a fishing vessel may pass or anchor: only moving at 1 "
        "to 6 kn for a quarter of an hour, outside ports and the coastline band, is told; one of "
        "class B once it has said its name: until then it may be a net beacon under a ship's "
        "number.",
        ADJUSTABLE,
    ),
}
