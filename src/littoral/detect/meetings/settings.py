"""What a short meeting is, and how many of them with how many partners are worth a word."""

from __future__ import annotations

from dataclasses import dataclass

from littoral.area.geodesy import KNOT_MPS
from littoral.detect.contract import Profile
from littoral.detect.meetings.adjustable import ADJUSTABLE
from littoral.schema.finding import CAUTION, WARNING


@dataclass(frozen=True, slots=True)
class MeetingsSettings:
    """Lengths in metres, times in seconds, speeds in m/s."""

    tick_s: int  # positions are compared at multiples of this since 1970
    max_gap_s: int  # reports further apart are not interpolated between
    max_distance_m: float  # together: at a tick, reference point to reference point
    tick_speed_mps: float  # together: each slower than this at the tick
    min_port_m: float  # together: each at least so far from the edge of a port or anchorage
    off_shore: bool  # ticks in the ring "inland" or "coastline" do not count
    merge_s: int  # ticks together at most so far apart are one meeting
    meeting_least_s: int  # a meeting lasts at least
    meeting_most_s: int  # and at most: longer is staying together
    partners: int  # so many different ones
    meetings_window_s: int  # in meetings that began within this before the last one's end
    waiting_mps: float  # the visited vessel never made this
    quiet_s: int  # it ends when no further meeting ended for so long
    visited_priority: int
    repeated_priority: int


COASTAL = MeetingsSettings(
    tick_s=60,
    max_gap_s=600,
    max_distance_m=250.0,
    tick_speed_mps=2.0 * KNOT_MPS,
    min_port_m=5_000.0,
    off_shore=True,
    merge_s=300,
    meeting_least_s=300,
    meeting_most_s=3_600,
    partners=3,
    meetings_window_s=12 * 3_600,
    waiting_mps=3.0 * KNOT_MPS,
    quiet_s=6 * 3_600,
    visited_priority=WARNING,
    repeated_priority=CAUTION,
)

PROFILES = {
    "coastal": Profile(
        "coastal",
        COASTAL,
        "Littoral; distance as in rule encounter; that minutes alongside matter after Starboard "
        "Maritime Intelligence, help pages, How are vessel encounters identified (50 m for 10 min "
        "or 200 m for 30 min, off ports and 10 km off shores)",
        "Fuel, catch and goods go over in minutes when the parties know each other; one such "
        "meeting is nothing, three with different partners within half a day are a trade. 2 kn "
        "and not 3, because who trawls at 2.3 to 4 kn past a ship that lies still does not meet "
        "it. Not judged: within 5 km of a port or anchorage and within the coastline band "
        "(licensed bunkering, moored rows, beaches); two of one kind (fishing fleets that lie "
        "together at night, pair trawlers, rafted yachts, merchant ships that find a place in an "
        "anchorage that no list has); what lasts over an hour (a raft, or a transfer that rule "
        "encounter tells of); who says no type, except beside a merchant ship; and whoever lies "
        "alongside others by trade: towing 31-32, dredging and diving 33-34, military 35, "
        "high-speed craft 40-49, pilot 50, rescue 51, tug 52, tender 53, anti-pollution 54, law "
        "enforcement 55, local 56-57, medical 58, 59 and passenger ships 60-69.",
        ADJUSTABLE,
    )
}
