"""AIVDM lines in any number for benches: `python -m littoral.sim.lines --lines N > FILE`.

The fleet is made to load every stage like real traffic does, not to look like it on a map (that is
`traffic`): vessels go round stadium-shaped tracks laid in tiles over open sea around Hainan, in
convoy, so that few of them come close; others lie at anchor or fish slowly; a few wander across
the tracks, fall silent for hours or share an MMSI, so that every detector has work. Reporting
intervals are those of ITU-R M.1371-5, table 1, stretched evenly to reach the asked-for rate.

The same arguments give the same bytes. Nothing is kept but the fleet, so any length runs in the
same memory.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator

import numpy as np

from littoral.sim import damage, tracks
from littoral.sim.encode import encode
from littoral.sim.rows import STATION_BYTES, ascii_rows

CHUNK_MESSAGES = 100_000
START_US = 1_780_272_000_000_000  # 2026-06-01T00:00:00Z


def generate(
    lines: int,
    vessels: int = 20_000,
    seed: int = 1,
    *,
    days: float | None = None,
    damaged: float = 0.02,
    start_us: int = START_US,
    milliseconds: bool = False,
) -> Iterator[np.ndarray]:
    """Exactly `lines` lines in chunks of bytes (uint8 arrays).

    `days` is the event time that they span; by default vessels report at the intervals of the
    standard, which 20,000 vessels fill with about 1,400 lines a second. `damaged` is the share of
    lines that are spoilt (see `damage`).
    """
    fleet = tracks.make_fleet(vessels, seed)
    cycle = tracks.make_cycle(fleet, seed)
    lines_per_cycle = int(np.where(cycle.msg_type == 5, 2, 1).sum())
    cycle_us = tracks.CYCLE_S * 1e6
    if days is not None:
        cycle_us = days * 86_400e6 * lines_per_cycle / lines
    stations = ascii_rows(list(tracks.STATIONS), STATION_BYTES)
    at, left = 0, lines
    while left > 0:
        rows = tracks.reports(fleet, cycle, at, CHUNK_MESSAGES, start_us, cycle_us, seed)
        at += CHUNK_MESSAGES
        encoded = encode(rows, fleet.ships, stations, milliseconds=milliseconds)
        data, count = damage.spoil(encoded.data, damaged, lines - left, left, seed)
        left -= count
        yield data


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m littoral.sim.lines", description=__doc__)
    parser.add_argument("--lines", type=int, required=True)
    parser.add_argument("--vessels", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", type=float, help="event time to span; default: natural rate")
    parser.add_argument("--damaged", type=float, default=0.02, help="share of spoilt lines")
    parser.add_argument("--ms", action="store_true", help="milliseconds in the tag block")
    a = parser.parse_args(arguments)
    chunks = generate(a.lines, a.vessels, a.seed, days=a.days, damaged=a.damaged, milliseconds=a.ms)
    try:
        for chunk in chunks:
            view = chunk.data
            while view:
                view = view[os.write(sys.stdout.fileno(), view) :]
    except BrokenPipeError:
        return 0  # the reader has had enough
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
