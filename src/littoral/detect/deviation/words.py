"""What the watch reads of a deviation."""

from __future__ import annotations

from collections.abc import Mapping

from littoral.area.geodesy import KNOT_MPS, NAUTICAL_MILE_M
from littoral.schema.finding import Fact, Finding

_GROUPS = {"cargo": "货船", "tanker": "液货船", "passenger": "客船", "other": "船舶"}


def _span(seconds: Fact, lang: str) -> str:
    minutes = round(float(seconds or 0) / 60.0)
    if minutes < 120:
        return f"{minutes}{'分钟' if lang == 'zh' else ' min'}"
    return f"{minutes / 60.0:.1f}{'小时' if lang == 'zh' else ' h'}"


def _miles(metres: Fact) -> str:
    return f"{float(metres or 0.0) / NAUTICAL_MILE_M:.1f}"


def _knots(mps: Fact) -> str:
    return f"{float(mps or 0.0) / KNOT_MPS:.1f}"


def sentence_of(finding: Finding, names: Mapping[str, str], lang: str) -> str:
    f = finding.facts
    who = names.get(finding.things[0], finding.things[0])
    span = _span(f["duration_s"], lang)
    over = finding.end_us is not None
    how = f["how"]
    group = str(f["group"])
    if lang == "zh":
        kind = _GROUPS.get(group, "船舶")
        if how == "off_lanes":
            lane = f["lane_m"] if f["lane_m"] is not None else f["beyond_m"]
            more = "" if f["lane_m"] is not None else "超过"
            off = f"{kind}惯常航路{span}，最远{more}{_miles(lane)}海里"
            return f"{who}{'曾' if over else '已'}偏离{off}"
        if how in ("slow", "fast"):
            words = ("过慢", "最低", "低于") if how == "slow" else ("过快", "最高", "高于")
            return (
                f"{who}{'曾' if over else '已'}航速{words[0]}{span}，{words[1]}"
                f"{_knots(f['sog_mps'])}节；该处{kind}同向航速很少{words[2]}{_knots(f['usual_mps'])}节"
            )
        if how == "away":
            return (
                f"{who}报告驶往“{f['destination']}”，曾距其{_miles(f['least_m'])}海里，"
                f"现已远离至{_miles(f['distance_m'])}海里"
            )
        return (
            f"{who}报告驶往“{f['destination']}”，却停靠在距其{_miles(f['distance_m'])}"
            f"海里的另一港口{span}"
        )
    ships = "ships" if group == "other" else f"{group} ships"
    if how == "off_lanes":
        lane = f["lane_m"] if f["lane_m"] is not None else f["beyond_m"]
        more = "up to" if f["lane_m"] is not None else "more than"
        return (
            f"{who} {'was' if over else 'has been'} off the lanes of {ships} for {span}, "
            f"{more} {_miles(lane)} n mile"
        )
    if how in ("slow", "fast"):
        rarely = "below" if how == "slow" else "above"
        return (
            f"{who} {'was' if over else 'has been'} unusually {how} for {span}, "
            f"at {_knots(f['sog_mps'])} kn: {ships} on this course are there rarely {rarely} "
            f"{_knots(f['usual_mps'])} kn"
        )
    if how == "away":
        return (
            f"{who} reports it is bound for {f['destination']}, came within "
            f"{_miles(f['least_m'])} n mile of it and is now {_miles(f['distance_m'])} n mile off"
        )
    return (
        f"{who} reports it is bound for {f['destination']} and "
        f"{'lay' if over else 'has lain'} for {span} in another port, "
        f"{_miles(f['distance_m'])} n mile from it"
    )
