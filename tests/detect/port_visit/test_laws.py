"""Visits do not depend on the cut or on a checkpoint, and equal what a slow program finds that is
written from the published text alone."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from littoral.detect.port_visit import DETECTOR
from littoral.detect.port_visit.settings import COASTAL, GFW, PortVisitSettings
from littoral.schema.ais import Positions
from tests.detect.making import (
    SECOND_US,
    SPHERE,
    at_us,
    final,
    fixes,
    fleet_of,
    moved,
    place,
    run,
    world,
)

T0_US = at_us("2026-11-24T00:00")
POINTS = [
    moved(110.0, 18.0, bearing, metres) for bearing, metres in ((0, 0), (80, 2500), (200, 5200))
]
WHERE = world(anchorage_points=tuple(place(*p) for p in POINTS))


def wandering(seed: int) -> list[Positions]:
    """Six vessels that come and go at random for most of a day, stopping now and then, heard at
    random and silent for hours."""
    chance = np.random.default_rng(seed)
    parts = []
    for track in range(6):
        t, east, knots, rows = 0.0, float(chance.uniform(-9_000, 9_000)), 6.0, []
        goal = east
        while t < 20 * 3600:
            if abs(goal - east) < 300:
                goal = float(chance.uniform(-9_000, 9_000))
                if chance.random() < 0.6:
                    knots = float(chance.choice([0.05, 0.15, 0.3, 0.45, 0.8]))
                    stay = float(chance.uniform(60, 9_000))
                    rows += [
                        (t + step, east, knots + float(chance.uniform(-0.1, 0.1)))
                        for step in np.arange(0, stay, 120.0)
                    ]
                    t += stay
            if chance.random() < 0.004:
                t += float(chance.uniform(3, 6)) * 3600
            knots = float(chance.uniform(2, 10))
            step_s = float(chance.uniform(5, 90))
            east += np.sign(goal - east) * knots * 0.514 * step_s
            t += step_s
            rows.append((t, east, knots))
        times = [T0_US + int(r[0] * 1e6) for r in rows]
        spots = [moved(110.0, 18.0, 90.0 if r[1] >= 0 else 270.0, abs(r[1])) for r in rows]
        speeds = [np.nan if chance.random() < 0.05 else max(0.0, r[2]) for r in rows]
        parts.append(fixes(track, times, [s[0] for s in spots], [s[1] for s in spots], speeds))
    return parts


@dataclass
class Call:
    start_us: int
    events: set[str] = field(default_factory=set)
    end_us: int | None = None


def slow(p: Positions, s: PortVisitSettings, until_us: int) -> list[tuple[int, int | None, int]]:
    """(start, end, confidence) of the visits of one vessel: docs/detectors/port_visit.md, The rule,
    word for word."""
    calls: list[Call] = []
    in_port, known = False, False
    stop_us, stop_counted, stop_heard = 0, False, False
    last_us = 0

    def happens(what: str, t_us: int) -> None:
        if not calls or calls[-1].end_us is not None:
            calls.append(Call(t_us))
        calls[-1].events.add(what)

    for t, lon, lat, sog in zip(
        p.t_us.tolist(), p.lon_deg.tolist(), p.lat_deg.tolist(), p.sog_mps.tolist(), strict=True
    ):
        d = min(SPHERE.inv(lon, lat, x, y)[2] for x, y in POINTS)
        was = in_port
        in_port = d <= s.entry_m or (was and d <= s.exit_m)
        if was and t - last_us >= s.gap_s * 1e6:
            happens("gap", last_us + round(s.gap_s * 1e6))
        if in_port and not was and known:
            happens("entry", t)
        stopped = in_port and (
            sog < s.stop_begin_mps
            or (stop_us > 0 and not sog > s.stop_end_mps)
            or (not known and sog <= s.stop_end_mps)
        )
        long = stop_us > 0 and t - stop_us >= s.stop_least_s * 1e6
        if stop_us and not stopped:
            if long and not stop_counted:
                happens("stop", t if stop_heard else stop_us)
            stop_us = 0
        elif stopped and not stop_us:
            stop_us, stop_counted, stop_heard = t, False, not known
            long = s.stop_least_s == 0
        if stop_us and long and not stop_counted and not stop_heard:
            happens("stop", stop_us)
            stop_counted = True
        if was and not in_port:
            happens("exit", t)
            calls[-1].end_us = t
        known, last_us = True, t
    if in_port and until_us - last_us >= s.gap_s * 1e6:
        happens("gap", last_us + round(s.gap_s * 1e6))
    out = []
    for c in calls:
        ends = len(c.events & {"entry", "exit"})
        confidence = 2 + ends if c.events & {"stop", "gap"} else 1
        if confidence >= s.least_confidence:
            out.append((c.start_us, c.end_us, confidence))
    return out


@pytest.mark.parametrize("settings", [GFW, COASTAL], ids=["gfw", "coastal"])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_slow_program_from_the_text_finds_the_same(
    settings: PortVisitSettings, seed: int
) -> None:
    parts = wandering(seed)
    until_us = max(int(p.t_us[-1]) for p in parts) // 30_000_000 * 30_000_000 + 30_000_000
    found = final(run(DETECTOR, settings, parts, fleet_of(dict.fromkeys(range(6), 70)), WHERE))
    total = 0
    for p in parts:
        mmsi = int(p.mmsi[0])
        mine = sorted(
            (f.start_us, f.end_us, f.facts["confidence"])
            for f in found.values()
            if f.things[0].startswith(f"vessel:{mmsi}")
        )
        assert mine == slow(p, settings, until_us)
        total += len(mine)
    assert total >= 8


@pytest.mark.parametrize("slice_s", [1, 7, 600])
def test_the_cut_and_a_checkpoint_are_no_matter(slice_s: int) -> None:
    parts = [p.take(slice(0, 700)) for p in wandering(5)]
    fleet = fleet_of(dict.fromkeys(range(6), 70))
    whole = final(run(DETECTOR, GFW, parts, fleet, WHERE))
    cut = final(
        run(DETECTOR, GFW, parts, fleet, WHERE, slice_us=slice_s * SECOND_US, repack=slice_s == 600)
    )
    assert cut == whole
    assert len(whole) >= 6


def test_no_vessel_knows_of_another() -> None:
    parts = wandering(6)
    fleet = fleet_of(dict.fromkeys(range(6), 70))
    whole = final(run(DETECTOR, COASTAL, parts, fleet, WHERE))
    alone = {}
    for p in parts:
        alone |= final(run(DETECTOR, COASTAL, [p], fleet, WHERE))
    late = [k for k, f in whole.items() if f.end_us is None]
    assert {k: f for k, f in whole.items() if k not in late} == {
        k: f for k, f in alone.items() if k not in late
    }
