"""What ships say in records made by hand: class A, static data every six minutes from the start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from littoral.sim.referee.record import Record
from littoral.sim.referee.said import CALL, Said, Spoken

FIRST = 412_000_001  # MMSI of the first ship of `hand.record`
MINUTE_US = 60_000_000
US, THEM = "HAI YUN 1", "BEI FENG 2"

# Minutes since the start -> fields of the static data, or None: nothing is sent.
Saying = Callable[[float], dict[str, object] | None]


def spoken(r: Record, ship: int, saying: Saying, unheard: tuple[int, ...] = ()) -> list[Spoken]:
    """`unheard`: the numbers of messages that nobody hears."""
    out = []
    minutes = (r.end_us - r.start_us) / MINUTE_US
    for n, minute in enumerate(np.arange(0.0, minutes, 6.0).tolist()):
        fields = saying(minute)
        if fields is not None:
            plain = Spoken(r.start_us + int(minute * MINUTE_US), ship, FIRST + ship, 0, US, "BQXA7",
                           80, (80, 20, 8, 8), n not in unheard)  # fmt: skip
            out.append(plain._replace(**fields))
    return out


def calls(r: Record, numbers: Callable[[int, float], int] | None = None) -> np.ndarray:
    """Every report of the record, with the MMSI that (ship, minute) gives; 0: nothing is sent."""
    rows = []
    for v in range(r.ships):
        for t, report in zip(r.heard[v].tolist(), r.reports[v], strict=True):
            minute = (t - r.start_us) / MINUTE_US
            mmsi = FIRST + v if numbers is None else numbers(v, minute)
            if mmsi:
                rows.append((t, mmsi, v, 0, report[0], report[1], report[2], 0.0))
    return np.sort(np.array(rows, CALL), order=["mmsi", "t_us"])


def saying(r: Record, statics: list[Spoken], told: np.ndarray | None = None) -> Record:
    return replace(r, said=Said(sorted(statics), calls(r) if told is None else told))
