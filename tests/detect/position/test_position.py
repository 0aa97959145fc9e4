"""Labelled cases of positions that cannot be: each expectation is worked out by hand from the
published text (docs/detectors/position.md), both sides of each number."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from littoral.detect.position import DETECTOR
from littoral.detect.position.settings import COASTAL, PositionSettings
from littoral.schema.ais import FLAG_INLAND, FLAG_JUMP, Positions
from littoral.schema.finding import CAUTION, WARNING, Finding
from tests.detect.making import (
    at_us,
    final,
    fixes,
    fleet_of,
    mmsis,
    moved,
    place,
    run,
    stretched,
    world,
)

SEA = (110.8, 18.9)
LAND = (110.4, 19.2)
START = at_us("2026-11-24T03:00")
SECOND_US = 1_000_000
KNOT = 1852.0 / 3600.0
PORTS = (place(*moved(*LAND, 0.0, 12_000.0), radius_m=2_000.0, kind="port"),)


def times(from_s: float, to_s: float, every_s: float) -> np.ndarray:
    return START + (np.arange(from_s, to_s, every_s) * SECOND_US).astype(np.int64)


def at_sea(track: int, from_s: float, to_s: float, site=SEA, every_s: float = 20.0) -> Positions:
    return fixes(track, times(from_s, to_s, every_s), *site, 0.1, 0.0)


def elsewhere(
    track: int, from_s: float, to_s: float, site, every_s: float = 20.0, **columns: Any
) -> Positions:
    """The same track at a place that it cannot have reached: track keeping marks the first."""
    t_us = times(from_s, to_s, every_s)
    flags = np.full(len(t_us), columns.pop("flags", 0), np.uint32)
    flags[0] |= FLAG_JUMP
    return fixes(track, t_us, *site, 0.1, 0.0, flags=flags, **columns)


def jumped(
    metres: float = 60_000.0,
    silent_s: float = 20.0,
    stays_s: float = 400.0,
    every_s: float = 20.0,
    target=LAND,
    flags: int = FLAG_INLAND,
) -> list[Positions]:
    """At sea for 10 min, then on land, and back at sea."""
    site = moved(*target, 100.0, metres)
    last_s = 600.0 - silent_s
    return [
        at_sea(0, -900.0, last_s + 1.0, site),
        elsewhere(0, 600.0, 600.0 + stays_s, target, every_s, flags=flags),
        elsewhere(0, 600.0 + stays_s, 900.0 + stays_s, site),
    ]


def circle(
    track: int = 0,
    radius_m: float = 300.0,
    knots: float = 20.0,
    lasts_s: float = 1500.0,
    every_s: float = 20.0,
    wobble: float = 0.0,
    middle=SEA,
    from_s: float = 0.0,
    arc_deg: float = 360.0,
) -> Positions:
    """Reports from a circle; `wobble` is a radial deviation (share of the radius), by turns to
    either side."""
    t_us = times(from_s, from_s + lasts_s, every_s)
    s = (t_us - START) / SECOND_US
    turned = np.degrees(knots * KNOT * s / radius_m) % arc_deg
    n = np.arange(len(s))
    off = np.where(n % 2 == 0, 1.0, -1.0) * wobble
    spots = [moved(*middle, a, radius_m * (1.0 + o)) for a, o in zip(turned, off, strict=True)]
    lon, lat = zip(*spots, strict=True)
    return fixes(track, t_us, lon, lat, knots, (turned + 90.0) % 360.0)


def put_on(**how: Any) -> list[Positions]:
    """A vessel that is displaced to a circle: every report from it counts."""
    ring = circle(**how)
    ring.flags[0] |= np.uint32(FLAG_JUMP)
    return [at_sea(0, -900.0, 0.0, moved(*SEA, 90.0, 30_000.0)), ring]


def several(
    count: int, apart_m: float, every_s: float = 60.0, spread_m: float = 60_000.0
) -> list[Positions]:
    """Vessels `apart_m` from the first jump one after the other, for 5 min, each to a place of its
    own, `spread_m` and more from those of the others."""
    parts = []
    for k in range(count):
        site = SEA if k == 0 else moved(*SEA, 80.0 * k, apart_m)
        at_s = 600.0 + every_s * k
        target = (
            moved(*SEA, 180.0 + 25.0 * k, 150_000.0)
            if spread_m > 10_000.0
            else moved(*LAND, 90.0, spread_m * (k > 0))
        )
        parts += [
            at_sea(k, 0.0, at_s, site), elsewhere(k, at_s, at_s + 300.0, target),
            elsewhere(k, at_s + 300.0, at_s + 600.0, site),
        ]  # fmt: skip
    return parts


def new_track(positions: int) -> tuple[list[Positions], int]:
    """The MMSI of track 0 goes on from land under a new track (1)."""
    again = fixes(1, times(600.0, 1000.0, 20.0), *LAND, 0.1, 0.0, flags=FLAG_INLAND)
    again.mmsi[:] = 412_000_000
    return [at_sea(0, 600.0 - 20.0 * positions, 600.0), again], positions


Made = list[Positions]
# (scene, kinds that must come)
CASES: dict[str, tuple[Callable[[], Made], list[str]]] = {
    "on land": (jumped, ["on_land"]),
    "at sea": (lambda: jumped(flags=0), []),
    "a jump just long enough": (lambda: jumped(2_000.0), ["on_land"]),
    "a jump too short": (lambda: jumped(1_700.0), []),
    # In 100 s at 50 kn: 2,572 m.
    "farther than 50 kn bring it": (lambda: jumped(2_780.0, silent_s=100.0), ["on_land"]),
    "not so far": (lambda: jumped(2_360.0, silent_s=100.0), []),
    "last heard nine minutes ago": (lambda: jumped(silent_s=560.0), ["on_land"]),
    "last heard eleven minutes ago": (lambda: jumped(silent_s=640.0), []),
    "three reports in two minutes": (lambda: jumped(stays_s=130.0, every_s=62.0), ["on_land"]),
    "two reports": (lambda: jumped(stays_s=130.0, every_s=125.0), []),
    "under two minutes": (lambda: jumped(stays_s=120.0, every_s=10.0), []),
    "far enough from a port": (lambda: jumped(target=moved(*LAND, 0.0, 6_800.0)), ["on_land"]),
    "too near to a port": (lambda: jumped(target=moved(*LAND, 0.0, 7_200.0)), []),
    "who sails inland": (
        lambda: [at_sea(0, 0.0, 600.0, LAND), fixes(0, times(600.0, 1200.0, 20.0), *LAND, 3.0, 0.0,
                                                    flags=FLAG_INLAND)],
        [],
    ),
    "a circle": (lambda: [circle()], ["circling"]),
    "at 5.3 kn": (lambda: put_on(radius_m=140.0, knots=5.3, lasts_s=2400.0), ["circling"]),
    "at 4.7 kn": (lambda: put_on(radius_m=110.0, knots=4.7, lasts_s=2400.0), []),
    # Turns of 80 s: 17 s apart all sides are seen; what comes more often is thinned to 15 s.
    "radius 108 m": (lambda: put_on(radius_m=108.0, every_s=17.0), ["circling"]),
    "radius 92 m": (lambda: put_on(radius_m=92.0, every_s=17.0), []),
    "radius 920 m": (lambda: put_on(radius_m=920.0, lasts_s=2500.0), ["circling"]),
    "radius 1,080 m": (lambda: put_on(radius_m=1_080.0, lasts_s=3600.0), []),
    "for 9.5 min": (lambda: put_on(radius_m=200.0, lasts_s=570.0, every_s=15.0), ["circling"]),
    "for 8.5 min": (lambda: put_on(radius_m=200.0, lasts_s=510.0, every_s=15.0), []),
    # All are taken, the last after 544.5 s; every second one is, the last after 532 s.
    "16.5 s apart": (
        lambda: put_on(radius_m=200.0, lasts_s=545.0, every_s=16.5), ["circling"]
    ),
    "13.3 s apart": (lambda: put_on(radius_m=200.0, lasts_s=546.0, every_s=13.3), []),
    "12 reports": (lambda: put_on(radius_m=250.0, lasts_s=596.0, every_s=54.0), ["circling"]),
    "11 reports": (lambda: put_on(radius_m=250.0, lasts_s=600.0, every_s=57.0), []),
    "deviation 7.5 %": (lambda: put_on(wobble=0.075), ["circling"]),
    "deviation 8.6 %": (lambda: put_on(wobble=0.086), []),
    # One turn is 300 s at 12.2 kn and 300 m.
    "3.2 turns": (lambda: put_on(knots=12.22, lasts_s=970.0), ["circling"]),
    "2.8 turns": (lambda: put_on(knots=12.22, lasts_s=850.0), []),
    "half a circle to and fro": (lambda: [circle(arc_deg=180.0)], []),
    "not heard for 290 s": (
        lambda: [*put_on(lasts_s=900.0), circle(lasts_s=900.0, from_s=1170.0)], ["circling"]
    ),
    "not heard for 350 s": (
        lambda: [*put_on(lasts_s=900.0), circle(lasts_s=900.0, from_s=1230.0)], ["circling"] * 2
    ),
    "four from one area": (lambda: several(4, 18_000.0), ["interference"]),
    "three from one area": (lambda: several(3, 18_000.0), []),
    # The second and the last lie on bearings of 80 and 240 degrees: 2 sin 80 = 1.97 times as far.
    "four, one over 20 miles from the last": (lambda: several(4, 20_500.0), []),
    "four within half an hour": (lambda: several(4, 10_000.0, 570.0), ["interference"]),
    "four over more": (lambda: several(4, 10_000.0, 630.0), []),
    "three to one place": (lambda: several(3, 60_000.0, spread_m=2_800.0), ["interference"]),
    "three to places farther apart": (lambda: several(3, 60_000.0, spread_m=3_200.0), []),
    "two to one place": (lambda: several(2, 60_000.0, spread_m=100.0), []),
}  # fmt: skip


def judge(parts: Made, settings: PositionSettings = COASTAL, positions: int = 100) -> list[Finding]:
    fleet = fleet_of(dict.fromkeys(range(6), 70))
    fleet.positions[:] = positions
    if len(parts) == 2 and parts[1].track[0] == 1 and parts[1].mmsi[0] == 412_000_000:
        fleet.mmsi[1] = 412_000_000
    found = run(DETECTOR, settings, parts, fleet, world(ports=PORTS), after_s=7200)
    return list(final(found).values())


def outcome(parts: Made, settings: PositionSettings = COASTAL) -> list[tuple]:
    return sorted(
        (f.kind, f.priority, f.start_us, f.end_us or 0, len(f.evidence))
        for f in judge(parts, settings)
    )


PRIORITIES = {"interference": WARNING, "on_land": CAUTION, "circling": CAUTION}


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    make, kinds = CASES[name]
    found = judge(make())
    assert sorted(f.kind for f in found) == kinds
    assert all(f.priority == PRIORITIES[f.kind] for f in found)


@pytest.mark.parametrize(("positions", "alerts"), [(11, 1), (9, 0)])
def test_a_new_track_of_a_vessel_known_elsewhere(positions: int, alerts: int) -> None:
    parts, count = new_track(positions)
    found = judge(parts, positions=count)
    assert [f.kind for f in found] == ["on_land"] * alerts
    for f in found:
        assert f.things[0].startswith("vessel:412000000-20260101"), "of the track it was known by"


def test_two_ships_under_one_mmsi_are_no_displacement_that_stays() -> None:
    """They speak in turn every 10 s: neither place is the vessel's for a minute."""
    parts = []
    for k in range(5):
        t_us = times(0.0, 1200.0, 10.0)
        odd = np.arange(len(t_us)) % 2 == 1
        here, there = moved(*SEA, 72.0 * k, 5_000.0), moved(*SEA, 200.0, 50_000.0 + 9_000.0 * k)
        flags = np.full(len(t_us), FLAG_JUMP, np.uint32)
        lon, lat = np.where(odd, here[0], there[0]), np.where(odd, here[1], there[1])
        parts.append(fixes(k, t_us, lon, lat, 0.1, 0.0, flags=flags))
    assert judge(parts) == []


