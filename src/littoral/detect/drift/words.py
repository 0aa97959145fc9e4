"""What the watch reads of a vessel that drifts or drags its anchor."""

from __future__ import annotations

from collections.abc import Mapping

from littoral.area.geodesy import KNOT_MPS, NAUTICAL_MILE_M
from littoral.schema.finding import Fact, Finding

_STATUS = {2: ("，报告失控", ", not under command"), 6: ("，报告搁浅", ", reported aground")}


def _shore(shore_m: Fact, lang: str) -> str:
    if shore_m is None:
        return ""
    miles = float(shore_m) / NAUTICAL_MILE_M
    return f"，离岸{miles:.1f}海里" if lang == "zh" else f", {miles:.1f} n mile off shore"


def sentence_of(finding: Finding, names: Mapping[str, str], lang: str) -> str:
    f = finding.facts
    name = names.get(finding.things[0], finding.things[0].partition(":")[2])
    over = finding.end_us is not None
    minutes = round(float(f["duration_s"] or 0.0) / 60.0)
    course = round(float(f["cog_deg"] or 0.0)) % 360
    metres = round(float(f["distance_m"] or 0.0), -1)
    shore = _shore(f["shore_m"], lang)
    if finding.kind == "dragging":
        if lang == "zh":
            return (
                f"{name}{'曾' if over else ''}走锚：报告锚泊，但已向{course:03d}°"
                f"离开锚位{metres:.0f}米，超出回旋圈{minutes}分钟{shore}"
            )
        return (
            f"{name} {'dragged' if over else 'drags'} its anchor: at anchor by its report, but "
            f"{metres:.0f} m to {course:03d}° from where it lay, beyond its swinging circle for "
            f"{minutes} min{shore}"
        )
    knots = float(f["speed_mps"] or 0.0) / KNOT_MPS
    zh, en = _STATUS.get(int(f["nav_status"] or 0), ("，横向移动", ", moving across its keel"))
    if lang == "zh":
        return (
            f"{name}{'曾' if over else '已'}漂流{minutes}分钟{zh}：以{knots:.1f}节向{course:03d}°"
            f"漂移{metres:.0f}米{shore}"
        )
    return (
        f"{name} {'drifted' if over else 'has been drifting'} for {minutes} min{en}: "
        f"{metres:.0f} m to {course:03d}° at {knots:.1f} kn{shore}"
    )
