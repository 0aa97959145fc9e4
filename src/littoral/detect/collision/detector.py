"""Risk of collision by closest point of approach: the step and its state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from littoral.area.world import World
from littoral.detect.collision.areas import close_waters, mark
from littoral.detect.collision.near import near_pairs
from littoral.detect.collision.scene import (
    ABSENT,
    ASLEEP,
    NAMED,
    SCENE,
    STATIC_COLUMNS,
    Rules,
    Vessels,
    build_scene,
    rules_of,
    take_fixes,
)
from littoral.detect.collision.settings import PROFILES, CollisionSettings
from littoral.detect.collision.tell import finding_of, sentence_of
from littoral.detect.collision.watch import RiskArrays, Risks, Tellings, discover, follow
from littoral.schema.batch import Batch
from littoral.schema.finding import Finding
from littoral.schema.fleet import GEAR_BEACON, Fleet


@dataclass(slots=True)
class CollisionState:
    vessels: Vessels = field(default_factory=Vessels.empty)
    risks: Risks = field(default_factory=Risks)
    next_tick: int = -1  # ticks since 1970 that are not judged yet begin here


class Collision:
    """See docs/detectors/collision.md."""

    name = "collision"
    version = "1.3.0"
    summary: Mapping[str, str] = {
        "zh": "两船按当前航向航速将近距离会遇，有碰撞危险",
        "en": "Two vessels on their present courses will pass too close: risk of collision",
    }
    profiles = PROFILES

    def start(self, settings: CollisionSettings, world: World) -> CollisionState:
        return CollisionState()

    def step(
        self,
        state: CollisionState,
        batch: Batch,
        fleet: Fleet,
        settings: CollisionSettings,
        world: World,
    ) -> tuple[CollisionState, list[Finding]]:
        rules = rules_of(settings)
        tick_us = settings.tick_s * 1_000_000
        state.vessels.reserve(fleet.capacity)
        findings: list[Finding] = []
        if state.next_tick < 0:
            state.next_tick = -(-batch.from_us // tick_us)
        row = static_row = 0
        t_us, static_us = batch.positions.t_us, batch.statics.t_us
        while (now_us := state.next_tick * tick_us) < batch.until_us:
            upto = int(np.searchsorted(t_us, now_us, side="right"))
            static_upto = int(np.searchsorted(static_us, now_us, side="right"))
            _take(state, batch, fleet, row, upto, static_row, static_upto)
            row, static_row = upto, static_upto
            if state.vessels.count or state.risks.count:
                findings += self._judge(state, now_us, fleet, settings, rules, world)
                state.next_tick += 1
            elif row < len(t_us):  # nobody there until the next row: no tick can find anything
                state.next_tick = max(state.next_tick + 1, -(-int(t_us[row]) // tick_us))
            else:
                state.next_tick = -(-batch.until_us // tick_us)
        _take(state, batch, fleet, row, len(t_us), static_row, len(static_us))
        return state, findings

    def _judge(
        self,
        state: CollisionState,
        now_us: int,
        fleet: Fleet,
        settings: CollisionSettings,
        rules: Rules,
        world: World,
    ) -> list[Finding]:
        v, risks = state.vessels, state.risks
        # One that detectors saw before it was found out is not heard again, but its last fix would
        # be fresh for minutes yet.
        v.leave(fleet.gear[v.order[: v.count]] & GEAR_BEACON != 0)
        looking = (now_us // (settings.tick_s * 1_000_000)) % settings.look_every == 0
        if looking:
            order, of_stale = v.order[: v.count], ABSENT
            mark(v.fix, order, world)
        else:
            order, of_stale = v.order[: v.count], ASLEEP
            order = close_waters(v.fix, order, risks.key[: risks.count])
        scene = np.empty((len(order), SCENE))
        place = np.full(len(v.order), -1, np.int64)
        fresh, n = build_scene(
            now_us, v.last_us, v.fix, order, len(order), rules, scene, place, of_stale
        )
        told = Tellings.empty(risks.count)
        risks.count, count = follow(
            now_us, _arrays(risks), risks.count, scene, place, v.obs_id, v.fix, rules, told
        )
        findings = [
            finding_of(told, k, now_us, fleet, settings, rules, self.name, self.version)
            for k in range(count)
        ]
        if looking:
            v.count = fresh
        horizon_s = max(a.warning_tcpa_s for a in settings.limits) if looking else settings.near_s
        pairs = _worth_judging(horizon_s, scene, n, rules)
        first = 0
        while first < len(pairs):
            risks.count, first = discover(
                now_us, horizon_s, first, pairs, _arrays(risks), risks.count, scene, v.obs_id,
                v.fix, fleet.mmsi, rules,
            )  # fmt: skip
            if first < len(pairs):
                risks.grow()
        return findings

    def sentence(self, finding: Finding, names: Mapping[str, str], lang: str) -> str:
        return sentence_of(finding, names, lang)


def _arrays(risks: Risks) -> RiskArrays:
    return RiskArrays(risks.slots, risks.key, risks.whole, risks.real)


def _worth_judging(horizon_s: float, scene: np.ndarray, n: int, rules: Rules) -> np.ndarray:
    pairs = np.empty(256, np.int64)
    while True:
        found = near_pairs(
            horizon_s, scene, n, rules.own_speed_mps, rules.closing_mps,
            rules.limits[:, 0].max(), pairs,
        )  # fmt: skip
        if found <= len(pairs):
            return pairs[:found]
        pairs = np.empty(found, np.int64)


def _take(
    state: CollisionState,
    batch: Batch,
    fleet: Fleet,
    first: int,
    last: int,
    s_first: int,
    s_last: int,
) -> None:
    """Take rows of positions and of static data, which are known up to the same time."""
    v, p = state.vessels, batch.positions
    if first < last:
        v.count = take_fixes(
            first, last, v.last_us, v.obs_id, v.fix, v.order, v.count, p.track, p.kind, p.flags,
            p.t_us, p.obs_id, p.lon_deg, p.lat_deg, p.sog_mps, p.cog_deg, p.heading_deg,
            p.rot_degpm, p.nav_status, p.accurate, p.ring, fleet.ship_type, fleet.to_bow_m,
            fleet.to_stern_m, fleet.to_port_m, fleet.to_starboard_m,
            fleet.name.view(np.uint8).reshape(len(fleet.name), -1),
        )  # fmt: skip
    if s_first < s_last:
        track = batch.statics.track[s_first:s_last]
        for name, column in STATIC_COLUMNS.items():
            values = getattr(batch.statics, name)[s_first:s_last]
            known = (track >= 0) & (values >= 0)
            v.fix[track[known], column] = values[known]
        named = (track >= 0) & (batch.statics.name[s_first:s_last] != b"")
        v.fix[track[named], NAMED] = 1.0
