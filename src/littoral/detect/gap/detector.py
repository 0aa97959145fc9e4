"""A vessel has fallen silent where it should be heard: the step. See docs/detectors/gap.md."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from littoral.area.geodesy import haversine_m
from littoral.area.world import World
from littoral.detect._silence.heard import heard_again
from littoral.detect._silence.outages import explained_us
from littoral.detect.gap.judge import SECOND_US, Judgement, judge
from littoral.detect.gap.settings import PROFILES, GapSettings
from littoral.detect.gap.state import (
    OPEN_BEFORE,
    OPEN_LAST_US,
    OPEN_MAIN,
    OPEN_OBS,
    OPEN_STATIONS,
    OPEN_TRACK,
    REAL_CHANCE,
    REAL_LAT,
    REAL_LON,
    REAL_PER_DAY,
    REAL_SHARE,
    REAL_SHORE,
    REAL_SOG,
    GapState,
    empty,
    note_positions,
    note_receivers,
)
from littoral.detect.gap.words import sentence_of
from littoral.schema.batch import Batch
from littoral.schema.finding import Fact, Finding
from littoral.schema.fleet import Fleet


class Gap:
    """Silence begins with the last position (`start_us`) and is told of at its due event time; the
    finding ends with the first position after it, on this track or a new one of the same MMSI."""

    name = "gap"
    version = "1.1.0"
    summary: Mapping[str, str] = {
        "zh": "船舶在应能收到信号的海域停止发送AIS",
        "en": "A vessel falls silent where it should be heard",
    }
    profiles = PROFILES

    def start(self, settings: GapSettings, world: World) -> GapState:
        return empty(settings.before_positions)

    def step(
        self,
        state: GapState,
        batch: Batch,
        fleet: Fleet,
        settings: GapSettings,
        world: World,
    ) -> tuple[GapState, list[Finding]]:
        state.reserve(fleet.capacity)
        findings = self._returned(state, batch, fleet, settings, world)
        p = batch.positions
        note_positions(
            p.track, p.t_us, state.last_us, state.due_us, state.mean, state.recent, state.taken,
            min(settings.class_a_s, settings.class_b_s),
        )  # fmt: skip
        note_receivers(p.track, p.station, state.main, state.lead, 2 * settings.main_positions)
        state.tracks = fleet.count
        while True:
            rows = np.flatnonzero(state.due_us[: fleet.count] <= batch.until_us)
            if not len(rows):
                return state, findings
            at_us = state.due_us[rows].copy()
            found = judge(rows, at_us, state, batch, fleet, settings, world)
            state.due_us[rows] = found.next_us
            is_open = state.told_us[rows] != 0
            self._open(state, rows, found, found.tell & ~is_open, settings, fleet)
            for i in np.flatnonzero(found.tell | is_open).tolist():
                k = int(rows[i])
                findings.append(
                    self._silent(state, k, int(at_us[i]), found.effective_s[i], settings, fleet)
                )
                # It goes on: told again whenever the silence has doubled.
                state.due_us[k] = 2 * at_us[i] - state.last_us[k]

    def _open(
        self,
        state: GapState,
        due: np.ndarray,
        j: Judgement,
        of: np.ndarray,
        settings: GapSettings,
        fleet: Fleet,
    ) -> None:
        """Keeps what the fleet will have forgotten when the vessel is heard again."""
        rows = due[of]
        state.told_us[rows] = fleet.last_us[rows]
        whole = np.stack(
            [
                rows,
                fleet.last_us[rows],
                fleet.last_obs_id[rows],
                fleet.stations[rows].view(np.int64),
                j.before[of],
                state.main_of(rows, settings.main_positions),
            ],
            axis=1,
        )
        real = np.stack(
            [
                fleet.lon_deg[rows],
                fleet.lat_deg[rows],
                j.survival[of],
                j.per_day[of],
                j.shore_m[of],
                np.where(j.stationary[of], 0.0, fleet.sog_mps[rows]),
                j.share[of],
            ],
            axis=1,
        )
        state.open_whole = np.concatenate([state.open_whole, whole])
        state.open_real = np.concatenate([state.open_real, real])

    def _silent(
        self,
        state: GapState,
        k: int,
        at_us: int,
        effective_s: float,
        settings: GapSettings,
        fleet: Fleet,
    ) -> Finding:
        m = int(np.flatnonzero(state.open_whole[:, OPEN_TRACK] == k)[0])
        return self._finding(state, m, None, at_us, effective_s, {}, (), settings, fleet)

    def _returned(
        self, state: GapState, batch: Batch, fleet: Fleet, settings: GapSettings, world: World
    ) -> list[Finding]:
        """The last word on silences that ended in this slice."""
        if not len(state.open_whole):
            return []
        p = batch.positions
        tracks = state.open_whole[:, OPEN_TRACK]
        back = heard_again(tracks, state.open_whole[:, OPEN_LAST_US], state.tracks, fleet)
        ended = np.flatnonzero(back >= 0)
        if not len(ended):
            return []
        first = np.full(fleet.count, -1, np.int64)
        first[p.track[::-1]] = np.arange(len(p))[::-1]
        findings = []
        for m in ended.tolist():
            i = int(first[back[m]])
            t_us, last_us = int(p.t_us[i]), int(state.open_whole[m, OPEN_LAST_US])
            explained = explained_us(
                state.open_whole[m : m + 1, OPEN_STATIONS].view(np.uint64),
                state.open_whole[m : m + 1, OPEN_MAIN],
                np.array([last_us]),
                np.array([t_us]),
                batch.outages,
                len(world.stations),
            )
            distance_m = haversine_m(
                state.open_real[m, REAL_LON],
                state.open_real[m, REAL_LAT],
                p.lon_deg[i],
                p.lat_deg[i],
            )
            more: dict[str, Fact] = {
                "distance_m": round(distance_m),
                "mean_speed_mps": round(distance_m / ((t_us - last_us) / SECOND_US), 2),
                "new_track": bool(back[m] != tracks[m]),
            }
            effective_s = (t_us - last_us - int(explained[0])) / SECOND_US
            findings.append(
                self._finding(
                    state, m, t_us, t_us, effective_s, more, (int(p.obs_id[i]),), settings, fleet
                )
            )
        state.told_us[tracks[ended]] = 0
        state.due_us[tracks[ended]] = 2**62
        keep = back < 0
        state.open_whole, state.open_real = state.open_whole[keep], state.open_real[keep]
        return findings

    def _finding(
        self,
        state: GapState,
        m: int,
        end_us: int | None,
        updated_us: int,
        effective_s: float,
        more: dict[str, Fact],
        evidence: tuple[int, ...],
        settings: GapSettings,
        fleet: Fleet,
    ) -> Finding:
        whole, real = state.open_whole[m], state.open_real[m]
        is_known = not np.isnan(real[REAL_CHANCE])
        facts: dict[str, Fact] = {
            "silence_s": (updated_us - int(whole[OPEN_LAST_US])) // SECOND_US,
            "effective_s": round(float(effective_s)),
            "reception": "known" if is_known else "unknown",
            "chance": rounded(real[REAL_CHANCE], 9),
            "silent_share": rounded(real[REAL_SHARE], 4),
            "positions_per_day": rounded(real[REAL_PER_DAY]),
            "shore_m": rounded(real[REAL_SHORE]),
            "sog_mps": rounded(real[REAL_SOG], 2),
        }
        if settings.before_positions:
            facts["positions_before"] = int(whole[OPEN_BEFORE])
        is_moving = not real[REAL_SOG] < settings.stationary_mps
        return Finding(
            rule=self.name,
            version=self.version,
            kind="gap",
            things=(fleet.thing(int(whole[OPEN_TRACK])),),
            start_us=int(whole[OPEN_LAST_US]),
            end_us=end_us,
            updated_us=updated_us,
            lon_deg=float(real[REAL_LON]),
            lat_deg=float(real[REAL_LAT]),
            priority=(
                settings.known_priority if is_known and is_moving else settings.other_priority
            ),
            facts=facts | more,
            evidence=(int(whole[OPEN_OBS]), *evidence),
        )

    def sentence(self, finding: Finding, names: Mapping[str, str], lang: str) -> str:
        return sentence_of(finding, names, lang)


def rounded(value: float, digits: int = 0) -> float | None:
    """For facts: None where the value is not available."""
    return None if np.isnan(value) else round(float(value), digits)
