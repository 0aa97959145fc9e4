"""When what a vessel says of itself has changed for good, and when the watch must know."""

from __future__ import annotations

from dataclasses import dataclass

from littoral.detect.contract import Profile
from littoral.detect.particulars.adjustable import ADJUSTABLE
from littoral.schema.finding import CAUTION, NOTED, WARNING

HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class ParticularsSettings:
    """Lengths in metres, times in seconds. "At sea" is heard all along and away from anchorage
    points."""

    hold_s: float  # a new value stands for so long, and something static is heard after it
    flap_s: float  # back to a value that was left within this: to and fro, no change
    call_m: float  # at sea is farther than this from every anchorage point
    unheard_s: float  # and without a silence of more than this
    name_sea_s: float  # at sea for so long when name and call sign, or the flag, change
    draught_m: float  # draughts that differ by less are the same
    sea_draught_m: float  # without a port call: differs by so much
    sea_draught_share: float  # and by this share of the draught before
    draught_sea_s: float  # and at sea for so long
    flag_apart_s: float  # the old MMSI is silent for so long before the new one says the IMO number
    flag_sea_s: float  # at sea: for no more than this
    noted_priority: int
    renamed_priority: int
    without_call_priority: int
    flag_priority: int


COASTAL = ParticularsSettings(
    hold_s=0.5 * HOUR_S,
    flap_s=6 * HOUR_S,
    call_m=5_000.0,
    unheard_s=2 * HOUR_S,
    name_sea_s=1 * HOUR_S,
    draught_m=0.5,
    sea_draught_m=1.5,
    sea_draught_share=0.15,
    draught_sea_s=3 * HOUR_S,
    flag_apart_s=0.5 * HOUR_S,
    flag_sea_s=24 * HOUR_S,
    noted_priority=NOTED,
    renamed_priority=WARNING,
    without_call_priority=CAUTION,
    flag_priority=CAUTION,
)

PROFILES = {
    "coastal": Profile(
        "coastal",
        COASTAL,
        "Littoral; static data of ITU-R M.1371-5 (tables 50 and 52), sent every 6 minutes; check "
        "digit of IMO Res. A.1117(30); maritime identification digits of the ITU",
        "Static data are typed by people: half an hour is five messages, in which a typing error "
        "is mended, and whoever goes to and fro between two values is told of by rule identity. "
        "Most changes are what an analyst asks for: priority 5, kept and never annunciated. Three "
        "are for the watch. Name and call sign both new under one MMSI after an hour at sea: they "
        "are programmed behind a password and change with owner and registry, which happens in "
        "port, so at sea it is another ship's identity (warning). Another draught without a port "
        "call: crews forget it at the berth and mend it in the first hours (3 h), fuel and ballast "
        "make less than 1.5 m and 15 %; what is left is cargo taken or given at sea: oil, sand, "
        "contraband (caution). Another flag under one IMO number within a day and without a port "
        "call (caution). A silence of two hours at sea, in which a call may have gone unseen, "
        "starts the time at sea anew, so that the edge of what is heard makes no alerts.",
        ADJUSTABLE,
    )
}
