"""What loitering is: as Global Fishing Watch publishes it, and what a watch wants to know."""

from __future__ import annotations

from dataclasses import dataclass

from littoral.area.geodesy import KNOT_MPS, NAUTICAL_MILE_M
from littoral.detect.contract import Profile
from littoral.detect.loitering.adjustable import ADJUSTABLE
from littoral.schema.finding import CAUTION, NOTED

HOUR_S = 3600
# Navigational status, ITU-R M.1371-5 table 46: at anchor, moored, aground, engaged in fishing.
RESTING = (1, 5, 6, 7)
# Ship types, ITU-R M.1371-5 table 53, that wait at sea by trade: fishing; towing, dredging, diving,
# military; pilot, search and rescue, tug, port tender, anti-pollution, law enforcement; medical.
WAIT_BY_TRADE = (30, 31, 32, 33, 34, 35, 50, 51, 52, 53, 54, 55, 58)


@dataclass(frozen=True, slots=True)
class LoiteringSettings:
    """Lengths in metres, times in seconds, speeds in m/s. A length or a number of zero, and an
    empty list, is not applied."""

    tick_s: int  # places are taken at multiples of this since 1970
    block_s: int  # speed is averaged over blocks between multiples of this
    max_gap_s: int  # reports further apart are not interpolated between
    slow_mps: float  # a block below this is slow
    hold_s: int  # slow for so long
    within_m: float  # without leaving this far from where it began
    ask_s: int  # what does not count yet is asked about again after so long
    resume_s: int  # slow again within this, once told of: the same event
    shore_min_m: float  # from the nearest shore, at least
    shore_is_mean: bool  # the mean over the blocks; else of the middle of the run
    min_port_m: float  # from the edge of every port and anchorage, more than this
    anchored: int  # so many other vessels at anchor make a place an anchorage
    anchored_within_m: float  # within this
    anchored_heard_s: int  # heard within this
    watch_shore_m: float  # from shore up to this it is for the watch
    update_s: int  # what goes on is told again this often
    priority: int
    far_priority: int  # beyond watch_shore_m
    resting: tuple[int, ...]  # navigational status with which nobody loiters
    by_trade: tuple[int, ...]  # ship types that are not judged


COASTAL = LoiteringSettings(
    tick_s=600,
    block_s=600,
    max_gap_s=HOUR_S // 2,
    slow_mps=2.0 * KNOT_MPS,
    hold_s=3 * HOUR_S,
    within_m=1.5 * NAUTICAL_MILE_M,
    ask_s=HOUR_S,
    resume_s=HOUR_S,
    shore_min_m=2.0 * NAUTICAL_MILE_M,
    shore_is_mean=False,
    min_port_m=5_000.0,
    anchored=3,
    anchored_within_m=2.0 * NAUTICAL_MILE_M,
    anchored_heard_s=12 * HOUR_S,
    watch_shore_m=24.0 * NAUTICAL_MILE_M,
    update_s=6 * HOUR_S,
    priority=CAUTION,
    far_priority=NOTED,
    resting=RESTING,
    by_trade=WAIT_BY_TRADE,
)

GFW = LoiteringSettings(
    tick_s=600,
    block_s=HOUR_S,
    max_gap_s=12 * HOUR_S,
    slow_mps=2.0 * KNOT_MPS,
    hold_s=2 * HOUR_S,
    within_m=0.0,
    ask_s=HOUR_S,
    resume_s=0,
    shore_min_m=20.0 * NAUTICAL_MILE_M,
    shore_is_mean=True,
    min_port_m=0.0,
    anchored=0,
    anchored_within_m=0.0,
    anchored_heard_s=0,
    watch_shore_m=0.0,
    update_s=6 * HOUR_S,
    priority=CAUTION,
    far_priority=NOTED,
    resting=(),
    by_trade=(),
)

PROFILES = {
    "coastal": Profile(
        "coastal",
        COASTAL,
        "Littoral; speed and form after Global Fishing Watch, where it matters after the watch",
        "Two knots is Global Fishing Watch's limit of drifting along. Three hours: who waits for a "
        "pilot, a berth, the tide or a repair is gone or at anchor by then, and a transfer at sea "
        "is a rule of its own (encounter). Within 1.5 n mile: what is carried farther in that time "
        "drifts (drift). Not judged: who says that it lies at anchor, moored, aground or fishes; "
        "who waits at sea by trade (pilots, tugs, rescue, law enforcement, dredgers) or fishes "
        "without saying so (gill nets and squid lights lie still all night); within 2 n mile of "
        "shore and 5 km of a port, where small craft rest; and where three others lie at anchor "
        "within 2 n mile, since regions list no anchorages and many ships there forget their "
        "status (half a day back, since the far ones are heard seldom). Beyond 24 n mile ships "
        "drift for days for orders: kept for questions, not told.",
        ADJUSTABLE,
    ),
    "gfw": Profile(
        "gfw",
        GFW,
        "globalfishingwatch.org/faqs/what-is-loitering-event: average speed below two knots, on "
        "average at least 20 nautical miles from shore, events of more than an hour; Global "
        "Fishing Watch technical documentation, Loitering, and GlobalFishingWatch/pipe-loitering "
        "6d2c5e8 for the hours of the clock, whose consecutive slow ones are joined",
        "To compare with published events. Every vessel is judged: the text names no class, its "
        "map shows carriers. Ticks of ten minutes stand in for the pipeline's thinned messages; "
        "more than an hour is two on a grid of hours; its tracks break at other gaps than 12 h.",
        ADJUSTABLE,
    ),
}
