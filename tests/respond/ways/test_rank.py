"""Who can be there first, who cannot, and why."""

from __future__ import annotations

import math
import string
from dataclasses import replace

import pytest
from pyproj import Geod

from littoral.respond.rank import Kind, Needs, Reason, Unit, Why, rank, say
from littoral.respond.rank.order import answer
from littoral.respond.rank.reason import FORBIDS, WORDS
from littoral.respond.rank.travel import Ways
from littoral.respond.road import Lands
from littoral.respond.route import Route, SeaRouter

GEOD = Geod(ellps="WGS84")
PLACE = (110.19, 19.0)  # on the island's eastern side, 1 km from the shore
EAST, WEST = (110.4, 19.0), (109.6, 19.0)


@pytest.fixture(scope="module")
def ways(island: SeaRouter) -> Ways:
    return Ways(island, Lands(island.water))


def boat(name: str, position: tuple[float, float] | None = EAST, **more: object) -> Unit:
    return replace(Unit(name, Kind.SEA, position, 0.0, 10.0), **more)


def whys(unit: Unit, ways: Ways, needs: Needs = Needs(), place=PLACE) -> list[Why]:  # noqa: B008
    return [r.why for r in answer(unit, place, needs, ways).reasons]


def test_order_is_by_time_of_arrival(ways: Ways) -> None:
    units = [
        boat("far", WEST),
        boat("near"),
        boat("busy", busy=True),
        Unit("car", Kind.ROAD, (110.0, 19.1), 0.0, 14.0),
        Unit("drone", Kind.AIR, WEST, 0.0, 20.0),
        boat("lost", None),
    ]
    order = rank(units, PLACE, Needs(), ways)
    # By hand: boat 22.1 km / 10 m/s; car 22.9 km * 1.4 / 14; drone 62 km / 20; far by the north of
    # the island, 30 + 42 + 22 km, / 10; then who cannot, with a time first.
    assert [g.unit_id for g in order] == ["near", "car", "drone", "far", "busy", "lost"]
    assert [g.can_go for g in order] == [True] * 4 + [False] * 2
    times = [g.eta_s for g in order[:4]]
    assert times == sorted(times)
    assert order[0].eta_s == pytest.approx(GEOD.inv(*EAST, *PLACE)[2] / 10.0, rel=1e-3)
    assert order[1].eta_s == pytest.approx(1.4 * GEOD.inv(110.0, 19.1, *PLACE)[2] / 14.0, rel=1e-9)
    assert order[2].eta_s == pytest.approx(GEOD.inv(*WEST, *PLACE)[2] / 20.0, rel=1e-9)
    assert isinstance(order[3].route, Route)
    assert len(order[3].route.waypoints) == 4
    assert order[4].eta_s == order[0].eta_s
    assert (order[5].eta_s, order[5].latest_s, order[5].length_m) == (None, None, None)


def test_alike_are_ordered_by_id(ways: Ways) -> None:
    assert [g.unit_id for g in rank([boat("b"), boat("c"), boat("a")], PLACE, Needs(), ways)] == [
        "a", "b", "c",
    ]  # fmt: skip
    assert rank([], PLACE, Needs(), ways) == []


def test_an_old_position_makes_late(ways: Ways) -> None:
    """Straight away for the age of the position at one's speed takes as long to come back."""
    fresh, old = (answer(boat("x", age_s=age), PLACE, Needs(), ways) for age in (60.0, 1_200.0))
    assert fresh.eta_s == old.eta_s
    assert fresh.latest_s == pytest.approx(fresh.eta_s + 60.0)
    assert old.latest_s == pytest.approx(old.eta_s + 1_200.0)
    assert Why.POSITION_OLD not in [r.why for r in fresh.reasons]
    assert Why.POSITION_OLD in [r.why for r in old.reasons]
    assert old.can_go


def test_endurance(ways: Ways) -> None:
    need = answer(boat("x"), PLACE, Needs(), ways).eta_s
    assert need is not None
    for share, why in ((0.9, Why.ENDURANCE), (1.1, Why.NO_WAY_BACK), (2.1, None)):
        said = whys(boat("x", endurance_s=share * need), ways)
        assert [w for w in said if w in (Why.ENDURANCE, Why.NO_WAY_BACK)] == ([why] if why else [])


@pytest.mark.parametrize(
    ("unit", "place", "why"),
    [
        (boat("x", busy=True), PLACE, Why.BUSY),
        (boat("x", skills=frozenset({"tow"})), PLACE, Why.LACKS_SKILLS),
        (boat("x", None), PLACE, Why.NO_POSITION),
        (boat("x", (math.nan, 19.0)), PLACE, Why.NO_POSITION),
        (boat("x", age_s=7_201.0), PLACE, Why.POSITION_LOST),
        (boat("x", age_s=math.nan), PLACE, Why.POSITION_LOST),
        (boat("x", speed_mps=0.0), PLACE, Why.NO_SPEED),
        (boat("x", speed_mps=math.nan), PLACE, Why.NO_SPEED),
        (boat("x", endurance_s=60.0), PLACE, Why.ENDURANCE),
        (boat("x", (120.0, 19.0)), PLACE, Why.OUTSIDE),
        (boat("x"), (110.0, 19.0), Why.NOT_BY_SEA),
        (boat("x", kind=Kind.ROAD), PLACE, Why.NOT_BY_ROAD),
        (boat("x", (110.0, 19.0), kind=Kind.ROAD), EAST, Why.NOT_BY_ROAD),
    ],
)
def test_who_cannot_and_why(ways: Ways, unit: Unit, place: tuple[float, float], why: Why) -> None:
    needs = Needs(skills=frozenset({"divers"}) if why is Why.LACKS_SKILLS else frozenset())
    going = answer(unit, place, needs, ways)
    assert not going.can_go
    assert going.reasons[0].why is why
    assert [r.why for r in going.reasons if r.forbids] == [why]


def test_over_the_strait_no_road_leads(hainan: SeaRouter) -> None:
    ways = Ways(hainan, Lands(hainan.water))
    car = Unit("car", Kind.ROAD, (110.17, 20.33), 0.0, 15.0)
    assert whys(car, ways, place=(110.32, 20.02)) == [Why.OTHER_LAND]


def test_a_lake_and_the_sea_do_not_join(hainan: SeaRouter) -> None:
    ways = Ways(hainan, Lands(hainan.water))
    assert whys(boat("x", (109.8, 17.5)), ways, place=(110.3, 21.83)) == [Why.NO_SEA_WAY]


def test_words_in_both_languages(ways: Ways) -> None:
    assert set(WORDS) == set(Why)
    assert set(Why) >= FORBIDS
    for zh, en in WORDS.values():
        fields = [{f for _, f, _, _ in string.Formatter().parse(t) if f} for t in (zh, en)]
        assert fields[0] == fields[1]
    late = Reason(Why.ENDURANCE, {"has": 20.0, "needs": 34.6})
    assert say(late, "zh") == "续航 20 分钟，少于所需的 35 分钟"
    assert say(late, "en") == "endurance of 20 min, less than the 35 min it takes"
    units = [boat("a", age_s=1_200.0), Unit("c", Kind.ROAD, (110.0, 19.1), 0.0, 15.0)]
    for going in rank(units, PLACE, Needs(), ways):
        assert going.reasons
        for reason in going.reasons:
            assert say(reason, "zh")
            assert say(reason, "en")
