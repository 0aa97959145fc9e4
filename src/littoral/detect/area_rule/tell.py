"""From what the loop told to findings, and from a finding to a sentence."""

from __future__ import annotations

from collections.abc import Mapping

from littoral.area.geodesy import KNOT_MPS
from littoral.area.rings import RING_NAMES
from littoral.detect.area_rule.columns import (
    END,
    LAST_TRUE,
    LEAST,
    MOST,
    NEXT,
    OBS_BEFORE,
    OBS_FIRST,
    OBS_LAST,
    R_LAT,
    R_LON,
    RULE,
    SPEED,
    START,
    TELL_END,
    TELL_RING,
    TOLD,
    TRACK,
    Told,
)
from littoral.detect.area_rule.fences import RuleText
from littoral.detect.area_rule.settings import ANYONE, AreaRuleSettings
from littoral.schema.finding import Fact, Finding
from littoral.schema.fleet import Fleet


def finding_of(
    told: Told,
    i: int,
    texts: list[RuleText],
    fleet: Fleet,
    settings: AreaRuleSettings,
    rule: str,
    version: str,
) -> Finding | None:
    """Entry `i` of what the loop told; None for a crossing of rings that is only counted."""
    whole, real, kind = told.whole[i].tolist(), told.real[i].tolist(), int(told.kind[i])
    end_us: int | None
    facts: dict[str, Fact] = {"sog_mps": _number(real[SPEED])}
    if kind == TELL_RING:
        left, ring, nameless = whole[RULE], whole[NEXT], whole[TOLD] == 1
        alert = next(
            (
                a
                for a in settings.ring_alerts
                if (a.from_ring, a.to_ring) == (left, ring) and (a.who == ANYONE or nameless)
            ),
            None,
        )
        if alert is None:
            return None
        name, priority = "ring", alert.priority
        things: tuple[str, ...] = (fleet.thing(whole[TRACK]),)
        end_us = whole[START]
        facts |= {"from_ring": left, "to_ring": ring, "no_identity": nameless}
    else:
        text = texts[whole[RULE]]
        name, priority = text.kind, text.priority
        things = (fleet.thing(whole[TRACK]), f"area:{text.area}")
        end_us = None
        if name == "exit":
            end_us = whole[START]
        elif kind == TELL_END:
            end_us = max(whole[START], whole[END])
        last_us = whole[LAST_TRUE] if end_us is None else end_us
        facts |= {
            "area_zh": text.zh,
            "area_en": text.en,
            "area_version": text.version,
            "duration_s": round((last_us - whole[START]) / 1e6),
        }
        if name.startswith("speed"):
            facts["limit_mps"] = text.limit
            facts["reached_mps"] = _number(real[MOST if name == "speed_over" else LEAST])
        elif name == "presence":
            facts["limit_s"] = text.limit
        elif name == "season":
            facts["season_source"] = text.source
    return Finding(
        rule=rule,
        version=version,
        kind=name,
        things=things,
        start_us=whole[START],
        end_us=end_us,
        updated_us=int(told.t_us[i]),
        lon_deg=real[R_LON],
        lat_deg=real[R_LAT],
        priority=priority,
        facts=facts,
        evidence=tuple(sorted({whole[OBS_BEFORE], whole[OBS_FIRST], whole[OBS_LAST]})),
    )


def _number(value: float) -> float | None:
    return None if value != value else round(value, 2)


def _knots(value: Fact) -> str:
    return f"{float(value or 0.0) / KNOT_MPS:.1f}"


def sentence_of(finding: Finding, names: Mapping[str, str], lang: str) -> str:
    facts, who = finding.facts, names.get(finding.things[0], finding.things[0])
    zh = lang == "zh"
    if finding.kind == "ring":
        left = RING_NAMES[int(facts["from_ring"] or 0)][lang]
        ring = RING_NAMES[int(facts["to_ring"] or 0)][lang]
        if zh:
            why = "，且未表明身份" if facts["no_identity"] else ""
            return f"{who}由{left}进入{ring}{why}"
        why = ", without saying who it is" if facts["no_identity"] else ""
        return f"{who} went from {left} to {ring}{why}"
    area = str(facts["area_zh" if zh else "area_en"])
    minutes = int(facts["duration_s"] or 0) // 60
    over = finding.end_us is not None
    reached, limit = facts.get("reached_mps"), facts.get("limit_mps")
    words = {
        "entry": (
            f"{who}进入{area}" + (f"，停留{minutes}分钟后离开" if over else ""),
            f"{who} entered {area}" + (f" and left after {minutes} min" if over else ""),
        ),
        "exit": (f"{who}离开{area}", f"{who} left {area}"),
        "presence": (
            f"{who}在{area}内停留{minutes}分钟",
            f"{who} {'stayed' if over else 'has stayed'} in {area} for {minutes} min",
        ),
        "speed_over": (
            f"{who}在{area}内超速：最高{_knots(reached)}节，限速{_knots(limit)}节，持续{minutes}分钟",
            f"{who} went up to {_knots(reached)} kn in {area}, limit {_knots(limit)} kn, "
            f"for {minutes} min",
        ),
        "speed_under": (
            f"{who}在{area}内低速：最低{_knots(reached)}节，下限{_knots(limit)}节，持续{minutes}分钟",
            f"{who} went down to {_knots(reached)} kn in {area}, least {_knots(limit)} kn, "
            f"for {minutes} min",
        ),
        "night": (
            f"{who}夜间在{area}内{minutes}分钟",
            f"{who} {'was' if over else 'is'} in {area} by night, for {minutes} min",
        ),
        "season": (
            f"{who}在禁渔期内于{area}疑似捕捞作业{minutes}分钟",
            f"{who} {'moved' if over else 'moves'} as if fishing in {area} in the closed season, "
            f"for {minutes} min",
        ),
    }
    return words[finding.kind][0 if zh else 1]
