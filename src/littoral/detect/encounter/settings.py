"""What an encounter is, by who says so: two published definitions and the product's own."""

from __future__ import annotations

from dataclasses import dataclass

from littoral.area.geodesy import KNOT_MPS
from littoral.detect.contract import Profile
from littoral.detect.encounter.adjustable import adjustable
from littoral.schema.finding import CAUTION, WARNING

# Classes of vessels by AIS ship type (ITU-R M.1371-5 table 53), see `ship_class`.
UNKNOWN, FISHING, CARGO, TANKER, PASSENGER, SERVICE, OTHER, SMALL = range(8)
CLASS_NAMES = ("unknown", "fishing", "cargo", "tanker", "passenger", "service", "other", "small")
ALL_CLASSES = tuple(range(8))
NEVER_S = 10**9


@dataclass(frozen=True, slots=True)
class PairRule:
    """Two classes that matter when they meet: how long by night and by day, and how urgent."""

    first: int
    second: int
    night_s: int
    day_s: int
    night_priority: int
    day_priority: int


def every_pair(duration_s: int, priority: int) -> tuple[PairRule, ...]:
    """One rule for all classes, day and night alike."""
    return tuple(
        PairRule(a, b, duration_s, duration_s, priority, priority)
        for a in ALL_CLASSES
        for b in ALL_CLASSES
        if a <= b
    )


@dataclass(frozen=True, slots=True)
class EncounterSettings:
    """Lengths in metres, times in seconds, speeds in m/s; a limit at infinity is not applied."""

    tick_s: int  # positions are compared at multiples of this since 1970
    max_gap_s: int  # fixes further apart are not interpolated between
    max_distance_m: float  # at every tick, reference point to reference point
    median_speed_mps: float  # of each vessel, tick to tick over the run, below this
    tick_speed_mps: float  # of each vessel at every tick, below this
    min_port_m: float  # of both from the edge of every anchorage (port, where none is listed)
    off_shore: bool  # ticks in the ring "inland" or "coastline" do not count
    merge_s: int  # a further run that begins within this of the last one's end is the same
    small_m: float  # an unknown type up to this length (or of unknown length) counts as small
    night_sun_deg: float  # night is when the sun is below this elevation
    update_s: int  # a lasting encounter is told again this often
    pairs: tuple[PairRule, ...]


GFW = EncounterSettings(
    tick_s=600,
    max_gap_s=3600,
    max_distance_m=500.0,
    median_speed_mps=2.0 * KNOT_MPS,
    tick_speed_mps=float("inf"),
    min_port_m=10_000.0,
    off_shore=False,
    merge_s=4 * 3600,
    small_m=50.0,
    night_sun_deg=-6.0,
    update_s=3600,
    pairs=every_pair(7200, CAUTION),
)

# "More than 30 minutes" is at least 31 on a grid of minutes.
SKYLIGHT = EncounterSettings(
    tick_s=60,
    max_gap_s=1800,
    max_distance_m=250.0,
    median_speed_mps=float("inf"),
    tick_speed_mps=float("inf"),
    min_port_m=0.0,
    off_shore=False,
    merge_s=4 * 3600,
    small_m=50.0,
    night_sun_deg=-6.0,
    update_s=3600,
    pairs=every_pair(1860, CAUTION),
)

COASTAL = EncounterSettings(
    tick_s=120,
    max_gap_s=900,
    max_distance_m=250.0,
    median_speed_mps=float("inf"),
    tick_speed_mps=3.0 * KNOT_MPS,
    min_port_m=5_000.0,
    off_shore=True,
    merge_s=4 * 3600,
    small_m=50.0,
    night_sun_deg=-6.0,
    update_s=3600,
    pairs=(
        PairRule(FISHING, TANKER, 1200, 3600, WARNING, CAUTION),
        PairRule(FISHING, CARGO, 1200, 3600, WARNING, CAUTION),
        PairRule(SMALL, TANKER, 1200, NEVER_S, WARNING, CAUTION),
        PairRule(SMALL, CARGO, 1200, NEVER_S, CAUTION, CAUTION),
        PairRule(TANKER, TANKER, 2400, 3600, CAUTION, CAUTION),
        PairRule(CARGO, TANKER, 2400, NEVER_S, CAUTION, CAUTION),
    ),
)

PROFILES = {
    "coastal": Profile(
        "coastal",
        COASTAL,
        "Littoral; distances after Skylight's standard rendezvous, form after Miller et al. 2018",
        "Near the coast a transfer of fuel, goods or people takes minutes, not hours, and is done "
        "by night; 3 kn and not 2, because the tidal stream of the Qiongzhou Strait alone sets a "
        "drifting pair at 2 kn and more. By day, or between two merchant ships, it takes longer to "
        "say so. Not judged: within 5 km of a port or anchorage and within the coastline band "
        "(moored rows, boats alongside); fishing with fishing (pair trawlers, rafted boats); and "
        "whoever lies alongside others by trade: towing 31-32, dredging and diving 33-34, "
        "military 35, pilot 50, search and rescue 51, tug 52, port tender 53, anti-pollution 54, "
        "law enforcement 55, medical 58 and passenger ships 60-69.",
        adjustable(COASTAL.pairs),
    ),
    "gfw": Profile(
        "gfw",
        GFW,
        "Miller, Roan, Hochberg, Amos, Kroodsma 2018, Identifying Global Patterns of Transshipment "
        "Behavior, Front. Mar. Sci. 5:240; globalfishingwatch.org/faqs/what-is-a-vessel-encounter; "
        "GlobalFishingWatch/pipe-encounters 3.4 for the grid, the gap and the merging",
        "The definition that fisheries analysts compare with: 500 m, 2 h, median below 2 kn, 10 km "
        "from a coastal anchorage. Ports stand in where a region has no list of anchorages.",
        adjustable(GFW.pairs),
    ),
    "skylight": Profile(
        "skylight",
        SKYLIGHT,
        "Skylight (Allen Institute for AI), help pages, Event icons: Standard Rendezvous",
        "Two vessels within 250 m of each other for more than 30 minutes. Skylight publishes "
        "neither its resampling (here every minute, across at most 30 minutes) nor a speed or a "
        "distance from port, so none is applied.",
        adjustable(SKYLIGHT.pairs),
    ),
}
