"""From what was seen to findings, and from a finding to a sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from littoral.area.geodesy import KNOT_MPS, NAUTICAL_MILE_M
from littoral.detect.position.interference import Area
from littoral.detect.position.settings import PositionSettings
from littoral.schema.finding import Fact, Finding


class Single(NamedTuple):
    """A finding on one vessel that goes on: what its next version says."""

    kind: str
    thing: str
    start_us: int
    last_us: int
    lon_deg: float
    lat_deg: float
    facts: dict[str, int | float]
    evidence: tuple[int, ...]
    held_by: str | None
    is_over: bool = False
    is_silent: bool = False  # a circle on land: the vessel's finding `on_land` says it


def single_of(one: Single, settings: PositionSettings, rule: str, version: str) -> Finding:
    is_land = one.kind == "on_land"
    return Finding(
        rule=rule,
        version=version,
        kind=one.kind,
        things=(one.thing,),
        start_us=one.start_us,
        end_us=one.last_us if one.is_over else None,
        updated_us=one.last_us,
        lon_deg=one.lon_deg,
        lat_deg=one.lat_deg,
        priority=settings.land_priority if is_land else settings.circle_priority,
        facts={**one.facts, "duration_s": (one.last_us - one.start_us) // 1_000_000},
        evidence=one.evidence,
        held_by=one.held_by,
    )


def interference_of(
    area: Area, is_over: bool, settings: PositionSettings, rule: str, version: str
) -> Finding:
    facts: dict[str, Fact] = {
        "vessels": len(area.members),
        "radius_m": round(area.radius_m),
        "mmsis": " ".join(f"{m:09d}" for m in area.members),
    }
    if not math.isnan(area.false_lon):
        facts["false_lon_deg"] = round(area.false_lon, 5)
        facts["false_lat_deg"] = round(area.false_lat, 5)
    return Finding(
        rule=rule,
        version=version,
        kind="interference",
        things=area.things,
        start_us=area.start_us,
        end_us=area.last_us if is_over else None,
        updated_us=area.last_us,
        lon_deg=area.lon,
        lat_deg=area.lat,
        priority=settings.interference_priority,
        facts=facts,
        evidence=area.evidence,
    )


def sentence_of(finding: Finding, names: Mapping[str, str], lang: str) -> str:
    f = finding.facts
    zh = lang == "zh"
    who = names.get(finding.things[0], finding.things[0])
    if finding.kind == "on_land":
        miles = float(f["distance_m"] or 0) / NAUTICAL_MILE_M
        if zh:
            return f"{who}报告的船位跳到{miles:.1f}海里外的陆上，连续{f['reports']}次，船位不可信"
        return (
            f"{who} reports itself on land, {miles:.1f} n mile from where it was, "
            f"{f['reports']} times in a row: positions not to be trusted"
        )
    if finding.kind == "circling":
        knots = round(float(f["sog_mps"] or 0) / KNOT_MPS)
        if zh:
            return (
                f"{who}报告的航迹以{knots}节绕半径{f['radius_m']}米的圆{f['turns']}圈，"
                "疑似伪造的卫星导航信号"
            )
        return (
            f"{who} reports a circle of {f['radius_m']} m radius at {knots} kn, {f['turns']} "
            "turns, as forged satellite navigation draws it"
        )
    miles = float(f["radius_m"] or 0) / NAUTICAL_MILE_M
    over = finding.end_us is not None
    if zh:
        place = "到同一虚假位置" if "false_lon_deg" in f else ""
        return (
            f"卫星导航{'曾受' if over else '疑受'}干扰：半径{miles:.1f}海里内{f['vessels']}艘船"
            f"的船位跳变{place}（{who}等）"
        )
    place = " to one false place" if "false_lon_deg" in f else ""
    verb = "jumped" if over else "jump"
    return (
        f"Satellite navigation interference: {f['vessels']} vessels within {miles:.1f} n mile "
        f"{verb}{place} ({who} and others)"
    )
