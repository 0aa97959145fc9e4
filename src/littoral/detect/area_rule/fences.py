"""Fences and their rules as the loop takes them; each rule keeps its number while it lives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from littoral.area.fence_index import GeofenceIndex
from littoral.area.geofence import MINUTE_US, FenceRule, Geofence, in_season
from littoral.detect.area_rule.settings import AreaRuleSettings

ENTRY, EXIT, PRESENCE, SPEED_OVER, SPEED_UNDER, NIGHT, SEASON = range(7)
KIND_CODES = {
    "entry": ENTRY,
    "exit": EXIT,
    "presence": PRESENCE,
    "speed_over": SPEED_OVER,
    "speed_under": SPEED_UNDER,
    "night": NIGHT,
    "season": SEASON,
}
CIVIL_TWILIGHT_DEG = -6.0


class RuleArrays(NamedTuple):
    """By number of the rule, (rules,); a rule that is no more has fence -1."""

    kind: np.ndarray
    fence: np.ndarray  # row in the index
    limit: np.ndarray  # m/s or degrees
    hold_us: np.ndarray
    since_us: np.ndarray  # known, or valid, from here: nobody's earlier fix was judged by it
    until_us: np.ndarray
    types: np.ndarray  # (rules, 256) bool: who is meant
    closed: np.ndarray  # (rules, minutes of the batch) bool: the season is on
    first: np.ndarray  # (fences + 1,): rules of fence f are `of_fence[first[f]:first[f + 1]]`
    of_fence: np.ndarray
    edge_first: np.ndarray  # (fences + 1,)
    edge: np.ndarray  # (edges, 4) lon1, lat1, lon2, lat2


class RuleText(NamedTuple):
    """What a finding says of its rule; plain values, so that a state can hold it."""

    area: str
    version: int
    kind: str
    priority: int
    zh: str
    en: str
    limit: float | None
    source: str


@dataclass(frozen=True, slots=True)
class Fences:
    """What is made once from a set of fences."""

    fences: tuple[Geofence, ...]
    index: GeofenceIndex
    keys: tuple[tuple[str, int, int], ...]  # fence, version, place of the rule
    edge_first: np.ndarray
    edge: np.ndarray


def prepare(fences: tuple[Geofence, ...]) -> Fences:
    edges = [f.edges() for f in fences]
    first = np.concatenate([[0], np.cumsum([len(e) for e in edges])]).astype(np.int64)
    keys = tuple((f.id, f.version, i) for f in fences for i in range(len(f.rules)))
    joined = np.concatenate([*edges, np.zeros((0, 4))])
    return Fences(fences, GeofenceIndex.build(fences), keys, first, np.ascontiguousarray(joined))


def text_of(fence: Geofence, rule: FenceRule) -> RuleText:
    limit = rule.speed_mps if rule.kind.startswith("speed") else None
    if rule.kind == "presence":
        limit = rule.stay_s
    names = dict(fence.name)
    zh, en = names.get("zh", fence.id), names.get("en", fence.id)
    return RuleText(fence.id, fence.version, rule.kind, rule.priority, zh, en, limit, fence.source)


def rule_arrays(
    made: Fences,
    number: dict[tuple[str, int, int], int],
    since_us: list[int],
    settings: AreaRuleSettings,
    minutes: np.ndarray,
) -> RuleArrays:
    """`number` gives each rule its number; `minutes` (m,) are those since 1970 of the batch."""
    n = len(since_us)
    kind, fence_of = np.zeros(n, np.int64), np.full(n, -1, np.int64)
    limit, hold = np.zeros(n), np.zeros(n, np.int64)
    since, until = np.array(since_us, np.int64), np.zeros(n, np.int64)
    types, closed = np.ones((n, 256), np.bool_), np.zeros((n, max(1, len(minutes))), np.bool_)
    first, of_fence = [0], []
    holds = {
        "speed_over": settings.speed_hold_s,
        "speed_under": settings.speed_hold_s,
        "night": settings.night_hold_s,
        "season": settings.season_hold_s,
    }
    for f, fence in enumerate(made.fences):
        for i, rule in enumerate(fence.rules):
            k = number[fence.id, fence.version, i]
            of_fence.append(k)
            kind[k], fence_of[k] = KIND_CODES[rule.kind], f
            since[k], until[k] = max(since[k], fence.valid_from_us), fence.valid_to_us
            seconds = rule.stay_s if rule.kind == "presence" else holds.get(rule.kind, 0.0)
            hold[k] = int((seconds or 0.0) * 1e6)
            if rule.kind == "night":
                below = rule.sun_below_deg
                limit[k] = CIVIL_TWILIGHT_DEG if below is None else below
            elif rule.speed_mps is not None:
                limit[k] = rule.speed_mps
            if rule.ship_types:
                types[k] = np.isin(np.arange(256), rule.ship_types)
            if rule.kind == "season" and len(minutes):
                closed[k] = in_season(rule, minutes * MINUTE_US)
        first.append(len(of_fence))
    return RuleArrays(
        kind, fence_of, limit, hold, since, until, types, closed, np.array(first, np.int64),
        np.array(of_fence, np.int64), made.edge_first, made.edge,
    )  # fmt: skip
