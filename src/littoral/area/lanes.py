"""Where traffic goes, how fast, and where voyages end: learned once, then a versioned input.

After TREAD (Pallotta, Vespe, Bryan 2013, Vessel Pattern Knowledge Discovery from AIS Data, Entropy
15(6) 2218-2245), which learns routes from AIS without a teacher and calls anomalous what fits none:
here a place, a direction and a kind of ship are enough, so that what was learned can be read off a
chart and a stranger can compute from it. docs/areas.md tells the format.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pyarrow as pa

from littoral.area.lane_grid import GROUPS

FORMAT = "littoral-lanes-1"

# Columns of the file: name, type, unit, meaning. Those of lanes are null in rows of ends and the
# other way round.
COLUMNS: tuple[tuple[str, str, str, str], ...] = (
    ("cell", "i4", "", "row * 18000 + column of the 0.02 degree cell"),
    ("sector", "i1", "", "eighth of the compass of the course, 0 centred on north"),
    ("group", "i1", "", "0 other, 1 cargo, 2 tanker, 3 passenger, 4 fishing"),
    ("vessels", "i4", "", "distinct MMSIs under way there"),
    ("vessel_days", "i4", "", "distinct pairs of MMSI and day (UTC)"),
    ("speed_low_mps", "f4", "m/s", "10th percentile over the vessel-days of each one's mean"),
    ("speed_median_mps", "f4", "m/s", "50th"),
    ("speed_high_mps", "f4", "m/s", "90th"),
    ("course_mean_deg", "f4", "deg", "mean direction over the vessel-days"),
    ("course_spread_deg", "f4", "deg", "circular standard deviation"),
    ("end_cell", "i4", "", "cell of 0.1 degree (row * 3600 + column) where voyages ended"),
    ("end_place", "U", "", "place of the reported destination: an id of destinations.csv"),
    ("end_vessels", "i4", "", "distinct MMSIs that reported it and lay still there"),
)
LANE_COLUMNS = tuple(c for c in COLUMNS if not c[0].startswith("end_"))
END_COLUMNS = tuple(c for c in COLUMNS if c[0].startswith("end_"))
END_DEG = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Lanes:
    """Learned traffic. The first columns are (n,), one entry a cell, sector and group, sorted by
    these; `end_*` are (m,); `days` how many UTC days had traffic."""

    cell: np.ndarray
    sector: np.ndarray
    group: np.ndarray
    vessels: np.ndarray
    vessel_days: np.ndarray
    speed_low_mps: np.ndarray
    speed_median_mps: np.ndarray
    speed_high_mps: np.ndarray
    course_mean_deg: np.ndarray
    course_spread_deg: np.ndarray
    end_cell: np.ndarray
    end_place: np.ndarray
    end_vessels: np.ndarray
    days: int

    @property
    def version(self) -> str:
        """First 16 hex digits of the SHA-256 over format, days and columns."""
        h = hashlib.sha256(f"{FORMAT} {self.days}".encode())
        for name, kind, _, _ in COLUMNS:
            column = getattr(self, name)
            if kind == "U":
                h.update("\n".join(column.tolist()).encode())
            else:
                h.update(np.ascontiguousarray(column, kind).tobytes())
        return h.hexdigest()[:16]

    def traffic(self, groups: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
        """Cells where any of the groups went and the vessel-days of all of them there together,
        (k,) each: a vessel that went two ways counts twice."""
        of = np.zeros(GROUPS, np.bool_)
        of[list(groups)] = True
        mine = of[self.group]
        cells, row = np.unique(self.cell[mine], return_inverse=True)
        return cells, np.bincount(row, self.vessel_days[mine], len(cells)).astype(np.int64)

    def to_arrow(self) -> pa.Table:
        """Rows of lanes, then of ends; format, version and days in the schema's metadata."""
        n, m = len(self.cell), len(self.end_cell)
        columns: dict[str, pa.Array] = {}
        for name, kind, _, _ in COLUMNS:
            values = getattr(self, name)
            typed = pa.array(values.tolist(), pa.string()) if kind == "U" else pa.array(values)
            none = pa.nulls(n if name.startswith("end_") else m, typed.type)
            parts = [none, typed] if name.startswith("end_") else [typed, none]
            columns[name] = pa.chunked_array(parts).combine_chunks()
        meta = {"format": FORMAT, "version": self.version, "days": str(self.days)}
        return pa.table(columns).replace_schema_metadata(meta)

    @classmethod
    def from_arrow(cls, table: pa.Table) -> Lanes:
        """Inverse of `to_arrow`; ValueError when the format or the content's version is wrong."""
        meta = {k.decode(): v.decode() for k, v in (table.schema.metadata or {}).items()}
        if meta.get("format") != FORMAT:
            raise ValueError(f"lanes have format {meta.get('format')!r}, not {FORMAT!r}")
        ends = table["end_cell"].is_valid()
        rows = {False: table.filter(table["cell"].is_valid()), True: table.filter(ends)}
        found: dict[str, Any] = {}
        for name, kind, _, _ in COLUMNS:
            column = rows[name.startswith("end_")][name]
            values = column.to_pylist() if kind == "U" else column.to_numpy()
            found[name] = np.array(values, kind if kind != "U" else np.str_)
        learned = cls(**found, days=int(meta["days"]))
        if learned.version != meta.get("version"):
            raise ValueError("lanes do not match their own version: damaged or edited")
        return learned


assert tuple(f.name for f in fields(Lanes))[:-1] == tuple(c[0] for c in COLUMNS)
