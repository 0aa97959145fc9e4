"""Ships off the lanes, at an unusual pace, or not going where they say: the step."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from littoral.area.destinations import UNKNOWN, load_destinations
from littoral.area.world import World
from littoral.detect.deviation.known import known
from littoral.detect.deviation.loop import Fixes, Limits, Rows, Said, Told, expire, take_fixes
from littoral.detect.deviation.settings import PROFILES, DeviationSettings
from littoral.detect.deviation.state import ELSEWHERE, FAST, ROUTE, RUNS, SLOW, DeviationState
from littoral.detect.deviation.tell import finding_of
from littoral.detect.deviation.words import sentence_of
from littoral.schema.ais import Statics
from littoral.schema.batch import Batch
from littoral.schema.finding import Finding
from littoral.schema.fleet import Fleet

ROOM = 256
NOTHING_SAID = Said(*(np.zeros(0, np.int64) for _ in Said._fields))
VOYAGE = 5  # the message that carries a destination (ITU-R M.1371-5)


@lru_cache(maxsize=8)
def limits_of(s: DeviationSettings) -> Limits:
    hold_s = dict.fromkeys(range(RUNS), 0.0)
    hold_s |= {ROUTE: s.route_hold_s, SLOW: s.slow_hold_s, FAST: s.fast_hold_s}
    hold_s[ELSEWHERE] = s.stop_hold_s
    return Limits(
        s.under_way_mps, s.making_way_mps, s.lane_m, s.slow_share, s.fast_share,
        s.still_mps, s.arrived_m, s.approach_m, s.away_m, s.sailed_m,
        np.array([round(hold_s[k] * 1e6) for k in range(RUNS)], np.int64),
        *(round(x * 1e6) for x in (s.grace_s, s.silence_s, s.over_s, s.sample_s, s.update_s)),
    )  # fmt: skip


class Deviation:
    """See docs/detectors/deviation.md."""

    name = "deviation"
    version = "1.1.0"
    summary: Mapping[str, str] = {
        "zh": "货船、油船或客船偏离惯常航路、航速异常或航向与所报目的地不符",
        "en": "A ship off the lanes, at an unusual pace, or not going where it says",
    }
    profiles = PROFILES

    def start(self, settings: DeviationSettings, world: World) -> DeviationState:
        return DeviationState()

    def step(
        self,
        state: DeviationState,
        batch: Batch,
        fleet: Fleet,
        settings: DeviationSettings,
        world: World,
    ) -> tuple[DeviationState, list[Finding]]:
        state.reserve_tracks(fleet.capacity)
        where, lim = known(world, settings), limits_of(settings)
        p = batch.positions
        fixes = Fixes(
            p.t_us, p.track, p.kind, p.flags, p.obs_id, p.lon_deg, p.lat_deg, p.sog_mps, p.cog_deg
        )
        said = said_of(batch.statics, fleet)
        findings: list[Finding] = []
        row = say = 0
        while row < len(p) or say < len(said.t_us):
            state.reserve_rows(state.count + 1)
            told = Told.empty(ROOM)
            row, say, state.count, n = take_fixes(
                row, fixes, say, said, fleet.ship_type, _rows(state), state.count, where, lim, told
            )
            findings += self._findings(told, n, state, fleet, settings)
        going_on = np.flatnonzero(state.open[: state.count])
        if len(going_on):
            told = Told.empty((RUNS + 1) * len(going_on))
            n = expire(going_on, _rows(state), batch.until_us, lim, told)
            findings += self._findings(told, n, state, fleet, settings)
        return state, findings

    def _findings(
        self, told: Told, n: int, state: DeviationState, fleet: Fleet, settings: DeviationSettings
    ) -> list[Finding]:
        return [
            finding_of(told, i, state, fleet, settings, self.name, self.version) for i in range(n)
        ]

    def sentence(self, finding: Finding, names: Mapping[str, str], lang: str) -> str:
        return sentence_of(finding, names, lang)


def said_of(statics: Statics, fleet: Fleet) -> Said:
    """Where the ships among `statics` say they go, in order of time."""
    if not len(statics):
        return NOTHING_SAID
    kind = fleet.ship_type[statics.track]
    chosen = (statics.track >= 0) & (statics.msg_type == VOYAGE) & (kind >= 60) & (kind <= 89)
    at = np.flatnonzero(chosen)
    texts, which = np.unique(statics.destination[at], return_inverse=True)
    table = load_destinations()
    rows = [table.resolve(t.decode(errors="replace")) if t else UNKNOWN for t in texts.tolist()]
    place = np.array(rows, np.int64)[which] if len(at) else np.zeros(0, np.int64)
    return Said(statics.t_us[at], statics.track[at].astype(np.int64), place, statics.obs_id[at])


def _rows(state: DeviationState) -> Rows:
    return Rows(*(getattr(state, n) for n in Rows._fields))
