"""Every event of a day by every rule and profile that the referee knows."""

from __future__ import annotations

from dataclasses import dataclass

from littoral.area.reception import Reception
from littoral.sim.referee import (
    approach,
    destination,
    deviation,
    drift,
    encounter,
    gap,
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

Kind = tuple[str, str]  # rule and kind

# What is judged, by profile; of the other rules nothing is said.
COASTAL: tuple[Kind, ...] = (
    ("loitering", "loitering"), ("drift", "drifting"), ("drift", "dragging"),
    ("port_visit", "port_visit"), ("approach", "approach"), ("landing", "landing"),
    ("landfall", "landfall"), ("encounter", "encounter"),
    ("meetings", "visited"), ("meetings", "repeated"),
    ("deviation", "route"), ("deviation", "speed"),
    ("deviation", "destination"),
    ("position", "on_land"), ("position", "circling"), ("position", "interference"),
    ("gap", "gap"),
)  # fmt: skip
KINDS: dict[str, tuple[Kind, ...]] = {
    "coastal": COASTAL,
    "gfw": (
        ("encounter", "encounter"), ("loitering", "loitering"), ("port_visit", "port_visit"),
        ("gap", "gap"),
    ),
    "skylight": (("encounter", "encounter"),),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """What the rules are given beside the reports."""

    ground: Ground
    lanes: deviation.Learned
    places: destination.Places
    reception: Reception


def events_of(r: Record, known: Known) -> dict[str, list[Happened]]:
    """By profile."""
    g, heard = known.ground, known.reception
    return {
        "coastal": coastal(r, known),
        "gfw": [
            *encounter.happened(r, g, encounter.GFW), *loitering.happened_by_gfw(r, g),
            *port_visit.happened(r, g, port_visit.GFW), *gap.happened_by_gfw(r, g, heard),
        ],
        "skylight": encounter.happened(r, g, encounter.SKYLIGHT),
    }  # fmt: skip


def coastal(r: Record, known: Known) -> list[Happened]:
    g = known.ground
    shore = shore_of(r, g)
    found = [*loitering.happened(r, g), *drift.happened(r, g), *port_visit.happened(r, g)]
    for rule in (approach, landing, landfall):
        found += rule.happened(r, g, shore)
    found += [*encounter.happened(r, g), *meetings.happened(r, g), *position.happened(r, g)]
    found += destination.happened(r, g, known.places)
    found += gap.happened(r, g, known.reception)
    return found + deviation.happened(r, g, known.lanes)
