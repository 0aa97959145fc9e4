"""Rules of geofences: who, when, how long; each threshold from both sides."""

from __future__ import annotations

import numpy as np
import pytest
from shapely.geometry import LineString, Polygon

from littoral.area.geodesy import KNOT_MPS
from littoral.area.geofence import FenceRule, Geofence
from littoral.area.world import World
from littoral.detect.area_rule import DETECTOR
from littoral.detect.area_rule.settings import AreaRuleSettings
from littoral.schema.ais import Positions
from littoral.schema.finding import Finding
from tests.detect.making import at_us, final, fixes, fleet_of, run, stretched, world

COASTAL: AreaRuleSettings = DETECTOR.profiles["coastal"].settings
START = at_us("2026-11-24T04:00")
SECOND_US = 1_000_000
BOX = ((110.0, 17.0), (111.0, 17.0), (111.0, 18.0), (110.0, 18.0), (110.0, 17.0))
FLEET = fleet_of({0: 70, 1: 30})


def fenced(*rules: FenceRule, ring: tuple = BOX, **fields: int) -> World:
    return world(geofences=(Geofence("f", {"zh": "区", "en": "the area"}, ((ring,),), rules=rules,
                                     **fields),))  # fmt: skip


def track(
    lon: list[float],
    lat: float = 17.5,
    every_s: int = 60,
    kn: float = 8.0,
    who: int = 0,
    **more: object,
) -> Positions:
    t = START + np.arange(len(lon)) * every_s * SECOND_US
    return fixes(who, t, lon, lat, kn, 90.0, **more)


def told(found: list[Finding]) -> list[tuple]:
    return [(f.kind, (f.start_us - START) / 1e6,
             None if f.end_us is None else (f.end_us - START) / 1e6) for f in found]  # fmt: skip


def test_entry_is_told_with_the_first_report_inside_at_the_exact_crossing() -> None:
    """From 109.99 to 110.03 in 60 s: a quarter of the way lies outside, so the edge is crossed at
    15 s. Out again from 110.98 to 111.01: two thirds of the way, at 40 s."""
    path = [109.95, 109.99, 110.03, 110.5, 110.98, 111.01, 111.05, 111.1, 111.2, 111.3]
    found = run(DETECTOR, COASTAL, [track(path)], FLEET, fenced(FenceRule("entry")))
    assert told(found) == [("entry", 75.0, None), ("entry", 75.0, 280.0)]
    assert found[0].updated_us == START + 120 * SECOND_US
    assert found[1].updated_us == START + 300 * SECOND_US + int(COASTAL.clear_s * 1e6)
    assert found[0].things[1] == "area:f"


def test_exit_is_told_with_the_first_report_three_minutes_after_the_crossing() -> None:
    """By docs/detectors/area_rule.md. The edge is crossed at 100 s, reports come each minute."""
    path = [110.9, 110.98, 111.01, 111.05, 111.1, 111.2, 111.3]
    found = run(DETECTOR, COASTAL, [track(path)], FLEET, fenced(FenceRule("exit")))
    assert told(found) == [("exit", 100.0, 100.0)]
    assert found[0].updated_us == START + 300 * SECOND_US


def test_who_is_not_heard_for_three_minutes_after_a_report_outside_has_left() -> None:
    path = [110.9, 110.98, 111.01]
    other = track([109.0] * 20, who=1)
    found = run(DETECTOR, COASTAL, [track(path), other], FLEET, fenced(FenceRule("exit")))
    assert told(found) == [("exit", 100.0, 100.0)]
    assert found[0].updated_us == START + 300 * SECOND_US


def test_who_is_back_within_three_minutes_has_not_left() -> None:
    path = [110.9, 110.99, 111.01, 111.01, 110.99, *[110.9] * 6]  # outside from 90 to 210 s
    rules = (FenceRule("entry"), FenceRule("exit"))
    assert run(DETECTOR, COASTAL, [track(path)], FLEET, fenced(*rules)) == []


def test_three_minutes_outside_are_from_crossing_to_crossing() -> None:
    """In at 30 s, out at 150 s, in again at 320 s: less than three minutes, though the first report
    outside and the next one inside lie 200 s apart."""
    t = START + np.array([0, 60, 120, 180, 260, 380, 440]) * SECOND_US
    lon = [109.99, 110.01, 110.01, 109.99, 109.99, 110.01, 110.1]
    found = run(DETECTOR, COASTAL, [fixes(0, t, lon, 17.5, 8.0, 90.0)], FLEET,
                fenced(FenceRule("entry")))  # fmt: skip
    assert told(found) == [("entry", 30.0, None)]


