"""A vessel waits, slow, for hours where nobody waits: the step and what it asks about a run."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from littoral.area.geodesy import haversine_many_m
from littoral.area.places import circle_array, circles_of
from littoral.area.world import World
from littoral.detect._ticks.fixes import ends_with_tick, note_fleet
from littoral.detect.loitering.loop import (
    AGAIN,
    ASK,
    AT_US,
    BLOCK,
    END,
    HERE_LAT,
    HERE_LON,
    MID_LAT,
    MID_LON,
    RUN_US,
    SAID_GOOD_US,
    SAID_RUN_US,
    SAID_WAY_M,
    Limits,
    LoiteringState,
    Said,
    lost,
    take_fixes,
)
from littoral.detect.loitering.settings import PROFILES, LoiteringSettings
from littoral.detect.loitering.words import sentence_of
from littoral.schema.ais import CLASS_B
from littoral.schema.batch import Batch
from littoral.schema.finding import Finding
from littoral.schema.fleet import Fleet

ROOM = 1024  # things said at once; more follow in the same step
AT_ANCHOR = 1


def limits_of(s: LoiteringSettings) -> Limits:
    resting = np.zeros(16, np.bool_)
    resting[list(s.resting)] = True
    second = 1_000_000
    return Limits(
        s.tick_s * second, s.block_s * second, s.max_gap_s * second, s.slow_mps,
        s.hold_s * second, s.within_m, s.ask_s * second, s.resume_s * second,
        s.update_s * second, s.shore_is_mean, resting,
    )  # fmt: skip


class Loitering:
    """See docs/detectors/loitering.md."""

    name = "loitering"
    version = "1.0.0"
    summary: Mapping[str, str] = {
        "zh": "船舶在港口和锚地以外长时间低速滞留",
        "en": "A vessel waits, slow, for hours where nobody waits",
    }
    profiles = PROFILES

    def start(self, settings: LoiteringSettings, world: World) -> LoiteringState:
        return LoiteringState()

    def step(
        self,
        state: LoiteringState,
        batch: Batch,
        fleet: Fleet,
        settings: LoiteringSettings,
        world: World,
    ) -> tuple[LoiteringState, list[Finding]]:
        state.reserve(fleet.capacity)
        findings: list[Finding] = []
        lim, p, row = limits_of(settings), batch.positions, 0
        while row < len(p):
            said = Said.empty(ROOM)
            row, n = take_fixes(
                row, state.fix, state.pending, state.run, state.obs, state.told, p.track, p.t_us,
                p.flags, p.obs_id, p.lon_deg, p.lat_deg, p.nav_status, lim, said,
            )  # fmt: skip
            if n:
                heard = Said(*(a[:n] for a in said))
                findings += self._tell(state, heard, batch, fleet, settings, world)
        findings += self._silent(state, batch, fleet, settings)
        if ends_with_tick(batch, settings.tick_s):
            note_fleet(state.fix, state.pending, fleet.kind <= CLASS_B, fleet)
        return state, findings

    def _tell(
        self, state: LoiteringState, said: Said, batch: Batch, fleet: Fleet,
        s: LoiteringSettings, world: World,
    ) -> list[Finding]:  # fmt: skip
        if s.shore_is_mean:
            _add_shore(state, said, world)
        asked = np.flatnonzero(said.kind == ASK)
        shore_m = np.zeros(len(said.kind))
        if len(asked):
            shore_m[asked] = _where_nobody_waits(state, said, asked, batch, fleet, s, world)
        rows = np.flatnonzero((shore_m > 0.0) | (said.kind == AGAIN) | (said.kind == END))
        found = []
        for i in rows:
            k, real = int(said.track[i]), said.real[i]
            if said.kind[i] == ASK:
                if state.run[k, RUN_US] != real[SAID_RUN_US]:
                    continue  # over already, within one long silence
                state.told[k] = True
                state.shore_m[k] = shore_m[i] if not s.shore_is_mean else state.shore_m[k]
            found.append(self._finding(state, said, int(i), fleet, s))
        return found

    def _silent(
        self, state: LoiteringState, batch: Batch, fleet: Fleet, s: LoiteringSettings
    ) -> list[Finding]:
        """Runs told of whose vessels have not been heard for too long."""
        told = np.flatnonzero(state.told)
        due_us = fleet.last_us[told] + s.max_gap_s * 1_000_000
        silent = due_us < batch.until_us
        found = []
        for k, at_us in zip(told[silent], due_us[silent], strict=True):
            said = Said.empty(1)
            lost(k, at_us, state.fix, state.run, state.told, said, 0)
            found.append(self._finding(state, said, 0, fleet, s))
        return found

    def _finding(
        self, state: LoiteringState, said: Said, i: int, fleet: Fleet, s: LoiteringSettings
    ) -> Finding:
        k, real = int(said.track[i]), said.real[i]
        start_us, good_us = int(real[SAID_RUN_US]), int(real[SAID_GOOD_US])
        shore_m = float(state.shore_m[k])
        if s.shore_is_mean:
            shore_m /= max(float(state.blocks[k]), 1.0)
        far = s.watch_shore_m > 0.0 and shore_m > s.watch_shore_m
        lasted_s = (good_us - start_us) // 1_000_000
        return Finding(
            rule=self.name,
            version=self.version,
            kind="loitering",
            things=(fleet.thing(k),),
            start_us=start_us,
            end_us=good_us if said.kind[i] == END else None,
            updated_us=int(real[AT_US]),
            lon_deg=float(real[MID_LON]),
            lat_deg=float(real[MID_LAT]),
            priority=s.far_priority if far else s.priority,
            facts={
                "duration_s": lasted_s,
                "mean_speed_mps": round(float(real[SAID_WAY_M]) / lasted_s, 2),
                "shore_m": round(shore_m),
                "ship_type": int(fleet.ship_type[k]),
            },
            evidence=tuple(sorted({int(o) for o in state.obs[k] if o})),
        )

    def sentence(self, finding: Finding, names: Mapping[str, str], lang: str) -> str:
        return sentence_of(finding, names, lang)


def _add_shore(state: LoiteringState, said: Said, world: World) -> None:
    """Add what each block's end is off shore to the sum of its run."""
    rows = np.flatnonzero(said.kind == BLOCK)
    k, run_us = said.track[rows], said.real[rows, SAID_RUN_US]
    other = k[state.shore_run_us[k] != run_us]
    state.shore_m[other] = state.blocks[other] = 0.0
    state.shore_run_us[k] = run_us
    here = said.real[rows]
    np.add.at(state.shore_m, k, world.coast.shore_distance_m(here[:, HERE_LON], here[:, HERE_LAT]))
    np.add.at(state.blocks, k, 1.0)


