"""Questions to 30 days of 2,500 vessels, some 100 million positions, cold.

    python -m bench.questions [--quick]

Before each question the lake's files are dropped from the page cache where the system permits it.
The peer is DuckDB over the same hour files in the same run, asked for the area's box with its own
statistics, and the exact test after it by the same code; it sees no order of place. GeoPandas' part
of the work, points in a polygon, is the `within` test of Shapely that both use, so it is no peer of
the reading and is left out.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from bench import _past
from bench._harness import QUICK, report, row
from littoral.analyse.area import Area
from littoral.engine import asking

DAYS = 2 if QUICK else 30
RUNS = 2 if QUICK else 3
HOUR_US = _past.HOUR_US


def square(lon: float, lat: float, half_deg: float) -> Area:
    w, s, e, n = lon - half_deg, lat - half_deg, lon + half_deg, lat + half_deg
    return Area.of([(((w, s), (e, s), (e, n), (w, n), (w, s)),)])


def cold(root: Path, ask: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds, the median of some runs each with the files forgotten; and the last answer."""
    seconds = []
    for _ in range(RUNS):
        _past.drop_from_cache(root)
        start = time.perf_counter()
        answer = ask()
        seconds.append(time.perf_counter() - start)
    return sorted(seconds)[len(seconds) // 2], answer


def by_duckdb(root: Path, area: Area, from_us: int, to_us: int) -> set[int]:
    """MMSIs heard in the area, as somebody with DuckDB alone asks for it."""
    west, south, east, north = area.shape.bounds
    found = duckdb.sql(
        f"SELECT mmsi, lon_deg, lat_deg FROM read_parquet('{root}/observations/*/*/*.parquet', "
        f"hive_partitioning = true) WHERE t_us >= {from_us} AND t_us < {to_us} "
        f"AND lon_deg > {west} AND lon_deg < {east} AND lat_deg > {south} AND lat_deg < {north}"
    ).fetchnumpy()
    inside = area.holds(np.asarray(found["lon_deg"]), np.asarray(found["lat_deg"]))
    return set(np.unique(np.asarray(found["mmsi"])[inside]).tolist())


def main() -> int:
    root = _past.lake(DAYS)
    sea = _past.Fleet()
    harbour, other = sea.harbour[3], sea.harbour[5]
    end = _past.first_us(DAYS) + DAYS * 24 * HOUR_US
    start = _past.first_us(DAYS)
    lane = (harbour + other) / 2
    asked = [
        ("a harbour, all days", square(*harbour, 0.05), start, end, 1.0),
        ("a harbour, 6 hours", square(*harbour, 0.05), end - 6 * HOUR_US, end, 1.0),
        ("open sea of 20 km, all days", square(*lane, 0.1), start, end, 1.0),
        ("a third of the sea, one hour", square(109.5, 19.5, 1.2), end - HOUR_US, end, 1.0),
        ("a fifth of the sea, all days", square(109.5, 19.5, 0.9), start, end, None),
    ]
    asking.inside(root, asked[0][1], end - HOUR_US, end)  # compiled, imported
    rows = [row("positions in the lake", _past.positions(root), "1")]
    for what, area, from_us, to_us, most in asked:
        seconds, found = cold(root, lambda a=area, f=from_us, t=to_us: asking.inside(root, a, f, t))
        (read,) = found.read
        rows.append(row(f"{what}, cold", seconds, "s", at_most=most))
        rows.append(row("  files read", len(read.files), f"of {read.plan.files_of}"))
        if read.plan.groups_of:
            rows.append(row("  blocks read", read.plan.groups, f"of {read.plan.groups_of}"))
        rows.append(row("  rows read", read.rows, "1"))
        peer_s, peer = cold(root, lambda a=area, f=from_us, t=to_us: by_duckdb(root, a, f, t))
        rows.append(row("  the same", peer_s, "s", peer="DuckDB"))
        rows.append(row("  against it", peer_s / seconds, "times", peer="DuckDB"))
        differ = set(found.visits.mmsi.tolist()) ^ peer
        rows.append(row("  vessels that differ", len(differ), "1", at_most=0, peer="DuckDB"))
    a, b = square(*harbour, 0.05), square(*other, 0.05)
    seconds, went = cold(root, lambda: asking.then(root, a, b, start, end, 24 * HOUR_US))
    rows.append(row("one harbour and then another within 24 h, all days, cold", seconds, "s"))
    rows.append(row("  passages", len(went.passages.mmsi), "1"))
    mmsi = int(sea.mmsi[np.flatnonzero(sea.sails)[0]])
    seconds, past = cold(root, lambda: asking.past_of(root, mmsi, None, start, end, ()))
    rows.append(row("a vessel's voyages, all days, cold", seconds, "s"))
    rows.append(row("  positions", len(past.line), "1"))
    size = {
        name: sum(p.stat().st_size for p in (root / name).rglob("*.parquet"))
        for name in ("observations", "by_place")
    }
    rows.append(row("bytes a position", size["observations"] / rows[0]["value"], "B"))
    rows.append(row("  in order of place besides", size["by_place"] / rows[0]["value"], "B"))
    rows.append(row("load average of a minute", os.getloadavg()[0], "1"))
    return report("questions", rows)


if __name__ == "__main__":
    sys.exit(main())
