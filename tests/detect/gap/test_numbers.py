"""Numbers of Global Fishing Watch's profile that no case of `test_gap` is near to, from both sides;
by docs/detectors/gap.md a silence is 12 h there, for whatever vessel.

What no case can notice, since it decides nothing as it stands: `fishing_s` and `stationary_s` made
less (the longest of what applies counts, and that is `class_a_s`); `min_positions` (14 positions
are asked for anyway); `survival_max`, and `unknown_factor` either way (what counts at once is
judged by `weak_survival_max`); `weak_survival_max` and `silent_share_max` made more (no chance and
no share is more than 1); `alone_factor` made less than 1; `unknown_ring_max` made less than -2,
which is any ring. In the coastal profile `before_s`: no positions before are asked for.
"""

from __future__ import annotations

import numpy as np
import pytest

from littoral.detect.gap.settings import GFW
from littoral.schema.finding import CAUTION
from tests.detect.gap.test_gap import BOAT, FAR, HOUR, NM, TANKER, Heard, outage, run, told_after
from tests.fuse.scene import Coast, FakeWorld, static


@pytest.mark.parametrize(("ship_type", "status"), [(70, 0), (30, 0), (70, 1), (70, 5), (30, 1)])
def test_twelve_hours_for_whatever_vessel(ship_type: int, status: int) -> None:
    statics = [static(60, ship_type=ship_type)]
    told = run([TANKER.but(nav_status=status)], 20 * HOUR, GFW, FAR, statics)
    assert told_after(told) == 12 * HOUR
    assert [f.priority for f in told.alerts] == [CAUTION]


@pytest.mark.parametrize(("chance", "share"), [(0.9, 0.001), (0.001, 0.9), (0.9, 0.9)])
def test_no_chance_and_no_share_of_the_silent_is_asked(chance: float, share: float) -> None:
    """Where a vessel heard there is silent for 12 h by such a chance, and so many a day are."""
    heard = Heard(12 * HOUR / np.log(1.0 / chance), share=share)
    told = run([TANKER], 20 * HOUR, GFW, FakeWorld(coast=Coast(60 * NM), reception=heard))
    assert told_after(told) == 12 * HOUR
    assert [(f.facts["reception"], f.priority) for f in told.alerts] == [("known", CAUTION)]


@pytest.mark.parametrize(("heard", "alerts"), [(36, 0), (44, 1)])
def test_its_main_receiver_is_another_after_forty_positions(heard: int, alerts: int) -> None:
    """Its receiver falls silent and another hears it so many times."""
    again = BOAT.but(from_s=2 * HOUR, to_s=2 * HOUR + 30 * heard, station=1)
    outages = (outage(0, 2 * HOUR - 10, None),)
    assert len(run([BOAT, again], 16 * HOUR, GFW, FAR, outages=outages).alerts) == alerts
