"""Statistics of hours: every expected count is counted by hand from the few rows written."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from littoral.engine.figures import Figures
from littoral.schema.ais import ATON, FLAG_NET_BEACON, Positions, Statics
from littoral.store.lake import Lake

HOUR_US = 3_600_000_000
DAY_US = 1_764_028_800_000_000  # 2025-11-25T00:00:00Z
DAY = 24 * HOUR_US

BEACON = 4  # taken for one
# (vessel, minute, ring, kind, receiver)
ROWS = [
    (1, 0, 3, 0, 0), (1, 30, 2, 0, 1), (1, 59, 2, 0, 0), (1, 61, 1, 0, 0),
    (2, 10, 4, 0, 0), (2, 200, 3, 0, 0),  # unheard for three hours: no crossing was seen
    (3, 20, 1, ATON, 1),
    (BEACON, 15, 1, 0, 0), (BEACON, 40, 2, 0, 0),  # drifts over a ring's edge: no vessel crosses it
]  # fmt: skip
WANT = [
    (0, "heard", "cargo", 1), (0, "heard", "other", 1), (0, "heard", "aton", 1),
    (0, "heard", "net_beacon", 1), (0, "positions", "haikou", 5), (0, "vessels", "haikou", 3),
    (0, "positions", "sanya", 2), (0, "vessels", "sanya", 2),
    (0, "crossed", "near_sea>near_sea_12nm", 1),
    (1, "heard", "cargo", 1), (1, "positions", "haikou", 1), (1, "vessels", "haikou", 1),
    (1, "crossed", "near_sea_12nm>coastline", 1),
    (3, "heard", "other", 1), (3, "positions", "haikou", 1), (3, "vessels", "haikou", 1),
]  # fmt: skip


def written(lake: Lake, key: str = "1", shift_us: int = 0) -> None:
    p = Positions.empty(len(ROWS))
    for i, (vessel, minute, ring, kind, station) in enumerate(ROWS):
        p.mmsi[i], p.t_us[i], p.ring[i] = vessel, DAY_US + shift_us + minute * 60_000_000, ring
        p.kind[i], p.station[i], p.obs_id[i], p.track[i] = kind, station, i, vessel
        p.flags[i] = FLAG_NET_BEACON if vessel == BEACON else 0
    s = Statics.empty(2)
    s.mmsi[:], s.ship_type[:], s.t_us[:] = [1, 1], [70, 79], DAY_US + shift_us
    lake.write("observations", pa.Table.from_batches([p.to_arrow()]), key)
    lake.write("statics", pa.Table.from_batches([s.to_arrow()]), key)
    lake.name_receivers(["haikou", "sanya"])


def told(figures: Figures, from_us: int = DAY_US, to_us: int = DAY_US + DAY) -> list[tuple]:
    rows, _ = figures.hours(from_us, to_us)
    return sorted(((h - from_us) // HOUR_US, w, o, n) for h, w, o, n in rows)


def test_counts_of_a_day_that_goes_on(tmp_path: Path) -> None:
    with Lake(tmp_path) as lake:
        written(lake)
    assert told(Figures(tmp_path)) == sorted(WANT)


def test_kept_counts_are_the_same_and_change_with_the_files(tmp_path: Path) -> None:
    with Lake(tmp_path) as lake:
        written(lake)
        figures = Figures(tmp_path)
        assert figures.keep_days(DAY_US + DAY) == 1
        assert figures.keep_days(DAY_US + DAY) == 0
        assert told(figures) == told(Figures(tmp_path)) == sorted(WANT)
        p = Positions.empty(1)
        p.mmsi[:], p.t_us[:], p.ring[:], p.station[:] = 9, DAY_US + 5 * HOUR_US, 1, 0
        lake.write("observations", pa.Table.from_batches([p.to_arrow()]), "late")
        assert (5, "vessels", "haikou", 1) in told(figures)
        assert figures.keep_days(DAY_US + DAY) == 1


def test_a_crossing_over_midnight_is_seen(tmp_path: Path) -> None:
    with Lake(tmp_path) as lake:
        written(lake, shift_us=DAY - HOUR_US)  # 23:00 to 02:20 of the next day
    found = told(Figures(tmp_path), DAY_US + DAY, DAY_US + 2 * DAY)
    assert (0, "crossed", "near_sea_12nm>coastline", 1) in found


def test_old_days_wait_until_they_are_counted(tmp_path: Path) -> None:
    with Lake(tmp_path) as lake:
        written(lake)
        written(lake, "2", 5 * DAY)
    figures = Figures(tmp_path)
    rows, missing = figures.hours(DAY_US, DAY_US + 6 * DAY)
    assert missing == [DAY_US]
    assert len(rows) == len(WANT)
    assert figures.keep_days(DAY_US + DAY) == 1
    rows, missing = figures.hours(DAY_US, DAY_US + 6 * DAY)
    assert missing == []
    assert len(rows) == 2 * len(WANT)
