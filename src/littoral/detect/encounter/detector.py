"""Two vessels staying near each other, slowly, away from port: the step and its state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from littoral.area.places import circle_array, circles_of
from littoral.area.sun import is_night
from littoral.area.world import World
from littoral.detect.encounter.pairing import (
    NEVER_TICKS,
    Board,
    BoardArrays,
    Limits,
    PairArrays,
    Pairs,
    Told,
    close_runs,
    pair_up,
)
from littoral.detect.encounter.resample import Samples, VesselArrays, Vessels, resample
from littoral.detect.encounter.settings import PROFILES, EncounterSettings
from littoral.detect.encounter.tell import finding_of, sentence_of
from littoral.schema.batch import Batch
from littoral.schema.finding import Finding
from littoral.schema.fleet import Fleet

CHUNK = 16_384  # samples taken at once; more follow in the same step


@dataclass(slots=True)
class EncounterState:
    vessels: Vessels = field(default_factory=Vessels.empty)
    board: Board = field(default_factory=Board)
    pairs: Pairs = field(default_factory=Pairs)


@lru_cache(maxsize=8)
def limits_of(settings: EncounterSettings) -> Limits:
    """Settings in ticks and microseconds; a pair of classes without a rule never lasts enough."""
    night = np.full((8, 8), NEVER_TICKS, np.int64)
    day = night.copy()
    for rule in settings.pairs:
        for a, b in ((rule.first, rule.second), (rule.second, rule.first)):
            night[a, b] = -(-rule.night_s // settings.tick_s)
            day[a, b] = -(-rule.day_s // settings.tick_s)
    return Limits(
        settings.tick_s * 1_000_000,
        settings.max_gap_s * 1_000_000,
        settings.max_distance_m,
        settings.median_speed_mps,
        -(-settings.merge_s // settings.tick_s),
        -(-settings.update_s // settings.tick_s),
        night,
        day,
    )


class Encounter:
    """See docs/detectors/encounter.md."""

    name = "encounter"
    version = "1.0.0"
    summary: Mapping[str, str] = {
        "zh": "两船长时间近距离低速停留，可能在海上过驳、转运或补给",
        "en": "Two vessels stay close together and slow: a possible transfer at sea",
    }
    profiles = PROFILES

    def start(self, settings: EncounterSettings, world: World) -> EncounterState:
        return EncounterState()

    def step(
        self,
        state: EncounterState,
        batch: Batch,
        fleet: Fleet,
        settings: EncounterSettings,
        world: World,
    ) -> tuple[EncounterState, list[Finding]]:
        findings: list[Finding] = []
        lim = limits_of(settings)
        v = state.vessels
        v.reserve(fleet.capacity)
        vessels = VesselArrays(*(getattr(v, n) for n in VesselArrays._fields))
        p, statics = batch.positions, batch.statics
        static_length = statics.to_bow_m + statics.to_stern_m
        row, static_row = 0, 0
        while row < len(p) or static_row < len(statics):
            out = Samples.empty(CHUNK)
            row, static_row, count = resample(
                row, vessels, out, p.t_us, p.track, p.kind, p.flags, p.obs_id, p.lon_deg,
                p.lat_deg, p.sog_mps, p.ring, static_row, statics.t_us, statics.track,
                statics.ship_type, static_length, fleet.ship_type, fleet.to_bow_m,
                fleet.to_stern_m, lim.tick_us, lim.gap_us, settings.small_m,
            )  # fmt: skip
            if count:
                found = Samples(*(a[:count] for a in out))
                findings += self._pair(state, found, fleet, settings, world, lim)
        done, pairs = 0, state.pairs
        while done < pairs.count:
            told = Told.empty(256)
            pairs.count, n, done = close_runs(
                _pair_arrays(pairs), pairs.count, v.last_us, v.crossed_us, v.crossed_tick,
                batch.until_us, lim, told, done,
            )  # fmt: skip
            findings += self._findings(told, n, fleet, settings)
        return state, findings

    def _pair(
        self,
        state: EncounterState,
        samples: Samples,
        fleet: Fleet,
        settings: EncounterSettings,
        world: World,
        lim: Limits,
    ) -> list[Finding]:
        count = len(samples.t_us)
        eligible = ~(samples.speed_mps >= settings.tick_speed_mps)
        ruled = np.minimum(lim.day_ticks, lim.night_ticks).min(axis=1) < NEVER_TICKS
        eligible &= ruled[samples.ship_class]
        if settings.off_shore:
            eligible &= (samples.ring < 0) | (samples.ring > 1)
        if settings.min_port_m > 0.0:
            circles = circle_array(world.anchorages or world.ports, settings.min_port_m)
            chosen = np.flatnonzero(eligible)
            away = circles_of(circles, samples.lon_deg[chosen], samples.lat_deg[chosen]) < 0
            eligible[chosen] = away
        night = np.zeros(count, np.bool_)
        chosen = np.flatnonzero(eligible)
        if len(chosen):
            night[chosen] = is_night(
                samples.tick[chosen] * lim.tick_us,
                samples.lon_deg[chosen],
                samples.lat_deg[chosen],
                settings.night_sun_deg,
            )
        board, pairs = state.board, state.pairs
        board.make_room(count, int(samples.t_us[0] - lim.gap_us) // lim.tick_us)
        entries = BoardArrays(*(getattr(board, n) for n in BoardArrays._fields))
        findings: list[Finding] = []
        first, room = 0, 256
        while first < count:
            told = Told.empty(room)
            first, board.count, pairs.count, n, needed = pair_up(
                first, count, eligible, night, samples, entries, board.count,
                _pair_arrays(pairs), pairs.count, fleet.mmsi, lim, told,
            )  # fmt: skip
            pairs.reserve(pairs.count + needed)
            room = max(room, 2 * needed)
            findings += self._findings(told, n, fleet, settings)
        return findings

    def _findings(
        self, told: Told, n: int, fleet: Fleet, settings: EncounterSettings
    ) -> list[Finding]:
        return [finding_of(told, i, fleet, settings, self.name, self.version) for i in range(n)]

    def sentence(self, finding: Finding, names: Mapping[str, str], lang: str) -> str:
        return sentence_of(finding, names, lang)


def _pair_arrays(pairs: Pairs) -> PairArrays:
    return PairArrays(*(getattr(pairs, n) for n in PairArrays._fields))
