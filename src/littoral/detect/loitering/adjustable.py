"""Which settings of the rule people may change, within which bounds, and when less is seen."""

from __future__ import annotations

from littoral.detect.contract import EITHER, GREATER, LESS, Setting

ADJUSTABLE = (
    Setting("max_gap_s", 600, 86_400, LESS, "两次报告的最大间隔", "Gap between reports, at most"),
    Setting("slow_mps", 0.1, 5, LESS, "低速的上限", "Slow is below"),
    Setting("hold_s", 1_200, 604_800, GREATER, "低速持续至少", "Slow for at least"),
    Setting("within_m", 0, 100_000, EITHER, "未离开起点的距离（0为不限）",
            "Not farther from where it began than (0: anywhere)"),
    Setting("ask_s", 600, 86_400, GREATER, "未满足时再次判断的间隔", "Asked about again after"),
    Setting("resume_s", 0, 86_400, GREATER, "此时间内再次低速视为同一次",
            "Slow again within this it is the same"),
    Setting("shore_min_m", 0, 400_000, GREATER, "离岸至少", "Distance from shore, at least"),
    Setting("min_port_m", 0, 100_000, GREATER, "距港口或锚地超过",
            "Distance from a port or anchorage, more than"),
    Setting("anchored", 0, 1_000, LESS, "附近有多少锚泊船即视为锚地（0为不看）",
            "Vessels at anchor that make an anchorage (0: none do)"),
    Setting("anchored_within_m", 0, 100_000, GREATER, "“附近”的距离", "Distance that is near by"),
    Setting("anchored_heard_s", 0, 86_400, GREATER, "锚泊船的报告不早于", "Heard at anchor within"),
    Setting("watch_shore_m", 0, 400_000, LESS, "离岸多远以内须值班员知道",
            "Distance from shore up to which the watch is told"),
    Setting("update_s", 600, 86_400, GREATER,
            "持续时再次告知的间隔", "What goes on is told again after"),
    Setting("priority", 1, 5, GREATER, "警报优先级", "Priority"),
    Setting("far_priority", 1, 5, GREATER, "更远处的优先级", "Priority beyond that"),
)  # fmt: skip
