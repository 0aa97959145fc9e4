"""When a silent receiver is worth a word, and how urgent."""

from __future__ import annotations

from dataclasses import dataclass

from littoral.detect.contract import Profile
from littoral.detect.receiver.adjustable import ADJUSTABLE
from littoral.schema.finding import ALARM, CAUTION, WARNING


@dataclass(frozen=True, slots=True)
class ReceiverSettings:
    """How long a receiver may be silent is learned by `sense.health`; here: what becomes of it."""

    silent_priority: int  # one receiver is silent, others are heard
    planned_priority: int  # as planned
    feed_priority: int  # nothing is heard at all
    active_s: float  # receivers heard this long before the last thing heard count as "all"
    overrun_s: (
        float  # silent this long after its planned end, it is no longer explained by the plan
    )


COASTAL = ReceiverSettings(
    silent_priority=WARNING,
    planned_priority=CAUTION,
    feed_priority=ALARM,
    active_s=3600.0,
    overrun_s=300.0,
)

PROFILES = {
    "coastal": Profile(
        "coastal",
        COASTAL,
        "Littoral; priorities after IMO MSC.302(87): a warning is a condition that is not "
        "dangerous yet but becomes so if nothing is done",
        "While a receiver is silent its part of the coast is watched less or not at all, and "
        "vessels seem to vanish there; when all are silent the picture is false, hence the alarm. "
        "Five minutes are allowed for a planned work to end late.",
        ADJUSTABLE,
    )
}
