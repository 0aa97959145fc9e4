"""When a vessel drifts, and when its anchor drags."""

from __future__ import annotations

from dataclasses import dataclass

from littoral.area.geodesy import KNOT_MPS, NAUTICAL_MILE_M
from littoral.detect.contract import Profile
from littoral.detect.drift.adjustable import ADJUSTABLE
from littoral.schema.finding import CAUTION, NOTED, WARNING

SHACKLE_M = 27.5
# Ship types of ITU-R M.1371-5 table 53 that are judged: passenger, cargo, tanker.
FIRST_TYPE, LAST_TYPE = 60, 89


@dataclass(frozen=True, slots=True)
class DriftSettings:
    """Lengths in metres, times in seconds, speeds in m/s, angles in degrees."""

    tick_s: int  # places are taken at multiples of this since 1970; a step is between two
    max_gap_s: int  # reports further apart are not interpolated between
    # Drifting.
    least_mps: float  # a step of at least this
    most_mps: float  # and at most this
    across_deg: float  # heading off the course and off its reverse by more than this
    hold_s: int  # for so long
    net_m: float  # and so far in a straight line
    least_length_m: float  # of the vessel over all; unknown is long enough
    min_port_m: float  # from the edge of every port and anchorage, more than this
    resume_s: int  # drifting again within this, once told of: the same event
    warn_shore_m: float  # from shore up to this: warn_priority
    watch_shore_m: float  # up to this: priority; beyond: far_priority
    # Dragging.
    still_mps: float  # a step up to this is still
    settle_s: int  # still for so long: lies at anchor; while dragging: has brought up
    way_mps: float  # a step above this is made under way, whatever the status says
    cable_m: float  # of the swinging circle's radius, beside the distance to the bow
    bow_m: float  # from the reference point to the bow, where static data do not say
    out_s: int  # beyond the circle for so long
    update_s: int  # what goes on is told again this often
    warn_priority: int
    priority: int
    far_priority: int
    drag_priority: int


COASTAL = DriftSettings(
    tick_s=180,
    max_gap_s=1800,
    least_mps=0.5 * KNOT_MPS,
    most_mps=4.0 * KNOT_MPS,
    across_deg=45.0,
    hold_s=1800,
    net_m=1_200.0,
    least_length_m=50.0,
    min_port_m=NAUTICAL_MILE_M,
    resume_s=1800,
    warn_shore_m=6.0 * NAUTICAL_MILE_M,
    watch_shore_m=24.0 * NAUTICAL_MILE_M,
    still_mps=0.5 * KNOT_MPS,
    settle_s=1800,
    way_mps=4.0 * KNOT_MPS,
    cable_m=8.0 * SHACKLE_M,
    bow_m=200.0,
    out_s=900,
    update_s=1800,
    warn_priority=WARNING,
    priority=CAUTION,
    far_priority=NOTED,
    drag_priority=WARNING,
)

PROFILES = {
    "coastal": Profile(
        "coastal",
        COASTAL,
        "Littoral; drifting after the Danish Maritime Authority's DriftAnalysis "
        "(dma-ais/AisAbnormal 186e4cc: 1 to 5 kn, heading more than 45 degrees off the course and "
        "its reverse, 10 min, 500 m, 50 m length); dragging after the drag circle of anchor "
        "watches: cable veered and the distance from hawse pipe to antenna",
        "Wind moves a dead ship at half a knot to three, the stream of the Qiongzhou Strait adds "
        "two: 0.5 to 4 kn, and not the 5 kn at which a ship still steers. Half an hour and 1,200 m "
        "instead of 10 min and 500 m: a large tanker that forgot its status and swings with the "
        "tide goes sideways for some 1,000 m, and no farther. Nobody that drifts by trade or for "
        "pleasure is judged: merchant ships alone, outside ports, where tugs push them sideways. A "
        "ship that says it is not under command or aground and moves needs no heading to be "
        "believed. Within 6 n mile two knots are three hours to the shore: a warning; beyond "
        "24 n mile ships drift for orders: kept, not told. At anchor: eight shackles (220 m) is "
        "more than is veered in these depths in fair weather, so that no swing leaves the circle, "
        "at the cost of up to its diameter before a drag is seen; a quarter of an hour beyond it, "
        "for who heaves up and forgets the status is faster than 4 kn by then.",
        ADJUSTABLE,
    ),
}
