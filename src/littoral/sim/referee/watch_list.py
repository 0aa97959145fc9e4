"""Rule watch_list, profile coastal: see docs/detectors/watch_list.md, "The rule". It is a rule of
what is heard, so an event is what the reports that were heard make of it."""

from __future__ import annotations

import numpy as np

from littoral.schema.watched import Watched
from littoral.sim.referee.ground import Ground, shores_m
from littoral.sim.referee.record import Happened, Record

SILENCE_US, NEAR_HOLD_US, PRIORITY = 7_200_000_000, 60_000_000, 4
BEYOND_M = 24.0 * 1852.0


def known_from(r: Record, entry: Watched) -> dict[int, int]:
    """From when on each ship is known to be she."""
    found = {int(v): r.start_us for v in np.flatnonzero(r.mmsi == (entry.mmsi or -1))}
    for s in r.said.statics:
        by_imo = entry.imo is not None and s.imo == entry.imo
        if s.heard and (by_imo or (entry.name is not None and s.name == entry.name)):
            found.setdefault(s.ship, s.t_us)
    return found


def of_entry(r: Record, g: Ground, entry: Watched) -> list[Happened]:
    reports: list[tuple[int, int, bool]] = []  # time, ship, beyond the near sea
    for ship, since in known_from(r, entry).items():
        t = r.heard[ship]
        keep = (t >= since) & (t < entry.until_us)
        lon, lat = (np.ascontiguousarray(r.reports[ship][keep, c]) for c in (0, 1))
        away = shores_m(g.ours, lon, lat, BEYOND_M) > BEYOND_M
        reports += [(int(x), ship, bool(b)) for x, b in zip(t[keep], away, strict=True)]
    found: list[Happened] = []
    last = None
    beyond: set[int] = set()
    began: dict[int, int] = {}
    for t_us, ship, far in sorted(reports):
        kind = ""
        if last is None:
            kind = "listed_heard"
        elif t_us - last >= SILENCE_US:
            kind = "listed_again"
        if far:
            beyond.add(ship)
            began.pop(ship, None)
        elif ship in beyond:
            began.setdefault(ship, t_us)
            if t_us - began[ship] >= NEAR_HOLD_US:
                kind = kind or "listed_near"
                beyond.remove(ship)
                del began[ship]
        if kind:
            mmsi = (int(r.mmsi[ship]),)
            found.append(Happened("watch_list", kind, mmsi, t_us, t_us, t_us, PRIORITY))
        last = t_us
    return found


def happened(r: Record, g: Ground, watched: tuple[Watched, ...]) -> list[Happened]:
    return [e for entry in watched for e in of_entry(r, g, entry)]
