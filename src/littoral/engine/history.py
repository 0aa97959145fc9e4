"""A run over recordings: as fast as the disk gives, into a lake of its own, alerts at the end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from littoral.area.world import World
from littoral.engine import core, order, slices
from littoral.engine.ahead import ahead
from littoral.engine.files_in import Merge, Problem
from littoral.engine.lake_out import LakeOut
from littoral.engine.ledger import KEEP_US, Ledger, Row
from littoral.engine.two_hands import TwoHands
from littoral.schema.ais import Observations
from littoral.schema.batch import Outage
from littoral.schema.fleet import Fleet
from littoral.sense.decoded import Counts, Rejects, StationList

AHEAD = 2  # parts in order that may wait: bounds memory
AHEAD_SLICES = 2  # slices with their tracks that may wait for the detectors
HOUR_US = 3_600_000_000


@dataclass(slots=True)
class Report:
    """What a run did; the JSON that `littoral run --json` prints is made of it."""

    counts: Counts
    problems: list[Problem]
    positions: int = 0
    placeless: int = 0  # of them without coordinates, or with some that no place has
    tracks: int = 0
    late: int = 0
    alerts: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """The object that `littoral run --json` prints; scripts build on its keys."""
        return {
            **self.counts.as_json(),
            "positions": self.positions,
            "placeless": self.placeless,
            "tracks": self.tracks,
            "alerts": self.alerts,
            "late": self.late,
            "seconds": round(self.seconds, 3),
            "problems": [p.as_json() for p in self.problems],
        }

    def as_text(self, out: Path) -> str:
        """The same for people."""
        rate = self.counts.lines / max(self.seconds, 1e-9)
        said = [
            f"{self.counts.lines:,} lines, {self.counts.messages:,} messages, "
            f"{self.positions:,} positions in {self.seconds:.1f} s ({rate:,.0f} lines/s)",
            f"{self.tracks:,} tracks",
        ]
        for title, counts in (("rejected", self.counts.rejected), ("ignored", self.counts.ignored)):
            if counts:
                listed = ", ".join(f"{k} {n:,}" for k, n in sorted(counts.items()))
                said.append(f"{title}: {sum(counts.values()):,} lines ({listed})")
        if self.placeless:
            said.append(f"placeless: {self.placeless:,} positions with no coordinates on earth")
        if self.late:
            said.append(
                f"late: {self.late:,} rows came after their time was settled; in the lake only"
            )
        alerts = ", ".join(f"{k} {n:,}" for k, n in sorted(self.alerts.items()))
        said.append(f"alerts: {alerts or 'none'}")
        said.append(f"written to {out}")
        return "\n".join(said)


@dataclass(frozen=True, slots=True)
class Settling:
    """What one part of the input brought: lines not used, rows not judged, rows that settled."""

    path: str
    rejects: Rejects
    left_out: Observations | None
    settled: Observations | None
    progress: float
    lines: int


@dataclass(frozen=True, slots=True)
class Following:
    """A part of the input, or a slice of what has settled."""

    part: Settling | None = None
    slice: core.Tracked | None = None


class History:
    """Runs `Merge`d inputs through the core. One use."""

    def __init__(
        self,
        rules: tuple[core.Rule, ...],
        world: World,
        stations: StationList,
        out: Path,
        planned: tuple[Outage, ...] = (),
        on_progress: Callable[[float, int], None] | None = None,
        ledger: Ledger | None = None,
    ) -> None:
        self._rules = rules
        self._world = world
        self._stations = stations
        self._planned = planned
        self._on_progress = on_progress
        self._out = LakeOut(out)
        self._ledger = ledger or Ledger(rules)
        self._order = order.Order(by_source=True)
        self._state = core.start(rules, world)
        self._alerts: dict[str, int] = {}
        self._positions = self._placeless = 0
        self._forget_us = 0

    def run(self, inputs: Merge) -> Report:
        started = time.monotonic()
        in_order = ahead(self._in_order(inputs), AHEAD, "order")
        with ThreadPoolExecutor(1, "rules") as helper:
            hands = TwoHands(helper)
            for item in ahead(self._with_tracks(in_order), AHEAD_SLICES, "tracks"):
                if item.slice is not None:
                    settled = core.judge(self._state, item.slice, hands)
                    self._out.add_settled(settled)
                    self._say(settled, item.slice.fleet)
                if item.part is not None:
                    self._leave_out(item.part)
        self._write_alerts(self._ledger.settled_rows())
        self._out.finish(core.picture(self._state), self._stations.names)
        inputs.counts.check()
        report = Report(inputs.counts, inputs.problems, self._positions, self._placeless)
        report.tracks = self._state.fuse.fleet.count
        report.late = self._order.late_rows
        report.alerts = self._alerts
        report.seconds = time.monotonic() - started
        return report

    def _in_order(self, inputs: Merge) -> Iterator[Settling]:
        """Each part with its areas marked, and what it settles. Runs ahead of the other steps."""
        for part in inputs:
            rows = part.decoded.observations
            self._positions += len(rows.positions)
            self._placeless += int(np.count_nonzero(np.isnan(rows.positions.lon_deg)))
            core.mark_areas(rows.positions, self._world)
            self._order.hold_us = part.hold_us
            left_out = order.push(self._order, part.source, rows)
            if part.last:
                order.end_source(self._order, part.source)
            yield Settling(
                inputs.paths[part.source - 1],
                part.decoded.rejects,
                left_out,
                slices.take_settled(self._order),
                inputs.progress,
                inputs.counts.lines,
            )
        self._order.floor_us = 1 << 61
        settled = slices.take_settled(self._order)
        yield Settling("", Rejects.empty(), None, settled, 1.0, inputs.counts.lines)

    def _with_tracks(self, parts: Iterator[Settling]) -> Iterator[Following]:
        """Each part, then all slices that the watermark has passed with it, with their tracks. Runs
        ahead of the detectors, so each slice has the fleet as it was then."""
        for part in parts:
            yield Following(part=part)
            if part.settled is None:
                continue
            for tracked in core.follow(self._state, part.settled, 0, self._reference()):
                yield Following(slice=replace(tracked, fleet=tracked.fleet.snapshot()))

    def _leave_out(self, part: Settling) -> None:
        """What no step sees, for the lake."""
        self._out.quarantine(part.path, part.rejects)
        if part.left_out is not None:
            self._out.add(part.left_out)
        if self._on_progress:
            self._on_progress(part.progress, part.lines)

    def _reference(self) -> core.Reference:
        self._world = core.with_stations(self._world, self._stations)
        return core.Reference(self._rules, self._world, self._planned)

    def _say(self, settled: core.Settled, fleet: Fleet) -> None:
        if settled.findings:
            # by the names known then, or the cut would matter
            names = core.names_of(fleet, settled.findings)
            self._ledger.settle(settled.findings, names, settled.until_us)
        if settled.until_us >= self._forget_us:
            self._write_alerts(self._ledger.forget_before(settled.until_us - KEEP_US))
            self._forget_us = settled.until_us + HOUR_US

    def _write_alerts(self, rows: list[Row]) -> None:
        self._out.alerts(rows)
        for row in rows:
            self._alerts[row["rule"]] = self._alerts.get(row["rule"], 0) + 1
