"""What the receivers are known to hear at each place: learned once, then a versioned input.

For cells of 0.1 degree and each class of station (A, B): a histogram of the intervals between two
consecutive reports of a moving vessel, counted where the interval began, and how long vessels were
there. "Moving" because a vessel at anchor reports every three minutes by rule (ITU-R M.1371-5,
table 1) and would make a silent coast look worse than it is. Of a vessel that is not heard again
the last interval is as long as the rest of what is learned from: at the edge of what the receivers
hear, going out of reach is the rule.

Global Fishing Watch trusts a gap only where satellites receive over 10 positions a day; a shore
receiver's reception changes within miles, so each place is judged by its own intervals: how often
is a silence this long just how this place is heard? Asked of two: of the intervals (`survival`)
and of the vessels (`silent_share`). A passing vessel gives hundreds of intervals and goes out of
reach once, so that the first alone would call the edge well heard.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numba import njit

CELL_DEG = 0.1
COLS, ROWS = 3600, 1800
CLASSES = 2  # A and B: `kind` 0 and 1 of schema.ais
# Half-octaves from 1 s: bin 0 is under 1 s, bin b begins at 2 ** ((b - 1) / 2) s, the last is open
# (over two days).
BINS = 36
MOVING_MPS = 1.0  # about 2 knots
DAY_S = 86_400.0
FORMAT = "littoral-reception-2"


def bin_edges_s() -> np.ndarray:
    """(BINS,) lower edges of the bins in seconds."""
    return np.concatenate([[0.0], 2.0 ** (np.arange(BINS - 1) / 2.0)])


@njit(cache=True, nogil=True)
def cell_at(lon: float, lat: float) -> int:
    """Number of the 0.1 degree cell, or -1 without coordinates."""
    if not (abs(lon) <= 180.0 and abs(lat) <= 90.0):
        return -1
    col = min(COLS - 1, int((lon + 180.0) / CELL_DEG))
    return min(ROWS - 1, int((lat + 90.0) / CELL_DEG)) * COLS + col


@njit(cache=True, nogil=True)
def _cells(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    out = np.empty(len(lon), np.int64)
    for i in range(len(lon)):
        out[i] = cell_at(lon[i], lat[i])
    return out


def _at(index: np.ndarray, *arrays: np.ndarray) -> tuple[np.ndarray, ...]:
    return tuple(a[index] for a in arrays)


@dataclass(slots=True)
class ReceptionBuilder:
    """Takes reports piece by piece; pieces in order of time, any order within a piece. Reports of
    a track older than what was already taken of it are counted in `late` and left out."""

    cells: dict[int, np.ndarray] = field(default_factory=dict)  # cell -> (CLASSES, BINS) int64
    seconds: dict[int, np.ndarray] = field(default_factory=dict)  # cell -> (CLASSES,) float64
    vessel_days: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))
    last: dict[int, tuple[int, int, int, bool]] = field(default_factory=dict)  # of a track
    until_us: int = 0  # the newest report of all
    late: int = 0

    def add(
        self,
        t_us: np.ndarray,
        track: np.ndarray,
        lon: np.ndarray,
        lat: np.ndarray,
        kind: np.ndarray,
        sog_mps: np.ndarray,
    ) -> None:
        """(n,) arrays of reports. Those without coordinates, of other kinds, or repeated at one
        instant by one track count for nothing."""
        if len(t_us):
            self.until_us = max(self.until_us, int(np.max(t_us)))
        cell = _cells(np.ascontiguousarray(lon, np.float64), np.ascontiguousarray(lat, np.float64))
        fit = (cell >= 0) & (np.asarray(kind) < CLASSES) & (np.asarray(track) >= 0)
        t, track = np.asarray(t_us, np.int64)[fit], np.asarray(track, np.int64)[fit]
        kind, cell = np.asarray(kind, np.int64)[fit], cell[fit]
        with np.errstate(invalid="ignore"):
            moving = np.asarray(sog_mps, np.float64)[fit] >= MOVING_MPS
        # among reports of one instant the choice must not hang on their order in the piece
        order = np.lexsort((moving, kind, cell, t, track))
        part = self._with_last(*_at(order, t, track, kind, cell, moving))
        if not len(part[0]):
            return
        t, track = part[:2]
        new = np.concatenate([[True], (track[1:] != track[:-1]) | (t[1:] != t[:-1])])
        t, track, kind, cell, moving = _at(new, *part)
        follows = np.flatnonzero(track[1:] == track[:-1])
        counted = (self.cells, self.seconds)
        seconds = (t[follows + 1] - t[follows]) / 1e6
        _count(*counted, cell[follows], kind[follows], seconds, moving[follows])
        day = t[moving] // int(DAY_S * 1e6)
        of_class = (cell[moving] << 40) | (kind[moving] << 39)
        keys = np.unique(of_class | ((day & 0x7FFF) << 24) | (track[moving] & 0xFFFFFF))
        self.vessel_days = np.union1d(self.vessel_days, keys)
        ends = np.flatnonzero(np.concatenate([track[1:] != track[:-1], [True]]))
        for i in ends:
            self.last[int(track[i])] = (int(t[i]), int(cell[i]), int(kind[i]), bool(moving[i]))

    def _with_last(
        self,
        t: np.ndarray,
        track: np.ndarray,
        kind: np.ndarray,
        cell: np.ndarray,
        moving: np.ndarray,
    ) -> tuple[np.ndarray, ...]:
        """Each track's last report put before its new ones; older ones dropped."""
        heads = [(k, self.last[k]) for k in np.unique(track).tolist() if k in self.last]
        if not heads:
            return t, track, kind, cell, moving
        known = np.array([k for k, _ in heads], np.int64)
        when, where, what = np.array([h[:3] for _, h in heads], np.int64).T
        moved = np.array([h[3] for _, h in heads], np.bool_)
        at = np.minimum(np.searchsorted(known, track), len(known) - 1)
        old = (known[at] == track) & (t < when[at])
        repeat = (known[at] == track) & (t == when[at])
        self.late += int(old.sum())
        keep = ~old & ~repeat
        track_all = np.concatenate([known, track[keep]])
        t_all = np.concatenate([when, t[keep]])
        order = np.lexsort((t_all, track_all))
        return (
            t_all[order],
            track_all[order],
            np.concatenate([what, kind[keep]])[order],
            np.concatenate([where, cell[keep]])[order],
            np.concatenate([moved, moving[keep]])[order],
        )

    def build(self, made: str = "", source: str = "") -> Reception:
        """What was learned; `made` and `source` are words for people (when, from what)."""
        left: dict[int, np.ndarray] = {}
        ends = np.array(list(self.last.values()), np.int64).reshape(-1, 4)
        silent_s = (self.until_us - ends[:, 0]) / 1e6
        _count(left, {}, ends[:, 1], ends[:, 2], silent_s, ends[:, 3] != 0)
        cell = np.array(sorted(self.cells.keys() | left.keys()), np.int64)
        none, no_time = np.zeros((CLASSES, BINS), np.int64), np.zeros(CLASSES)
        vessel_days = np.zeros((len(cell), CLASSES), np.int64)
        of_class, days = np.unique(self.vessel_days >> 39, return_counts=True)
        at = np.searchsorted(cell, of_class >> 1)
        known = np.isin(of_class >> 1, cell)  # one report at the very end gives no interval
        vessel_days[at[known], (of_class & 1)[known]] = days[known]
        return Reception(
            cell,
            _stack([self.cells.get(c, none) for c in cell.tolist()]),
            np.array([self.seconds.get(c, no_time) / 1e6 for c in cell.tolist()]).reshape(
                -1, CLASSES
            ),
            vessel_days,
            _stack([left.get(c, none) for c in cell.tolist()]),
            made,
            source,
        )


