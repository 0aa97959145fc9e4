"""Which settings of the rule people may change, within which bounds, and when less is seen."""

from __future__ import annotations

from littoral.detect.contract import EITHER, GREATER, LESS, NEITHER, Setting

DAY_S = 86_400.0

ADJUSTABLE = (
    Setting("fast_fishing_mps", 0, 50, GREATER, "渔船高速界限", "Fast, for a fishing vessel"),
    Setting("fast_pleasure_mps", 0, 50, GREATER, "游艇高速界限", "Fast, for a pleasure craft"),
    Setting("fast_passenger_mps", 0, 50, GREATER,
            "客船和高速船高速界限", "Fast, for passenger and high-speed craft"),
    Setting("fast_other_mps", 0, 50, GREATER, "其他船舶高速界限", "Fast, for other craft"),
    Setting("ahead_m", 100, 45_000, LESS, "前方至岸线距离上限", "Way ahead to the shore, at most"),
    Setting("licensed_m", 0, 50_000, GREATER,
            "距港口和许可登陆点圆圈至少", "Outside of ports and landings, at least"),
    Setting("silent_s", 60, DAY_S, GREATER, "静默至少", "Silence, at least"),
    Setting("own_means", 0, 1_000, GREATER,
            "静默至少为本船平均报告间隔的倍数",
            "Silence in the vessel's own mean intervals, at least"),
    Setting("min_positions", 1, 10_000, GREATER,
            "航迹至少的报告数", "Reports of the track, at least"),
    Setting("untold_s", 0, DAY_S, GREATER,
            "未报船型者至少已收到信号时间", "Without a type, heard for at least"),
    Setting("speed_factor", 1, 5, EITHER,
            "可能航速为末次航速的倍数", "Speed it may go, in last speeds"),
    Setting("update_s", 60, DAY_S, NEITHER, "更新间隔", "Told again every"),
    Setting("old_s", 600, DAY_S, LESS, "静默多久后结束", "Over after a silence of"),
    Setting("silly_m", 1_000, 2_000_000, LESS,
            "可达岸线长于此时结束", "Over when the reachable shore is longer than"),
    Setting("priority", 1, 4, GREATER, "优先级", "Priority"),
)  # fmt: skip
