"""Closest points against a slow search on the ellipsoid; one situation is one alert; the cut, the
order of vessels and a checkpoint do not matter."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyproj import Geod

from littoral.area.geodesy import KNOT_MPS
from littoral.detect.collision import DETECTOR
from littoral.schema.ais import Positions, Statics
from littoral.schema.finding import ALARM, WARNING, Finding
from littoral.schema.fleet import GEAR_BEACON
from tests.detect.collision.scenes import CPA_US, SITES, WORLD, Ship, cpa_for, meeting
from tests.detect.making import final, fixes, fleet_of, mmsis, moved, run, sailing

COASTAL = DETECTOR.profiles["coastal"].settings
WGS84 = Geod(ellps="WGS84")
FLEET = fleet_of({0: 70, 1: 70}, 115.0, 18.0)
HEAD_ON = (Ship(0.0, 12.0), Ship(180.0, 12.0))
SECOND_US = 1_000_000


def told(found: list[Finding]) -> list[tuple]:
    return [(f.updated_us, f.priority, f.facts["ended"]) for f in found]


@settings(max_examples=60, deadline=None)
@given(
    st.floats(0, 359.9), st.floats(0, 359.9), st.floats(6, 22), st.floats(6, 22),
    st.floats(0, 150), st.sampled_from([-1, 1]),
)  # fmt: skip
def test_closest_point_equals_a_dense_search_on_the_ellipsoid(
    course: float, course2: float, kn: float, kn2: float, cpa_m: float, side: int
) -> None:
    """Both ships go on along geodesics of WGS 84; their distance is taken every tenth of a second.
    The detector's plane may differ by 1 % of the range (its sphere by 0.56 %)."""
    a, b = Ship(course, kn), Ship(course2, kn2)
    u, w = (p - q for p, q in zip(b.velocity(), a.velocity(), strict=True))
    assume(math.hypot(u, w) > 2.5)
    found = run(DETECTOR, COASTAL, meeting(a, b, cpa_m, SITES["open_sea"], side), FLEET, WORLD)
    assert len(final(found)) == 1
    first = found[0]
    parts = meeting(a, b, cpa_m, SITES["open_sea"], side)
    at = [int(np.searchsorted(p.t_us, first.updated_us)) for p in parts]
    t = np.arange(0.0, 600.0, 0.1)
    ways = []
    for p, i, ship in zip(parts, at, (a, b), strict=True):
        assert p.t_us[i] == first.updated_us
        n = len(t)
        lon, lat, _ = WGS84.fwd(
            [p.lon_deg[i]] * n, [p.lat_deg[i]] * n, [ship.course_deg] * n, ship.kn * KNOT_MPS * t
        )
        ways.append((lon, lat))
    _, _, apart = WGS84.inv(*ways[0], *ways[1])
    k = int(np.argmin(apart))
    now = apart[0]
    assert abs(first.facts["range_m"] - now) <= 0.01 * now + 1.0
    assert abs(first.facts["cpa_m"] - apart[k]) <= 0.01 * now + 1.0
    assert abs(first.facts["tcpa_s"] - t[k]) <= 0.02 * t[k] + 2.0


def test_dead_reckoning_brings_both_to_one_instant() -> None:
    """One ship reports at the full ten seconds, the other 7 s later each time: the same figures."""
    a, b = HEAD_ON
    cpa = cpa_for(50.0, a, b, 10.0)
    parts = meeting(a, b, cpa, SITES["open_sea"])
    times = parts[1].t_us[:-1] + 7 * SECOND_US
    _, along = 0.0, 180.0
    other = moved(*SITES["open_sea"], along + 90.0, cpa)
    late = sailing(1, times, other, 180.0, 12.0, CPA_US, heading_deg=180.0, accurate=1)
    same = run(DETECTOR, COASTAL, parts, FLEET, WORLD)[0]
    shifted = run(DETECTOR, COASTAL, [parts[0], late], FLEET, WORLD)[0]
    assert same.updated_us == shifted.updated_us
    assert abs(same.facts["range_m"] - shifted.facts["range_m"]) < 0.5
    assert abs(same.facts["tcpa_s"] - shifted.facts["tcpa_s"]) < 0.1
    # The fix is 3 s old at the tick: a tenth of 18.5 m more of error, 10.17 m instead of 10 m.
    assert 0.0 < same.facts["clear_m"] - shifted.facts["clear_m"] < 0.3


