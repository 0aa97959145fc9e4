"""Places at ticks, between the last report before and the first after."""

from __future__ import annotations

import numpy as np
import pytest

from littoral.detect._ticks.fixes import (
    COLUMNS,
    NEXT_US,
    T_US,
    ends_with_tick,
    note_fleet,
    place_at,
    ticks_between,
)
from littoral.schema.ais import FLAG_JUMP, Positions, Statics, Texts
from littoral.schema.batch import Batch
from tests.detect.making import fleet_of

SECOND_US = 1_000_000
TICK_US, GAP_US = 600 * SECOND_US, 1800 * SECOND_US


def noted(t_us: int, lon: float, lat: float, flags: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """The table and who is waited for, with one report of track 0."""
    fleet = fleet_of({0: 70})
    fleet.last_us[0], fleet.lon_deg[0], fleet.lat_deg[0], fleet.flags[0] = t_us, lon, lat, flags
    fix, pending = np.zeros((fleet.capacity, COLUMNS)), np.zeros(fleet.capacity, np.bool_)
    note_fleet(fix, pending, np.ones(fleet.capacity, np.bool_), fleet)
    return fix, pending


@pytest.mark.parametrize(
    ("from_s", "until_s", "ends"),
    [(570, 600, True), (600, 630, False), (540, 570, False), (0, 3600, True)],
)
def test_a_slice_that_ends_with_a_tick(from_s: int, until_s: int, ends: bool) -> None:
    rows = Positions.empty(0), Statics.empty(0), Texts.empty(0)
    batch = Batch(*rows, from_s * SECOND_US, until_s * SECOND_US)
    assert ends_with_tick(batch, 600) is ends


def test_a_place_lies_on_the_line_and_over_the_antimeridian() -> None:
    fix, pending = noted(1190 * SECOND_US, 179.99, 10.0)
    assert pending[0]
    t_us = 1210 * SECOND_US
    first, last, follows = ticks_between(fix, 0, t_us, TICK_US, GAP_US)
    assert (first, last) == (1200 * SECOND_US, 1200 * SECOND_US)
    assert not follows  # the first place of all
    assert place_at(fix, 0, first, t_us, -179.97, 10.04) == pytest.approx((-179.99, 10.02))


def test_ticks_follow_on_while_reports_are_near_enough() -> None:
    fix, _ = noted(1190 * SECOND_US, 110.0, 18.0)
    ticks_between(fix, 0, 1230 * SECOND_US, TICK_US, GAP_US)
    fix[0, T_US] = 1230 * SECOND_US
    first, last, follows = ticks_between(fix, 0, 3030 * SECOND_US, TICK_US, GAP_US)
    assert (first // SECOND_US, last // SECOND_US, follows) == (1800, 3000, True)
    fix[0, T_US] = 3030 * SECOND_US
    first, last, follows = ticks_between(fix, 0, 4831 * SECOND_US, TICK_US, GAP_US)
    assert (first > last, follows) == (True, False)  # half an hour and a second: none
    assert fix[0, NEXT_US] == 5400 * SECOND_US


def test_a_report_in_doubt_is_not_kept() -> None:
    fix, _ = noted(1190 * SECOND_US, 110.0, 18.0, FLAG_JUMP)
    assert fix[0, T_US] == 0.0
