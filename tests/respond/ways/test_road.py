"""Estimates of ways by road."""

from __future__ import annotations

import pytest
from pyproj import Geod

from littoral.respond.road import Lands, road_estimate
from littoral.respond.route import SeaRouter

HAIKOU, SANYA, XUWEN = (110.32, 20.02), (109.51, 18.26), (110.17, 20.33)


def test_straight_line_times_factor() -> None:
    straight = Geod(ellps="WGS84").inv(*HAIKOU, *SANYA)[2]
    way = road_estimate(HAIKOU, SANYA, 20.0)
    assert way.length_m == pytest.approx(1.4 * straight)
    assert way.time_s == pytest.approx(1.4 * straight / 20.0)
    assert way.factor == 1.4
    # The eastern expressway G98 from Haikou to Sanya is signed with some 260 km.
    assert 260_000 < way.length_m < 320_000
    assert road_estimate(HAIKOU, SANYA, 20.0, factor=1.0).length_m == pytest.approx(straight)


@pytest.mark.parametrize(
    ("speed", "factor", "why"),
    [(0.0, 1.4, "speed"), (-1.0, 1.4, "speed"), (20.0, 0.9, "factor")],
)
def test_refused(speed: float, factor: float, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        road_estimate(HAIKOU, SANYA, speed, factor)


def test_which_land(hainan: SeaRouter) -> None:
    lands = Lands(hainan.water)
    island = lands.part(HAIKOU)
    assert island is not None
    assert lands.part(SANYA) == island
    assert lands.part(XUWEN) not in (None, island)  # over the Qiongzhou Strait
    assert lands.part((110.30, 20.065)) == island  # Haidian island: bridges from the city
    assert lands.part((109.0, 17.5)) is None  # at sea
    assert lands.part((100.0, 17.5)) is None  # not known