def test_error_grows_with_the_age_of_the_fix() -> None:
    """By hand: fixes every 60 s at 12 kn (6.17 m/s); at the tick 50 s after one, the error of a
    position is sqrt(10^2 + (0.1 * 6.17 * 50)^2) = 32.4 m instead of 10 m."""
    a, b = HEAD_ON
    parts = meeting(a, b, 200.0, SITES["open_sea"], every_s=60)
    found = run(DETECTOR, COASTAL, parts, FLEET, WORLD)
    assert len(found) > 0
    ages = [(f.updated_us - parts[0].t_us[0]) % (60 * SECOND_US) / SECOND_US for f in found]
    for f, age in zip(found, ages, strict=True):
        if f.facts["ended"] is None:
            error = math.hypot(10.0, 0.1 * 12.0 * KNOT_MPS * age)
            hulls = 2 * 0.5 * 18.0
            wanted = max(0.0, f.facts["cpa_m"] - hulls - math.sqrt(2.0) * error)
            assert abs(f.facts["clear_m"] - wanted) < 0.1
    assert max(ages) > 0


def test_a_turning_ship_is_reckoned_along_its_arc() -> None:
    """18 degrees a minute at 12 kn, last fix 50 s old: by hand, 15 degrees of turn on an arc of
    radius 12 kn / (18 deg/min) = 1179 m; the chord is 2 r sin(7.5 deg) = 307.8 m at 7.5 degrees."""
    t0 = CPA_US - 4 * SECOND_US - 100 * SECOND_US
    here = SITES["open_sea"]
    radius = 12.0 * KNOT_MPS / math.radians(18.0 / 60.0)
    chord = 2.0 * radius * math.sin(math.radians(7.5))
    there = moved(*here, 7.5, chord)
    # The other ship lies 1,000 m ahead of where the arc leads, on the course that it leads to.
    ahead = moved(*there, 15.0, 1000.0)
    turning = fixes(0, [t0 - 10 * SECOND_US, t0], *here, 12.0, 0.0, rot_degpm=18.0, accurate=1)
    still = fixes(1, t0 + np.arange(-2, 8) * 10 * SECOND_US, *ahead, 0.0, 0.0, accurate=1)
    at_once = replace(
        COASTAL, least_share=1.0, update_s=1e-3, looks=1, warning_looks=1, turning_share=10.0
    )
    fleet = fleet_of({0: 70, 1: 30}, 40.0, 8.0)
    fleet.name[1] = b"BOAT"
    found = run(DETECTOR, at_once, [turning, still], fleet, WORLD)
    at50 = [f for f in found if f.updated_us == t0 + 50 * SECOND_US]
    assert len(at50) == 1
    assert abs(at50[0].facts["range_m"] - 1000.0) < 3.0
    assert abs(at50[0].facts["cpa_m"]) < 6.0
    assert at50[0].facts["first_cog_deg"] == 15.0


def test_a_position_is_that_of_the_hull_not_of_the_antenna() -> None:
    """Antennas at the stern of 200 m ships: hulls' middles lie 100 m ahead of them. Head-on, the
    two are then 200 m nearer than the antennas; the closest point comes 200 m / 12.3 m/s sooner."""
    a, b = HEAD_ON
    middle = fleet_of({0: 70, 1: 70}, 200.0, 30.0)
    stern = fleet_of({0: 70, 1: 70}, 200.0, 30.0)
    stern.to_bow_m[:2], stern.to_stern_m[:2] = 200.0, 0.0
    found = [
        run(DETECTOR, COASTAL, meeting(a, b, 100.0, SITES["open_sea"]), fleet, WORLD)
        for fleet in (middle, stern)
    ]
    first = [f[0] for f in found]
    assert first[0].updated_us >= first[1].updated_us
    gain = (first[0].facts["tcpa_s"] - first[1].facts["tcpa_s"]) + (
        first[0].updated_us - first[1].updated_us
    ) / 1e6
    assert abs(gain - 200.0 / (24.0 * KNOT_MPS)) < 0.2
    assert abs(first[0].facts["cpa_m"] - first[1].facts["cpa_m"]) < 1.0


