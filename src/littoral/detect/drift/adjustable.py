"""Which settings of the rule people may change, within which bounds, and when less is seen."""

from __future__ import annotations

from littoral.detect.contract import EITHER, GREATER, LESS, Setting

ADJUSTABLE = (
    Setting("max_gap_s", 300, 86_400, LESS, "两次报告的最大间隔", "Gap between reports, at most"),
    Setting("least_mps", 0, 5, GREATER, "漂流航速至少", "Drifts at no less than"),
    Setting("most_mps", 0.1, 10, LESS, "漂流航速至多", "Drifts at no more than"),
    Setting("across_deg", 0, 89, GREATER, "船首向与航迹向之差超过",
            "Heading off the course by more than"),
    Setting("hold_s", 300, 86_400, GREATER, "漂流持续至少", "Drifts for at least"),
    Setting("net_m", 0, 100_000, GREATER, "漂移直线距离至少", "Drifts as far as"),
    Setting("least_length_m", 0, 400, GREATER, "船长至少", "Length of the vessel, at least"),
    Setting("min_port_m", 0, 100_000, GREATER, "距港口或锚地超过",
            "Distance from a port or anchorage, more than"),
    Setting("resume_s", 0, 86_400, GREATER, "此时间内再次漂流视为同一次",
            "Drifting again within this it is the same"),
    Setting("warn_shore_m", 0, 400_000, LESS, "离岸多近为警告",
            "Distance from shore that is a warning"),
    Setting("watch_shore_m", 0, 400_000, LESS, "离岸多远以内须值班员知道",
            "Distance from shore up to which the watch is told"),
    Setting("still_mps", 0, 2, EITHER, "视为静止的航速至多", "Still is up to"),
    Setting("settle_s", 300, 86_400, GREATER, "静止多久视为锚定", "At anchor when still for"),
    Setting("way_mps", 0.5, 10, LESS, "超过此航速视为航行", "Under way above"),
    Setting("cable_m", 0, 2_000, GREATER, "锚链长度至多", "Cable veered, at most"),
    Setting("bow_m", 0, 500, GREATER, "船首距离未知时取值", "Distance to the bow where not known"),
    Setting("out_s", 0, 86_400, GREATER, "超出回旋圈多久", "Beyond the swinging circle for"),
    Setting("update_s", 300, 86_400, GREATER,
            "持续时再次告知的间隔", "What goes on is told again after"),
    Setting("warn_priority", 1, 5, GREATER, "近岸漂流的优先级", "Priority of drifting near shore"),
    Setting("priority", 1, 5, GREATER, "漂流的优先级", "Priority of drifting"),
    Setting("far_priority", 1, 5, GREATER, "远海漂流的优先级", "Priority of drifting far off"),
    Setting("drag_priority", 1, 5, GREATER, "走锚的优先级", "Priority of dragging"),
)  # fmt: skip
