"""Statistics of hours: kept counts of days that are over, fresh ones of the rest."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from littoral.analyse import figures
from littoral.analyse.figures import Rings
from littoral.store import lake_counts
from littoral.store.lake_files import HOUR_US
from littoral.store.lake_places import DAY_US, days

HOURS = 24
Row = tuple[int, str, str, int]  # hour, what, of what, how many


@dataclass
class Figures:
    """Of one lake. `hours` asks it from any thread; one counts at a time."""

    root: Path
    _fresh: dict[int, tuple[tuple[object, ...], list[Row], Rings]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def hours(self, from_us: int, to_us: int) -> tuple[list[Row], list[int]]:
        """Counts of the hours that begin in `from_us <= hour < to_us`, and the days (as the hour
        in us with which each begins) that are not counted yet: those wait for `keep_days`."""
        rows: list[Row] = []
        missing: list[int] = []
        last_us = to_us - 2 * DAY_US
        with self._lock:
            for day, folder in days(self.root):
                if (day + 1) * DAY_US <= from_us or day * DAY_US >= to_us:
                    continue
                now = lake_counts.made_of(self.root, folder)
                table = lake_counts.kept(self.root, folder, now)
                if table is not None:
                    rows += _rows(table)
                elif (day + 1) * DAY_US > last_us:
                    rows += self._count(day, folder)
                else:
                    missing.append(day * DAY_US)
        return [r for r in rows if from_us <= r[0] < to_us], missing

    def keep_days(self, before_us: int) -> int:
        """Counts the days that ended before, where that is not done; returns how many."""
        done = 0
        for day, folder in days(self.root):
            if (day + 1) * DAY_US > before_us:
                continue
            now = lake_counts.made_of(self.root, folder)
            if lake_counts.kept(self.root, folder, now) is not None:
                continue
            with self._lock:
                rows = self._count(day, folder)
                for hour in range(day * HOURS, (day + 1) * HOURS):
                    self._fresh.pop(hour, None)
            lake_counts.keep(self.root, folder, now, lake_counts.table_of(rows))
            done += 1
        return done

    def _count(self, day: int, folder: Path) -> list[Row]:
        """Hour by hour; an hour whose files are as they were is not counted again."""
        types = lake_counts.ship_types(self.root / "statics" / folder.name)
        names = lake_counts.receivers(self.root)
        rings = self._rings_before(day, folder)
        rows: list[Row] = []
        for hour in range(day * HOURS, (day + 1) * HOURS):
            hour_folder = lake_counts.hour_folder(folder, hour)
            said = (lake_counts.sizes(hour_folder), len(types[0]), len(rings.vessel))
            known = self._fresh.get(hour)
            if known is None or known[0] != said:
                counted, after = figures.counts(
                    lake_counts.hour_rows(hour_folder), types, names, rings
                )
                known = said, [(hour * HOUR_US, *c) for c in counted], after
                self._fresh[hour] = known
            rows += known[1]
            rings = known[2]
        for old in [h for h in self._fresh if h < (day - 2) * HOURS]:
            del self._fresh[old]
        return rows

    def _rings_before(self, day: int, folder: Path) -> Rings:
        """As the last hour of the day before left them."""
        known = self._fresh.get(day * HOURS - 1)
        if known is not None:
            return known[2]
        before = dict(days(self.root)).get(day - 1)
        if before is None:
            return Rings()
        rows = lake_counts.hour_rows(lake_counts.hour_folder(before, HOURS - 1))
        nothing = rows["mmsi"][:0], rows["kind"][:0]
        return figures.counts(rows, nothing, {}, Rings())[1]


def _rows(table: pa.Table) -> list[Row]:
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))
