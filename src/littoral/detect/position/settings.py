"""When a reported position cannot be, and when several such are one interference."""

from __future__ import annotations

from dataclasses import dataclass

from littoral.area.geodesy import KNOT_MPS, NAUTICAL_MILE_M
from littoral.detect.contract import Profile
from littoral.detect.position.adjustable import ADJUSTABLE
from littoral.schema.finding import CAUTION, WARNING


@dataclass(frozen=True, slots=True)
class PositionSettings:
    """Lengths in metres, times in seconds, speeds in m/s."""

    jump_m: float  # displaced: at least so far from the last report,
    jump_mps: float  # farther than this speed would bring it,
    jump_gap_s: float  # the last report at most so old;
    settle_s: float  # settled: so long without another displacement
    known_positions: (
        int  # of an old track, before a new one of its MMSI elsewhere is a displacement
    )
    land_reports: int  # on land: so many in a row
    land_s: float  # over at least
    land_port_m: float  # the first at least so far from the edge of a port's circle
    circle_speed_mps: float  # circling: reports at least so fast,
    circle_every_s: float  # taken at least so far apart,
    circle_points: int  # at least so many
    circle_s: float  # over at least this
    circle_least_m: float  # radius at least
    circle_most_m: float  # and at most
    circle_share: float  # root mean square deviation from the circle, share of the radius, at most
    circle_turns: float  # way by reported speed in circumferences, at least
    circle_off_s: float  # it goes on when it holds again within this
    group_vessels: int  # interference: so many vessels displaced
    group_m: float  # from places within this of the last one's
    group_time_s: float  # within this; also: it ends when for so long no more came
    place_vessels: int  # or so many
    place_m: float  # to places within this of the last one's
    interference_priority: int
    land_priority: int
    circle_priority: int


COASTAL = PositionSettings(
    jump_m=1_852.0,
    jump_mps=50.0 * KNOT_MPS,
    jump_gap_s=600.0,
    settle_s=60.0,
    known_positions=10,
    land_reports=3,
    land_s=120.0,
    land_port_m=3_000.0,
    circle_speed_mps=5.0 * KNOT_MPS,
    circle_every_s=15.0,
    circle_points=12,
    circle_s=540.0,
    circle_least_m=100.0,
    circle_most_m=1_000.0,
    circle_share=0.08,
    circle_turns=3.0,
    circle_off_s=300.0,
    group_vessels=4,
    group_m=20.0 * NAUTICAL_MILE_M,
    group_time_s=1_800.0,
    place_vessels=3,
    place_m=3_000.0,
    interference_priority=WARNING,
    land_priority=CAUTION,
    circle_priority=CAUTION,
)

PROFILES = {
    "coastal": Profile(
        "coastal",
        COASTAL,
        "Littoral; circles after Bergman 2019 and 2020 (SkyTruth, Systematic GPS manipulation "
        "occurring at Chinese oil terminals and government installations; Global Fishing Watch, "
        "Circling above Point Reyes); that only several vessels with like sources or targets are "
        "an interference after Winkel, Willems, O'Driscoll, Fernandez-Hernandez 2026, "
        "SeaSpoofFinder, arXiv:2602.16257, and Park, Cho, Son 2026, arXiv:2603.11055",
        "A single jump is a receiver's or a set's fault, and rule identity tells of it. On land "
        "counts only who was put there: who sails there knows a river that the chart lacks, and "
        "who was never heard elsewhere is a set in a workshop. Published circles are kept for "
        "long at about 20 kn; a ship that adjusts "
        "its compass or tries its rudder turns once or twice, a purse seiner once, and whoever "
        "circles longer is set off by stream and wind. Radii over 1,000 m are left out: at 20 kn "
        "three turns take over half an hour. Four vessels from one area or three to one place "
        "within half an hour are no chance: two ships under one MMSI, the commonest false jump, "
        "never stay at one place for a minute.",
        ADJUSTABLE,
    )
}
