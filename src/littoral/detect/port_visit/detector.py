"""A vessel calls at a port: the step. See docs/detectors/port_visit.md."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from littoral.area.anchorages import index_of
from littoral.area.places import Place
from littoral.area.world import World
from littoral.detect.port_visit.loop import OUT_COLUMNS, Limits, silences, walk
from littoral.detect.port_visit.settings import PROFILES, PortVisitSettings
from littoral.detect.port_visit.state import (
    BITS,
    CAME_BACK,
    CLOSED_US,
    IN_PORT,
    LAST_US,
    NEVER_US,
    SECOND_US,
    WHERE,
    PortVisitState,
)
from littoral.detect.port_visit.tell import finding_of
from littoral.detect.port_visit.words import sentence_of
from littoral.schema.batch import Batch
from littoral.schema.finding import Finding
from littoral.schema.fleet import Fleet

MOST_TOLD = 256  # at once; more follow in the same step


def limits_of(s: PortVisitSettings) -> Limits:
    return Limits(
        s.entry_m,
        max(s.entry_m, s.exit_m),
        s.stop_begin_mps,
        max(s.stop_begin_mps, s.stop_end_mps),
        round(s.stop_least_s * SECOND_US),
        round(s.gap_s * SECOND_US),
        s.least_confidence,
    )


class PortVisit:
    """One finding a visit: told when it is sure enough, when it gets surer, and when it ends."""

    name = "port_visit"
    version = "1.1.0"
    summary: Mapping[str, str] = {
        "zh": "船舶进出港口或锚地（供分析，不报警）",
        "en": "A vessel calls at a port or anchorage (for analysts, never annunciated)",
    }
    profiles = PROFILES

    def start(self, settings: PortVisitSettings, world: World) -> PortVisitState:
        return PortVisitState()

    def step(
        self,
        state: PortVisitState,
        batch: Batch,
        fleet: Fleet,
        settings: PortVisitSettings,
        world: World,
    ) -> tuple[PortVisitState, list[Finding]]:
        state.reserve(fleet.capacity)
        if state.tracks < fleet.count:
            _take_over(state, fleet)
        points, index = index_of(world)
        lim = limits_of(settings)
        findings: list[Finding] = []
        p, row = batch.positions, 0
        out = np.empty((MOST_TOLD, OUT_COLUMNS), np.int64)
        while row < len(p):
            row, n = walk(
                row, state.near, state.mark, index, lim, out,
                p.t_us, p.track, p.kind, p.flags, p.obs_id, p.lon_deg, p.lat_deg, p.sog_mps,
            )  # fmt: skip
            findings += self._findings(out[:n], fleet, points, settings)
        state.scan_us = min(state.scan_us, batch.from_us + lim.gap_us)
        if state.scan_us <= batch.until_us:
            track, state.scan_us = 0, NEVER_US
            while track < fleet.count:
                track, n, next_us = silences(
                    track, fleet.count, batch.until_us, state.near, state.mark, index, lim,
                    fleet.gear, out,
                )  # fmt: skip
                state.scan_us = min(state.scan_us, next_us)
                findings += self._findings(out[:n], fleet, points, settings)
        return state, findings

    def _findings(
        self,
        told: np.ndarray,
        fleet: Fleet,
        points: tuple[Place, ...],
        settings: PortVisitSettings,
    ) -> list[Finding]:
        return [
            finding_of(row, fleet, points, settings.priority, self.name, self.version)
            for row in told.tolist()
        ]

    def sentence(self, finding: Finding, names: Mapping[str, str], lang: str) -> str:
        return sentence_of(finding, names, lang)


def _take_over(state: PortVisitState, fleet: Fleet) -> None:
    """A new track whose MMSI lay in port on a track that has been closed since goes on with its
    visit."""
    new = np.arange(state.tracks, fleet.count)
    state.tracks = fleet.count
    lying = np.flatnonzero(state.mark[: new[0], WHERE] == IN_PORT)
    lying = lying[np.argsort(fleet.mmsi[lying], kind="stable")]
    if not len(lying):
        return
    at = np.minimum(np.searchsorted(fleet.mmsi[lying], fleet.mmsi[new]), len(lying) - 1)
    old = lying[at]
    closed = state.mark[old, LAST_US] + CLOSED_US <= fleet.first_us[new]
    for k, was in zip(new.tolist(), old.tolist(), strict=True):
        if fleet.mmsi[k] == fleet.mmsi[was] and closed[k - new[0]]:
            state.mark[k] = state.mark[was]
            state.mark[k, BITS] |= CAME_BACK
            state.mark[was] = 0