def _where_nobody_waits(
    state: LoiteringState, said: Said, asked: np.ndarray, batch: Batch, fleet: Fleet,
    s: LoiteringSettings, world: World,
) -> np.ndarray:  # fmt: skip
    """(n,) metres off shore of the runs `asked` about that count; 0 of the others."""
    k = said.track[asked]
    lon, lat = said.real[asked, MID_LON], said.real[asked, MID_LAT]
    good = ~np.isin(fleet.ship_type[k], s.by_trade)
    if s.min_port_m > 0.0:
        circles = circle_array((*world.ports, *world.anchorages), s.min_port_m)
        good &= circles_of(circles, lon, lat) < 0
    shore_m = np.zeros(len(k))
    if s.shore_is_mean:
        shore_m = state.shore_m[k] / np.maximum(state.blocks[k], 1.0)
    elif good.any():
        shore_m[good] = world.coast.shore_distance_m(lon[good], lat[good])
    good &= shore_m >= s.shore_min_m  # false where the shore is not known
    if s.anchored > 0 and good.any():
        since_us = batch.until_us - s.anchored_heard_s * 1_000_000
        n = fleet.count
        lies = np.flatnonzero((fleet.nav_status[:n] == AT_ANCHOR) & (fleet.last_us[:n] >= since_us))
        for i in np.flatnonzero(good):
            others = lies[lies != k[i]]
            there = (np.full(len(others), lon[i]), np.full(len(others), lat[i]))
            apart = haversine_many_m(*there, fleet.lon_deg[others], fleet.lat_deg[others])
            good[i] = (apart <= s.anchored_within_m).sum() < s.anchored
    return np.where(good, shore_m, 0.0)