@pytest.mark.parametrize("seed", range(6))
def test_crossings_equal_shapely(seed: int) -> None:
    """A star-shaped fence and straight runs through it: times of the crossings by shapely."""
    rng = np.random.default_rng(seed)
    angles = np.sort(rng.uniform(0, 2 * np.pi, 9))
    radii = rng.uniform(0.1, 0.5, 9)
    ring = [
        (110.5 + r * np.cos(a), 17.5 + r * np.sin(a)) for a, r in zip(angles, radii, strict=True)
    ]
    star = Polygon(ring)
    lat = 17.5 + rng.uniform(-0.15, 0.15)
    lon = np.linspace(109.9, 111.1, 25)
    rules = (FenceRule("entry"), FenceRule("exit"))
    found = run(
        DETECTOR,
        stretched(COASTAL, "clear_s", 1e-3),
        [track(list(lon), lat, 60)],
        FLEET,
        fenced(*rules, ring=(*map(tuple, ring), tuple(ring[0]))),
    )
    crossings = {"entry": [], "exit": []}
    for k in range(24):
        leg = LineString([(lon[k], lat), (lon[k + 1], lat)])
        inside = [
            star.contains(LineString([(x, lat), (x, lat + 1e-12)]).centroid) for x in lon[k : k + 2]
        ]
        cut = leg.intersection(star.exterior)
        points = [p.x for p in getattr(cut, "geoms", [cut])] if not cut.is_empty else []
        share = [(x - lon[k]) / (lon[k + 1] - lon[k]) for x in points]
        if inside == [False, True]:
            crossings["entry"].append((k + max(share)) * 60.0)
        elif inside == [True, False]:
            crossings["exit"].append((k + min(share)) * 60.0)
    assert len(crossings["entry"]) >= 1
    for kind, times in crossings.items():
        got = sorted({(f.start_us - START) / 1e6 for f in found if f.kind == kind})
        assert np.allclose(got, times, atol=1e-3), kind


def test_who_is_inside_when_first_seen_has_not_entered() -> None:
    path = [110.5] * 8
    rules = (FenceRule("entry"), FenceRule("presence", stay_s=300.0))
    found = run(DETECTOR, COASTAL, [track(path)], FLEET, fenced(*rules))
    assert told(found) == [("presence", 0.0, None)]


def test_a_fence_drawn_over_a_vessel_is_no_entry_of_it() -> None:
    """The fence is valid from the third minute on; the vessel lies in it all the time."""
    where = fenced(FenceRule("entry"), valid_from_us=START + 150 * SECOND_US)
    assert run(DETECTOR, COASTAL, [track([110.5] * 10)], FLEET, where) == []


def test_a_fence_that_ends_lets_go() -> None:
    where = fenced(FenceRule("entry"), FenceRule("exit"), valid_to_us=START + 400 * SECOND_US)
    path = [109.9, *[110.5] * 20]
    found = run(DETECTOR, COASTAL, [track(path)], FLEET, where)
    assert [k for k, _, _ in told(found)] == ["entry", "entry"]
    assert found[1].end_us == START + 420 * SECOND_US  # the first report after it


@pytest.mark.parametrize(("outside", "alerts"), [(2, 1), (4, 2)])
def test_tacking_along_the_edge_is_told_once(outside: int, alerts: int) -> None:
    """Two minutes outside do not count as left, three and more do."""
    path = [109.9, 110.1, 110.1, *[109.9] * outside, 110.1, 110.1, 110.1]
    found = run(DETECTOR, COASTAL, [track(path)], FLEET, fenced(FenceRule("entry")))
    assert len(final(found)) == alerts


def test_exit_and_back_and_out_again_is_told_once() -> None:
    path = [110.5, 110.5, 111.1, 110.9, 111.1, 111.1, 111.1, 111.1, 111.1]
    found = run(DETECTOR, COASTAL, [track(path)], FLEET, fenced(FenceRule("exit")))
    assert len(final(found)) == 1


