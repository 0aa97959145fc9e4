"""Learning where traffic goes, from the observations of a lake: one day in memory at a time.

Each day is counted by DuckDB over the lake's Parquet files and added to tallies, whose size goes
with the cells that anybody visits, not with how often.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np

from littoral.area.destinations import UNKNOWN, load_destinations
from littoral.area.geodesy import KNOT_MPS
from littoral.area.lane_grid import CELL_DEG, COLS, GROUPS, SECTORS, group_of
from littoral.area.lanes import END_DEG, Lanes
from littoral.schema.ais import FLAG_INLAND, FLAG_JUMP
from littoral.store.lake_query import connect

UNDER_WAY_MPS = 3.0 * KNOT_MPS
STILL_MPS = 0.5 * KNOT_MPS
CALL_US = 3_600_000_000  # so long still, after having been under way, is the end of a voyage
LEAST_END_VESSELS = 2
BINS = 256  # of 0.1 m/s: the means of vessel-days
MMSI_BITS = 30

PASSES = f"""
    SELECT mmsi,
           (CAST(floor((lat_deg + 90) / {CELL_DEG}) AS BIGINT) * {COLS}
            + CAST(floor((lon_deg + 180) / {CELL_DEG}) AS BIGINT)) * {SECTORS}
           + CAST(floor((cog_deg + 22.5) / 45) AS BIGINT) % {SECTORS} AS place,
           count(*) AS reports,
           CAST(sum(CAST(round(sog_mps * 1000) AS BIGINT)) AS BIGINT) AS speed,
           CAST(sum(CAST(round(1000 * sin(radians(cog_deg))) AS BIGINT)) AS BIGINT) AS east,
           CAST(sum(CAST(round(1000 * cos(radians(cog_deg))) AS BIGINT)) AS BIGINT) AS north
    FROM read_parquet($files)
    WHERE kind IN (0, 1) AND track >= 0 AND sog_mps >= {UNDER_WAY_MPS} AND cog_deg < 360
      AND abs(lon_deg) < 180 AND abs(lat_deg) < 90 AND mmsi BETWEEN 1 AND {2**MMSI_BITS - 1}
      AND flags & {FLAG_JUMP | FLAG_INLAND} = 0
    GROUP BY ALL ORDER BY ALL
"""

CALLS = f"""
    SELECT mmsi,
           CAST(floor((lat_deg + 90) / {END_DEG}) AS BIGINT) * {round(360 / END_DEG)}
           + CAST(floor((lon_deg + 180) / {END_DEG}) AS BIGINT) AS cell,
           min(t_us) AS since
    FROM read_parquet($files) JOIN (
        SELECT mmsi AS m, min(t_us) AS sailed FROM read_parquet($files)
        WHERE kind IN (0, 1) AND track >= 0 AND sog_mps >= {UNDER_WAY_MPS} GROUP BY m
    ) ON mmsi = m
    WHERE kind IN (0, 1) AND track >= 0 AND sog_mps < {STILL_MPS} AND t_us > sailed
      AND abs(lon_deg) < 180 AND abs(lat_deg) < 90
    GROUP BY mmsi, cell HAVING max(t_us) - min(t_us) >= {CALL_US} ORDER BY mmsi, since, cell
"""

DESTINATIONS = """
    SELECT mmsi, t_us, coalesce(destination, '') AS said FROM read_parquet($files)
    WHERE msg_type = 5 AND track >= 0 ORDER BY mmsi, t_us, obs_id
"""

TYPES = """
    SELECT mmsi, max_by(ship_type, {'t': t_us, 'o': obs_id}) AS ship_type
    FROM read_parquet($files) WHERE ship_type IS NOT NULL GROUP BY mmsi ORDER BY mmsi