NUMBERS = [f.name for f in fields(PositionSettings)]


@pytest.mark.parametrize("factor", [0.8, 1.2])
@pytest.mark.parametrize("name", NUMBERS)
def test_every_number_decides_a_case(name: str, factor: float) -> None:
    other = stretched(COASTAL, name, factor)
    if name == "known_positions":
        count = 11 if factor > 1.0 else 9
        parts, _ = new_track(count)
        assert len(judge(parts, other, count)) != len(judge(parts, COASTAL, count))
        return
    if name == "settle_s":  # it stays 55 s or 65 s
        parts = brief(65.0 if factor > 1.0 else 55.0)
    elif name == "circle_every_s":  # 13 s or 17 s apart: another first report of the circle
        parts = put_on(every_s=13.0 if factor < 1.0 else 17.0)
    else:
        assert any(outcome(make(), other) != outcome(make()) for make, _ in CASES.values())
        return
    assert outcome(parts, other) != outcome(parts)


def brief(stays_s: float) -> Made:
    """Four jump to one place and are back after `stays_s`."""
    parts = []
    for k in range(4):
        site = moved(*SEA, 90.0 * k, 3_000.0)
        at_s = 600.0 + 100.0 * k
        parts += [
            at_sea(k, 0.0, at_s, site, 5.0),
            elsewhere(k, at_s, at_s + stays_s + 1.0, moved(*SEA, 180.0, 99_000.0), 5.0),
            elsewhere(k, at_s + stays_s + 5.0, at_s + stays_s + 40.0, site, 5.0),
        ]
    return parts


