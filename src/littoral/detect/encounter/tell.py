"""From what the loops told to findings, and from a finding to a sentence."""

from __future__ import annotations

from collections.abc import Mapping

from littoral.area.geodesy import KNOT_MPS
from littoral.detect.encounter.pairing import (
    BY_NIGHT,
    CLASS_A,
    CLASS_B,
    DISTANCE,
    EAST,
    FIRST,
    LAT0,
    LON0,
    NEAREST,
    NORTH,
    SPEED_A,
    SPEED_B,
    TICKS,
    TOLD_END,
    Told,
)
from littoral.detect.encounter.settings import CLASS_NAMES, EncounterSettings
from littoral.schema.finding import CAUTION, Fact, Finding
from littoral.schema.fleet import Fleet

_CLASS_ZH = {
    "unknown": "类型不明", "fishing": "渔船", "cargo": "货船", "tanker": "液货船",
    "passenger": "客船", "service": "工作船", "other": "其他船", "small": "小型或类型不明",
}  # fmt: skip
_CLASS_EN = {
    "unknown": "type unknown", "fishing": "fishing", "cargo": "cargo", "tanker": "tanker",
    "passenger": "passenger", "service": "service craft", "other": "other type",
    "small": "small or type unknown",
}  # fmt: skip


def _priority(first: int, second: int, by_night: bool, settings: EncounterSettings) -> int:
    for rule in settings.pairs:
        if {rule.first, rule.second} == {first, second}:
            return rule.night_priority if by_night else rule.day_priority
    return CAUTION


def finding_of(
    told: Told, i: int, fleet: Fleet, settings: EncounterSettings, rule: str, version: str
) -> Finding:
    """Entry `i` of what the loops told."""
    whole, real = told.whole[i], told.real[i]
    tick_us = settings.tick_s * 1_000_000
    tracks = (int(told.key[i]) >> 32, int(told.key[i]) & 0xFFFFFFFF)
    classes = (int(whole[CLASS_A]), int(whole[CLASS_B]))
    sides = sorted(zip((fleet.thing(k) for k in tracks), classes, strict=True))
    ticks, by_night = int(whole[TICKS]), bool(whole[BY_NIGHT])
    start_us, last_us = int(whole[FIRST]) * tick_us, int(told.tick[i]) * tick_us
    lon = real[LON0] + real[EAST] / (2 * ticks)
    speed = (real[SPEED_A] + real[SPEED_B]) / (2 * (ticks - 1)) if ticks > 1 else None
    facts: dict[str, Fact] = {
        "duration_s": (last_us - start_us) // 1_000_000,
        "distance_m": round(float(real[NEAREST]), 1),
        "mean_distance_m": round(float(real[DISTANCE]) / ticks, 1),
        "mean_speed_mps": None if speed is None else round(float(speed), 2),
        "by_night": by_night,
        "first_class": CLASS_NAMES[sides[0][1]],
        "second_class": CLASS_NAMES[sides[1][1]],
    }
    kept = told.obs[i][: 2 * min(ticks, 16)]
    return Finding(
        rule=rule,
        version=version,
        kind="encounter",
        things=(sides[0][0], sides[1][0]),
        start_us=start_us,
        end_us=last_us if told.kind[i] == TOLD_END else None,
        updated_us=int(told.t_us[i]),
        lon_deg=float((lon + 540.0) % 360.0 - 180.0),
        lat_deg=float(real[LAT0] + real[NORTH] / (2 * ticks)),
        priority=_priority(*classes, by_night, settings),
        facts=facts,
        evidence=tuple(sorted({int(o) for o in kept})),
    )


def sentence_of(finding: Finding, names: Mapping[str, str], lang: str) -> str:
    facts = finding.facts
    first, second = (names.get(t, t) for t in finding.things)
    minutes = int(facts["duration_s"] or 0) // 60
    metres = round(float(facts["distance_m"] or 0.0))
    speed = facts["mean_speed_mps"]
    night = bool(facts["by_night"])
    over = finding.end_us is not None
    if lang == "zh":
        words = _CLASS_ZH
        slow = "" if speed is None else f"，平均航速{float(speed) / KNOT_MPS:.1f}节"
        return (
            f"{first}（{words[str(facts['first_class'])]}）与"
            f"{second}（{words[str(facts['second_class'])]}）"
            f"{'夜间' if night else ''}{'曾' if over else '已'}靠近停留{minutes}分钟，"
            f"最近{metres}米{slow}，疑似海上过驳或补给"
        )
    words = _CLASS_EN
    slow = "" if speed is None else f" at {float(speed) / KNOT_MPS:.1f} kn on average"
    return (
        f"{first} ({words[str(facts['first_class'])]}) and "
        f"{second} ({words[str(facts['second_class'])]}) "
        f"{'were' if over else 'have been'} close together for {minutes} min"
        f"{' by night' if night else ''}, down to {metres} m{slow}: a possible transfer at sea"
    )
