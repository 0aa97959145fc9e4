"""Crossings of rings and rules of geofences: the step and its state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from littoral.area.geofence import MINUTE_US, Geofence
from littoral.area.world import World
from littoral.detect.area_rule.columns import Fixes, Records, Times, Told, Vessels
from littoral.detect.area_rule.fences import (
    Fences,
    RuleText,
    prepare,
    rule_arrays,
    text_of,
)
from littoral.detect.area_rule.loop import expire, take_fixes
from littoral.detect.area_rule.settings import PROFILES, AreaRuleSettings
from littoral.detect.area_rule.tell import finding_of, sentence_of
from littoral.schema.batch import Batch
from littoral.schema.columns import as_bytes
from littoral.schema.finding import Finding
from littoral.schema.fleet import GEAR_BEACON, Fleet

RINGS = 5

# The last set of fences and what was made from it: a pure function of the set, remembered because
# an index takes a while to build. Nothing else is kept between steps outside the state.
_LAST: list[Fences] = []


@dataclass(slots=True)
class AreaRuleState:
    """`crossings[a, b]` counts vessels that went from ring a to ring b. `number` gives each rule
    ever seen (fence, version, place) its number, `since_us` and `texts` are by that number."""

    vessels: Vessels = field(default_factory=Vessels.empty)
    records: Records = field(default_factory=Records)
    crossings: np.ndarray = field(default_factory=lambda: np.zeros((RINGS, RINGS), np.int64))
    number: dict[str, int] = field(default_factory=dict)
    since_us: list[int] = field(default_factory=list)
    texts: list[list] = field(default_factory=list)


class AreaRule:
    """See docs/detectors/area_rule.md."""

    name = "area_rule"
    version = "1.1.0"
    summary: Mapping[str, str] = {
        "zh": "进出近海圈层与电子围栏，以及围栏内的限速、夜间、休渔期和停留规则",
        "en": "Crossings of rings and geofences; speed, night, season and stay rules inside fences",
    }
    profiles = PROFILES

    def start(self, settings: AreaRuleSettings, world: World) -> AreaRuleState:
        return AreaRuleState()

    def step(
        self,
        state: AreaRuleState,
        batch: Batch,
        fleet: Fleet,
        settings: AreaRuleSettings,
        world: World,
    ) -> tuple[AreaRuleState, list[Finding]]:
        made = _made(world.geofences)
        p, statics = batch.positions, batch.statics
        numbers = _number_rules(state, made, batch.from_us)
        minutes = np.zeros(0, np.int64)
        if len(p):
            minutes = np.arange(p.t_us[0] // MINUTE_US, p.t_us[-1] // MINUTE_US + 1)
        rules = rule_arrays(made, numbers, state.since_us, settings, minutes)
        times = _times(settings, int(minutes[0]) if len(minutes) else 0)
        hit_row, hit_fence = made.index.hits(p.lon_deg, p.lat_deg, p.t_us)
        v, records = state.vessels, state.records
        v.reserve(fleet.capacity)
        fixes = Fixes(
            p.t_us, p.track, p.kind, p.flags, p.obs_id, p.lon_deg, p.lat_deg, p.sog_mps,
            p.nav_status, p.ring,
        )  # fmt: skip
        is_named = (as_bytes(fleet.name)[:, 0] != 0) & (fleet.gear & GEAR_BEACON == 0)
        findings: list[Finding] = []
        row = hit = static = 0
        while row < len(p) or static < len(statics):
            records.reserve(256 + len(rules.kind))
            told = Told.empty(512 + 4 * len(rules.kind))
            row, hit, static, records.count, records.free, n = take_fixes(
                row, hit, static, fixes, hit_row, hit_fence, statics.t_us, statics.track,
                statics.ship_type, fleet.ship_type, fleet.static_us, is_named, v.whole, v.real,
                records.whole, records.real, records.count, records.free, rules, times,
                state.crossings, told,
            )  # fmt: skip
            findings += self._findings(told, n, state, fleet, settings)
        first = 0
        while first < records.count:
            told = Told.empty(512)
            first, records.free, n = expire(
                first, batch.from_us, batch.until_us, v.whole, records.whole, records.real,
                records.count, records.free, rules.fence, rules.kind, times, told,
            )  # fmt: skip
            findings += self._findings(told, n, state, fleet, settings)
        return state, findings

    def _findings(
        self,
        told: Told,
        n: int,
        state: AreaRuleState,
        fleet: Fleet,
        settings: AreaRuleSettings,
    ) -> list[Finding]:
        texts = [RuleText(*t) for t in state.texts]
        found = (
            finding_of(told, i, texts, fleet, settings, self.name, self.version) for i in range(n)
        )
        return [f for f in found if f is not None]

    def sentence(self, finding: Finding, names: Mapping[str, str], lang: str) -> str:
        return sentence_of(finding, names, lang)


def _made(fences: tuple[Geofence, ...]) -> Fences:
    if not _LAST or (_LAST[0].fences is not fences and _LAST[0].fences != fences):
        _LAST[:] = [prepare(fences)]
    return _LAST[0]


def _number_rules(
    state: AreaRuleState, made: Fences, from_us: int
) -> dict[tuple[str, int, int], int]:
    """Numbers of the rules in force; new ones are numbered and hold from `from_us`."""
    numbers = {}
    rules = {(f.id, f.version, i): (f, r) for f in made.fences for i, r in enumerate(f.rules)}
    for key, (fence, rule) in rules.items():
        name = "\x1f".join(map(str, key))
        if name not in state.number:
            state.number[name] = len(state.since_us)
            state.since_us.append(from_us)
            state.texts.append(list(text_of(fence, rule)))
        numbers[key] = state.number[name]
    return numbers


def _times(s: AreaRuleSettings, first_minute: int) -> Times:
    return Times(
        int(s.ring_hold_s * 1e6),
        int(s.identity_s * 1e6),
        int(s.clear_s * 1e6),
        int(s.max_gap_s * 1e6),
        int(s.lost_s * 1e6),
        int(s.update_s * 1e6),
        s.fishing_low_mps,
        s.fishing_high_mps,
        first_minute,
    )