def _stack(counts: list[np.ndarray]) -> np.ndarray:
    return np.array(counts, np.int64).reshape(-1, CLASSES, BINS)


def _count(
    cells: dict[int, np.ndarray],
    seconds: dict[int, np.ndarray],
    cell: np.ndarray,
    kind: np.ndarray,
    interval_s: np.ndarray,
    moving: np.ndarray,
) -> None:
    """Adds intervals of moving vessels to the counts `cells` and the times `seconds`."""
    use = moving & (interval_s > 0.0)
    cell, kind, interval_s = cell[use], kind[use], interval_s[use]
    if not len(cell):
        return
    bins = np.searchsorted(bin_edges_s(), interval_s, side="right") - 1
    seen, row = np.unique(cell, return_inverse=True)
    counts = np.zeros((len(seen), CLASSES, BINS), np.int64)
    np.add.at(counts, (row, kind, bins), 1)
    spent = np.zeros((len(seen), CLASSES))
    # microseconds are whole, and sums of whole numbers do not hang on their order
    np.add.at(spent, (row, kind), np.rint(np.minimum(interval_s, DAY_S) * 1e6))
    for k, c in enumerate(seen.tolist()):
        if c not in cells:
            cells[c] = np.zeros((CLASSES, BINS), np.int64)
            seconds[c] = np.zeros(CLASSES)
        cells[c] += counts[k]
        seconds[c] += spent[k]


