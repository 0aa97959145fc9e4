"""Every event of a day by the rules of meetings at sea, of fences, and of what a ship says."""

from __future__ import annotations

from dataclasses import dataclass

from littoral.area.geofence import Geofence
from littoral.schema.watched import Watched
from littoral.sim.referee import (
    area_rule,
    collision,
    distress,
    identity,
    particulars,
    receiver,
    watch_list,
)
from littoral.sim.referee.record import Happened, Record
from littoral.sim.referee.waters import Waters

# (rule, kind) that are judged here: of any traffic,
AT_SEA = (
    ("collision", "collision_risk"),
    *(("area_rule", kind) for kind in ("ring", "entry", "exit", "speed_over", "speed_under",
                                       "night", "season", "presence")),
)  # fmt: skip
# and where all that is said under more than one MMSI was kept.
SAID = (
    *(("identity", kind) for kind in ("clash", "jump", "mmsi_change", "bad_mmsi", "bad_imo",
                                      "static_conflict")),
    *(("particulars", kind) for kind in ("name", "call_sign", "renamed", "draught",
                                         "draught_without_call", "flag")),
    *(("distress", kind) for kind in ("sart", "mob", "epirb", "status_14", "text", "test")),
    *(("watch_list", kind) for kind in ("listed_heard", "listed_again", "listed_near")),
    *(("receiver", kind) for kind in ("receiver_silent", "feed_silent")),
)  # fmt: skip
KINDS = AT_SEA + SAID


@dataclass(frozen=True, slots=True)
class Asked:
    """What people had drawn, listed and planned."""

    fences: tuple[Geofence, ...] = ()
    watched: tuple[Watched, ...] = ()
    works: tuple[tuple[str, int, int], ...] = ()


def at_sea(r: Record, w: Waters, asked: Asked) -> list[Happened]:
    return collision.happened(r, w) + area_rule.happened(r, w.ground, asked.fences)


def said(r: Record, w: Waters, asked: Asked) -> list[Happened]:
    return [
        *identity.happened(r), *particulars.happened(r, w.ground), *distress.happened(r),
        *watch_list.happened(r, w.ground, asked.watched), *receiver.happened(r, list(asked.works)),
    ]  # fmt: skip
