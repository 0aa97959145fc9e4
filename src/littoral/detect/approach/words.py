"""What the watch reads of an approach."""

from __future__ import annotations

from collections.abc import Mapping

from littoral.area.geodesy import KNOT_MPS, NAUTICAL_MILE_M
from littoral.schema.finding import Finding

GROUP_ZH = {"fishing": "渔船", "pleasure": "游艇", "passenger": "客船", "other": "其他船"}
GROUP_EN = {
    "fishing": "fishing vessel", "pleasure": "pleasure craft", "passenger": "passenger craft",
    "other": "other craft",
}  # fmt: skip


def sentence_of(finding: Finding, names: Mapping[str, str], lang: str) -> str:
    f = finding.facts
    name = names.get(finding.things[0], finding.things[0].partition(":")[2])
    knots = float(f["sog_mps"] or 0.0) / KNOT_MPS
    miles = float(f["ahead_m"] or 0.0) / NAUTICAL_MILE_M
    minutes = max(1, round(float(f["ahead_s"] or 0.0) / 60.0))
    group, is_over = str(f["group"]), finding.end_us is not None
    if lang == "zh":
        night = "夜间" if f["by_night"] else ""
        did = "曾" if is_over else ""
        fast = "（超过该类船常速）" if f["is_fast"] else ""
        return (
            f"{name}（{GROUP_ZH[group]}）{night}{did}以{knots:.0f}节{fast}驶向没有港口和登陆点的岸段，"
            f"前方{miles:.1f}海里、约{minutes}分钟到岸"
        )
    night = " by night" if f["by_night"] else ""
    did = "headed" if is_over else "heads"
    fast = ", fast for such a vessel," if f["is_fast"] else ""
    return (
        f"{name} ({GROUP_EN[group]}) {did} at {knots:.0f} kn{fast}{night} for a stretch of coast "
        f"without port or landing, {miles:.1f} n mile or {minutes} min ahead"
    )
