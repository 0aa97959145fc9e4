"""Visits by the published text, each threshold from both sides, and a slow program beside it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from littoral.area.geodesy import KNOT_MPS
from littoral.area.world import World
from littoral.detect.port_visit import DETECTOR
from littoral.detect.port_visit.settings import COASTAL, GFW, PortVisitSettings
from littoral.schema.ais import FLAG_JUMP, Positions, Statics, Texts
from littoral.schema.batch import Batch
from littoral.schema.finding import NOTED, Finding
from littoral.schema.fleet import GEAR_BEACON, Fleet
from tests.detect.making import (
    SECOND_US,
    at_us,
    final,
    fixes,
    fleet_of,
    moved,
    ordered,
    place,
    run,
    world,
)

T0_US = at_us("2026-11-24T00:00")
POINT = (110.0, 18.0)
WHERE = world(anchorage_points=(place(*POINT),))
HOUR = 3600

# A vessel's way as (seconds from T0, metres west of the point, knots); reports every 10 s between.
Way = list[tuple[float, float, float]]


def reports(way: Way, every_s: float = 10.0, silent: tuple[float, float] = (0.0, 0.0)) -> Positions:
    """Reports along `way`, none in the open span `silent`."""
    t = np.arange(way[0][0], way[-1][0] + 1, every_s)
    t = t[(t <= silent[0]) | (t >= silent[1])]
    times, metres = [w[0] for w in way], np.interp(t, [w[0] for w in way], [w[1] for w in way])
    knots = np.array([way[max(0, np.searchsorted(times, x, side="right") - 1)][2] for x in t])
    lon, lat = zip(*[moved(*POINT, 270.0, m) for m in metres], strict=True)
    return fixes(0, T0_US + (t * SECOND_US).astype(np.int64), lon, lat, knots)


def told(
    parts: list[Positions], settings: PortVisitSettings, where: World = WHERE, after_s: float = 0.0
) -> list[Finding]:
    return run(DETECTOR, settings, parts, fleet_of({0: 70}), where, after_s=after_s)


def call(
    nearest_m: float = 500.0,
    stop_kn: float = 0.05,
    stop_s: float = 2 * HOUR,
    far_m: float = 9_000.0,
) -> Way:
    """From `far_m` to `nearest_m` in half an hour, a stop, and back in half an hour."""
    return [
        (0, far_m, 9.0),
        (1800, nearest_m, stop_kn),
        (1800 + stop_s, nearest_m, 9.0),
        (3600 + stop_s, far_m, 9.0),
        (3700 + stop_s, far_m, 9.0),
    ]


def seconds(t_us: int | None) -> float:
    assert t_us is not None
    return (t_us - T0_US) / SECOND_US


def test_a_call_by_hand() -> None:
    """9 km to 0.5 km in 1800 s is 4.722 m/s: 3 km after 1270.6 s, so the report of 1280 s; back
    4 km out after 9000 + 741.2 s, so the report of 9750 s."""
    found = told([reports(call())], GFW)
    assert [f.facts["confidence"] for f in found] == [1, 3, 4]
    (visit,) = final(found).values()
    assert visit.kind == "port_visit"
    assert visit.priority == NOTED
    assert seconds(visit.start_us) == 1280
    assert seconds(visit.end_us) == 9750
    assert visit.facts["stops"] == 1
    assert visit.facts["stopped_s"] == 7200
    assert visit.facts["duration_s"] == 9750 - 1280
    assert (visit.facts["entered"], visit.facts["left"], visit.facts["gaps"]) == (True, True, 0)
    assert (visit.lon_deg, visit.lat_deg) == POINT
    assert len(visit.evidence) == 3


# Published confidence: what was seen of a visit, and the value of the table.
LYING: Way = [(0, 500.0, 0.05), (2 * HOUR, 500.0, 0.05)]
CONFIDENCE = {
    "passes": (call(2_500.0, 9.0, 60.0), (0.0, 0.0), 1),
    "comes, stops and leaves": (call(), (0.0, 0.0), 4),
    "comes and stops": (call()[:3], (0.0, 0.0), 3),
    "stopped when first heard, leaves": ([*LYING, *call()[3:]], (0.0, 0.0), 3),
    "stopped when first heard, shifts its berth": (
        [*LYING, (2 * HOUR + 60, 400.0, 3.0), (2 * HOUR + 90, 400.0, 3.0)], (0.0, 0.0), 2),
    "slow but never stopped, silent for 5 h": (call(500.0, 2.0, 6 * HOUR), (2000.0, 20000.0), 4),
    "comes, falls silent": ([(0, 9_000.0, 9.0), (1800, 500.0, 2.0)], (0.0, 0.0), 3),
}  # fmt: skip


@pytest.mark.parametrize("name", CONFIDENCE)
def test_confidence_is_as_published(name: str) -> None:
    way, silent, confidence = CONFIDENCE[name]
    after_s = 5 * HOUR if name.endswith("falls silent") else 0.0
    visits = final(told([reports(way, silent=silent)], GFW, after_s=after_s))
    (visit,) = visits.values()
    assert visit.facts["confidence"] == confidence
    coastal = final(told([reports(way, silent=silent)], COASTAL, after_s=after_s))
    assert [f.priority for f in coastal.values()] == ([] if confidence == 1 else [NOTED])


def test_whoever_lies_there_and_is_only_heard_to_lie_has_made_no_visit_yet() -> None:
    assert told([reports(LYING)], GFW) == []


def test_a_gap_begins_four_hours_after_the_last_report() -> None:
    way = [(0, 500.0, 2.0), (600, 500.0, 2.0)]
    (visit,) = told([reports(way)], GFW, after_s=5 * HOUR)
    assert visit.facts["confidence"] == 2
    assert seconds(visit.start_us) == 600 + 4 * HOUR
    assert visit.end_us is None


def test_what_is_taken_for_a_net_beacon_by_then_is_not_silent() -> None:
    fleet = fleet_of({0: 30})
    fleet.gear[0] = GEAR_BEACON
    way = [(0, 500.0, 2.0), (600, 500.0, 2.0)]
    assert run(DETECTOR, GFW, [reports(way)], fleet, WHERE, after_s=5 * HOUR) == []


def test_between_the_distances_it_is_where_it_was() -> None:
    """To 3.5 km and back six times: one visit from within, none from without."""
    to_and_fro = [(1000 + 600 * n, 3_500.0 if n % 2 else 2_500.0, 5.0) for n in range(12)]
    inside: Way = [(0, 9_000.0, 9.0), *to_and_fro]
    assert len(final(told([reports(inside)], GFW))) == 1
    outside: Way = [(0, 9_000.0, 9.0), *((t, m + 600.0, k) for t, m, k in to_and_fro)]
    assert told([reports(outside)], GFW) == []


def test_doubtful_positions_and_missing_speeds_decide_nothing() -> None:
    astray = reports([(0, 9_000.0, 9.0), (600, 9_000.0, 9.0)])
    astray.lon_deg[30], astray.flags[30] = POINT[0], FLAG_JUMP
    assert told([astray], GFW) == []
    quiet = reports(call())
    quiet.sog_mps[:] = np.nan
    (visit,) = final(told([quiet], GFW)).values()
    assert visit.facts["confidence"] == 1


@pytest.mark.parametrize("kind", [2, 3, 4, 5])
def test_no_stations_aids_aircraft_or_distress_devices(kind: int) -> None:
    rows = reports(call())
    rows.kind[:] = kind
    assert told([rows], GFW) == []


def test_without_learned_points_a_port_counts_from_its_edge() -> None:
    """A port of 2 km radius: 4.9 km from its middle is 2.9 km from it."""
    port = world(ports=(place(*POINT, 2_000.0, "port"),))
    assert len(final(told([reports(call(4_900.0))], GFW, port))) == 1
    assert told([reports(call(5_100.0))], GFW, port) == []
    assert told([reports(call(4_900.0))], GFW, world()) == []


def test_a_visit_goes_on_with_the_track_of_the_same_mmsi_after_a_day() -> None:
    """In port, 30 h of silence, and heard in port again as a new track."""
    first, second = call()[:3], [(36 * HOUR + t, m, k) for t, m, k in call()[2:]]
    again = reports(second)
    again.track[:] = 1
    fleet = fleet_of({0: 70, 1: 70})
    fleet.mmsi[1] = fleet.mmsi[0]
    fleet.first_us[1] = again.t_us[0]
    late = run_as_met(fleet, [reports(first), again])
    (visit,) = final(late).values()
    assert visit.things == (fleet.thing(0),)
    assert (visit.facts["confidence"], visit.facts["gaps"]) == (4, 1)
    away = reports([(36 * HOUR, 9_000.0, 9.0), (37 * HOUR, 9_000.0, 9.0)])
    away.track[:] = 1
    fleet.first_us[1] = away.t_us[0]
    (visit,) = final(run_as_met(fleet, [reports(first), away])).values()
    assert (visit.facts["confidence"], visit.facts["left"]) == (3, False)
    assert seconds(visit.end_us) == first[-1][0]


def run_as_met(fleet: Fleet, parts: list[Positions]) -> list[Finding]:
    """The fleet has its second row only from its first report on."""
    settings, found = GFW, []
    state = DETECTOR.start(settings, WHERE)
    rows = ordered(parts)
    slice_us = 600 * SECOND_US
    for from_us in range(int(rows.t_us[0]), int(rows.t_us[-1]) + slice_us, slice_us):
        a, b = np.searchsorted(rows.t_us, (from_us, from_us + slice_us))
        fleet.count = 2 if from_us + slice_us > fleet.first_us[1] else 1
        batch = Batch(
            rows.take(slice(a, b)), Statics.empty(), Texts.empty(), from_us, from_us + slice_us
        )
        state, new = DETECTOR.step(state, batch, fleet, settings, WHERE)
        found += new
    return found


# Each number of both profiles, from 10 % below and above: what is told differs there.
def outcome(way: Way, settings: PortVisitSettings, silent=(0.0, 0.0), after_s=0.0):
    found = final(told([reports(way, silent=silent)], settings, after_s=after_s)).values()
    return [(f.facts["confidence"], f.facts["stops"], f.end_us is not None) for f in found]


# As the rule's page has them: Global Fishing Watch's published ones, and ours.
BY_THE_TEXT = {
    "gfw": PortVisitSettings(3_000.0, 4_000.0, 0.2 * KNOT_MPS, 0.5 * KNOT_MPS, 0.0, 4 * HOUR, 1, 5),
    "coastal": PortVisitSettings(
        2_000.0, 3_000.0, 0.5 * KNOT_MPS, 1.0 * KNOT_MPS, 600.0, 4 * HOUR, 2, 5
    ),
}


def pins(s: PortVisitSettings) -> dict[str, tuple]:
    """Per setting: two ways within 10 % on both sides of it, and their outcomes."""
    slow, fast = s.stop_begin_mps / KNOT_MPS, s.stop_end_mps / KNOT_MPS
    passes = [(1, 0, True)] if s.least_confidence == 1 else []
    lay = max(s.stop_least_s, 600.0)

    def shift(end_kn: float) -> Way:
        """Stops, makes `end_kn` for ten minutes, stops: one stop or two."""
        way = call(stop_kn=0.05, stop_s=3 * HOUR)
        return [*way[:2], (4000, 500.0, end_kn), (4600, 500.0, 0.05), *way[2:]]

    lasts = 0.0 if s.stop_least_s == 0.0 else s.stop_least_s
    pinned = {
        "entry_m": (
            (call(s.entry_m * 1.05), []),
            (call(s.entry_m * 0.95), [(4, 1, True)]),
        ),
        "stop_begin_mps": (
            (call(stop_kn=slow * 1.05, stop_s=lay * 2), passes),
            (call(stop_kn=slow * 0.95, stop_s=lay * 2), [(4, 1, True)]),
        ),
        "stop_end_mps": (
            (shift(fast * 1.05), [(4, 2, True)]),
            (shift(fast * 0.95), [(4, 1, True)]),
        ),
    }
    if lasts:
        pinned["stop_least_s"] = (
            (call(stop_s=lasts * 0.95), passes),
            (call(stop_s=lasts * 1.05), [(4, 1, True)]),
        )
    return pinned


@pytest.mark.parametrize("profile", BY_THE_TEXT)
@pytest.mark.parametrize("factor", [1.0, 0.8, 1.2])
@pytest.mark.parametrize(
    "name", ["entry_m", "exit_m", "stop_begin_mps", "stop_end_mps", "stop_least_s", "gap_s"]
)
def test_every_number_decides_within_ten_per_cent(profile: str, factor: float, name: str) -> None:
    settings, by_the_text = DETECTOR.profiles[profile].settings, BY_THE_TEXT[profile]
    value = getattr(by_the_text, name)
    if value == 0.0:
        assert name == "stop_least_s"  # at once: nothing to move
        return
    moved_to = replace(settings, **{name: getattr(settings, name) * factor})
    if name == "gap_s":
        way = call(500.0, 2.0, 6 * HOUR)
        cases = [
            (way, (2000.0, 2000.0 + value * share), [(4, 0, True)] if share > 1.0 else passing)
            for share in (0.95, 1.05)
            for passing in [[(1, 0, True)] if by_the_text.least_confidence == 1 else []]
        ]
    elif name == "exit_m":
        # It comes from far, stops, and goes out to just short of or just beyond the limit.
        def out_to(metres: float) -> Way:
            way = call()
            return [*way[:3], (way[3][0], metres, 9.0), (way[4][0], metres, 9.0)]

        cases = [
            (out_to(value * 0.95), (0.0, 0.0), [(3, 1, False)]),
            (out_to(value * 1.05), (0.0, 0.0), [(4, 1, True)]),
        ]
    else:
        cases = [(way, (0.0, 0.0), wanted) for way, wanted in pins(by_the_text)[name]]
    holds = [outcome(way, moved_to, silent) == wanted for way, silent, wanted in cases]
    assert all(holds) == (factor == 1.0)


# `least_confidence` of 0 tells as 1 does: what is told has an entry, a stop, a gap or an exit.
@pytest.mark.parametrize(("least", "visits"), [(1, 1), (2, 0)])
def test_confidence_asked_for(least: int, visits: int) -> None:
    passing = reports(call(1_500.0, 9.0, 60.0))
    settings = replace(COASTAL, least_confidence=least)
    assert len(final(told([passing], settings))) == visits


def test_sentences() -> None:
    found = told([reports(call())], GFW)
    names = {found[0].things[0]: "HAI XING 7"}
    assert [DETECTOR.sentence(f, names, "en") for f in found] == [
        "HAI XING 7 has come to P (confidence 1 of 4)",
        "HAI XING 7 lies at P (confidence 3 of 4)",
        "HAI XING 7 called at P for 2.4 h and left (confidence 4 of 4)",
    ]
    assert [DETECTOR.sentence(f, names, "zh") for f in found] == [
        "HAI XING 7驶入港（置信等级1）",
        "HAI XING 7停泊于港（置信等级3）",
        "HAI XING 7在港停留2.4小时后离开（置信等级4）",
    ]
