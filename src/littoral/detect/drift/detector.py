"""A merchant vessel that wind and stream carry, adrift or on a dragging anchor: the step."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from littoral.area.places import circle_array, circles_of
from littoral.area.world import World
from littoral.detect._ticks.fixes import ends_with_tick, note_fleet
from littoral.detect.drift.loop import lost, take_fixes
from littoral.detect.drift.settings import FIRST_TYPE, LAST_TYPE, PROFILES, DriftSettings
from littoral.detect.drift.state import (
    ASK,
    AT_US,
    COURSE_DEG,
    DRAGGING,
    DRIFTING,
    END,
    EVIDENCE,
    LAST_US,
    LAT,
    LON,
    METRES,
    OUT_US,
    RUN_US,
    SAID_KIND,
    SAID_TRACK,
    SAID_WHAT,
    SPEED_MPS,
    START_US,
    STATUS,
    DriftState,
    Limits,
    Said,
    Tables,
)
from littoral.detect.drift.words import sentence_of
from littoral.schema.ais import CLASS_A
from littoral.schema.batch import Batch
from littoral.schema.finding import Fact, Finding
from littoral.schema.fleet import Fleet

ROOM = 1024  # things said at once; more follow in the same step


def limits_of(s: DriftSettings) -> Limits:
    second = 1_000_000
    return Limits(
        s.tick_s * second, s.max_gap_s * second, s.least_mps, s.most_mps, s.across_deg,
        s.hold_s * second, s.net_m, s.resume_s * second, s.still_mps, s.settle_s * second,
        s.way_mps, s.cable_m, s.bow_m, s.out_s * second, s.update_s * second,
    )  # fmt: skip


def _urgency(shore_m: float, s: DriftSettings) -> int:
    if shore_m <= s.warn_shore_m:
        return s.warn_priority
    return s.priority if shore_m <= s.watch_shore_m else s.far_priority


class Drift:
    """See docs/detectors/drift.md."""

    name = "drift"
    version = "1.0.1"
    summary: Mapping[str, str] = {
        "zh": "商船失去动力随风流漂移，或走锚",
        "en": "A merchant vessel drifts, or drags its anchor",
    }
    profiles = PROFILES

    def start(self, settings: DriftSettings, world: World) -> DriftState:
        return DriftState()

    def step(
        self,
        state: DriftState,
        batch: Batch,
        fleet: Fleet,
        settings: DriftSettings,
        world: World,
    ) -> tuple[DriftState, list[Finding]]:
        state.reserve(fleet.capacity)
        findings: list[Finding] = []
        tables = Tables(*(getattr(state, name) for name in Tables._fields))
        lim, p, row = limits_of(settings), batch.positions, 0
        while row < len(p):
            said = Said.empty(ROOM)
            row, n = take_fixes(
                row, tables, p.track, p.t_us, p.flags, p.obs_id, p.lon_deg, p.lat_deg,
                p.heading_deg, p.nav_status, fleet.to_bow_m, lim, said,
            )  # fmt: skip
            if n:
                heard = Said(said.whole[:n], said.real[:n])
                findings += self._tell(state, heard, fleet, settings, world)
        open_ = np.unique(np.flatnonzero(state.told) // 2)
        due_us = fleet.last_us[open_] + settings.max_gap_s * 1_000_000
        silent = due_us < batch.until_us
        for k, at_us in zip(open_[silent], due_us[silent], strict=True):
            said = Said.empty(2)
            n = lost(k, at_us, tables, said, 0)
            heard = Said(said.whole[:n], said.real[:n])
            findings += self._tell(state, heard, fleet, settings, world)
        if ends_with_tick(batch, settings.tick_s):
            judged = (fleet.ship_type >= FIRST_TYPE) & (fleet.ship_type <= LAST_TYPE)
            note_fleet(state.fix, state.pending, judged & (fleet.kind == CLASS_A), fleet)
        return state, findings

    def _tell(
        self, state: DriftState, said: Said, fleet: Fleet, s: DriftSettings, world: World
    ) -> list[Finding]:
        """Findings of what the loops said: what is asked about only where it counts."""
        lon, lat = said.real[:, LON].copy(), said.real[:, LAT].copy()
        kind, what, track = (said.whole[:, c] for c in (SAID_KIND, SAID_WHAT, SAID_TRACK))
        drifting, asked = kind == DRIFTING, what == ASK
        circles = circle_array((*world.ports, *world.anchorages), s.min_port_m)
        at_sea = circles_of(circles, lon, lat) < 0
        out_of_port = circles_of(circle_array(world.ports), lon, lat) < 0
        length_m = fleet.to_bow_m[track] + fleet.to_stern_m[track]
        counts = np.where(drifting, at_sea & ~(length_m < s.least_length_m), out_of_port)
        # What went on when it was asked about may be over, within one long silence.
        since_us = np.where(drifting, state.run[track, RUN_US], state.lie[track, OUT_US])
        counts &= (since_us == said.real[:, START_US]) & state.busy[track, kind]
        rows = np.flatnonzero(~asked | counts)
        state.told[track[asked & counts], kind[asked & counts]] = True
        shore_m = world.coast.shore_distance_m(lon[rows], lat[rows])
        return [
            self._finding(state, said, int(i), float(shore_m[j]), fleet, s)
            for j, i in enumerate(rows)
        ]

    def _finding(
        self, state: DriftState, said: Said, i: int, shore_m: float, fleet: Fleet,
        s: DriftSettings,
    ) -> Finding:  # fmt: skip
        (kind, what, k), real = (int(v) for v in said.whole[i]), said.real[i]
        start_us, last_us = int(real[START_US]), int(real[LAST_US])
        priority = s.drag_priority
        facts: dict[str, Fact] = {
            "duration_s": (last_us - start_us) // 1_000_000,
            "distance_m": round(float(real[METRES])),
            "cog_deg": round(float(real[COURSE_DEG]), 1),
            "shore_m": None if np.isnan(shore_m) else round(shore_m),
            "nav_status": int(real[STATUS]),
        }
        if kind == DRIFTING:
            facts["speed_mps"] = round(float(real[SPEED_MPS]), 2)
            if what != END:
                state.urgency[k] = _urgency(shore_m, s)
            priority = int(state.urgency[k])
        return Finding(
            rule=self.name,
            version=self.version,
            kind="dragging" if kind == DRAGGING else "drifting",
            things=(fleet.thing(k),),
            start_us=start_us,
            end_us=last_us if what == END else None,
            updated_us=int(real[AT_US]),
            lon_deg=float(real[LON]),
            lat_deg=float(real[LAT]),
            priority=priority,
            facts=facts,
            evidence=tuple(sorted({int(o) for o in state.obs[k, kind, :EVIDENCE] if o})),
        )

    def sentence(self, finding: Finding, names: Mapping[str, str], lang: str) -> str:
        return sentence_of(finding, names, lang)
