"""Meetings by a way around land: as the straight one where nothing is between, and the first."""

from __future__ import annotations

import math

import numpy as np
import pytest
from pyproj import Geod

from littoral.area.world import World
from littoral.respond.intercept import (
    Meeting,
    NoMeeting,
    Target,
    Unmet,
    meet_at_sea,
    meet_straight,
)
from littoral.respond.route import NoRoute, Route, SeaRouter
from littoral.respond.route.answer import NoWay

GEOD = Geod(ellps="WGS84")


def met(answer: Meeting | NoMeeting) -> Meeting:
    assert isinstance(answer, Meeting), answer
    return answer


def first_chance(
    router: SeaRouter, pursuer: tuple[float, float], speed: float, target: Target, until: float
) -> float:
    """The first of many times at which the pursuer can be where the target is."""
    for t in np.arange(0.0, until, 20.0).tolist():
        way = router.route(pursuer, target.after(t), speed)
        if isinstance(way, Route) and way.time_s <= t:
            return t
    return math.inf


def test_open_water_is_the_straight_meeting(island: SeaRouter) -> None:
    pursuer, target = (109.3, 18.3), Target((109.5, 18.5), 170.0, 6.0)
    straight = met(meet_straight(pursuer, 12.0, target))
    sea = met(meet_at_sea(island, pursuer, 12.0, target))
    assert sea.time_s == pytest.approx(straight.time_s, abs=0.6)
    assert GEOD.inv(*sea.position, *straight.position)[2] < 6.0
    assert isinstance(sea.route, Route)
    assert sea.aground_s is None
    assert sea.route.waypoints[-1] == pytest.approx(sea.position, abs=1e-6)


@pytest.mark.parametrize(
    ("start", "course", "speed"),
    [
        ((110.35, 19.0), 0.0, 5.0),
        ((110.35, 19.0), 180.0, 5.0),
        ((110.35, 19.0), 45.0, 3.0),
        ((110.7, 19.25), 270.0, 13.0),  # faster, and coming round the north
    ],
)
def test_around_an_island_it_is_the_first(
    island: SeaRouter, start: tuple[float, float], course: float, speed: float
) -> None:
    pursuer, target = (109.75, 18.95), Target(start, course, speed)
    sea = met(meet_at_sea(island, pursuer, 12.0, target))
    straight = met(meet_straight(pursuer, 12.0, target, 1e6)) if speed < 12.0 else None
    first = first_chance(island, pursuer, 12.0, target, 30_000.0)
    assert first - 20.0 - 0.5 <= sea.time_s <= first + 0.5
    assert straight is None or sea.time_s > straight.time_s
    assert isinstance(sea.route, Route)
    assert abs(sea.route.time_s - sea.time_s) <= 0.5


def test_a_target_that_runs_aground_is_met_there(island: SeaRouter) -> None:
    """It heads west for the island's eastern shore, 110.2 E, and is there before the pursuer."""
    pursuer, target = (109.6, 19.0), Target((110.3, 19.0), 270.0, 5.0)
    sea = met(meet_at_sea(island, pursuer, 12.0, target))
    assert sea.aground_s == pytest.approx(GEOD.inv(110.3, 19.0, 110.2, 19.0)[2] / 5.0, abs=2.0)
    assert GEOD.inv(*sea.position, 110.2, 19.0)[2] < 10.0
    assert isinstance(sea.route, Route)
    assert sea.time_s == sea.route.time_s > sea.aground_s
    # A pursuer near enough meets it at sea, and is told of the shore ahead all the same.
    near = met(meet_at_sea(island, (110.35, 19.0), 12.0, target))
    assert near.aground_s is not None
    assert near.time_s < near.aground_s


def test_a_faster_target_is_waited_for_where_it_runs_aground(island: SeaRouter) -> None:
    pursuer, target = (110.35, 19.1), Target((110.4, 19.0), 270.0, 20.0)
    sea = met(meet_at_sea(island, pursuer, 6.0, target))
    assert sea.aground_s is not None
    assert sea.time_s >= sea.aground_s


def test_who_cannot_be_met_and_why(island: SeaRouter) -> None:
    sea = (109.6, 19.0)
    away = Target((109.5, 19.0), 270.0, 12.0)
    assert meet_at_sea(island, sea, 12.0, away, 3_000.0) == NoMeeting(Unmet.OUTRUN)
    # It leaves the box, 53 km to the west, in 4,850 s; it would be met after 10,500 s.
    leaving = Target((109.5, 19.0), 270.0, 11.0)
    assert meet_at_sea(island, sea, 12.0, leaving) == NoMeeting(Unmet.OUTSIDE)
    assert meet_at_sea(island, sea, 12.0, leaving, 3_000.0) == NoMeeting(Unmet.TOO_LATE)
    inland = NoRoute(NoWay.INLAND, "start")
    assert meet_at_sea(island, (110.0, 19.0), 12.0, away) == NoMeeting(Unmet.NO_ROUTE, inland)
    outside = Target((108.0, 19.0), 90.0, 5.0)
    assert meet_at_sea(island, sea, 12.0, outside) == NoMeeting(Unmet.OUTSIDE)


def test_a_target_at_rest_and_one_here(island: SeaRouter) -> None:
    pursuer, rest = (109.6, 19.0), Target((110.4, 19.0), 0.0, 0.0)
    way = island.route(pursuer, rest.position, 12.0)
    assert isinstance(way, Route)
    assert met(meet_at_sea(island, pursuer, 12.0, rest)).time_s == pytest.approx(
        way.time_s, abs=0.6
    )
    assert met(meet_at_sea(island, pursuer, 12.0, Target(pursuer, 90.0, 5.0))).time_s == 0.0


def test_around_hainan_it_is_the_first(hainan: SeaRouter, world: World) -> None:
    """From off Sanya after a target that passes the Qiongzhou Strait eastward."""
    pursuer, target = (109.40, 18.10), Target((109.90, 20.19), 90.0, 7.0)
    assert world.coast.on_land(*np.array([pursuer]).T) == 0
    sea = met(meet_at_sea(hainan, pursuer, 16.0, target))
    assert isinstance(sea.route, Route)
    assert abs(sea.route.time_s - sea.time_s) <= 0.5
    for share in (0.5, 0.8, 0.95, 0.999):
        earlier = hainan.route(pursuer, target.after(share * sea.time_s), 16.0)
        assert isinstance(earlier, Route)
        assert earlier.time_s > share * sea.time_s