def test_a_displacement_settles_after_a_minute() -> None:
    assert [f.kind for f in judge(brief(65.0))] == ["interference"]
    assert judge(brief(55.0)) == []


def forged(k: int) -> Made:
    """Vessel k off the coast, from minute 10 + k on a circle over land, for 25 min, and back."""
    site, at_s = moved(*SEA, 60.0 * k, 4_000.0), 600.0 + 60.0 * k
    ring = circle(k, 200.0, 20.0, 1_500.0, 20.0, middle=LAND, from_s=at_s)
    ring.flags[:] = FLAG_INLAND
    ring.flags[0] |= np.uint32(FLAG_JUMP)
    return [
        at_sea(k, 0.0, at_s, site), ring, elsewhere(k, at_s + 1_500.0, at_s + 2_400.0, site)
    ]  # fmt: skip


def test_many_on_one_circle_are_one_interference_that_holds_the_rest() -> None:
    found = judge([p for k in range(5) for p in forged(k)])
    (cause,) = [f for f in found if f.kind == "interference"]
    assert cause.facts["vessels"] == 5
    assert set(mmsis(cause)) <= {412_000_000 + k for k in range(5)}
    assert cause.start_us == START + 600 * SECOND_US
    assert cause.end_us is not None
    # Sources lie 4 km from SEA on five bearings from 0 to 240 degrees, targets 200 m from LAND.
    assert math.hypot(cause.lon_deg - SEA[0], cause.lat_deg - SEA[1]) < 0.04
    assert math.hypot(cause.facts["false_lon_deg"] - LAND[0],
                      cause.facts["false_lat_deg"] - LAND[1]) < 0.005  # fmt: skip
    assert 1_000.0 <= cause.facts["radius_m"] <= 8_000.0
    rest = [f for f in found if f is not cause]
    assert sorted(f.kind for f in rest) == ["on_land"] * 5
    assert {f.held_by for f in rest} == {f"interference {cause.alert_id()}"}


