"""What makes a vessel's identity doubtful, and how urgent it is."""

from __future__ import annotations

from dataclasses import dataclass

from littoral.area.geodesy import KNOT_MPS
from littoral.detect.contract import Profile
from littoral.detect.identity.adjustable import ADJUSTABLE
from littoral.schema.finding import CAUTION, WARNING


@dataclass(frozen=True, slots=True)
class IdentitySettings:
    """Times in seconds, lengths in metres, speeds in m/s."""

    # clash: two tracks under one MMSI at once.
    clash_positions: int  # each track has at least so many
    clash_overlap_s: float  # and both lived at once for so long
    # jump: a position that cannot have come from the last one (found by track keeping).
    jump_m: float  # at least so far
    jumps_many: int  # so many on one alert are worth a warning
    # mmsi_change: a track ends and one of another MMSI goes on from there.
    change_gap_s: float  # between the last position of the old and the first of the new
    change_base_m: float  # how far the new begins from where the old is reckoned to be:
    change_mps: float  # base + this times the gap
    change_min_mps: float  # both under way at least so fast: at rest many lie close together
    change_speed_mps: float  # speeds differ by less
    change_course_deg: float  # courses differ by less
    change_length_m: float  # lengths, where both are told, differ by no more
    change_old_positions: int  # of the track that ended
    change_confirm_s: float  # the old stays silent and the new is heard for so long
    # static_conflict
    flips: int  # goings back to an earlier name, call sign or size
    flips_s: float  # within this
    together_s: float  # two MMSIs with one IMO number, both heard within this
    # An alert that goes on ends when nothing more of its cause came for so long.
    quiet_s: float
    clash_priority: int = WARNING
    jump_priority: int = CAUTION
    jumps_many_priority: int = WARNING
    change_priority: int = WARNING
    bad_number_priority: int = CAUTION
    conflict_priority: int = WARNING
    flip_priority: int = CAUTION


COASTAL = IdentitySettings(
    clash_positions=10,
    clash_overlap_s=600.0,
    jump_m=1852.0,
    jumps_many=5,
    change_gap_s=900.0,
    change_base_m=150.0,
    change_mps=1.0,
    change_min_mps=2.0 * KNOT_MPS,
    change_speed_mps=2.0 * KNOT_MPS,
    change_course_deg=20.0,
    change_length_m=3.0,
    change_old_positions=20,
    change_confirm_s=300.0,
    flips=2,
    flips_s=6 * 3600.0,
    together_s=1800.0,
    quiet_s=3600.0,
)

PROFILES = {
    "coastal": Profile(
        "coastal",
        COASTAL,
        "ITU-R M.585-9 (forms of MMSI); IMO Res. A.1117(30) and ITU-R M.1371-5 table 52 (IMO "
        "number and its check digit); tracks told apart after Global Fishing Watch's "
        "gpsdio-segment; the rest Littoral",
        "Two ships under one MMSI are told of only when both have been heard ten times over ten "
        "minutes together, since single reports astray are noise. A jump under a mile is a "
        "receiver or a GNSS hiccup. An exchange of MMSI under way is rare and grave, so the gate "
        "is narrow: 150 m and 1 m/s beside dead reckoning, like speed and course, at least 2 kn "
        "(in port and at anchor anybody begins next to where anybody ended), and the old MMSI "
        "stays silent for five more minutes. A number whose form or check digit is wrong is "
        "mostly a typing error.",
        ADJUSTABLE,
    )
}