def test_one_situation_is_one_alert_from_warning_to_end() -> None:
    a, b = HEAD_ON
    cpa = cpa_for(50.0, a, b, 10.0)
    found = run(DETECTOR, COASTAL, meeting(a, b, cpa, SITES["open_sea"]), FLEET, WORLD)
    assert len(final(found)) == 1
    assert len({(f.things, f.start_us) for f in found}) == 1
    first = (
        CPA_US - 4 * SECOND_US - 350 * SECOND_US
    )  # 354 s before: the first tick of 30 s within 360 s
    assert found[0].start_us == -(-(CPA_US - 360 * SECOND_US) // (30 * SECOND_US)) * 30 * SECOND_US
    assert found[0].updated_us - found[0].start_us == 30 * SECOND_US
    assert first > 0
    # Told, then each minute, at once when it becomes an alarm, and when past and clear for 30 s.
    assert [p for _, p, _ in told(found)] == sorted([p for _, p, _ in told(found)], reverse=True)
    alarm = next(f for f in found if f.priority == ALARM)
    assert alarm.updated_us == -(-(CPA_US - 180 * SECOND_US) // (10 * SECOND_US)) * 10 * SECOND_US
    last = found[-1]
    passed = -(-CPA_US // (10 * SECOND_US)) * 10 * SECOND_US
    assert (last.updated_us, last.end_us) == (passed + 20 * SECOND_US, passed + 20 * SECOND_US)
    assert last.facts["ended"] == "past_and_clear"
    assert abs(last.facts["least_range_m"] - cpa) < 1.0  # between two ticks, not at one
    gaps = np.diff([f.updated_us for f in found[:-1]]) / 1e6
    assert max(gaps) <= 60.0
    assert len(found) <= 9


def test_a_ship_that_turns_away_ends_it_as_over() -> None:
    a, b = HEAD_ON
    parts = meeting(a, b, 60.0, SITES["open_sea"], before_s=600)
    turn = int(np.searchsorted(parts[1].t_us, CPA_US - 200 * SECOND_US))
    p = parts[1].take(slice(0, turn))
    away = sailing(
        1, parts[1].t_us[turn:], (p.lon_deg[-1], p.lat_deg[-1]), 270.0, 12.0, int(p.t_us[-1]),
        heading_deg=270.0, accurate=1,
    )  # fmt: skip
    found = run(DETECTOR, COASTAL, [parts[0], p, away], FLEET, WORLD)
    assert len(final(found)) == 1
    assert found[-1].facts["ended"] == "risk_over"
    # Three looks out of risk: at the first report on the new course and the two ticks after it.
    assert found[-1].end_us == int(parts[1].t_us[turn]) + 20 * SECOND_US


def test_held_at_the_edge_of_the_limit_is_not_ended_and_begun_again() -> None:
    """The clear distance swings between 150 and 230 m around the limit of 185 m: one alert. Beyond
    1.5 times the limit it would be another matter, as the second half shows."""
    for low, high, pieces in ((150.0, 230.0, 0), (150.0, 320.0, 1)):
        a, b = HEAD_ON
        parts = meeting(a, b, cpa_for(150.0, a, b, 10.0), SITES["open_sea"], before_s=340)
        wave = ((parts[1].t_us // (60 * SECOND_US)) % 2) * (high - low)
        parts[1].lon_deg += wave / (111_195.0 * math.cos(math.radians(18.0))) * _side(parts)
        found = run(DETECTOR, COASTAL, parts, FLEET, WORLD)
        assert len(final(found)) == 1
        ends = [f for f in found if f.facts["ended"] == "risk_over"]
        assert (len(ends) > 0) == (pieces > 0)


def _side(parts: list[Positions]) -> float:
    return 1.0 if parts[1].lon_deg[0] > parts[0].lon_deg[0] else -1.0


def test_a_target_that_falls_silent_ends_it_once() -> None:
    """Fixes of the second ship stop 300 s before the closest point: at 180 s of age it is lost,
    told once, and not begun again though its last fix still leads into the first ship."""
    a, b = HEAD_ON
    parts = meeting(a, b, 60.0, SITES["open_sea"])
    silent = int(np.searchsorted(parts[1].t_us, CPA_US - 304 * SECOND_US))
    found = run(DETECTOR, COASTAL, [parts[0], parts[1].take(slice(0, silent))], FLEET, WORLD)
    last_fix = int(parts[1].t_us[silent - 1])
    ends = [(f.end_us, f.facts["ended"]) for f in found if f.end_us is not None]
    assert ends == [(last_fix + 190 * SECOND_US, "target_lost")]
    assert found[-1].end_us == ends[0][0]


def test_a_slow_target_is_kept_for_longer() -> None:
    """A drifting boat reports every three minutes: 350 s without a report is not yet lost, 410 s is
    (the limits are 400 s for a slow vessel, 180 s for one under way)."""
    boat = Ship(0.0, 0.0, 30, 0, 40.0, 8.0)
    parts = meeting(Ship(0.0, 12.0), boat, 30.0, SITES["open_sea"])
    for silent_s, wanted in ((350, "past_and_clear"), (410, "target_lost")):
        keep = parts[1].t_us <= CPA_US - 4 * SECOND_US - silent_s * SECOND_US
        found = run(DETECTOR, COASTAL, [parts[0], parts[1].take(keep)], FLEET, WORLD)
        assert [f.facts["ended"] for f in final(found).values()] == [wanted], silent_s


def again_after(pause_s: float) -> list[Finding]:
    """Two ships come near each other twice, `pause_s` between the end of the first risk and the
    first look of the second."""
    a, b = HEAD_ON
    cpa = cpa_for(120.0, a, b, 10.0)  # a warning, no alarm
    first = meeting(a, b, cpa, SITES["open_sea"], before_s=600, after_s=100)
    shift = round((pause_s + 390.0) / 30.0) * 30 * SECOND_US
    second = meeting(a, b, cpa, SITES["open_sea"], before_s=600, after_s=100)
    for p in second:
        p.t_us += shift
        p.obs_id += shift
    keep = [p.take(p.t_us > first[0].t_us[-1]) for p in second]
    return run(DETECTOR, COASTAL, [*first, *keep], FLEET, WORLD)


@pytest.mark.parametrize(("pause_s", "alerts"), [(1500.0, 1), (2100.0, 2)])
def test_the_same_pair_soon_again_is_the_same_alert(pause_s: float, alerts: int) -> None:
    """Within half an hour of its end it goes on under the same id; later it is another one."""
    found = again_after(pause_s)
    assert len(final(found)) == alerts
    assert len([f for f in found if f.facts["ended"] == "past_and_clear"]) == 2
    assert all(f.priority == WARNING for f in found)


@pytest.mark.parametrize("course", [0.0, 90.0, 225.0])
def test_no_seam_at_the_antimeridian(course: float) -> None:
    a, b = Ship(course, 12.0), Ship(course + 180.0, 12.0)
    here = run(DETECTOR, COASTAL, meeting(a, b, 60.0, (111.0, 18.0)), FLEET, WORLD)
    there = run(DETECTOR, COASTAL, meeting(a, b, 60.0, (180.0, 18.0)), FLEET, WORLD)
    assert told(here) == told(there)
    assert len(here) > 0


def crowd(seed: int, vessels: int = 14) -> list[Positions]:
    """A crowd on crossing courses within 3 km, with uneven reports."""
    rng = np.random.default_rng(seed)
    parts = []
    for track in range(vessels):
        where = moved(*SITES["open_sea"], rng.uniform(0, 360), rng.uniform(0, 3000))
        every = rng.choice([5, 10, 30])
        t = CPA_US - 900 * SECOND_US + rng.integers(0, 10 * SECOND_US)
        times = t + (np.arange(0, 1500, every) * SECOND_US) + rng.integers(0, SECOND_US)
        parts.append(
            sailing(
                track, times, where, rng.uniform(0, 360), rng.uniform(4, 16), CPA_US,
                accurate=int(rng.integers(0, 2)), nav_status=int(rng.choice([0, 7, 8])),
            )
        )  # fmt: skip
    return parts


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_cut_does_not_matter(seed: int) -> None:
    fleet = fleet_of({k: (30, 70, 60)[k % 3] for k in range(14)}, 60.0, 10.0)
    statics = Statics.empty(2)
    statics.track[:], statics.ship_type[:] = (3, 5), (52, 70)
    statics.t_us[:] = CPA_US - np.array([500, 300]) * SECOND_US
    whole = run(DETECTOR, COASTAL, crowd(seed), fleet, WORLD, statics=statics, after_s=900)
    assert len(final(whole)) >= 5
    for slice_us in (15_000_000, 10_000_000, 7_500_000, 120_000_000):
        other = run(
            DETECTOR, COASTAL, crowd(seed), fleet, WORLD, statics=statics, slice_us=slice_us,
            after_s=900,
        )  # fmt: skip
        assert sorted(map(repr, other)) == sorted(map(repr, whole))
    again = run(
        DETECTOR, COASTAL, crowd(seed), fleet, WORLD, statics=statics, after_s=900, repack=True
    )
    assert again == whole


@settings(max_examples=10, deadline=None)
@given(st.permutations(range(14)), st.integers(0, 50))
def test_the_order_of_vessels_does_not_matter(order: list[int], seed: int) -> None:
    fleet = fleet_of(dict.fromkeys(range(14), 70), 60.0, 10.0)
    mixed = fleet_of(dict.fromkeys(range(14), 70), 60.0, 10.0)
    parts = []
    for p in crowd(seed):
        q = p.take(slice(None))
        q.track = np.full(len(q), order[int(p.track[0])], np.int32)
        parts.append(q)
    for track, new in enumerate(order):
        mixed.mmsi[new] = 412_000_000 + track

    def plain(found: list[Finding]) -> list[tuple]:
        return sorted(
            (mmsis(f), f.start_us, f.end_us or 0, f.priority, f.facts["least_range_m"])
            for f in final(found).values()
        )

    one = plain(run(DETECTOR, COASTAL, crowd(seed), fleet, WORLD))
    assert plain(run(DETECTOR, COASTAL, parts, mixed, WORLD)) == one


def by_pairs(parts: list[Positions], fleet_length: float, beam: float) -> set[tuple[int, int]]:
    """Pairs that are told of, in plain Python over all pairs at ticks of 10 s: no grid, no sieve,
    no table. At risk at four ticks in a row (two for an alarm) from one at which they are looked
    for, with two reports of each unless 0.4 of the alarm's time are left."""
    ticks = (
        np.arange(
            -(-int(min(p.t_us[0] for p in parts)) // 10_000_000),
            int(max(p.t_us[-1] for p in parts)) // 10_000_000 + 1,
        )
        * 10_000_000
    )
    share = min(1.0, max(0.4, fleet_length / 115.0))
    warning_s, alarm_s = max(360.0 * share, 90.0), max(180.0 * share, 45.0)
    found: set[tuple[int, int]] = set()
    looks: dict[tuple[int, int], tuple[int, int, int]] = {}  # ticks, first reports of both
    for tick in ticks:
        now = {}
        for p in parts:
            i = int(np.searchsorted(p.t_us, tick, side="right")) - 1
            if i < 1 or tick - p.t_us[i] > 180_000_000:
                continue
            age = (tick - p.t_us[i]) / 1e6
            v, c = float(p.sog_mps[i]), math.radians(float(p.cog_deg[i]))
            x = (p.lon_deg[i] - 111.0) * 111_194.93 * math.cos(math.radians(18.0))
            y = (p.lat_deg[i] - 18.0) * 111_194.93
            e = math.hypot(10.0 if p.accurate[i] == 1 else 30.0, 0.1 * v * age)
            u, w = v * math.sin(c), v * math.cos(c)
            now[int(p.track[0])] = (x + u * age, y + w * age, u, w, math.degrees(c), e, i, age)
        horizon = 360.0 if tick % 30_000_000 == 0 else 150.0
        for a in now:
            for b in now:
                if a >= b:
                    continue
                x, y, u, w = (now[b][k] - now[a][k] for k in range(4))
                v2 = u * u + w * w
                bad, alarm, tcpa = False, False, math.inf
                if math.sqrt(v2) >= 3.0 * KNOT_MPS and max(now[a][7], now[b][7]) <= 120.0:
                    tcpa, cpa = -(x * u + y * w) / v2, abs(x * w - y * u) / math.sqrt(v2)
                    along = math.degrees(math.atan2(u, w))
                    hulls = sum(
                        0.5 * (fleet_length * abs(math.sin(math.radians(now[k][4] - along)))
                               + beam * abs(math.cos(math.radians(now[k][4] - along))))
                        for k in (a, b)
                    )  # fmt: skip
                    clear = cpa - hulls - math.hypot(now[a][5], now[b][5])
                    bad = 0.0 <= tcpa <= warning_s and clear <= 185.0 * share
                    alarm = bad and tcpa <= alarm_s and clear <= 92.0 * share
                if not bad:
                    looks.pop((a, b), None)
                elif (a, b) in looks:
                    n, first_a, first_b = looks[a, b]
                    looks[a, b] = (n + 1, first_a, first_b)
                    both = now[a][6] != first_a and now[b][6] != first_b
                    if n + 1 >= (2 if alarm else 4) and (both or tcpa <= 0.4 * alarm_s):
                        found.add((a, b))
                elif tcpa <= horizon:
                    looks[a, b] = (1, now[a][6], now[b][6])
    return found


@pytest.mark.parametrize("seed", range(8))
def test_the_search_misses_no_pair(seed: int) -> None:
    """The whole detector against a search through all pairs, 14 vessels at each of 150 ticks."""
    fleet = fleet_of(dict.fromkeys(range(14), 70), 60.0, 10.0)
    parts = crowd(100 + seed)
    for p in parts:
        p.heading_deg[:] = np.nan
    found = run(DETECTOR, COASTAL, parts, fleet, WORLD)
    pairs = {tuple(sorted(m - 412_000_000 for m in mmsis(f))) for f in found}
    assert len(pairs) >= 3
    assert pairs == by_pairs(parts, 60.0, 10.0)


def test_sentences_say_what_to_do() -> None:
    a, b = Ship(0.0, 12.0), Ship(270.0, 12.0)
    found = run(DETECTOR, COASTAL, meeting(a, b, 60.0, SITES["open_sea"]), FLEET, WORLD)
    first, last = found[0], found[-1]
    names = dict(zip(first.things, ("SHUN DA", "OCEAN"), strict=True))
    english = DETECTOR.sentence(first, names, "en")
    assert english.startswith("SHUN DA and OCEAN will pass at ")
    assert english.endswith("crossing, SHUN DA gives way (COLREG rule 15)")
    chinese = DETECTOR.sentence(first, names, "zh")
    assert chinese.startswith("SHUN DA与OCEAN将在")
    assert chinese.endswith("交叉相遇，SHUN DA应让路（避碰规则第15条）")
    least = round(last.facts["least_range_m"])
    assert DETECTOR.sentence(last, names, "en") == (
        f"SHUN DA and OCEAN are past and clear; nearest {least} m"
    )
    assert DETECTOR.sentence(last, names, "zh") == f"SHUN DA与OCEAN已驶过让清，最近距离{least}米"


def test_a_net_beacon_found_out_after_detectors_saw_it_is_nobody_to_meet() -> None:
    """Its last fix would be fresh for minutes more; nothing of it comes to detectors from then."""
    coming, still = meeting(HEAD_ON[0], Ship(180.0, 0.0), 60.0, SITES["open_sea"])
    still = still.take(still.t_us < CPA_US - 500 * SECOND_US)
    fleet = fleet_of({0: 70, 1: -1}, 115.0, 18.0)
    assert len(final(run(DETECTOR, COASTAL, [coming, still], fleet, WORLD))) == 1
    fleet.gear[1] = GEAR_BEACON
    assert run(DETECTOR, COASTAL, [coming, still], fleet, WORLD) == []