@dataclass(frozen=True, slots=True)
class Reception:
    """Learned reception. `cell` (n,) sorted; `counts` (n, CLASSES, BINS); `present_s` (n, CLASSES)
    sum of the moving intervals begun there, each at most a day; `vessel_days` (n, CLASSES) how many
    vessels were heard moving there, each counted once a day (UTC); `left` (n, CLASSES, BINS) the
    silences of vessels that were not heard again, each up to the end of what was learned from."""

    cell: np.ndarray
    counts: np.ndarray
    present_s: np.ndarray
    vessel_days: np.ndarray
    left: np.ndarray
    made: str = ""
    source: str = ""
    least_intervals: int = 50  # fewer, with the neighbours': unknown
    neighbour_weight: float = 0.25  # of each of the eight cells round about
    least_vessel_days: int = 10  # fewer, with the neighbours': `silent_share` is unknown

    @staticmethod
    def learn(
        t_us: np.ndarray, track: np.ndarray, lon: np.ndarray, lat: np.ndarray,
        kind: np.ndarray, sog_mps: np.ndarray, made: str = "", source: str = "",
    ) -> Reception:  # fmt: skip
        """From one set of reports; for more than fits in memory use `ReceptionBuilder`."""
        builder = ReceptionBuilder()
        builder.add(t_us, track, lon, lat, kind, sog_mps)
        return builder.build(made, source)

    @property
    def version(self) -> str:
        """First 16 hex digits of the SHA-256 over format, cells and counts."""
        h = hashlib.sha256(FORMAT.encode())
        for a in (self.cell, self.counts, self.present_s, self.vessel_days, self.left):
            h.update(np.ascontiguousarray(a).tobytes())
        return h.hexdigest()[:16]

    def survival(
        self, lon: np.ndarray, lat: np.ndarray, kind: np.ndarray, silence_s: np.ndarray
    ) -> np.ndarray:
        """(n,) float64: share of the intervals begun there that last at least `silence_s`, each of
        the eight neighbouring cells' counted by `neighbour_weight`, with half an interval added on
        either side so that what was never seen is improbable, not impossible. NaN: unknown (too few
        intervals, no coordinates, neither class A nor B). Inside a bin the logarithm is linear."""
        at_least, total, _, known = self._silences(lon, lat, kind, silence_s)
        bad = ~known | ~(total >= self.least_intervals)
        return np.where(bad, np.nan, (at_least + 0.5) / (total + 1.0))

    def silent_share(
        self, lon: np.ndarray, lat: np.ndarray, kind: np.ndarray, silence_s: np.ndarray
    ) -> np.ndarray:
        """(n,) float64: silences of at least `silence_s` begun there for each vessel heard moving
        there on a day, at most 1; neighbours and halves as in `survival`. NaN: unknown there (too
        few vessel-days, or as in `survival`)."""
        at_least, total, days, known = self._silences(lon, lat, kind, silence_s)
        bad = ~known | ~(total >= self.least_intervals) | ~(days >= self.least_vessel_days)
        return np.where(bad, np.nan, np.minimum(1.0, (at_least + 0.5) / (days + 1.0)))

    def _silences(
        self, lon: np.ndarray, lat: np.ndarray, kind: np.ndarray, silence_s: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Pooled at each point and for its class, shapes (n,): intervals of at least `silence_s`,
        intervals, vessel-days, and whether class and silence are known at all."""
        lon, lat, kind, silence_s = np.broadcast_arrays(
            np.atleast_1d(lon), np.atleast_1d(lat), np.atleast_1d(kind), np.atleast_1d(silence_s)
        )
        kind = kind.astype(np.int64)
        known = (kind >= 0) & (kind < CLASSES) & ~np.isnan(silence_s.astype(np.float64))
        rows, column = np.arange(len(lon)), np.where((kind >= 0) & (kind < CLASSES), kind, 0)
        hist = self._pooled(lon, lat, (self.counts + self.left).astype(np.float64))[rows, column]
        days = self._pooled(lon, lat, self.vessel_days.astype(np.float64))[rows, column]
        at_least = hist[:, ::-1].cumsum(1)[:, ::-1]  # intervals in bin b or above
        edges = bin_edges_s()
        with np.errstate(invalid="ignore"):
            s = np.where(silence_s > 0.0, silence_s, 0.0)
        b = np.searchsorted(edges, s, side="right") - 1
        above = np.where(b + 1 < BINS, at_least[rows, np.minimum(b + 1, BINS - 1)], 0.0)
        low = np.maximum(edges[b], 0.5)
        part = np.clip(np.log2(np.maximum(s, 0.5) / low) * 2.0, 0.0, 1.0)
        count = at_least[rows, b] - part * (at_least[rows, b] - above)
        return count, hist.sum(1), days, known

    def positions_per_day(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        """(n,) float64: positions received of a vessel that moves there all day, both classes
        together; NaN unknown."""
        n = self._pooled(lon, lat, self.counts.sum(2).astype(np.float64)).sum(1)
        s = self._pooled(lon, lat, self.present_s).sum(1)
        known = (n >= self.least_intervals) & (s > 0.0)
        return np.where(known, n * DAY_S / np.where(s > 0.0, s, 1.0), np.nan)

    def _pooled(self, lon: np.ndarray, lat: np.ndarray, values: np.ndarray) -> np.ndarray:
        """Values of each point's cell plus the weighted ones of its neighbours; 0 where nothing."""
        cell = _cells(
            np.ascontiguousarray(np.atleast_1d(lon), np.float64),
            np.ascontiguousarray(np.atleast_1d(lat), np.float64),
        )
        out = np.zeros((len(cell), *values.shape[1:]))
        if not len(self.cell):
            return out
        col, row = cell % COLS, cell // COLS
        for dr in (-1, 0, 1):
            for dc in (-1, 0, 1):
                weight = 1.0 if dr == 0 and dc == 0 else self.neighbour_weight
                other = (row + dr) * COLS + (col + dc) % COLS
                at = np.minimum(np.searchsorted(self.cell, other), len(self.cell) - 1)
                found = (self.cell[at] == other) & (cell >= 0)
                out[found] += weight * values[at[found]]
        return out

    def to_arrow(self) -> pa.Table:
        """One row a cell; format, version and origin in the schema's metadata."""

        def lists(values: np.ndarray) -> pa.Array:
            each = CLASSES if values.ndim == 2 else CLASSES * BINS
            return pa.FixedSizeListArray.from_arrays(pa.array(values.reshape(-1)), each)

        meta = {
            "format": FORMAT,
            "version": self.version,
            "made": self.made,
            "source": self.source,
            "settings": json.dumps(
                [self.least_intervals, self.neighbour_weight, self.least_vessel_days]
            ),
        }
        table = pa.table(
            {
                "cell": pa.array(self.cell, pa.int64()),
                "counts": lists(self.counts),
                "present_s": lists(self.present_s),
                "vessel_days": lists(self.vessel_days),
                "left": lists(self.left),
            }
        )
        return table.replace_schema_metadata(meta)

    @classmethod
    def from_arrow(cls, table: pa.Table) -> Reception:
        """Inverse of `to_arrow`; ValueError when the format or the content's version is wrong."""
        meta = {k.decode(): v.decode() for k, v in (table.schema.metadata or {}).items()}
        if meta.get("format") != FORMAT:
            raise ValueError(f"reception has format {meta.get('format')!r}, not {FORMAT!r}")
        table = table.combine_chunks()

        def flat(name: str) -> np.ndarray:
            chunks = [c.flatten().to_numpy(zero_copy_only=False) for c in table[name].chunks]
            return np.concatenate(chunks) if chunks else np.empty(0)

        least, weight, least_days = json.loads(meta["settings"])
        learned = cls(
            table["cell"].to_numpy(),
            flat("counts").astype(np.int64).reshape(-1, CLASSES, BINS),
            flat("present_s").astype(np.float64).reshape(-1, CLASSES),
            flat("vessel_days").astype(np.int64).reshape(-1, CLASSES),
            flat("left").astype(np.int64).reshape(-1, CLASSES, BINS),
            meta.get("made", ""),
            meta.get("source", ""),
            least,
            weight,
            least_days,
        )
        if learned.version != meta.get("version"):
            raise ValueError("reception does not match its own version: damaged or edited")
        return learned

    def outline(self) -> dict[str, Any]:
        """GeoJSON for the map: one square a cell with positions a day and vessel-days."""
        col, row = self.cell % COLS, self.cell // COLS
        west, south = col * CELL_DEG - 180.0, row * CELL_DEG - 90.0
        per_day = self.positions_per_day(west + CELL_DEG / 2, south + CELL_DEG / 2)
        features = []
        for x, y, rate, days, n in zip(
            west.round(1).tolist(), south.round(1).tolist(), per_day.tolist(),
            self.vessel_days.sum(1).tolist(), self.counts.sum((1, 2)).tolist(), strict=True,
        ):  # fmt: skip
            e, t = round(x + CELL_DEG, 1), round(y + CELL_DEG, 1)
            properties = {
                "kind": "reception",
                "positions_per_day": None if np.isnan(rate) else round(rate, 1),
                "vessel_days": days,
                "intervals": n,
            }
            ring = [[x, y], [e, y], [e, t], [x, t], [x, y]]
            geometry = {"type": "Polygon", "coordinates": [ring]}
            features.append({"type": "Feature", "properties": properties, "geometry": geometry})
        return {"type": "FeatureCollection", "features": features}
