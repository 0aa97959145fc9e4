"""The nearest anchorage point: against PROJ's great circles, and what needs no measuring."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import Geod

from littoral.area import anchorages
from littoral.area.anchorages import NEAR_COLUMNS, REACH_M
from littoral.area.places import Place
from littoral.area.world import World

SPHERE = Geod(a=6_371_008.8, b=6_371_008.8)


@pytest.mark.parametrize("middle", [(110.0, 18.0), (179.95, -17.0), (-0.02, 64.0)])
def test_nearest_is_that_of_another_program(middle: tuple[float, float]) -> None:
    chance = np.random.default_rng(3)
    places = np.array([middle, *(middle + chance.uniform(-0.3, 0.3, (40, 2)))])
    places[:, 0] = (places[:, 0] + 540.0) % 360.0 - 180.0
    radius = chance.choice([0.0, 1_500.0], len(places))
    index = anchorages.build(np.column_stack([places, radius]))
    asked = middle + chance.uniform(-0.6, 0.6, (400, 2))
    asked[:, 0] = (asked[:, 0] + 540.0) % 360.0 - 180.0
    near = 0
    for lon, lat in asked.tolist():
        n = len(places)
        _, _, away = SPHERE.inv([lon] * n, [lat] * n, places[:, 0], places[:, 1])
        edge = np.maximum(0.0, np.array(away) - radius)
        row, metres = anchorages.nearest_at(index, lon, lat)
        if edge.min() < REACH_M:
            near += 1
            assert metres == pytest.approx(edge.min(), rel=1e-5, abs=0.05)
            assert edge[row] == pytest.approx(edge.min(), abs=0.1)
        else:
            assert (row, metres) == (-1, REACH_M)
    assert 100 < near < 400


def test_nothing_near_nothing_known() -> None:
    index = anchorages.build(np.zeros((0, 3)))
    assert anchorages.nearest_at(index, 110.0, 18.0) == (-1, REACH_M)
    one = anchorages.build(np.array([[110.0, 18.0, 0.0]]))
    assert anchorages.nearest_at(one, float("nan"), 18.0) == (-1, REACH_M)


def test_what_lies_within_the_slack_is_as_before() -> None:
    near = np.zeros((1, NEAR_COLUMNS))
    assert not anchorages.is_as_before(near, 0, 0.0, 0.0)
    anchorages.note_measured(near, 0, 110.0, 18.0, 1_000.0)
    for bearing in range(0, 360, 30):
        lon, lat, _ = SPHERE.fwd(110.0, 18.0, bearing, 970.0)
        assert anchorages.is_as_before(near, 0, lon, lat)
        lon, lat, _ = SPHERE.fwd(110.0, 18.0, bearing, 1_000.0)
        assert not anchorages.is_as_before(near, 0, lon, lat)


def test_points_are_the_learned_ones_else_ports_and_anchorages() -> None:
    def place(name: str) -> Place:
        return Place(name, {"zh": name, "en": name}, 110.0, 18.0, 500.0, "port", "test")

    port, roads, learned = place("port"), place("roads"), place("learned")
    world = World("x", None, None, ports=(port,), anchorages=(roads,))  # type: ignore[arg-type]
    assert anchorages.index_of(world)[0] == (port, roads)
    assert anchorages.index_of(world) is not None
    taught = World("x", None, None, ports=(port,), anchorage_points=(learned,))  # type: ignore[arg-type]
    assert anchorages.index_of(taught)[0] == (learned,)
    none = World("x", None, None, ports=(port,), anchorage_points=())  # type: ignore[arg-type]
    assert anchorages.index_of(none)[0] == ()
