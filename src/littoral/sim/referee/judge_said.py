"""Every event of a day by the rules of meetings at sea, of fences, and of what a ship says."""

from __future__ import annotations

from littoral.sim.referee import collision
from littoral.sim.referee.record import Happened, Record
from littoral.sim.referee.waters import Waters

# (rule, kind) that are judged here.
KINDS = (("collision", "collision_risk"),)


def events_of(r: Record, w: Waters) -> list[Happened]:
    return collision.happened(r, w)
