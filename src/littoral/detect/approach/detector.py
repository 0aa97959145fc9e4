"""Who heads for a stretch of coast without port: the step. See docs/detectors/approach.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from littoral.area.world import World
from littoral.detect._shore.columns import ShoreCrowd, ShoreFixes
from littoral.detect._shore.craft import by_group, group_name
from littoral.detect._shore.shore import shore_of
from littoral.detect.approach.loop import (
    AHEAD,
    BEGUN,
    COURSE,
    FAST_US,
    LAST,
    LAT,
    LON,
    NEAR,
    OBS_FIRST,
    OBS_LAST,
    OVER,
    SINCE,
    SOG,
    SUN,
    ApproachLimits,
    R,
    W,
    take,
)
from littoral.detect.approach.settings import PROFILES, ApproachSettings
from littoral.detect.approach.words import sentence_of
from littoral.schema.batch import Batch
from littoral.schema.finding import Finding
from littoral.schema.fleet import Fleet
from littoral.schema.growing import grown

ROOM = 256  # things told before the pass hands over


@dataclass(slots=True)
class ApproachState:
    """Rows as in the fleet: `still_us`, `look_us` as in `loop.take`; `whole` (tracks, W) and `real`
    (tracks, R), columns of `loop`; `open`: tracks whose event goes on."""

    still_us: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    look_us: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    whole: np.ndarray = field(default_factory=lambda: np.zeros((0, W), np.int64))
    real: np.ndarray = field(default_factory=lambda: np.zeros((0, R)))
    open: list[int] = field(default_factory=list)

    def reserve(self, rows: int) -> None:
        if rows > len(self.whole):
            self.still_us, self.look_us = grown(self.still_us, rows), grown(self.look_us, rows)
            self.whole, self.real = grown(self.whole, rows), grown(self.real, rows)


class Approach:
    """`start_us` is the first report of the span that held, `end_us` the last that did."""

    name = "approach"
    version = "1.1.0"
    summary: Mapping[str, str] = {
        "zh": "小型船舶高速或夜间驶向没有港口的岸段",
        "en": "Small craft heads for a stretch of coast without port, fast or by night",
    }
    profiles = PROFILES

    def start(self, settings: ApproachSettings, world: World) -> ApproachState:
        shore_of(world)
        return ApproachState()

    def step(
        self,
        state: ApproachState,
        batch: Batch,
        fleet: Fleet,
        settings: ApproachSettings,
        world: World,
    ) -> tuple[ApproachState, list[Finding]]:
        state.reserve(fleet.capacity)
        p, limits, shore = batch.positions, limits_of(settings), shore_of(world)
        fixes, crowd = ShoreFixes.of(p), ShoreCrowd.of(fleet)
        told = np.empty((ROOM, 3), np.int64)
        whole, real = np.empty((ROOM, W), np.int64), np.empty((ROOM, R))
        findings: list[Finding] = []
        row = 0
        while row < len(p):
            row, n = take(
                row, fixes, crowd, shore, limits, state.still_us, state.look_us, state.whole,
                state.real, told, whole, real,
            )  # fmt: skip
            for i in range(n):
                what, k, t_us = told[i].tolist()
                if what == BEGUN:
                    state.open.append(k)
                elif what == OVER:
                    state.open.remove(k)
                findings.append(
                    self._finding(k, what == OVER, t_us, whole[i], real[i], fleet, settings)
                )
        findings += self._over(state, batch.until_us, limits.quiet_us, fleet, settings)
        return state, findings

    def _over(
        self,
        state: ApproachState,
        until_us: int,
        quiet_us: int,
        fleet: Fleet,
        settings: ApproachSettings,
    ) -> list[Finding]:
        """Events that have not held for long enough to be over."""
        findings = []
        for k in list(state.open):
            w = state.whole[k]
            over_us = int(w[LAST]) + quiet_us
            if over_us > until_us:
                continue
            findings.append(self._finding(k, True, over_us, w, state.real[k], fleet, settings))
            w[SINCE] = w[FAST_US] = 0
            state.open.remove(k)
        return findings

    def _finding(
        self,
        k: int,
        is_over: bool,
        t_us: int,
        w: np.ndarray,
        r: np.ndarray,
        fleet: Fleet,
        settings: ApproachSettings,
    ) -> Finding:
        is_fast, at_night = bool(w[FAST_US]), bool(r[SUN] < settings.night_deg)
        return Finding(
            rule=self.name,
            version=self.version,
            kind="approach",
            things=(fleet.thing(k),),
            start_us=int(w[SINCE]),
            end_us=int(w[LAST]) if is_over else None,
            updated_us=t_us,
            lon_deg=float(r[LON]),
            lat_deg=float(r[LAT]),
            priority=settings.fast_priority if is_fast else settings.night_priority,
            facts={
                "is_fast": is_fast,
                "by_night": at_night,
                "group": group_name(int(fleet.ship_type[k])),
                "sog_mps": round(float(r[SOG]), 2),
                "cog_deg": round(float(r[COURSE]), 1),
                "ahead_m": round(float(r[AHEAD])),
                "ahead_s": round(float(r[AHEAD] / r[SOG])),
                "shore_m": round(float(r[NEAR])),
                "sun_deg": round(float(r[SUN]), 1),
            },
            evidence=tuple(dict.fromkeys((int(w[OBS_FIRST]), int(w[OBS_LAST])))),
        )

    def sentence(self, finding: Finding, names: Mapping[str, str], lang: str) -> str:
        return sentence_of(finding, names, lang)


def limits_of(s: ApproachSettings) -> ApproachLimits:
    fast = by_group(s.fast_fishing_mps, s.fast_pleasure_mps, s.fast_passenger_mps, s.fast_other_mps)
    return ApproachLimits(
        fast, s.night_mps, s.night_deg, s.within_m, s.within_s, s.slant, s.licensed_m, s.haven_m,
        s.haven_count, s.still_mps, round(s.lain_s * 1e6), round(s.heard_s * 1e6),
        round(s.hold_s * 1e6), round(s.gap_s * 1e6), round(s.quiet_s * 1e6),
        round(s.untold_s * 1e6),
    )  # fmt: skip
