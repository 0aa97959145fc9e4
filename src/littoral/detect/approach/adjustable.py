"""Which settings of the rule people may change, within which bounds, and when less is seen."""

from __future__ import annotations

from littoral.detect.contract import EITHER, GREATER, LESS, Setting

DAY_S = 86_400.0

ADJUSTABLE = (
    Setting("fast_fishing_mps", 0, 50, GREATER, "渔船高速界限", "Fast, for a fishing vessel"),
    Setting("fast_pleasure_mps", 0, 50, GREATER, "游艇高速界限", "Fast, for a pleasure craft"),
    Setting("fast_passenger_mps", 0, 50, GREATER,
            "客船和高速船高速界限", "Fast, for passenger and high-speed craft"),
    Setting("fast_other_mps", 0, 50, GREATER, "其他船舶高速界限", "Fast, for other craft"),
    Setting("night_mps", 0, 50, GREATER, "夜间航速下限", "Speed by night, at least"),
    Setting("night_deg", -18, 0, LESS, "夜间：太阳低于此角度", "Night: the sun lower than"),
    Setting("within_m", 100, 40_000, LESS, "前方至岸线距离上限", "Way ahead to the shore, at most"),
    Setting("within_s", 10, DAY_S, LESS, "前方至岸线时间上限", "Time to the shore, at most"),
    Setting("slant", 1, 100, LESS,
            "前方距离与离岸距离之比上限", "Way ahead in distances to the shore, at most"),
    Setting("licensed_m", 0, 50_000, GREATER,
            "距港口和许可登陆点圆圈至少", "Outside of ports and landings, at least"),
    Setting("haven_m", 0, 50_000, GREATER,
            "目标点周围泊船范围", "Distance within which others lie"),
    Setting("haven_count", 1, 1_000, LESS,
            "视为停泊地的船数", "Vessels that lie there and make it a harbour"),
    Setting("still_mps", 0, 5, GREATER, "低于此航速视为停泊", "Slower than this a vessel lies"),
    Setting("lain_s", 0, DAY_S, LESS, "停泊至少时间", "Has lain there, at least"),
    Setting("heard_s", 0, 7 * DAY_S, GREATER, "停泊船最近一次信号", "Heard within"),
    Setting("hold_s", 0, 3_600, GREATER, "持续至少时间", "For so long, at least"),
    Setting("gap_s", 0, 3_600, LESS, "报告间隔上限", "Between two reports, at most"),
    Setting("quiet_s", 30, DAY_S, EITHER, "不再驶近多久后结束", "Over after so long without"),
    Setting("untold_s", 0, DAY_S, GREATER,
            "未报船型者至少已收到信号时间", "Without a type, heard for at least"),
    Setting("fast_priority", 1, 4, GREATER, "高速时的优先级", "Priority when fast"),
    Setting("night_priority", 1, 4, GREATER, "仅夜间时的优先级", "Priority by night alone"),
)  # fmt: skip
