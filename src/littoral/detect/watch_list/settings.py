"""When a listed vessel is worth a word."""

from __future__ import annotations

from dataclasses import dataclass

from littoral.detect.contract import Profile
from littoral.detect.watch_list.adjustable import ADJUSTABLE
from littoral.schema.finding import CAUTION


@dataclass(frozen=True, slots=True)
class WatchListSettings:
    """Times in seconds."""

    silence_s: float  # not heard for so long, she is heard again
    near_hold_s: float  # in the near sea for so long, she has entered it
    priority: int


COASTAL = WatchListSettings(silence_s=7200.0, near_hold_s=60.0, priority=CAUTION)

PROFILES = {
    "coastal": Profile(
        "coastal",
        COASTAL,
        "Littoral; priorities after IMO MSC.302(87): a caution is what wants attention and no "
        "immediate action. Rings: docs/areas.md",
        "People look out for her, so she is told when she comes; why is known to who listed her. "
        "Two hours: behind an island or at the edge of reception a ship is lost for half an hour "
        "or one, and a berth is left no sooner. A minute in the near sea, so that one bad report "
        "at its edge is no entry.",
        ADJUSTABLE,
    )
}
