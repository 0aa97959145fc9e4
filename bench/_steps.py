"""Decoded rows through areas, order, tracks, all rules and the ledger, as in `engine.history`,
without lake; with the seconds that each step took."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from littoral.area.world import World
from littoral.engine import core, order, slices
from littoral.engine.ahead import ahead
from littoral.engine.ledger import Ledger
from littoral.engine.two_hands import TwoHands
from littoral.schema.ais import Observations

AHEAD = 2
ALL_SETTLED_US = 1 << 61


class Steps:
    """One use, by `two_threads` or by `alone` for each piece and `end`. `seconds` by step or rule;
    `positions`: those that were given."""

    def __init__(self, rules: tuple[core.Rule, ...], world: World) -> None:
        self.seconds: Counter[str] = Counter()
        self.positions = 0
        self._rules, self._world = rules, world
        self._order = order.Order(by_source=True)
        self._state = core.start(rules, world)
        self._ledger = Ledger(rules)
        self._reference = core.Reference(rules, world)

    @property
    def alerts(self) -> int:
        return len(self._ledger.settled_rows())

    def two_threads(self, pieces: Iterable[Observations]) -> None:
        """Order and tracks in threads ahead of the rules, and these in two, as a run has them."""
        settled = ahead(self._settled(pieces), AHEAD, "order")
        with ThreadPoolExecutor(1, "rules") as helper:
            hands = TwoHands(helper)
            for tracked in ahead(self._tracked(settled), AHEAD, "tracks"):
                self._tell(core.judge(self._state, tracked, hands), tracked)

    def alone(self, piece: Observations | None) -> None:
        """One piece (None: the end) in this thread, each rule timed by itself."""
        began = time.perf_counter()
        rows = self._settle(piece)
        began = self._count("areas and order", began)
        if rows is None:
            return
        for tracked in core.follow(self._state, rows, 0, self._reference):
            began = self._count("tracks", began)
            findings = []
            for rule in self._rules:
                name = rule.detector.name
                self._state.detectors[name], found = rule.detector.step(
                    self._state.detectors[name], tracked.batch, tracked.fleet,
                    rule.profile.settings, self._world,
                )  # fmt: skip
                findings += found
                began = self._count(name, began)
            if findings:
                names = core.names_of(tracked.fleet, findings)
                self._ledger.settle(findings, names, tracked.batch.until_us)
            began = self._count("alerts", began)

    def _count(self, step: str, began: float) -> float:
        now = time.perf_counter()
        self.seconds[step] += now - began
        return now

    def _settle(self, piece: Observations | None) -> Observations | None:
        if piece is None:
            order.end_source(self._order, 1)
            self._order.floor_us = ALL_SETTLED_US
        else:
            self.positions += len(piece.positions)
            core.mark_areas(piece.positions, self._world)
            order.push(self._order, 1, piece)
        return slices.take_settled(self._order)

    def _settled(self, pieces: Iterable[Observations]) -> Iterator[Observations]:
        for piece in (*pieces, None):
            rows = self._settle(piece)
            if rows is not None:
                yield rows

    def _tracked(self, settled: Iterable[Observations]) -> Iterator[core.Tracked]:
        for rows in settled:
            for tracked in core.follow(self._state, rows, 0, self._reference):
                yield replace(tracked, fleet=tracked.fleet.snapshot())

    def _tell(self, settled: core.Settled, tracked: core.Tracked) -> None:
        if settled.findings:
            names = core.names_of(tracked.fleet, settled.findings)
            self._ledger.settle(settled.findings, names, settled.until_us)


def copied(rows: Observations) -> Observations:
    """Another copy: the steps mark rows in place."""
    return Observations(*(
        type(part)(*(getattr(part, n).copy() for n in part.TABLE.names()))
        for part in (rows.positions, rows.statics, rows.texts)
    ))  # fmt: skip