@pytest.mark.parametrize(("metres", "outcome"), [(40_000.0, (6, 250_000)), (46_000.0, (5, 39_000))])
def test_who_joins_does_not_widen_it(metres: float, outcome: tuple[int, int]) -> None:
    # The sources begin 4 km about SEA; the fifth is 39 km off and joins, 20 n mile being 37 km. The
    # last one comes so far beside SEA, from where nobody was.
    goals = [moved(*SEA, 180.0 + 25.0 * k, 150_000.0) for k in range(4)]
    sites = [moved(*SEA, 90.0 * k, 4_000.0) for k in range(4)]
    sites += [moved(*SEA, 90.0, 39_000.0), moved(*SEA, 90.0, 250_000.0)]
    goals += [moved(*SEA, 90.0, 200_000.0), moved(*SEA, 180.0, metres)]
    parts = []
    for k, (site, goal) in enumerate(zip(sites, goals, strict=True)):
        at_s = 600.0 + 60.0 * k
        parts += [at_sea(k, 0.0, at_s, site), elsewhere(k, at_s, at_s + 2_000.0, goal)]
    (cause,) = judge(parts)
    assert (cause.facts["vessels"], cause.facts["radius_m"]) == outcome


GOAL = moved(*SEA, 180.0, 150_000.0)