SPEEDS = [
    # kind, knots over time (a report a minute), alerts
    ("speed_over", [9.0] * 8, 0),
    ("speed_over", [11.0] * 8, 1),
    ("speed_over", [9.0, 9.0, 11.0, 9.0, 9.0, 9.0], 0),  # one report is none
    ("speed_over", [9.0, 11.0, 11.0, 9.0, 9.0, 9.0], 1),  # a minute is
    ("speed_over", [11.0, 11.0, np.nan, 11.0, 9.0, 9.0, 11.0, 11.0], 1),  # one, with a pause
    ("speed_over", [11.0, 11.0, 9.0, 9.0, 9.0, 9.0, 9.0, 11.0, 11.0], 2),
    ("speed_under", [11.0] * 8, 0),
    ("speed_under", [9.0] * 8, 1),
]


@pytest.mark.parametrize(("kind", "knots", "alerts"), SPEEDS)
def test_speed_limits(kind: str, knots: list[float], alerts: int) -> None:
    rule = FenceRule(kind, speed_mps=10.0 * KNOT_MPS)
    part = track([110.5] * len(knots))
    part.sog_mps[:] = np.array(knots) * KNOT_MPS
    found = run(DETECTOR, COASTAL, [part], FLEET, fenced(rule))
    assert len(final(found)) == alerts
    for f in found:
        assert (
            abs(f.facts["reached_mps"] - (11.0 if kind == "speed_over" else 9.0) * KNOT_MPS) < 0.01
        )


@pytest.mark.parametrize(("every_s", "alerts"), [(55, 0), (65, 1)])
def test_a_limit_must_be_broken_for_a_minute(every_s: int, alerts: int) -> None:
    """Two reports above it, 55 s apart or 65 s apart, then one below."""
    part = track([110.5] * 5, every_s=every_s)
    part.sog_mps[:] = np.array([8.0, 11.0, 11.0, 8.0, 8.0]) * KNOT_MPS
    where = fenced(FenceRule("speed_over", speed_mps=10.0 * KNOT_MPS))
    assert len(final(run(DETECTOR, COASTAL, [part], FLEET, where))) == alerts


@pytest.mark.parametrize(("gap_s", "alerts"), [(840, 1), (960, 0)])
def test_a_span_does_not_go_on_across_a_long_gap(gap_s: int, alerts: int) -> None:
    """Two reports above the limit, 14 or 16 minutes apart, then one below."""
    part = track([110.5] * 4)
    part.t_us[1:] = START + np.array([60, 60 + gap_s, 120 + gap_s]) * SECOND_US
    part.sog_mps[:] = np.array([8.0, 11.0, 11.0, 8.0]) * KNOT_MPS
    where = fenced(FenceRule("speed_over", speed_mps=10.0 * KNOT_MPS))
    assert len(final(run(DETECTOR, COASTAL, [part], FLEET, where))) == alerts


def test_speed_stays_told_to_its_end() -> None:
    """Above the limit from 60 s to 240 s: told at 120 s, ended after three minutes below it."""
    part = track([110.5] * 10)
    part.sog_mps[:] = np.array([8, 11, 11, 12, 11, 8, 8, 8, 8, 8]) * KNOT_MPS
    where = fenced(FenceRule("speed_over", speed_mps=10.0 * KNOT_MPS))
    found = run(DETECTOR, COASTAL, [part], FLEET, where)
    assert told(found) == [("speed_over", 60.0, None), ("speed_over", 60.0, 300.0)]
    assert [f.updated_us - START for f in found] == [120 * SECOND_US, 480 * SECOND_US]
    assert found[1].facts["reached_mps"] == round(12 * KNOT_MPS, 2)
    assert found[1].facts["duration_s"] == 240


def test_presence_is_told_after_the_stay() -> None:
    for stay_s, minutes in ((300.0, 6), (360.0, 7)):
        path = [109.9, 110.1, *[110.5] * 12]
        found = run(
            DETECTOR, COASTAL, [track(path)], FLEET, fenced(FenceRule("presence", stay_s=stay_s))
        )
        # Inside from 30 s on (half of the way from 109.9 to 110.1).
        assert told(found) == [("presence", 30.0, None)]
        assert found[0].updated_us == START + minutes * 60 * SECOND_US


