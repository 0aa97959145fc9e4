"""From what the loops told to findings, and from a finding to a sentence."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from littoral.area.geodesy import KNOT_MPS, NAUTICAL_MILE_M
from littoral.detect.collision.judge import (
    ALARM_LEVEL,
    CROSSING,
    FIRST,
    HEAD_ON,
    NOT_MAKING_WAY,
    OVERTAKING,
    RESPONSIBILITY,
    SECOND,
    times,
)
from littoral.detect.collision.scene import Rules
from littoral.detect.collision.settings import AREA_NAMES, CollisionSettings
from littoral.detect.collision.watch import (
    AREA,
    CLASS,
    CLEAR,
    CLOSING,
    COURSE_A,
    COURSE_B,
    CPA,
    GIVES_WAY,
    LAT,
    LEAST_CLEAR,
    LEVEL,
    LON,
    NEAREST,
    OBS,
    RANGE,
    SHARE,
    SPEED_A,
    SPEED_B,
    START_US,
    TCPA,
    TOLD,
    TOLD_CLEAR,
    TOLD_LOST,
    TOLD_PAST,
    Tellings,
)
from littoral.schema.finding import ALARM, WARNING, Fact, Finding
from littoral.schema.fleet import Fleet

CLASS_NAMES = {
    HEAD_ON: "head_on",
    CROSSING: "crossing",
    OVERTAKING: "overtaking",
    NOT_MAKING_WAY: "not_making_way",
    RESPONSIBILITY: "responsibility",
}
END_NAMES = {TOLD_PAST: "past_and_clear", TOLD_CLEAR: "risk_over", TOLD_LOST: "target_lost"}
_RULES = {"head_on": 14, "crossing": 15, "overtaking": 13, "responsibility": 18}
_AREA_ZH = ("开阔水域", "轮渡海峡", "进港水域", "轮渡航线")
_AREA_EN = ("open sea", "ferry strait", "port approach", "ferry crossing")


def finding_of(
    told: Tellings,
    k: int,
    now_us: int,
    fleet: Fleet,
    settings: CollisionSettings,
    rules: Rules,
    rule: str,
    version: str,
) -> Finding:
    """Entry `k` of what the loops told at the tick `now_us`."""
    whole, kind = told.whole[k].tolist(), int(told.kind[k])
    real = np.round(told.real[k], 2).tolist()
    low, high = int(told.key[k]) >> 32, int(told.key[k]) & 0xFFFFFFFF
    sides = [
        (fleet.thing(low), real[SPEED_A], real[COURSE_A]),
        (fleet.thing(high), real[SPEED_B], real[COURSE_B]),
    ]
    gives_way = {FIRST: sides[0][0], SECOND: sides[1][0]}.get(whole[GIVES_WAY])
    sides.sort()
    area = whole[AREA]
    limits = (*settings.limits, settings.ferry)[area]
    alarm = whole[LEVEL] == ALARM_LEVEL
    share = float(told.real[k, SHARE])
    warning_s, alarm_s = times(rules.limits[area], share, rules)
    facts: dict[str, Fact] = {
        "cpa_m": real[CPA],
        "tcpa_s": real[TCPA],
        "clear_m": real[CLEAR],
        "range_m": real[RANGE],
        "least_range_m": real[NEAREST],
        "least_clear_m": real[LEAST_CLEAR],
        "closing_mps": real[CLOSING],
        "first_sog_mps": sides[0][1],
        "first_cog_deg": sides[0][2],
        "second_sog_mps": sides[1][1],
        "second_cog_deg": sides[1][2],
        "encounter": CLASS_NAMES[whole[CLASS]],
        "gives_way": gives_way,
        "area": AREA_NAMES[area],
        "limit_clear_m": round(share * (limits.alarm_cpa_m if alarm else limits.warning_cpa_m), 1),
        "limit_tcpa_s": round(alarm_s if alarm else warning_s, 1),
        "ended": END_NAMES.get(kind),
    }
    return Finding(
        rule=rule,
        version=version,
        kind="collision_risk",
        things=(sides[0][0], sides[1][0]),
        start_us=whole[START_US],
        end_us=None if kind == TOLD else now_us,
        updated_us=now_us,
        lon_deg=float(told.real[k, LON]),
        lat_deg=float(told.real[k, LAT]),
        priority=ALARM if alarm else WARNING,
        facts=facts,
        evidence=tuple(sorted(set(whole[OBS : OBS + 6]))),
    )


def _minutes(seconds: float, lang: str) -> str:
    if seconds < 120.0:
        return f"{round(seconds)}秒" if lang == "zh" else f"{round(seconds)} s"
    return f"{seconds / 60.0:.1f}分钟" if lang == "zh" else f"{seconds / 60.0:.1f} min"


def _class_words(finding: Finding, names: Mapping[str, str], lang: str) -> str:
    facts = finding.facts
    kind, ref = str(facts["encounter"]), facts["gives_way"]
    rule = _RULES.get(kind)
    if lang == "zh":
        what = {
            "head_on": "对遇，两船均应向右转向",
            "crossing": "交叉相遇",
            "overtaking": "追越",
            "not_making_way": "一船未动航",
            "responsibility": "一船操纵受限或从事捕鱼",
        }[kind]
        if ref is not None:
            what += f"，{names.get(str(ref), str(ref))}应让路"
        elif kind == "crossing":
            what += "，双方均应采取行动"
        return what + (f"（避碰规则第{rule}条）" if rule else "")
    what = {
        "head_on": "head-on, both alter course to starboard",
        "crossing": "crossing",
        "overtaking": "overtaking",
        "not_making_way": "one makes no way",
        "responsibility": "one is fishing or hampered",
    }[kind]
    if ref is not None:
        what += f", {names.get(str(ref), str(ref))} gives way"
    elif kind == "crossing":
        what += ", both must act"
    return what + (f" (COLREG rule {rule})" if rule else "")


def sentence_of(finding: Finding, names: Mapping[str, str], lang: str) -> str:
    facts = finding.facts
    first, second = (names.get(t, t) for t in finding.things)
    ended = facts["ended"]
    least = round(float(facts["least_range_m"] or 0.0))
    if ended is not None:
        if lang == "zh":
            why = {
                "past_and_clear": "已驶过让清",
                "risk_over": "碰撞危险已解除",
                "target_lost": "一船信号丢失，无法继续判断",
            }[str(ended)]
            return f"{first}与{second}{why}，最近距离{least}米"
        why = {
            "past_and_clear": "are past and clear",
            "risk_over": "are no longer at risk",
            "target_lost": "cannot be judged further, one is no longer heard",
        }[str(ended)]
        return f"{first} and {second} {why}; nearest {least} m"
    cpa, tcpa = round(float(facts["cpa_m"] or 0.0)), float(facts["tcpa_s"] or 0.0)
    miles = float(facts["range_m"] or 0.0) / NAUTICAL_MILE_M
    closing = float(facts["closing_mps"] or 0.0) / KNOT_MPS
    words = _class_words(finding, names, lang)
    area = AREA_NAMES.index(str(facts["area"]))
    if lang == "zh":
        return (
            f"{first}与{second}将在{_minutes(tcpa, lang)}后以{cpa}米会遇"
            f"（{_AREA_ZH[area]}，现距{miles:.2f}海里，相对速度{closing:.1f}节）：{words}"
        )
    return (
        f"{first} and {second} will pass at {cpa} m in {_minutes(tcpa, lang)} "
        f"({_AREA_EN[area]}, {miles:.2f} n mile apart, closing at {closing:.1f} kn): "
        f"{words}"
    )