def sent(k: int, at_s: float, goal=GOAL) -> list[Positions]:
    """Vessel k, 4 km from SEA, is put on a circle about a place."""
    ring = circle(k, 200.0, 20.0, 1_500.0, 20.0, middle=goal, from_s=at_s)
    ring.flags[0] |= np.uint32(FLAG_JUMP)
    return [at_sea(k, 0.0, at_s, moved(*SEA, 60.0 * k, 4_000.0)), ring]


def test_a_circle_without_a_source_widens_nothing() -> None:
    # Three are sent to one circle, on which a fourth goes round that was never heard elsewhere. A
    # fifth, 500 km off, is displaced by 9 km.
    parts = [p for k in range(3) for p in sent(k, 900.0 + 20.0 * k)]
    far = moved(*SEA, 0.0, 500_000.0)
    parts += [circle(3, 200.0, 20.0, 2_400.0, 20.0, middle=GOAL, from_s=0.0)]
    parts += [at_sea(4, 0.0, 1_500.0, far)]
    parts += [elsewhere(4, 1_500.0, 2_000.0, moved(*far, 0.0, 9_000.0))]
    (cause,) = [f for f in judge(parts) if f.kind == "interference"]
    assert cause.facts["vessels"] == 4
    assert cause.facts["radius_m"] < 12_000


def test_circles_begin_nothing_beside_the_event_of_their_vessels() -> None:
    # Three to one place, then from the same waters three to another.
    parts = [p for k in range(3) for p in sent(k, 600.0 + 20.0 * k)]
    goal = moved(*SEA, 270.0, 150_000.0)
    parts += [p for k in range(3, 6) for p in sent(k, 900.0 + 20.0 * k, goal)]
    (cause,) = [f for f in judge(parts) if f.kind == "interference"]
    assert cause.facts["vessels"] == 6


def test_one_alone_on_a_circle_over_land_is_one_alert() -> None:
    (found,) = judge(forged(0))
    assert found.kind == "on_land"
    assert found.held_by is None
    assert found.start_us == START + 600 * SECOND_US
    assert found.end_us == START + 2_080 * SECOND_US  # the last report from land


def test_two_turns_of_a_ship_and_drift_are_no_forgery() -> None:
    """Ten turns of 500 m at 7 kn in a stream of 1 kn: each is 110 m and more off the one before."""
    t_us = times(0.0, 9_000.0, 20.0)
    s = (t_us - START) / SECOND_US
    a = 7.0 * KNOT * s / 500.0
    east = 500.0 * np.sin(a) + 1.0 * KNOT * s
    north = 500.0 * np.cos(a)
    lon = SEA[0] + east / 105_200.0
    lat = SEA[1] + north / 111_195.0
    assert judge([fixes(0, t_us, lon, lat, 7.0, np.degrees(a + np.pi / 2) % 360.0)]) == []
    assert judge([circle(radius_m=500.0, knots=7.0, lasts_s=1_700.0)]) == [], "two turns"


@pytest.mark.parametrize("repack", [False, True])
def test_the_order_of_vessels_and_a_checkpoint_are_no_matter(repack: bool) -> None:
    parts = [p for k in range(5) for p in forged(k)]
    fleet = fleet_of(dict.fromkeys(range(6), 70))
    fleet.positions[:] = 100
    where = world(ports=PORTS)
    one = run(DETECTOR, COASTAL, parts, fleet, where, after_s=7200)
    two = run(DETECTOR, COASTAL, parts[::-1], fleet, where, after_s=7200, repack=repack)
    assert one == two


def test_it_says_so() -> None:
    parts = [p for k in range(5) for p in forged(k)]
    found = {f.kind: f for f in [*judge(parts), *judge([circle()])]}
    names = {t: "A" for f in found.values() for t in f.things}
    said = {k: DETECTOR.sentence(f, names, "en") for k, f in found.items()}
    assert said["interference"].startswith("Satellite navigation interference: 5 vessels within")
    assert said["interference"].endswith("jumped to one false place (A and others)")
    assert said["on_land"].startswith("A reports itself on land, ")
    assert said["circling"].startswith("A reports a circle of 300 m radius at 20 kn, ")
    for f in found.values():
        assert DETECTOR.sentence(f, names, "zh")
