"""Encounters do not depend on the cut, on the order of vessels or on a checkpoint, and equal what a
slow program finds that is written from the published text alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from littoral.area.geodesy import KNOT_MPS
from littoral.detect.encounter import DETECTOR
from littoral.schema.ais import FLAG_JUMP, Positions, Statics
from littoral.schema.finding import Finding
from tests.detect.making import SPHERE, at_us, final, fixes, fleet_of, mmsis, ordered, run, world

START = at_us("2026-11-24T12:00")
HOUR_US = 3_600_000_000
GFW, COASTAL = (DETECTOR.profiles[p].settings for p in ("gfw", "coastal"))


def wandering(
    seed: int, vessels: int = 4, hours: float = 9.0, step_s: float = 600.0
) -> list[Positions]:
    """Vessels that drift about one another: a common slow drift, own random steps of some 100 m,
    reports at uneven times with holes of up to two hours."""
    rng = np.random.default_rng(seed)
    parts = []
    pace = np.sqrt(step_s / 600.0)
    for track in range(vessels):
        gaps = rng.exponential(step_s, int(hours * 3600 / step_s) * 2)
        hole = rng.integers(0, len(gaps))
        gaps[hole] = rng.uniform(2000.0, 7200.0)
        t_s = np.cumsum(gaps)
        t_s = np.round(t_s[t_s < hours * 3600])
        if len(t_s) < 3:
            continue
        # Now and then exactly on a tick.
        t_s[::5] = np.round(t_s[::5] / 600.0) * 600.0
        t_s = np.unique(t_s)
        east = (
            110.0
            + t_s * 0.4 / 106_000.0
            + np.cumsum(rng.normal(0, 90.0, len(t_s)) * pace) / 106_000.0
        )
        north = 17.0 + np.cumsum(rng.normal(0, 90.0, len(t_s)) * pace) / 111_000.0
        parts.append(fixes(track, START + (t_s * 1e6).astype(np.int64), east, north, 0.8, 90.0))
    return parts


def by_the_text(parts: list[Positions], hours: float) -> set[tuple]:
    """GFW's definition on a dense grid of ten minutes: positions by interpolation across at most
    an hour, pairs within 500 m, runs of at least two hours with both medians below two knots,
    runs less than four hours apart merged. Returns (first, second, start, end) in minutes."""
    ticks = np.arange(0, int(hours * 6) + 1) * 600.0
    paths = {}
    for p in parts:
        t = (p.t_us - START) / 1e6
        lon, lat = np.interp(ticks, t, p.lon_deg), np.interp(ticks, t, p.lat_deg)
        after = np.searchsorted(t, ticks, side="left")
        known = np.zeros(len(ticks), bool)
        for i, k in enumerate(after):
            if k < len(t):
                exact = t[k] == ticks[i]
                known[i] = exact or (k > 0 and t[k] - t[k - 1] <= 3600.0)
        paths[int(p.track[0])] = (lon, lat, known)
    found = set()
    for a in paths:
        for b in paths:
            if a >= b:
                continue
            _, _, apart = SPHERE.inv(*paths[a][:2], *paths[b][:2])
            near = (apart <= 500.0) & paths[a][2] & paths[b][2]
            good = []
            i = 0
            while i < len(ticks):
                if not near[i]:
                    i += 1
                    continue
                j = i
                # The run counts from the first tick at which the two hours are full and the
                # median so far is low: as soon as that is so at any tick of the run.
                hit = False
                while j < len(ticks) and near[j]:
                    if ticks[j] - ticks[i] >= 7200.0:
                        slow = True
                        for k in (a, b):
                            lon, lat, _ = paths[k]
                            _, _, way = SPHERE.inv(
                                lon[i:j], lat[i:j], lon[i + 1 : j + 1], lat[i + 1 : j + 1]
                            )
                            slow &= bool(np.median(way / 600.0) < 2.0 * KNOT_MPS)
                        hit |= slow
                    j += 1
                if hit:
                    good.append((ticks[i], ticks[j - 1]))
                i = j
            merged: list[list[float]] = []
            for first, last in good:
                if merged and first - merged[-1][1] < 4 * 3600.0:
                    merged[-1][1] = last
                else:
                    merged.append([first, last])
            found |= {(a, b, int(s // 60), int(e // 60)) for s, e in merged}
    return found


def spans(findings: list[Finding]) -> set[tuple]:
    out = set()
    for f in final(findings).values():
        assert f.end_us is not None
        first, second = sorted(m - 412_000_000 for m in mmsis(f))
        out.add(
            (first, second, (f.start_us - START) // 60_000_000, (f.end_us - START) // 60_000_000)
        )
    return out


@pytest.mark.parametrize("seed", range(12))
def test_equals_the_published_text(seed: int) -> None:
    parts = wandering(seed, hours=9.0)
    fleet = fleet_of(dict.fromkeys(range(4), 70))
    found = spans(run(DETECTOR, GFW, parts, fleet, slice_us=600_000_000, after_s=8 * 3600))
    assert found == by_the_text(parts, 9.0)


def test_the_text_finds_something() -> None:
    """So that the comparison above is one: encounters, merged ones, and pairs that are none."""
    each = [by_the_text(wandering(seed, hours=9.0), 9.0) for seed in range(12)]
    assert sum(map(len, each)) >= 10
    assert any(e - s > 240 for found in each for _, _, s, e in found)
    assert any(len(found) < 6 for found in each)


@pytest.mark.parametrize("profile", ["gfw", "coastal"])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_cut_does_not_matter(profile: str, seed: int) -> None:
    parts = wandering(seed, hours=6.0, step_s=200.0)
    fleet = fleet_of({0: 30, 1: 80, 2: 70, 3: -1})
    chosen = DETECTOR.profiles[profile].settings
    whole = run(DETECTOR, chosen, parts, fleet, after_s=6 * 3600)
    assert len(final(whole)) > 0
    for slice_us in (15_000_000, 10_000_000):
        assert run(DETECTOR, chosen, parts, fleet, after_s=6 * 3600, slice_us=slice_us) == whole
    # Coarser slices may tell less often, but in the end the same.
    coarse = run(DETECTOR, chosen, parts, fleet, after_s=6 * 3600, slice_us=120_000_000)
    assert final(coarse) == final(whole)


def test_a_checkpoint_does_not_matter() -> None:
    parts = wandering(1, hours=4.0, step_s=200.0)
    fleet = fleet_of({0: 30, 1: 80, 2: 70, 3: -1})
    whole = run(DETECTOR, COASTAL, parts, fleet, slice_us=120_000_000)
    assert len(whole) > 0
    assert run(DETECTOR, COASTAL, parts, fleet, slice_us=120_000_000, repack=True) == whole


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(4)), st.integers(0, 1000))
def test_the_order_of_vessels_does_not_matter(order: list[int], seed: int) -> None:
    """Rows of the track table are handed out in the order of arrival: any other gives the same."""
    parts = wandering(seed, hours=5.0)
    fleet = fleet_of(dict.fromkeys(range(4), 70))
    mixed = fleet_of(dict.fromkeys(range(4), 70))
    for p in parts:
        p.mmsi[:] = 412_000_000 + p.track
    moved = []
    for p in parts:
        q = p.take(slice(None))
        q.track = np.full(len(q), order[int(p.track[0])], np.int32)
        moved.append(q)
    for track, new in enumerate(order):
        mixed.mmsi[new] = 412_000_000 + track
    a = spans(run(DETECTOR, GFW, parts, fleet, slice_us=600_000_000, after_s=6 * 3600))
    first = run(DETECTOR, GFW, moved, mixed, slice_us=600_000_000, after_s=6 * 3600)
    assert spans(first) == a


def test_told_as_soon_as_both_are_known_and_not_before() -> None:
    """The tick that fills the span is known with the later of the two fixes at or after it."""
    t = START + np.arange(0, 26) * 300_000_000
    one = fixes(0, t, 110.0, 17.0, 0.0, 0.0)
    late = t + 170_000_000  # the second vessel reports 170 s after each tick
    two = fixes(1, late, 110.001, 17.0, 0.0, 0.0)
    found = run(DETECTOR, GFW, [one, two], fleet_of({0: 30, 1: 80}))
    # The second is known from the tick at 10 min on, so two hours are full at 130 min; before the
    # series ends at 125 min + 170 s nothing beyond the tick at 120 min is settled.
    assert found == []
    t = START + np.arange(0, 30) * 300_000_000
    one = fixes(0, t, 110.0, 17.0, 0.0, 0.0)
    two = fixes(1, t + 170_000_000, 110.001, 17.0, 0.0, 0.0)
    found = run(DETECTOR, GFW, [one, two], fleet_of({0: 30, 1: 80}))
    assert len(found) == 1
    assert found[0].start_us == START + 600_000_000
    assert found[0].updated_us == START + 130 * 60_000_000 + 170_000_000
    assert found[0].end_us is None


def test_no_seam_at_midnight() -> None:
    start = at_us("2026-11-23T22:30")
    t = start + np.arange(0, 181) * 60_000_000
    parts = [fixes(0, t, 110.0, 17.0, 0.1, 0.0), fixes(1, t, 110.001, 17.0, 0.1, 0.0)]
    found = final(run(DETECTOR, GFW, parts, fleet_of({0: 30, 1: 70}), after_s=7200)).values()
    assert [(f.start_us, f.end_us) for f in found] == [(start, start + 3 * HOUR_US)]


def test_no_seam_at_the_antimeridian() -> None:
    """The two lie 214 m apart on either side of 180 degrees."""
    t = START + np.arange(0, 151) * 60_000_000
    parts = [fixes(0, t, 179.999, 17.0, 0.1, 0.0), fixes(1, t, -179.999, 17.0, 0.1, 0.0)]
    found = list(final(run(DETECTOR, GFW, parts, fleet_of({0: 30, 1: 70}), after_s=7200)).values())
    assert len(found) == 1
    assert abs(abs(found[0].lon_deg) - 180.0) < 1e-6
    _, _, apart = SPHERE.inv(179.999, 17.0, -179.999, 17.0)
    assert found[0].facts["distance_m"] == round(apart, 1)


def test_two_tracks_of_one_mmsi_do_not_meet_themselves() -> None:
    t = START + np.arange(0, 151) * 60_000_000
    parts = [fixes(0, t, 110.0, 17.0, 0.1, 0.0), fixes(1, t, 110.0005, 17.0, 0.1, 0.0)]
    fleet = fleet_of({0: 30, 1: 70})
    fleet.mmsi[1] = fleet.mmsi[0]
    assert run(DETECTOR, GFW, parts, fleet, after_s=7200) == []


def test_a_jump_is_no_visit() -> None:
    """Fixes that the track cannot have come to are left out, so the pair stays together."""
    t = START + np.arange(0, 151) * 60_000_000
    parts = [fixes(0, t, 110.0, 17.0, 0.1, 0.0), fixes(1, t, 110.001, 17.0, 0.1, 0.0)]
    parts[1].lon_deg[70] = 115.0
    parts[1].flags[70] = FLAG_JUMP
    found = final(run(DETECTOR, GFW, parts, fleet_of({0: 30, 1: 70}), after_s=7200)).values()
    assert [f.facts["duration_s"] for f in found] == [9000]


def test_a_type_holds_from_the_message_that_says_it() -> None:
    """The second ship says that it is a tanker after ten minutes: only what follows counts for it,
    whatever the cut, though the fleet's table knows the type at the end of the slice already."""
    t = START + np.arange(0, 61) * 60_000_000
    parts = [fixes(0, t, 110.0, 17.0, 0.1, 0.0), fixes(1, t, 110.001, 17.0, 0.1, 0.0)]
    fleet = fleet_of({0: 30, 1: 37})  # a pleasure craft first: no rule names the two
    statics = Statics.empty(1)
    statics.t_us[0], statics.track[0], statics.ship_type[0] = t[10] + 7_000_000, 1, 80
    each = [
        run(DETECTOR, COASTAL, parts, fleet, statics=statics, slice_us=s, after_s=3600)
        for s in (30_000_000, 15_000_000)
    ]
    assert each[0] == each[1]
    found = list(final(each[0]).values())
    assert [f.start_us for f in found] == [t[12]]


def test_evidence_lets_the_finding_be_computed_again() -> None:
    """With nothing but the observations named, the encounter comes out again."""
    parts = [
        fixes(0, START + np.arange(0, 151) * 60_000_000, 110.0, 17.0, 0.1, 0.0),
        fixes(1, START + np.arange(0, 151) * 60_000_000, 110.001, 17.0, 0.1, 0.0),
    ]
    fleet = fleet_of({0: 30, 1: 70})
    found = list(final(run(DETECTOR, GFW, parts, fleet, after_s=7200)).values())
    assert len(found) == 1
    assert 0 < len(found[0].evidence) <= 64
    rows = ordered(parts)
    kept = rows.take(np.isin(rows.obs_id, found[0].evidence))
    again = list(final(run(DETECTOR, GFW, [kept], fleet, world(), after_s=7200)).values())
    assert [(f.start_us, f.end_us) for f in again] == [(found[0].start_us, found[0].end_us)]
