"""Landings where none is licensed: the step. See docs/detectors/landing.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from littoral.area.world import World
from littoral.detect._shore.columns import ShoreCrowd, ShoreFixes
from littoral.detect._shore.craft import group_name
from littoral.detect._shore.shore import shore_of
from littoral.detect._silence.heard import is_still_heard
from littoral.detect._silence.outages import explained_us
from littoral.detect.landing.loop import (
    HOW_NAMES,
    LAST,
    LAT,
    LON,
    NEED,
    NEVER_US,
    NIGHT,
    NO,
    OBS_FIRST,
    OBS_LAST,
    OVER,
    SHORE,
    SILENCE,
    SLOW,
    SOG,
    TOLD,
    TOUCHED,
    VISIT,
    LandingLimits,
    R,
    W,
    in_haven,
    take,
)
from littoral.detect.landing.settings import PROFILES, LandingSettings
from littoral.detect.landing.words import sentence_of
from littoral.schema.batch import Batch
from littoral.schema.finding import Finding
from littoral.schema.fleet import Fleet
from littoral.schema.growing import grown

ROOM = 256  # things told before the pass hands over


@dataclass(slots=True)
class LandingState:
    """Rows as in the fleet: `still_us`, `look_us`, `due_us` as in `loop.take`; `whole` (tracks, W)
    and `real` (tracks, R), columns of `loop`; `open`: tracks whose visit was told of and goes
    on."""

    still_us: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    look_us: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    whole: np.ndarray = field(default_factory=lambda: np.zeros((0, W), np.int64))
    real: np.ndarray = field(default_factory=lambda: np.zeros((0, R)))
    due_us: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    open: list[int] = field(default_factory=list)

    def reserve(self, rows: int) -> None:
        if rows > len(self.whole):
            self.still_us, self.look_us = grown(self.still_us, rows), grown(self.look_us, rows)
            self.whole, self.real = grown(self.whole, rows), grown(self.real, rows)
            self.due_us = grown(self.due_us, rows, NEVER_US)


class Landing:
    """`start_us` is the first report of the visit, `end_us` the first one off again."""

    name = "landing"
    version = "1.1.0"
    summary: Mapping[str, str] = {
        "zh": "船舶自外海驶来，在许可登陆点以外的岸边停留、静默或折返",
        "en": "A craft comes in from the sea and stops, falls silent or turns where none may land",
    }
    profiles = PROFILES

    def start(self, settings: LandingSettings, world: World) -> LandingState:
        shore_of(world)
        return LandingState()

    def step(
        self,
        state: LandingState,
        batch: Batch,
        fleet: Fleet,
        settings: LandingSettings,
        world: World,
    ) -> tuple[LandingState, list[Finding]]:
        state.reserve(fleet.capacity)
        p, limits, shore = batch.positions, limits_of(settings), shore_of(world)
        fixes, crowd = ShoreFixes.of(p), ShoreCrowd.of(fleet)
        told = np.empty((ROOM, 3), np.int64)
        whole, real = np.empty((ROOM, W), np.int64), np.empty((ROOM, R))
        findings: list[Finding] = []
        row = 0
        while row < len(p):
            row, n = take(
                row, fixes, crowd, shore, limits, state.still_us, state.look_us, state.due_us,
                state.whole, state.real, told, whole, real,
            )  # fmt: skip
            for i in range(n):
                what, k, t_us = told[i].tolist()
                if what == OVER:
                    state.open.remove(k)
                else:
                    state.open.append(k)
                findings.append(
                    self._finding(k, what == OVER, t_us, whole[i], real[i], fleet, settings)
                )
        findings += self._silent(state, batch, crowd, limits, fleet, settings, world)
        findings += self._over(state, batch.until_us, limits.forget_us, fleet, settings)
        return state, findings

    def _silent(
        self,
        state: LandingState,
        batch: Batch,
        crowd: ShoreCrowd,
        limits: LandingLimits,
        fleet: Fleet,
        settings: LandingSettings,
        world: World,
    ) -> list[Finding]:
        """Silences that are due and that no outage explains."""
        rows = np.flatnonzero(state.due_us[: fleet.count] <= batch.until_us)
        if not len(rows):
            return []
        due_us, last_us = state.due_us[rows], state.whole[rows, LAST]
        explained = explained_us(
            fleet.stations[rows], fleet.station[rows].astype(np.int64), last_us, due_us,
            batch.outages, len(world.stations),
        )  # fmt: skip
        still_heard = is_still_heard(rows, fleet)
        findings = []
        for i, k in enumerate(rows.tolist()):
            w, r, at_us = state.whole[k], state.real[k], int(due_us[i])
            short_us = int(w[NEED]) - (at_us - int(last_us[i]) - int(explained[i]))
            state.due_us[k] = at_us + short_us if short_us > 0 else NEVER_US
            if short_us > 0 or still_heard[i] or w[TOLD] != NO:
                continue
            if in_haven(r[LON], r[LAT], at_us, k, crowd, limits, state.still_us):
                continue
            w[TOLD] = SILENCE
            state.open.append(k)
            findings.append(self._finding(k, False, at_us, w, r, fleet, settings))
        return findings

    def _over(
        self,
        state: LandingState,
        until_us: int,
        forget_us: int,
        fleet: Fleet,
        settings: LandingSettings,
    ) -> list[Finding]:
        """Visits told of whose vessel has not been heard for long."""
        findings = []
        for k in list(state.open):
            w = state.whole[k]
            over_us = int(w[LAST]) + forget_us
            if over_us > until_us:
                continue
            findings.append(self._finding(k, True, over_us, w, state.real[k], fleet, settings))
            state.open.remove(k)
            w[VISIT], w[SLOW], w[TOUCHED], w[TOLD], w[NIGHT] = 0, 0, 0, NO, 0
            state.due_us[k] = NEVER_US
        return findings

    def _finding(
        self,
        k: int,
        is_over: bool,
        t_us: int,
        w: np.ndarray,
        r: np.ndarray,
        fleet: Fleet,
        settings: LandingSettings,
    ) -> Finding:
        how = HOW_NAMES[int(w[TOLD])]
        return Finding(
            rule=self.name,
            version=self.version,
            kind="landing",
            things=(fleet.thing(k),),
            start_us=int(w[VISIT]),
            end_us=t_us if is_over else None,
            updated_us=t_us,
            lon_deg=float(r[LON]),
            lat_deg=float(r[LAT]),
            priority=settings.night_priority if w[NIGHT] else settings.day_priority,
            facts={
                "how": how,
                "by_night": bool(w[NIGHT]),
                "group": group_name(int(fleet.ship_type[k])),
                "shore_m": round(float(r[SHORE])),
                "sog_mps": None if np.isnan(r[SOG]) else round(float(r[SOG]), 2),
                "stay_s": round(int(w[NEED]) / 1e6) if how == "stop" else 0,
                "silence_s": round(int(w[NEED]) / 1e6) if how == "silence" else 0,
                "visit_s": round((t_us - int(w[VISIT])) / 1e6),
            },
            evidence=tuple(dict.fromkeys((int(w[OBS_FIRST]), int(w[OBS_LAST])))),
        )

    def sentence(self, finding: Finding, names: Mapping[str, str], lang: str) -> str:
        return sentence_of(finding, names, lang)


def limits_of(s: LandingSettings) -> LandingLimits:
    def us(seconds: float) -> int:
        return round(seconds * 1e6)

    return LandingLimits(
        s.off_m, us(s.come_s), s.visit_m, s.stop_m, s.licensed_m, s.haven_m, s.haven_count,
        s.still_mps, us(s.lain_s), us(s.heard_s), s.night_deg, us(s.night_stop_s),
        us(s.day_stop_s), us(s.night_silent_s), us(s.day_silent_s), s.own_means, s.ahead_m,
        us(s.turn_s), us(s.forget_s), us(s.untold_s),
    )  # fmt: skip
