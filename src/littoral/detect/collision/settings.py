"""Limits of a collision risk by area, and where each comes from."""

from __future__ import annotations

from dataclasses import dataclass

from littoral.area.geodesy import KNOT_MPS
from littoral.detect.collision.adjustable import ADJUSTABLE
from littoral.detect.contract import Profile

# Rows of limits: the codes of `area.profiles`, then two ferries on one scheduled crossing.
FERRIES = 3
AREA_NAMES = ("open_sea", "ferry_strait", "port_approach", "ferry_crossing")


@dataclass(frozen=True, slots=True)
class AreaLimits:
    """Clear distance between hulls at the closest point, and time to it, for each priority."""

    warning_cpa_m: float
    warning_tcpa_s: float
    alarm_cpa_m: float
    alarm_tcpa_s: float


@dataclass(frozen=True, slots=True)
class CollisionSettings:
    """Lengths in metres, times in seconds, speeds in m/s."""

    tick_s: int  # every known pair at risk is judged this often
    look_every: int  # new pairs are looked for at every so many ticks
    near_s: float  # in straits and port approaches at each, where they meet within this
    full_length_m: float  # limits hold for a longer ship of this length and more,
    least_share: float  # and shrink with her length down to this share, distances and times,
    least_warning_s: float  # but a warning's time not below this (where the full one is longer)
    least_alarm_s: float  # and an alarm's
    limits: tuple[AreaLimits, AreaLimits, AreaLimits]  # open sea, ferry strait, port approach
    ferry: AreaLimits  # between two passenger ships on the crossing
    own_speed_mps: float  # one of the two makes at least this
    closing_mps: float  # relative speed: below it the two sail in company
    fishing_closing_mps: float  # the same between two fishing vessels
    still_closing_mps: float  # and with one below half of `slow_mps` that gives no status
    begin_age_s: float  # of a fix, for a vessel that makes way, where an alert begins
    max_age_s: float  # and where it goes on
    slow_age_s: float  # of a fix, for one that makes less than `slow_mps`
    slow_mps: float
    steady_deg: float  # off its mean course of 40 s: beyond it a ship is turning
    turning_share: float  # of the alarm's time within which a turning ship is judged
    max_speed_mps: float  # faster reports are errors
    accurate_m: float  # standard error of a position with the accuracy flag
    inaccurate_m: float  # without it
    drift_share: float  # of the way made since the fix that may lie off the line
    length_m: float  # of a vessel that does not say
    beam_m: float
    warning_looks: int  # ticks in a row at risk before a warning
    looks: int  # and before an alarm
    clear_looks: int  # ticks in a row out of risk before its end
    hold_cpa: float  # factor on the distance limit while an alert goes on
    hold_tcpa: float  # factor on the time limit while an alert goes on
    again_s: float  # a risk within this of the last one's end is the same alert
    update_s: float
    head_on_course_deg: float  # courses this near to reciprocal are head-on
    ahead_deg: float  # and each sees the other this near to right ahead


COASTAL = CollisionSettings(
    tick_s=10,
    look_every=3,
    near_s=150.0,
    full_length_m=115.0,
    least_share=0.4,
    least_warning_s=90.0,
    least_alarm_s=45.0,
    limits=(
        AreaLimits(185.0, 360.0, 92.0, 180.0),
        AreaLimits(92.0, 240.0, 46.0, 120.0),
        AreaLimits(46.0, 120.0, 23.0, 60.0),
    ),
    ferry=AreaLimits(30.0, 90.0, 15.0, 45.0),
    own_speed_mps=3.0 * KNOT_MPS,
    closing_mps=3.0 * KNOT_MPS,
    fishing_closing_mps=8.0 * KNOT_MPS,
    still_closing_mps=8.0 * KNOT_MPS,
    begin_age_s=120.0,
    max_age_s=180.0,
    slow_age_s=400.0,
    slow_mps=2.0 * KNOT_MPS,
    steady_deg=6.0,
    turning_share=0.4,
    max_speed_mps=60.0 * KNOT_MPS,
    accurate_m=10.0,
    inaccurate_m=30.0,
    drift_share=0.1,
    length_m=30.0,
    beam_m=8.0,
    warning_looks=4,
    looks=2,
    clear_looks=3,
    hold_cpa=1.5,
    hold_tcpa=1.25,
    again_s=1800.0,
    update_s=60.0,
    head_on_course_deg=10.0,
    ahead_deg=15.0,
)

PROFILES = {
    "coastal": Profile(
        "coastal",
        COASTAL,
        "IMO MSC.192(79) 5.29 (one set of CPA/TCPA limits for radar and AIS targets), 5.25.4.1 and "
        "5.25.4.7 (a target's motion is predicted well after some minutes of steady course, badly "
        "while it manoeuvres); Fujii and Tanaka 1971, Traffic Capacity, J. Navigation 24 (ship "
        "domain 8 L by 3.2 L in open water, 6 L by 1.6 L in restricted); Coldwell 1983, Marine "
        "Traffic Behaviour in Restricted Waters, J. Navigation 36; IMO MSC.137(76) (advance in a "
        "turn up to 4.5 L, way to a stop up to 15 L); IMO MSC.302(87) 5.2 (one alert for one "
        "situation); COLREG 1972 rules 13 to 18",
        "A coast watch sees every pair at sea, not one ship's own: a warning is due where a ship "
        "domain will be entered and not where a master looks up. Fujii's half axis abeam is 1.6 "
        "lengths in open water, 0.8 in restricted: 185 m and 92 m for a ship of 115 m, less for a "
        "shorter one; an alarm at half of it; half again in a port's approach. The time limits "
        "leave an operator a call by VHF and the ship a turn; what a ship needs to turn or stop "
        "grows with her length (MSC.137(76)), so they shrink with it too. A warning rests on four "
        "looks and two reports of each ship, an alarm on two looks; a ship that turns is judged "
        "when near at hand, since her course ahead is not known (MSC.192(79)). Quiet: at anchor, "
        "moored or aground; alongside in the coastline band; below 3 kn of relative speed (8 kn "
        "between fishing vessels, fleets, and with a craft that lies still without a status, which "
        "class B cannot give: boats in harbours do 6 to 8 kn); passenger ships on the scheduled "
        "crossing, which meet each other by timetable, unless within 30 m; tugs, pilots, dredgers, "
        "port tenders, search and rescue, police and naval ships, whose work is nearness. Checked "
        "against every true close pass of the simulated traffic (bench alarm-load).",
        ADJUSTABLE,
    ),
}
