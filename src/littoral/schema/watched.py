"""Vessels that people have put on the watch-list: by number or name, until a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from littoral.schema.fleet import Fleet


@dataclass(frozen=True, slots=True)
class Watched:
    """A vessel on the list. She is whoever has the MMSI, the IMO number or exactly the name: one
    that is given suffices. `until_us`: event time at which she is no longer watched for."""

    id: str
    mmsi: int | None
    imo: int | None
    name: str | None  # as AIS has it: capital letters
    until_us: int


def places(watched: Sequence[Watched], fleet: Fleet, tracks: np.ndarray) -> dict[int, int]:
    """Of those among `tracks` (rows of the fleet) that are watched, the place in the list."""
    mmsi = {w.mmsi: n for n, w in reversed(list(enumerate(watched))) if w.mmsi is not None}
    imo = {w.imo: n for n, w in reversed(list(enumerate(watched))) if w.imo is not None}
    name = {w.name: n for n, w in reversed(list(enumerate(watched))) if w.name is not None}
    hit = np.isin(fleet.mmsi[tracks], np.array(list(mmsi), np.int64))
    if imo:
        hit |= np.isin(fleet.imo[tracks], np.array(list(imo), np.int64))
    if name:
        hit |= np.isin(np.char.strip(fleet.name[tracks]), np.array([n.encode() for n in name]))
    found = {}
    for track in tracks[hit].tolist():
        named = bytes(fleet.name[track]).decode(errors="replace").strip()
        ways = (mmsi.get(int(fleet.mmsi[track])), imo.get(int(fleet.imo[track])), name.get(named))
        found[track] = min(place for place in ways if place is not None)
    return found
