"""Where and when a fast craft gone silent can come ashore: the step.

See docs/detectors/landfall.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from littoral.area.world import World
from littoral.detect._shore.craft import by_group, group_name
from littoral.detect._shore.shore import (
    FAR_M,
    Shore,
    ahead_at,
    licensed_at,
    near_at,
    on_crossing_at,
    shore_of,
)
from littoral.detect._silence.heard import heard_again, is_still_heard
from littoral.detect._silence.outages import explained_us
from littoral.detect.landfall.loop import NEVER_US, note
from littoral.detect.landfall.settings import PROFILES, LandfallSettings
from littoral.detect.landfall.tell import landfall_facts, sentence_of
from littoral.schema.ais import FLAG_INLAND, FLAG_JUMP, FLAG_TIME_OFF
from littoral.schema.batch import Batch
from littoral.schema.finding import Fact, Finding
from littoral.schema.fleet import Fleet
from littoral.schema.growing import grown

_DOUBTS = np.uint32(FLAG_INLAND | FLAG_JUMP | FLAG_TIME_OFF)
# Columns of `open_whole` (m, 4) and `open_real` (m, 4).
TRACK, LAST_US, OBS, NEXT_US = range(4)
LON, LAT, SOG, SHORE = range(4)


@dataclass(slots=True)
class LandfallState:
    """Rows as in the fleet: last_us, mean_s, due_us as in `loop.note`; `tracks`: rows seen so far.
    `open_whole` (m, 4), `open_real` (m, 4): of each silence told of, what the fleet will have
    forgotten when the craft is heard again, and when it is told of next."""

    last_us: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    mean_s: np.ndarray = field(default_factory=lambda: np.zeros(0))
    due_us: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    tracks: int = 0
    open_whole: np.ndarray = field(default_factory=lambda: np.zeros((0, 4), np.int64))
    open_real: np.ndarray = field(default_factory=lambda: np.zeros((0, 4)))

    def reserve(self, rows: int) -> None:
        if rows > len(self.last_us):
            self.last_us, self.mean_s = grown(self.last_us, rows), grown(self.mean_s, rows)
            self.due_us = grown(self.due_us, rows, NEVER_US)

    def keep(self, rows: np.ndarray) -> None:
        self.open_whole, self.open_real = self.open_whole[rows], self.open_real[rows]


class Landfall:
    """`start_us` is the last report; it ends with the first one after it, or of age."""

    name = "landfall"
    version = "1.0.0"
    summary: Mapping[str, str] = {
        "zh": "高速驶向岸边后静默的船舶：何时何地可能上岸",
        "en": "A fast craft heads ashore and falls silent: where and when it can land",
    }
    profiles = PROFILES

    def start(self, settings: LandfallSettings, world: World) -> LandfallState:
        shore_of(world)
        return LandfallState()

    def step(
        self,
        state: LandfallState,
        batch: Batch,
        fleet: Fleet,
        settings: LandfallSettings,
        world: World,
    ) -> tuple[LandfallState, list[Finding]]:
        state.reserve(fleet.capacity)
        p = batch.positions
        findings = self._heard(state, batch, fleet, settings, world)
        note(
            p.track, p.t_us, p.kind, p.sog_mps, fleet.ship_type, fast_mps(settings),
            round(settings.silent_s * 1e6), settings.own_means, state.last_us, state.mean_s,
            state.due_us,
        )  # fmt: skip
        state.tracks = fleet.count
        due = np.flatnonzero(state.due_us[: fleet.count] <= batch.until_us)
        if len(due):
            self._fall_silent(state, due, batch, fleet, settings, world)
        findings += self._grow(state, batch.until_us, fleet, settings, world)
        return state, findings

    def _fall_silent(
        self,
        state: LandfallState,
        due: np.ndarray,
        batch: Batch,
        fleet: Fleet,
        settings: LandfallSettings,
        world: World,
    ) -> None:
        """Opens the silences that are due and count; they are told of by `_grow`."""
        at_us, last_us = state.due_us[due], state.last_us[due]
        explained = explained_us(
            fleet.stations[due], fleet.station[due].astype(np.int64), last_us, at_us,
            batch.outages, len(world.stations),
        )  # fmt: skip
        need_us = np.maximum(
            settings.silent_s * 1e6, settings.own_means * state.mean_s[due] * 1e6
        ).astype(np.int64)
        short_us = need_us - (at_us - last_us - explained)
        state.due_us[due] = np.where(short_us > 0, at_us + short_us, NEVER_US)
        counts = (short_us <= 0) & ~is_still_heard(due, fleet)
        shore = shore_of(world)
        for i in np.flatnonzero(counts).tolist():
            k = int(due[i])
            if not heads_ashore(k, fleet, shore, settings):
                continue
            lon, lat = float(fleet.lon_deg[k]), float(fleet.lat_deg[k])
            whole = [k, int(last_us[i]), int(fleet.last_obs_id[k]), int(at_us[i])]
            real = [lon, lat, float(fleet.sog_mps[k]), near_at(shore, lon, lat, FAR_M)]
            state.open_whole = np.concatenate([state.open_whole, np.array([whole], np.int64)])
            state.open_real = np.concatenate([state.open_real, np.array([real])])

    def _grow(
        self,
        state: LandfallState,
        until_us: int,
        fleet: Fleet,
        settings: LandfallSettings,
        world: World,
    ) -> list[Finding]:
        """Tells of what goes on: now, and again as the reach grows, until it is too old or too long
        to help."""
        findings = []
        going = np.ones(len(state.open_whole), np.bool_)
        for m in np.flatnonzero(state.open_whole[:, NEXT_US] <= until_us).tolist():
            whole = state.open_whole[m]
            old_us = int(whole[LAST_US]) + round(settings.old_s * 1e6)
            while going[m] and whole[NEXT_US] <= until_us:
                at_us = int(whole[NEXT_US])
                finding = self._finding(state, m, at_us, False, fleet, settings, world)
                silly = float(finding.facts["reachable_m"] or 0.0) > settings.silly_m
                if silly or at_us >= old_us:
                    finding = replace(finding, end_us=at_us)
                    going[m] = False
                findings.append(finding)
                whole[NEXT_US] = max(min(at_us + round(settings.update_s * 1e6), old_us), at_us + 1)
        if not going.all():
            state.keep(going)
        return findings

    def _heard(
        self,
        state: LandfallState,
        batch: Batch,
        fleet: Fleet,
        settings: LandfallSettings,
        world: World,
    ) -> list[Finding]:
        """The last word on silences that ended in this slice."""
        if not len(state.open_whole):
            return []
        p = batch.positions
        back = heard_again(
            state.open_whole[:, TRACK], state.open_whole[:, LAST_US], state.tracks, fleet
        )
        back[~np.isin(back, p.track)] = -1
        findings = []
        for m in np.flatnonzero(back >= 0).tolist():
            i = int(np.flatnonzero(p.track == back[m])[0])
            found = self._finding(state, m, int(p.t_us[i]), True, fleet, settings, world)
            evidence = (*found.evidence, int(p.obs_id[i]))
            findings.append(replace(found, end_us=int(p.t_us[i]), evidence=evidence))
        state.keep(back < 0)
        return findings

    def _finding(
        self,
        state: LandfallState,
        m: int,
        at_us: int,
        is_heard_again: bool,
        fleet: Fleet,
        settings: LandfallSettings,
        world: World,
    ) -> Finding:
        whole, real = state.open_whole[m], state.open_real[m]
        k, last_us, sog = int(whole[TRACK]), int(whole[LAST_US]), float(real[SOG])
        facts: dict[str, Fact] = {
            "group": group_name(int(fleet.ship_type[k])),
            "is_heard_again": is_heard_again,
        }
        facts |= landfall_facts(
            float(real[LON]), float(real[LAT]), last_us, sog, sog * settings.speed_factor,
            float(real[SHORE]), at_us, world,
        )  # fmt: skip
        return Finding(
            rule=self.name,
            version=self.version,
            kind="landfall",
            things=(fleet.thing(k),),
            start_us=last_us,
            end_us=None,
            updated_us=at_us,
            lon_deg=float(real[LON]),
            lat_deg=float(real[LAT]),
            priority=settings.priority,
            facts=facts,
            evidence=(int(whole[OBS]),),
        )

    def sentence(self, finding: Finding, names: Mapping[str, str], lang: str) -> str:
        return sentence_of(finding, names, lang)


def fast_mps(s: LandfallSettings) -> np.ndarray:
    """(4,) by group of `craft`."""
    return by_group(s.fast_fishing_mps, s.fast_pleasure_mps, s.fast_passenger_mps, s.fast_other_mps)


def heads_ashore(k: int, fleet: Fleet, shore: Shore, s: LandfallSettings) -> bool:
    """Whether track `k`, fast when last heard, then headed for our shore and from no port."""
    if fleet.positions[k] < s.min_positions or fleet.flags[k] & _DOUBTS:
        return False
    heard_us = fleet.last_us[k] - fleet.first_us[k]
    if fleet.ship_type[k] < 0 and heard_us < round(s.untold_s * 1e6):
        return False
    lon, lat = float(fleet.lon_deg[k]), float(fleet.lat_deg[k])
    if not ahead_at(shore, lon, lat, float(fleet.cog_deg[k]), s.ahead_m) <= s.ahead_m:
        return False
    if licensed_at(shore, lon, lat, s.licensed_m, False):
        return False
    return not on_crossing_at(shore, int(fleet.ship_type[k]), lon, lat)
