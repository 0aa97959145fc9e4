"""Each number decides: moved by a fifth either way, some labelled case comes out otherwise."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache

import numpy as np
import pytest

from littoral.area.geodesy import KNOT_MPS
from littoral.detect.deviation import DETECTOR
from littoral.detect.deviation.settings import COASTAL, DeviationSettings
from tests.detect.deviation import test_destination as bound
from tests.detect.deviation import test_runs as runs
from tests.detect.deviation.sea import LANE_LAT, harbour, lane_cells, lanes_of, sea
from tests.detect.making import fleet_of, run, sailing, stretched, world


def outcome(s: DeviationSettings) -> list[object]:
    """What the labelled cases near each threshold come to, in the order of the settings."""

    def off(**more: object) -> list[tuple[str, int]]:
        return [(f.kind, f.priority) for f in runs.found(settings=s, **more)]  # type: ignore[arg-type]

    def tankers(days: int, least: bool) -> list[tuple[str, int]]:
        rows = [{"cell": c} for c in lane_cells()]
        here = lane_cells(LANE_LAT + 0.10)
        rows += [{"cell": c, "group": 2, "vessel_days": days} for c in here]
        settings = replace(s, lane_per_day=0.0) if least else s
        where = world(lanes=lanes_of(rows))
        told = runs.found(off_m=5 * runs.ROW_M, where=where, settings=settings)
        return [(f.kind, f.priority) for f in told]

    def watched(days: int, least: bool) -> list[tuple[str, int]]:
        settings = replace(s, watched_per_day=0.0) if least else s
        told = runs.found(where=sea(vessel_days=days), settings=settings)
        return [(f.kind, f.priority) for f in told]

    def between(apart: int) -> list[tuple[str, int]]:
        rows = [{"cell": c} for c in (*lane_cells(), *lane_cells(LANE_LAT + 0.02 * apart))]
        where = world(lanes=lanes_of(rows))
        told = runs.found(off_m=apart / 2 * runs.ROW_M, where=where, settings=s)
        return [(f.kind, f.priority) for f in told]

    def port(off_m: float) -> list[tuple[str, int]]:
        lat = LANE_LAT + 0.10 + off_m / 111_194.9
        ports = tuple(harbour(lon, lat) for lon in np.arange(109.4, 110.2, 0.01))
        told = runs.found(off_m=5 * runs.ROW_M, where=replace(sea(), ports=ports), settings=s)
        return [(f.kind, f.priority) for f in told]

    def times() -> list[int]:
        t = runs.START + np.arange(0, 4 * 120) * 30_000_000
        lat = LANE_LAT + 0.10
        ship = sailing(0, t, (109.0, lat), 90.0, 5.0 / KNOT_MPS, runs.START)
        ship.lat_deg[:] = lat
        found = run(DETECTOR, s, [ship], fleet_of({0: 70}), sea(), slice_us=runs.LONG_US)
        return [f.updated_us for f in found]

    def away(*km: float, every_s: int = 60) -> list[tuple[int, int | None, int, object]]:
        told = bound.told([bound.sailing(*km, every_s=every_s)], bound.said((0, "SG SIN")), s)
        return [(f.start_us, f.end_us, f.priority, f.facts["least_m"]) for f in told]

    return [
        *[off(off_m=k * runs.ROW_M) for k in (3, 4, 8, 10)],
        *[off(**{**c, list(c)[-1]: list(c.values())[-1] * f})
          for _, c, _, _ in runs.CASES for f in (0.92, 1.08)],
        *[tankers(n, least) for n, least in ((9, False), (10, False), (4, True), (5, True))],
        *[watched(n, least) for n, least in ((37, False), (43, False), (9, True), (11, True))],
        *[off(where=sea(vessels=n), off_m=0.0, mps=2.0) for n in (4, 5)],
        *[between(n) for n in (48, 60)],
        *[port(m) for m in (11_000.0, 13_000.0)],
        *[runs.paused(m, s) for m in (14, 16)],
        *[runs.silent(m, s) for m in (56, 64)],
        *[runs.paused(m, s, 70) for m in (170, 190)],
        times(),
        *[away(*km[:3]) for km in bound.AWAY],
        *[[f.priority for f in bound.elsewhere(settings=s, **c)] for c, _ in bound.STOPS],  # type: ignore[arg-type]
        *[len(bound.elsewhere(settings=s, lanes=bound.ends_off(m))) for m in (18_500.0, 21_500.0)],
        away(400, 369.2, 430, 469, every_s=10),
    ]  # fmt: skip


@cache
def usual() -> list[object]:
    return outcome(COASTAL)


@pytest.mark.parametrize("factor", [0.8, 1.2])
@pytest.mark.parametrize("name", [f.name for f in fields(DeviationSettings)])
def test_moved_by_a_fifth_something_comes_out_otherwise(name: str, factor: float) -> None:
    changed = stretched(COASTAL, name, factor)
    if isinstance(getattr(COASTAL, name), int):
        changed = replace(COASTAL, **{name: getattr(COASTAL, name) + (1 if factor > 1 else -1)})
    assert outcome(changed) != usual(), name
