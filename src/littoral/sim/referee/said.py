"""What the radios of a simulated day said, as sent, without noise, and what of it was heard."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np


class Spoken(NamedTuple):
    """A ship's static data as it sent them once (class B: both parts), whether or not a receiver
    heard them. `ship`: row of the record. Empty, 0: says nothing."""

    t_us: int
    ship: int
    mmsi: int
    imo: int
    name: str
    call_sign: str
    draught_dm: int
    size: tuple[int, int, int, int]
    heard: bool


# A position report that was heard, with the MMSI that it gave; `ship`: row of the record; status -1
# where it gives none.
CALL = np.dtype(
    [("t_us", "i8"), ("mmsi", "i8"), ("ship", "i4"), ("status", "i4"), ("lon_deg", "f8"),
     ("lat_deg", "f8"), ("sog_mps", "f8"), ("cog_deg", "f8")]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """`statics` in order of time; `calls` (n,) of `CALL` in order of MMSI and time, of planted
    ships alone; `texts` (time, MMSI, safety text) that were heard; `stations`: by receiver the
    times (n,) in us, in order, of all that it heard."""

    statics: list[Spoken] = field(default_factory=list)
    calls: np.ndarray = field(default_factory=lambda: np.zeros(0, CALL))
    texts: list[tuple[int, int, str]] = field(default_factory=list)
    stations: dict[str, np.ndarray] = field(default_factory=dict)

    def statics_by_mmsi(self) -> dict[int, list[Spoken]]:
        found: dict[int, list[Spoken]] = {}
        for spoken in self.statics:
            found.setdefault(spoken.mmsi, []).append(spoken)
        return found

    def statics_of_tracks(self) -> list[tuple[int, list[Spoken]]]:
        """By MMSI and ship: two ships under one MMSI are each a track, with its own name."""
        found: dict[tuple[int, int], list[Spoken]] = {}
        for spoken in self.statics:
            found.setdefault((spoken.mmsi, spoken.ship), []).append(spoken)
        return [(mmsi, said) for (mmsi, _), said in found.items()]

    def numbers(self) -> list[int]:
        """MMSIs that planted ships were heard with."""
        return [int(m) for m in np.unique(self.calls["mmsi"])]

    def number_of(self, ship: int, t_us: int) -> int:
        """The MMSI of a planted ship's first call from then on; 0: none."""
        mine = self.calls[(self.calls["ship"] == ship) & (self.calls["t_us"] >= t_us)]
        return int(mine["mmsi"][np.argmin(mine["t_us"])]) if len(mine) else 0

    def calls_of(self, mmsi: int) -> np.ndarray:
        a, b = np.searchsorted(self.calls["mmsi"], [mmsi, mmsi + 1])
        return self.calls[a:b]