"""


@dataclass(slots=True)
class Tally:
    """Sums by key: `keys` (n,) sorted, `sums` (n, columns) int64."""

    columns: int
    keys: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    sums: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.sums = np.zeros((0, self.columns), np.int64)

    def add(self, keys: np.ndarray, values: np.ndarray) -> None:
        keys, at = np.unique(np.concatenate([self.keys, keys]), return_inverse=True)
        sums = np.zeros((len(keys), self.columns), np.int64)
        np.add.at(sums, at, np.concatenate([self.sums, values]))
        self.keys, self.sums = keys, sums


@dataclass(slots=True)
class LaneBuilder:
    """`groups` (2**30,)-free: MMSIs sorted, with the group of each. Take days in any order."""

    mmsi: np.ndarray
    group: np.ndarray
    speeds: Tally = field(default_factory=lambda: Tally(1))  # place, group, bin: vessel-days
    courses: Tally = field(default_factory=lambda: Tally(2))  # place, group: unit vectors, 1/1000
    seen: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))  # place, MMSI
    ends: set[tuple[int, int, int]] = field(default_factory=set)  # place of the table, cell, MMSI
    said: dict[int, str] = field(default_factory=dict)  # last destination of each MMSI
    days: int = 0

    def groups_of(self, mmsi: np.ndarray) -> np.ndarray:
        """(n,) groups, `OTHER` where no ship type was ever heard."""
        if not len(self.mmsi):
            return np.zeros(len(mmsi), np.int64)
        at = np.minimum(np.searchsorted(self.mmsi, mmsi), len(self.mmsi) - 1)
        return np.where(self.mmsi[at] == mmsi, self.group[at], 0)

    def add_passes(self, passes: dict[str, np.ndarray]) -> None:
        """A day's means by vessel and place, (n,) arrays as `PASSES` gives them."""
        mmsi, place = passes["mmsi"].astype(np.int64), passes["place"]
        if not len(mmsi):
            return
        self.days += 1
        lane = place * GROUPS + self.groups_of(mmsi)
        mean_mps = passes["speed"] / passes["reports"] / 1000.0
        bins = np.minimum(BINS - 1, np.rint(10.0 * mean_mps).astype(np.int64))
        self.speeds.add(lane * BINS + bins, np.ones((len(lane), 1), np.int64))
        long = np.maximum(1.0, np.hypot(passes["east"], passes["north"]))
        vectors = np.stack([passes["east"] / long, passes["north"] / long], 1)
        self.courses.add(lane, np.rint(1000.0 * vectors).astype(np.int64))
        self.seen = np.union1d(self.seen, (place << MMSI_BITS) | mmsi)

    def add_calls(
        self, calls: list[tuple[int, int, int]], said: list[tuple[int, int, str]]
    ) -> None:
        """A day's ends of voyages (MMSI, cell, since) and what was said (MMSI, time, text), each
        by MMSI and time; what was said the day before still holds."""
        table = load_destinations()
        k = 0
        for mmsi, cell, since in calls:
            while k < len(said) and (said[k][0], said[k][1]) <= (mmsi, since):
                self.said[said[k][0]] = said[k][2]
                k += 1
            place = table.resolve(self.said.get(mmsi, ""))
            if place != UNKNOWN:
                self.ends.add((place, cell, mmsi))
        for mmsi, _, text in said[k:]:
            self.said[mmsi] = text

    def build(self) -> Lanes:
        lane, first = np.unique(self.speeds.keys // BINS, return_index=True)
        counts = self.speeds.sums[:, 0]
        total = np.add.reduceat(counts, first) if len(first) else counts
        upto = np.cumsum(counts)
        before = upto[first] - counts[first] if len(first) else counts

        def rank(share: float) -> np.ndarray:
            """Nearest rank: the least speed that `share` of the vessel-days do not exceed."""
            due = before + np.maximum(1, np.ceil(share * total - 1e-9).astype(np.int64))
            return (self.speeds.keys[np.searchsorted(upto, due)] % BINS / 10.0).astype("f4")

        east, north = (self.courses.sums / 1000.0).T
        share = np.clip(np.hypot(east, north) / np.maximum(total, 1), 1e-6, 1.0)
        vessel_lane = (self.seen >> MMSI_BITS) * GROUPS + self.groups_of(
            self.seen & (2**MMSI_BITS - 1)
        )
        of_lane, vessels = np.unique(vessel_lane, return_counts=True)
        by_end: dict[tuple[int, int], int] = {}
        for place, cell, _ in self.ends:
            by_end[cell, place] = by_end.get((cell, place), 0) + 1
        kept = sorted(k for k, n in by_end.items() if n >= LEAST_END_VESSELS)
        ids = load_destinations().ids
        assert (of_lane == lane).all()
        return Lanes(
            cell=(lane // (SECTORS * GROUPS)).astype("i4"),
            sector=(lane // GROUPS % SECTORS).astype("i1"),
            group=(lane % GROUPS).astype("i1"),
            vessels=vessels.astype("i4"),
            vessel_days=total.astype("i4"),
            speed_low_mps=rank(0.1),
            speed_median_mps=rank(0.5),
            speed_high_mps=rank(0.9),
            course_mean_deg=np.rint(np.degrees(np.arctan2(east, north)) % 360.0).astype("f4"),
            course_spread_deg=np.rint(np.degrees(np.sqrt(-2.0 * np.log(share)))).astype("f4"),
            end_cell=np.array([c for c, _ in kept], "i4"),
            end_place=np.array([ids[p] for _, p in kept], np.str_),
            end_vessels=np.array([by_end[k] for k in kept], "i4"),
            days=self.days,
        )


def learn_lanes(
    root: Path, on_progress: Callable[[float, int], None] | None = None
) -> tuple[Lanes, int]:
    """Lanes learned from the lake at `root`, and how many positions of vessels under way there
    were. Rows without a track (repeats, base stations) teach nothing."""
    days = sorted(p for p in (root / "observations").glob("date=*") if p.is_dir())
    rows = 0
    with connect(root) as con:
        types = _ask(con, TYPES, _files(root / "statics"))
        groups = np.array([group_of(int(t)) for t in types["ship_type"]], np.int64)
        builder = LaneBuilder(types["mmsi"].astype(np.int64), groups)
        for done, day in enumerate(days, start=1):
            files = _files(day)
            passes = _ask(con, PASSES, files)
            rows += int(passes["reports"].sum())
            builder.add_passes(passes)
            calls = _ask(con, CALLS, files)
            said = _ask(con, DESTINATIONS, _files(root / "statics" / day.name))
            builder.add_calls(
                list(zip(*(calls[c].tolist() for c in ("mmsi", "cell", "since")), strict=True)),
                list(zip(*(said[c].tolist() for c in ("mmsi", "t_us", "said")), strict=True)),
            )
            if on_progress:
                on_progress(done / len(days), rows)
    return builder.build(), rows


def _files(folder: Path) -> list[str]:
    return sorted(str(f) for f in folder.resolve().glob("**/*.parquet"))


def _ask(con: duckdb.DuckDBPyConnection, query: str, files: list[str]) -> dict[str, np.ndarray]:
    """Columns of the answer over `files`; without files every column is empty."""
    if not files:
        names = ("mmsi", "place", "reports", "speed", "east", "north", "cell", "since", "t_us")
        empty = {n: np.zeros(0, np.int64) for n in names}
        return empty | {"said": np.zeros(0, object), "ship_type": np.zeros(0, np.int64)}
    return dict(con.execute(query, {"files": files}).fetchnumpy())
