"""A lake of many days and 2,500 vessels, written by the lake's own writer from closed formulas.

Three in five lie in one of 40 harbours, the others sail to and fro between two of them with a rest
at each end. Kept in the folder for temporary files until it is removed by hand: two benches read it
and its making takes minutes.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from littoral.schema.ais import CLASS_A, CLASS_B, Positions
from littoral.store.lake import Lake

HOUR_US = 3_600_000_000
FIRST_US = 1_795_651_200_000_000  # 2026-11-26T00:00:00Z less as many days as the lake has
VESSELS = 2500
HARBOURS = 40
MOORED_S, SAILING_S = 180.0, 30.0  # between reports that are heard
BOX = (107.4, 17.4, 112.1, 21.2)
FORM = 3  # of the formulas: another one is another lake


def first_us(days: int) -> int:
    return FIRST_US - days * 24 * HOUR_US


class Fleet:
    """Where each vessel is at any time."""

    def __init__(self, vessels: int = VESSELS) -> None:
        rng = np.random.default_rng(20261130)
        west, south, east, north = BOX
        self.harbour = np.column_stack(
            [rng.uniform(west, east, HARBOURS), rng.uniform(south, north, HARBOURS)]
        )
        self.mmsi = (412_000_000 + rng.permutation(vessels)).astype(np.int32)
        self.home = rng.integers(0, HARBOURS, vessels)
        self.other = (self.home + rng.integers(1, HARBOURS, vessels)) % HARBOURS
        self.sails = rng.random(vessels) < 0.4
        self.offset = rng.normal(0, 0.01, (vessels, 2))
        way = self.harbour[self.other] - self.harbour[self.home]
        self.way_m = np.hypot(way[:, 0] * 105_000, way[:, 1] * 111_000)
        self.speed_mps = rng.uniform(3.0, 9.0, vessels)
        self.leg_s = np.maximum(self.way_m / self.speed_mps, 600.0)
        self.rest_s = rng.uniform(1, 8, vessels) * 3600
        self.phase_s = rng.uniform(0, 1, vessels) * 2 * (self.leg_s + self.rest_s)
        self.kind = np.where(rng.random(vessels) < 0.6, CLASS_A, CLASS_B).astype(np.int8)

    def hour(self, start_us: int, first_id: int) -> Positions:
        """Reports of one hour, in order of time."""
        step_s = np.where(self.sails, SAILING_S, MOORED_S)
        count = (3600 / step_s).astype(np.int64)
        who = np.repeat(np.arange(len(self.mmsi)), count)
        nth = np.arange(len(who)) - np.repeat(np.cumsum(count) - count, count)
        seconds = (nth + (who * 0.618) % 1.0) * step_s[who]
        order = np.argsort(seconds, kind="stable")
        who, seconds = who[order], seconds[order]
        p = Positions.empty(len(who))
        p.t_us[:] = start_us + (seconds * 1e6).astype(np.int64)
        p.obs_id[:] = first_id + np.arange(len(who))
        p.mmsi[:], p.track[:], p.kind[:] = self.mmsi[who], who, self.kind[who]
        p.msg_type[:], p.station[:] = np.where(self.kind[who] == CLASS_A, 1, 18), who % 4
        share, moving, back = self._course(who, (p.t_us / 1e6))
        a, b = self.harbour[self.home[who]], self.harbour[self.other[who]]
        place = a + share[:, None] * (b - a) + self.offset[who]
        sway = np.sin(seconds / 97.0 + who) * 2e-5
        p.lon_deg[:] = np.round((place[:, 0] + sway) * 600_000) / 600_000
        p.lat_deg[:] = np.round(place[:, 1] * 600_000) / 600_000
        p.sog_mps[:] = np.where(moving, self.speed_mps[who], 0.05)
        course = np.degrees(np.arctan2(b[:, 0] - a[:, 0], b[:, 1] - a[:, 1]))
        p.cog_deg[:] = np.where(back, course + 180, course) % 360
        p.heading_deg[:] = np.round(p.cog_deg) % 360
        p.nav_status[:] = np.where(moving, 0, 5)
        p.ring[:] = np.where(moving, 3, 1)
        return p

    def _course(self, who: np.ndarray, t_s: np.ndarray) -> tuple[np.ndarray, ...]:
        """(share of the way from home, under way, on the way back) of each at its time."""
        leg, rest = self.leg_s[who], self.rest_s[who]
        at = (t_s + self.phase_s[who]) % (2 * (leg + rest))
        back = at >= leg + rest
        into = np.where(back, at - leg - rest, at)
        share = np.minimum(into / leg, 1.0)
        sails = self.sails[who]
        share = np.where(sails, np.where(back, 1.0 - share, share), 0.0)
        return share, sails & (into < leg), back


def lake(days: int) -> Path:
    """The folder of the lake, made if it is not there."""
    root = Path(tempfile.gettempdir()) / f"littoral-bench-lake-{FORM}-{days}"
    done = root / "done"
    if done.exists():
        return root
    shutil.rmtree(root, ignore_errors=True)
    fleet, first_id = Fleet(), 1
    with Lake(root, durable=False) as out:
        for hour in range(24 * days):
            start = first_us(days) + hour * HOUR_US
            rows = fleet.hour(start, first_id)
            first_id += len(rows)
            out.write("observations", pa.Table.from_batches([rows.to_arrow()]), f"{hour:020d}")
            if hour % 24 == 23:
                out.compact("observations")
                out.order_places(start + HOUR_US)
                print(f"\rday {hour // 24 + 1} of {days}", end="", file=sys.stderr)
    print(file=sys.stderr)
    done.touch()
    return root


def drop_from_cache(root: Path) -> bool:
    """Asks the system to forget the lake's files; whether it could be asked. They are synced first:
    what is not on the disk yet cannot be forgotten."""
    if not hasattr(os, "posix_fadvise"):
        return False
    for path in root.rglob("*.parquet"):
        fd = os.open(path, os.O_RDONLY)
        try:
            os.fsync(fd)
            os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(fd)
    return True


def positions(root: Path) -> int:
    return sum(pq.read_metadata(p).num_rows for p in root.glob("observations/*/*/*.parquet"))
