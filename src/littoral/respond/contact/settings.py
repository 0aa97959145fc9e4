"""How far a contact is reckoned on, and how fast it becomes uncertain, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from littoral.area.geodesy import KNOT_MPS, NAUTICAL_MILE_M
from littoral.respond.contact.words import AIRCRAFT, IN_WATER, SMALL_CRAFT, UNKNOWN, VESSEL

MINUTE_S, HOUR_S = 60.0, 3600.0


@dataclass(frozen=True, slots=True)
class ReckoningSettings:
    """Of one sort of contact. `error_ratio`: of the distance run."""

    until_s: float  # after the time heard it is no longer reckoned on, and shown as old
    error_ratio: float
    drift_mps: float  # the circle grows at least so fast
    way_mps: float  # and so fast where course or speed was not said


# The ratios are those of dead reckoning in the IAMSAR Manual, Vol. II, Appendix N (Probable errors
# of position): a ship 5 % of the distance run, a small boat and a light aircraft 15 %. Beside the
# distance counts an error current of 0.7 kn (D. Burch, Emergency Navigation); what lies in the
# water or drifts goes with the whole stream, which in the Qiongzhou Strait is 2 to 3 kn: 2.5.
# Who says neither course nor speed may go any way, at what such craft usually make: a coaster or
# fishing vessel 10 kn, a boat 15, a light aircraft or helicopter 100. `until_s`: until the circle
# of one that said nothing is some 10 NM wide, wider than what a patrol looks through in an hour;
# what drifts is followed for two hours, as long as a contact usually stays in the picture.
SETTINGS: Mapping[str, ReckoningSettings] = MappingProxyType({
    VESSEL: ReckoningSettings(HOUR_S, 0.05, 0.7 * KNOT_MPS, 10 * KNOT_MPS),
    SMALL_CRAFT: ReckoningSettings(40 * MINUTE_S, 0.15, 0.7 * KNOT_MPS, 15 * KNOT_MPS),
    IN_WATER: ReckoningSettings(2 * HOUR_S, 0.15, 2.5 * KNOT_MPS, 2.5 * KNOT_MPS),
    AIRCRAFT: ReckoningSettings(6 * MINUTE_S, 0.15, 0.7 * KNOT_MPS, 100 * KNOT_MPS),
    UNKNOWN: ReckoningSettings(40 * MINUTE_S, 0.15, 0.7 * KNOT_MPS, 15 * KNOT_MPS),
})  # fmt: skip

# IAMSAR, the same appendix: a visual or a radar fix is good to 1 NM; of a position that was read
# from GNSS (0.1 NM) whoever enters it says so.
ACCURACY_M = NAUTICAL_MILE_M

# How old a call may be that is still entered, and how far the clocks of desks may be apart.
OLDEST_S = 24 * HOUR_S
AHEAD_S = 60.0

# How long it stays in the live picture after it was last heard: two hours, in which a boat that
# called at all has called again or come in; half a day for a long search.
KEEP_S, LEAST_KEEP_S, MOST_KEEP_S = 2 * HOUR_S, 0.25 * HOUR_S, 12 * HOUR_S
