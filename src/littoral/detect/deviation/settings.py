"""How far from the lanes, how slow or fast, how wrong the way, for how long."""

from __future__ import annotations

from dataclasses import dataclass

from littoral.area.geodesy import KNOT_MPS
from littoral.detect.contract import Profile
from littoral.detect.deviation.adjustable import ADJUSTABLE
from littoral.schema.finding import CAUTION, NOTED


@dataclass(frozen=True, slots=True)
class DeviationSettings:
    """Lengths in metres, times in seconds, speeds in m/s."""

    # What was learned: when a cell is a lane, and when enough is known of a place.
    lane_vessel_days: float  # of the group in a cell that is a lane, at least
    lane_per_day: float  # and for each day learned from
    watched_vessel_days: float  # of all vessels in a cell that is watched well, at least
    watched_per_day: float  # and for each day learned from
    speed_vessels: int  # of the group in cell and sector before its usual speeds are believed
    # Where and who.
    port_m: float  # from the edge of a port or anchorage: nearer is not judged by lane or speed
    under_way_mps: float  # slower is off no lane
    making_way_mps: float  # slower is no slow ship but one that drifts, waits or works
    # Off the lanes.
    lane_m: float  # from the nearest lane, more than this
    watched_m: float  # from the nearest watched cell, up to this
    around_m: float  # or watched cells within this to all four sides
    route_hold_s: float  # from the first such moment to the last, at least
    # An unusual pace.
    slow_share: float  # of the group's slowest usual speed there, less than this
    slow_hold_s: float
    fast_share: float  # of the group's fastest usual speed there, more than this
    fast_hold_s: float
    # Not where it says.
    arrived_m: float  # from the destination: it is there
    approach_m: float  # nearer than it ever was by this: it has set out for the destination
    away_m: float  # from there on, further off than it has been by this
    still_mps: float  # slower in port is a stop
    stop_hold_s: float
    elsewhere_m: float  # from the destination to a port that is another, at least
    sailed_m: float  # from where the destination was first heard to the stop, at least
    end_m: float  # from where ships with this destination were learned to end, more than this
    # Of all of them.
    grace_s: float  # what is no event yet is over after so long without a hit
    silence_s: float  # or after a longer silence; an end to what was away, too
    over_s: float  # an event is over after so long without a hit
    sample_s: float  # distances from the destination are taken so often
    update_s: float  # what goes on is told again this often
    priority: int
    elsewhere_priority: int


COASTAL = DeviationSettings(
    lane_vessel_days=5.0,
    lane_per_day=0.5,
    watched_vessel_days=10.0,
    watched_per_day=2.0,
    speed_vessels=5,
    port_m=10_000.0,
    under_way_mps=3.0 * KNOT_MPS,
    making_way_mps=2.0 * KNOT_MPS,
    lane_m=8_000.0,
    watched_m=20_000.0,
    around_m=60_000.0,
    route_hold_s=3_600.0,
    slow_share=0.5,
    slow_hold_s=3_600.0,
    fast_share=1.5,
    fast_hold_s=1_200.0,
    arrived_m=30_000.0,
    approach_m=20_000.0,
    away_m=50_000.0,
    still_mps=0.5 * KNOT_MPS,
    stop_hold_s=3_600.0,
    elsewhere_m=50_000.0,
    sailed_m=30_000.0,
    end_m=20_000.0,
    grace_s=900.0,
    silence_s=3_600.0,
    over_s=10_800.0,
    sample_s=120.0,
    update_s=3_600.0,
    priority=CAUTION,
    elsewhere_priority=NOTED,
)

PROFILES = {
    "coastal": Profile(
        "coastal",
        COASTAL,
        "Littoral; lanes as learned by `littoral learn lanes`, after TREAD (Pallotta, Vespe, Bryan "
        "2013, Entropy 15(6) 2218-2245); destinations after IMO SN.1/Circ.244/Rev.1",
        "Only cargo, tanker and passenger ships: others go where their work is. A cell is a lane "
        "where such ships passed on every second day, so an odd voyage makes none; 8 km is four "
        "times a lane's width and an hour is ten miles, which no ship sails to keep clear of "
        "another. Near the edge of what is heard lanes fade: judged is only within 20 km of water "
        "where ships are heard daily, or between such waters. Half of the slowest usual speed for "
        "an hour, or half as much again as the fastest for twenty minutes, is no traffic, no "
        "weather and no give-way. Crews forget to change a destination when they sail, so a ship "
        "must first have come 20 km nearer to it than it ever was, without arriving, and then be "
        "50 km further off or lie in another port. A ship that is off again within three hours is "
        "on the same errand. "
        "That a voyage ends in another port is for analysts: noted, never announced.",
        ADJUSTABLE,
    )
}
