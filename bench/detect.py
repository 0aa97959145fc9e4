"""Decoded positions to alerts: areas, order, tracks and all detectors, two cores, no lake.

20,000 vessels, decoded beforehand. The rate is that of a run's own threads: order and tracks ahead
of the detectors. The shares are of one thread that does one step after the other. The gap detector
by itself, over slices that have their tracks, stands beside what Global Fishing Watch has published
of its own, 2.77 million positions a second; that was measured elsewhere.
"""

from __future__ import annotations

import sys

from bench._harness import QUICK, report, row, timed
from bench._recording import recording
from bench._steps import Steps, copied
from littoral.engine import core, warm
from littoral.engine.reference import region_world
from littoral.schema.ais import Observations
from littoral.sense.ais import AisDecoder
from littoral.sense.decoded import StationList

LINES = 1_000_000 if QUICK else 12_000_000
RUNS = 2 if QUICK else 3
CHUNK_BYTES = 4 << 20
BOUND, AIM = 2_000_000, 10_000_000
GFW_GAPS = 2_770_000


def decoded(lines: int, stations: StationList) -> list[Observations]:
    """The recording as pieces of decoded rows."""
    decoder = AisDecoder(1, stations=stations, default_station="bench")
    pieces = []
    with open(recording(lines), "rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            pieces.append(decoder.feed(chunk).observations)
    pieces.append(decoder.close().observations)
    return pieces


def main() -> int:
    stations = StationList()
    pieces = decoded(LINES, stations)
    rules = core.choose_rules("coastal")
    world = core.with_stations(region_world("hainan"), stations)
    warm.load(rules, world)

    best_s = float("inf")
    told = Steps(rules, world)
    for _ in range(RUNS):
        fresh = [copied(piece) for piece in pieces]  # outside the clock
        told = Steps(rules, world)
        best_s = min(best_s, timed(lambda told=told, fresh=fresh: told.two_threads(fresh), 1).best)
    one = Steps(rules, world)
    for piece in (*pieces, None):
        one.alone(piece)

    rate = told.positions / best_s
    whole_s = sum(one.seconds.values())
    judging = {rule.detector.name for rule in rules}
    judging_s = sum(one.seconds[name] for name in judging)
    rows = [
        row("decoded positions to alerts, two cores", rate, "positions/s", at_least=BOUND),
        row("aim", rate / AIM, f"of {AIM:,} positions/s"),
        row("the same in one thread", one.positions / whole_s, "positions/s"),
        row("all detectors alone", one.positions / judging_s, "positions/s"),
        *(
            row(f"share: {step}", seconds / whole_s, "of one thread")
            for step, seconds in one.seconds.most_common()
        ),
        row(
            "gap detector alone", one.positions / one.seconds["gap"], "positions/s",
            at_least=10 * GFW_GAPS, peer="Global Fishing Watch 2.77 million/s, published",
        ),
        row("positions", one.positions, ""),
        row("alerts", one.alerts, ""),
    ]  # fmt: skip
    return report("detect", rows)


if __name__ == "__main__":
    sys.exit(main())
