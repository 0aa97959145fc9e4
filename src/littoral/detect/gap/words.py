"""What the watch reads of a silence."""

from __future__ import annotations

from collections.abc import Mapping

from littoral.area.geodesy import KNOT_MPS, NAUTICAL_MILE_M
from littoral.schema.finding import Fact, Finding


def span(seconds: float, lang: str) -> str:
    """A duration in minutes below two hours, else in hours."""
    if seconds < 7200.0:
        return f"{round(seconds / 60.0)}{'分钟' if lang == 'zh' else ' min'}"
    return f"{seconds / 3600.0:.1f}{'小时' if lang == 'zh' else ' h'}"


def odds(chance: Fact, lang: str) -> str:
    """How surprising the silence is, in words."""
    if chance is None:
        return (
            "该处接收情况未知，仅按时间判断"
            if lang == "zh"
            else "reception there is not known, judged by time alone"
        )
    times = round(1.0 / max(float(chance), 1e-6))
    if lang == "zh":
        return f"该处接收正常时，如此久收不到的机会不到{times}分之一"
    return f"a vessel heard there goes unheard so long by chance once in {times:,} times or less"


def sentence_of(finding: Finding, names: Mapping[str, str], lang: str) -> str:
    f = finding.facts
    name = names.get(finding.things[0], finding.things[0].partition(":")[2])
    silence = span(float(f["silence_s"] or 0), lang)
    shore = f["shore_m"]
    sog = f["sog_mps"]
    if finding.end_us is not None:
        miles = float(f["distance_m"] or 0.0) / NAUTICAL_MILE_M
        if lang == "zh":
            return f"{name}的AIS中断{silence}后恢复，其间移动{miles:.1f}海里"
        return f"{name} is heard again after {silence} without AIS, {miles:.1f} n mile from before"
    if lang == "zh":
        speed = "" if sog is None else f"，当时航速{float(sog) / KNOT_MPS:.1f}节"
        where = "" if shore is None else f"，离岸{float(shore) / NAUTICAL_MILE_M:.1f}海里"
        return f"{name}已超过{silence}没有AIS信号{speed}{where}；{odds(f['chance'], lang)}"
    speed = "" if sog is None else f", last at {float(sog) / KNOT_MPS:.1f} kn"
    where = "" if shore is None else f", {float(shore) / NAUTICAL_MILE_M:.1f} n mile off shore"
    return f"{name} without AIS for more than {silence}{speed}{where}; {odds(f['chance'], lang)}"
