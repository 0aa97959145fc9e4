"""Every event of a day by every rule that the referee knows."""

from __future__ import annotations

from littoral.sim.referee import (
    approach,
    destination,
    deviation,
    drift,
    encounter,
    landfall,
    landing,
    loitering,
    meetings,
    port_visit,
    position,
)
from littoral.sim.referee.ground import Ground
from littoral.sim.referee.record import Happened, Record
from littoral.sim.referee.shore import shore_of

# (rule, kind) that are judged; of the other rules nothing is said.
KINDS = (
    ("loitering", "loitering"), ("drift", "drifting"), ("drift", "dragging"),
    ("port_visit", "port_visit"), ("approach", "approach"), ("landing", "landing"),
    ("landfall", "landfall"), ("encounter", "encounter"),
    ("meetings", "visited"), ("meetings", "repeated"),
    ("deviation", "route"), ("deviation", "speed"),
    ("deviation", "destination"),
    ("position", "on_land"), ("position", "circling"), ("position", "interference"),
)  # fmt: skip


def events_of(
    r: Record, g: Ground, learned: deviation.Learned, places: destination.Places
) -> list[Happened]:
    shore = shore_of(r, g)
    found = [*loitering.happened(r, g), *drift.happened(r, g), *port_visit.happened(r, g)]
    for rule in (approach, landing, landfall):
        found += rule.happened(r, g, shore)
    found += [*encounter.happened(r, g), *meetings.happened(r, g), *position.happened(r, g)]
    found += destination.happened(r, g, places)
    return found + deviation.happened(r, g, learned)
