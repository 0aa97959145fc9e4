"""Which settings of the rule people may change, within which bounds, and when less is seen."""

from __future__ import annotations

from littoral.detect.contract import EITHER, GREATER, LESS, Setting

DAY_S = 86_400.0

ADJUSTABLE = (
    Setting("off_m", 1_000, 14_000, GREATER, "外海：离岸超过", "Open sea: farther off than"),
    Setting("come_s", 60, DAY_S, LESS, "自外海驶来时限", "Comes in from the sea within"),
    Setting("visit_m", 50, 10_000, LESS, "近岸距离", "Near the shore, within"),
    Setting("stop_m", 50, 10_000, LESS, "停留或折返离岸距离", "Stops or turns within"),
    Setting("licensed_m", 0, 50_000, GREATER,
            "距港口、许可登陆点和锚地圆圈至少", "Outside of licensed places, at least"),
    Setting("haven_m", 0, 50_000, GREATER, "周围泊船范围", "Distance within which others lie"),
    Setting("haven_count", 1, 1_000, LESS,
            "视为停泊地的船数", "Vessels that lie there and make it a harbour"),
    Setting("still_mps", 0, 5, EITHER, "低于此航速视为停泊", "Slower than this a vessel lies"),
    Setting("lain_s", 0, DAY_S, LESS, "停泊至少时间", "Others have lain, at least"),
    Setting("heard_s", 0, 7 * DAY_S, GREATER, "停泊船最近一次信号", "Others heard within"),
    Setting("night_deg", -18, 0, LESS, "夜间：太阳低于此角度", "Night: the sun lower than"),
    Setting("night_stop_s", 0, DAY_S, GREATER, "夜间停留至少", "Stop by night, at least"),
    Setting("day_stop_s", 0, DAY_S, GREATER, "日间停留至少", "Stop by day, at least"),
    Setting("night_silent_s", 60, DAY_S, GREATER, "夜间静默至少", "Silence by night, at least"),
    Setting("day_silent_s", 60, DAY_S, GREATER, "日间静默至少", "Silence by day, at least"),
    Setting("own_means", 0, 1_000, GREATER,
            "静默至少为本船平均报告间隔的倍数",
            "Silence in the vessel's own mean intervals, at least"),
    Setting("ahead_m", 0, 10_000, LESS, "静默前航向前方至岸线", "Before a silence, shore ahead"),
    Setting("turn_s", 60, DAY_S, LESS, "夜间折返时限", "In and out again by night within"),
    Setting("forget_s", 3_600, 7 * DAY_S, EITHER, "无信号多久后结束", "Over when not heard for"),
    Setting("untold_s", 0, DAY_S, GREATER,
            "未报船型者至少已收到信号时间", "Without a type, heard for at least"),
    Setting("night_priority", 1, 4, GREATER, "夜间优先级", "Priority by night"),
    Setting("day_priority", 1, 4, GREATER, "日间优先级", "Priority by day"),
)  # fmt: skip