def test_night_is_told_by_the_sun() -> None:
    """By hand, at 17.5 N 110.5 E: on 24 November the sun's declination is -20.5 degrees and it
    culminates at 04:25 UTC (equation of time +13 min); it is 6 degrees down at an hour angle H with
    cos H = (sin -6 - sin 17.5 sin -20.5) / (cos 17.5 cos -20.5) = 0.0009, so 6 h 00 min later, at
    10:25 UTC. On 24 June (declination 23.4, culmination 04:40) cos H = -0.256: at 11:39 UTC."""
    where = fenced(FenceRule("night"))
    for clock, night in (("10:16", False), ("10:28", True)):
        part = track([110.5] * 6)
        part.t_us += at_us(f"2026-11-24T{clock}") - START
        found = run(DETECTOR, COASTAL, [part], FLEET, where)
        assert (len(final(found)) == 1) == night, clock
    # The same clock in summer is day.
    part = track([110.5] * 6)
    part.t_us += at_us("2026-06-24T10:28") - START
    assert run(DETECTOR, COASTAL, [part], FLEET, where) == []


@pytest.mark.parametrize(("every_s", "alerts"), [(55, 0), (65, 1)])
def test_night_must_last_a_minute(every_s: int, alerts: int) -> None:
    part = track([109.5, 110.5, 110.5, 109.5], every_s=every_s)
    part.t_us += at_us("2026-11-24T14:00") - START
    assert len(final(run(DETECTOR, COASTAL, [part], FLEET, fenced(FenceRule("night"))))) == alerts


def test_ship_types_decide_who_is_meant() -> None:
    where = fenced(FenceRule("entry", ship_types=(30,)))
    path = [109.9, 110.1, 110.2]
    assert run(DETECTOR, COASTAL, [track(path)], FLEET, where) == []
    assert len(run(DETECTOR, COASTAL, [track(path, who=1)], FLEET, where)) == 1


def test_a_vessel_not_heard_for_six_hours_has_left() -> None:
    where = fenced(FenceRule("entry"))
    path = [109.9, 110.1, 110.2]
    for hours, ended in ((5, 0), (7, 1)):
        found = run(DETECTOR, COASTAL, [track(path)], FLEET, where, after_s=hours * 3600)
        assert len([f for f in found if f.end_us is not None]) == ended
    assert found[-1].updated_us == START + 120 * SECOND_US + 6 * 3600 * SECOND_US
    assert found[-1].end_us == START + 120 * SECOND_US


def test_what_lasts_is_told_again_each_hour() -> None:
    path = [109.9, *[110.1] * 150]
    found = run(DETECTOR, COASTAL, [track(path)], FLEET, fenced(FenceRule("entry")))
    assert [round((f.updated_us - START) / 60e6) for f in found] == [1, 61, 121]


DECIDES = ("clear_s", "speed_hold_s", "night_hold_s", "max_gap_s", "lost_s", "update_s")
PINS = {
    "clear_s": [lambda: test_tacking_along_the_edge_is_told_once(2, 1),
                test_speed_stays_told_to_its_end],
    "speed_hold_s": [lambda: test_a_limit_must_be_broken_for_a_minute(55, 0),
                     lambda: test_a_limit_must_be_broken_for_a_minute(65, 1)],
    "night_hold_s": [lambda: test_night_must_last_a_minute(55, 0),
                     lambda: test_night_must_last_a_minute(65, 1)],
    "max_gap_s": [lambda: test_a_span_does_not_go_on_across_a_long_gap(840, 1),
                  lambda: test_a_span_does_not_go_on_across_a_long_gap(960, 0)],
    "lost_s": [test_a_vessel_not_heard_for_six_hours_has_left],
    "update_s": [test_what_lasts_is_told_again_each_hour],
}  # fmt: skip


@pytest.mark.parametrize("factor", [0.8, 1.2])
@pytest.mark.parametrize("name", DECIDES)
def test_every_threshold_is_pinned(
    name: str, factor: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(globals(), "COASTAL", stretched(COASTAL, name, factor))
    failed = 0
    for pin in PINS[name]:
        try:
            pin()
        except AssertionError:
            failed += 1
    assert failed > 0


def test_sentences() -> None:
    part = track([110.5] * 10)
    part.sog_mps[:] = np.array([8, 11, 11, 12, 11, 8, 8, 8, 8, 8]) * KNOT_MPS
    where = fenced(FenceRule("speed_over", speed_mps=10.0 * KNOT_MPS))
    found = run(DETECTOR, COASTAL, [part], FLEET, where)
    names = {found[0].things[0]: "HAI XIA 1"}
    assert DETECTOR.sentence(found[1], names, "en") == (
        "HAI XIA 1 went up to 12.0 kn in the area, limit 10.0 kn, for 4 min"
    )
    assert DETECTOR.sentence(found[1], names, "zh") == (
        "HAI XIA 1在区内超速：最高12.0节，限速10.0节，持续4分钟"
    )
