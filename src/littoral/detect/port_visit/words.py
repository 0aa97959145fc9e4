"""What an analyst reads of a visit."""

from __future__ import annotations

from collections.abc import Mapping

from littoral.schema.finding import Finding


def _span(seconds: float, lang: str) -> str:
    """A duration in minutes below two hours, else in hours."""
    if seconds < 7200.0:
        return f"{round(seconds / 60.0)}{'分钟' if lang == 'zh' else ' min'}"
    return f"{seconds / 3600.0:.1f}{'小时' if lang == 'zh' else ' h'}"


def sentence_of(finding: Finding, names: Mapping[str, str], lang: str) -> str:
    f = finding.facts
    who = names.get(finding.things[0], finding.things[0].partition(":")[2])
    zh = lang == "zh"
    anchorage = f["place_kind"] == "anchorage"
    place = str(f["place_zh" if zh else "place_en"] or "")
    if not place:
        place = ("锚地" if anchorage else "港口") if zh else ("anchorage" if anchorage else "port")
    over = finding.end_us is not None
    stayed = _span(float(f.get("duration_s") or 0), lang) if over else ""
    sure = f"（置信等级{f['confidence']}）" if zh else f" (confidence {f['confidence']} of 4)"
    lay = bool(f["stops"]) or bool(f["gaps"])
    if zh:
        if over:
            did = f"停留{stayed}后离开" if f["left"] else f"停留{stayed}，未见其离开"
            return f"{who}在{place}{did if lay else f'经过{stayed}'}{sure}"
        return f"{who}{'停泊于' if lay else '驶入'}{place}{sure}"
    if over:
        left = "left" if f["left"] else "was not heard leaving"
        if not lay:
            return f"{who} passed {place} in {stayed}{sure}"
        return f"{who} called at {place} for {stayed} and {left}{sure}"
    return f"{who} {'lies at' if lay else 'has come to'} {place}{sure}"
