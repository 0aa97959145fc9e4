"""The referee's rule of lanes on a sea made by hand: a lane due east, ships that keep it, leave it
or creep along it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from littoral.sim.demo import LANES
from littoral.sim.referee.deviation import COLUMNS, Learned, happened, read_learned, runs
from littoral.sim.referee.record import Happened, Record
from tests.sim.referee.hand import KN, degrees, ground, legs, record

SEA = -40_000.0  # north of the shore, in metres
# Cells of 0.02 degrees along 17.639 N (40 km south of 18 N) from 108 E to 112 E.
ROW = int((degrees(0.0, SEA)[1] + 90.0) / 0.02)
LANE = np.array([(c, ROW) for c in range(14_400, 14_600)], np.int64)
# Cargo (1) eastbound (2): 10th and 90th percentile 4 and 6 m/s.
PACE = {(ROW * COLUMNS + int(c), 2, 1): (4.0, 6.0) for c, _ in LANE}
LEARNED = Learned(LANE, LANE, LANE, PACE)


def east(knots: float, off_m: float = 0.0, *, minutes: int = 180, to: float = 180.0) -> Record:
    """Due east along the lane, `off_m` south of it."""
    y = SEA - off_m
    way = legs((0, -30_000, y), (to, -30_000 + knots * KN * 60 * to, y))
    return record([way], minutes, types=[70])


def at(r: Record, e: Happened) -> tuple[float, ...]:
    return tuple((t - r.start_us) / 60e6 for t in (e.start_us, e.end_us, e.told_us))


def test_runs() -> None:
    # Broken by 16 min without a hit before it is an event; by three hours afterwards.
    assert runs(np.array([*range(0, 50), *range(66, 130)]), 60) == [(66, 129, 126)]
    assert runs(np.array([*range(0, 50), *range(64, 80)]), 60) == [(0, 79, 64)]
    assert runs(np.array([*range(0, 61), 240]), 60) == [(0, 240, 60)]
    assert runs(np.array([*range(0, 61), 241]), 60) == [(0, 60, 60)]
    assert runs(np.array([*range(0, 60)]), 60) == []


@pytest.mark.parametrize(
    ("off_m", "events"), [(0.0, 0), (6_000.0, 0), (10_000.0, 1), (30_000.0, 0)]
)
def test_off_the_lanes_within_watched_waters(off_m: float, events: int) -> None:
    # More than 8 km from the lane, and at most 20 km from a watched cell.
    r = east(10.0, off_m)
    found = happened(r, ground(), LEARNED)
    assert [e.kind for e in found] == ["route"] * events
    if events:
        assert at(r, found[0]) == pytest.approx((0.0, 179.0, 60.0), abs=1.0)


@pytest.mark.parametrize(
    ("knots", "events"),
    [(3.6, 1), (4.2, 0), (10.0, 0), (17.0, 0), (18.0, 1), (1.8, 0)],  # 1.85, 2.16, 8.7, 9.3 m/s
)
def test_slow_and_fast_against_what_is_learned(knots: float, events: int) -> None:
    # Less than half of 4 m/s for an hour, at 2 kn or more; more than 1.5 times 6 m/s for 20 min.
    r = east(knots)
    found = happened(r, ground(), LEARNED)
    assert [e.kind for e in found] == ["speed"] * events
    if events:
        told = 60.0 if knots < 5.0 else 20.0
        assert at(r, found[0])[2] == pytest.approx(told, abs=1.0)


def test_not_near_a_port_and_not_who_is_no_merchant() -> None:
    r = east(10.0, 10_000.0)
    assert not happened(r, ground(ports=[(20_000.0, SEA, 60_000.0)]), LEARNED)
    way = legs((0, -30_000, SEA - 10_000), (180, 25_560, SEA - 10_000))
    assert not happened(record([way], 180, types=[30]), ground(), LEARNED)


def test_reads_the_packaged_file() -> None:
    learned = read_learned(Path(LANES))
    assert len(learned.merchant_lanes) > 100
    assert len(learned.passenger_lanes) >= len(learned.merchant_lanes)
    assert all(low <= high for low, high in learned.pace.values())
