"""A vessel that people look out for has come. The step; see docs/detectors/watch_list.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from littoral.area.rings import BEYOND, NEAR_SEA, NOT_EVALUABLE
from littoral.area.world import World
from littoral.detect.watch_list.settings import PROFILES, WatchListSettings
from littoral.detect.watch_list.words import AGAIN, HEARD, NEAR, sentence_of
from littoral.schema.ais import FLAG_INLAND, FLAG_JUMP
from littoral.schema.batch import Batch
from littoral.schema.finding import Fact, Finding
from littoral.schema.fleet import Fleet
from littoral.schema.watched import Watched, places

SECOND_US = 1_000_000
DOUBTFUL = np.uint32(FLAG_JUMP | FLAG_INLAND)  # of where she is


@dataclass(slots=True)
class WatchListState:
    """`entry[track]`: place in the list, -1 where she is not on it; those from `tracks` on have not
    been looked at. `heard_us`: when each entry, by its id, was last heard since it was listed.
    `beyond`: tracks last seen beyond the near sea; `near_us`: since when they are in it."""

    entry: np.ndarray = field(default_factory=lambda: np.full(0, -1, np.int32))
    tracks: int = 0
    ids: list[str] = field(default_factory=list)
    watched: int = 0  # tracks that are
    heard_us: dict[str, int] = field(default_factory=dict)
    beyond: set[int] = field(default_factory=set)
    near_us: dict[str, int] = field(default_factory=dict)


class WatchList:
    """One alert for each time that she comes; each is of one moment."""

    name = "watch_list"
    version = "1.0.0"
    summary: Mapping[str, str] = {
        "zh": "关注名单上的船舶：首次收到、再次出现、进入近海",
        "en": "Vessels on the watch-list: first heard, heard again, in the near sea",
    }
    profiles = PROFILES

    def start(self, settings: WatchListSettings, world: World) -> WatchListState:
        return WatchListState()

    def step(
        self,
        state: WatchListState,
        batch: Batch,
        fleet: Fleet,
        settings: WatchListSettings,
        world: World,
    ) -> tuple[WatchListState, list[Finding]]:
        watched = world.watched
        _follow(state, batch, fleet, watched)
        if not state.watched or not len(batch.positions):
            return state, []
        p = batch.positions
        findings: list[Finding] = []
        for row in np.flatnonzero(state.entry[p.track] >= 0).tolist():
            one = watched[state.entry[p.track[row]]]
            if p.t_us[row] < one.until_us:
                findings += self._heard(state, batch, row, fleet, settings, one)
        return state, findings

    def _heard(
        self,
        state: WatchListState,
        batch: Batch,
        row: int,
        fleet: Fleet,
        settings: WatchListSettings,
        one: Watched,
    ) -> list[Finding]:
        p = batch.positions
        t_us, before_us = int(p.t_us[row]), state.heard_us.get(one.id)
        state.heard_us[one.id] = max(t_us, before_us or 0)
        comes_near = _comes_near(state, int(p.track[row]), t_us, int(p.ring[row]),
                                 bool(p.flags[row] & DOUBTFUL), settings)  # fmt: skip
        facts: dict[str, Fact] = {"mmsi": int(p.mmsi[row]), "entry": one.id}
        if before_us is None:
            return [self._finding(HEARD, batch, row, fleet, settings, facts)]
        silence_us = t_us - before_us
        if silence_us >= settings.silence_s * SECOND_US:
            facts["silence_s"] = silence_us / SECOND_US
            return [self._finding(AGAIN, batch, row, fleet, settings, facts)]
        return [self._finding(NEAR, batch, row, fleet, settings, facts)] if comes_near else []

    def _finding(
        self,
        kind: str,
        batch: Batch,
        row: int,
        fleet: Fleet,
        settings: WatchListSettings,
        facts: dict[str, Fact],
    ) -> Finding:
        p = batch.positions
        t_us = int(p.t_us[row])
        return Finding(
            rule=self.name,
            version=self.version,
            kind=kind,
            things=(fleet.thing(int(p.track[row])),),
            start_us=t_us,
            end_us=t_us,
            updated_us=t_us,
            lon_deg=float(p.lon_deg[row]),
            lat_deg=float(p.lat_deg[row]),
            priority=settings.priority,
            facts=facts,
            evidence=(int(p.obs_id[row]),),
        )

    def sentence(self, finding: Finding, names: Mapping[str, str], lang: str) -> str:
        return sentence_of(finding, names, lang)


def _follow(
    state: WatchListState, batch: Batch, fleet: Fleet, watched: tuple[Watched, ...]
) -> None:
    """Which tracks are watched: all anew where the list has changed, else those that are new and
    those that have said who they are."""
    ids = [w.id for w in watched]
    if ids != state.ids:
        state.ids = ids
        state.entry[:], state.tracks, state.watched = -1, 0, 0
        state.heard_us = {key: t for key, t in state.heard_us.items() if key in set(ids)}
    if not watched:
        return
    if len(state.entry) < fleet.count:
        grown = np.full(fleet.capacity, -1, np.int32)
        grown[: len(state.entry)] = state.entry
        state.entry = grown
    look = np.arange(state.tracks, fleet.count)
    if len(batch.statics):
        look = np.union1d(look, batch.statics.track)
    state.tracks = fleet.count
    if not len(look):
        return
    state.entry[look] = -1
    for track, place in places(watched, fleet, look).items():
        state.entry[track] = place
    state.watched = int(np.count_nonzero(state.entry[: fleet.count] >= 0))


def _comes_near(
    state: WatchListState, track: int, t_us: int, ring: int, doubtful: bool,
    settings: WatchListSettings,
) -> bool:  # fmt: skip
    """Whether a track that was beyond the near sea has by now been in it for long enough."""
    key = str(track)
    if doubtful or ring == NOT_EVALUABLE:
        return False
    if ring == BEYOND:
        state.beyond.add(track)
        state.near_us.pop(key, None)
        return False
    assert ring <= NEAR_SEA
    if track not in state.beyond:
        return False
    since_us = state.near_us.setdefault(key, t_us)
    if t_us - since_us < settings.near_hold_s * SECOND_US:
        return False
    state.beyond.discard(track)
    state.near_us.pop(key, None)
    return True
