"""Which settings of the rule people may change, within which bounds, and when less is seen."""

from __future__ import annotations

from littoral.detect.contract import EITHER, GREATER, LESS, Setting

DAY_S = 86_400.0
MORE_DAYS_S = 7 * DAY_S

ADJUSTABLE = (
    Setting("class_a_s", 60, MORE_DAYS_S, GREATER, "A 类船载台静默时限", "Silence of class A"),
    Setting("class_b_s", 60, MORE_DAYS_S, GREATER, "B 类船载台静默时限", "Silence of class B"),
    Setting("fishing_s", 60, MORE_DAYS_S, GREATER, "渔船静默时限", "Silence of a fishing vessel"),
    Setting("stationary_s", 60, MORE_DAYS_S, GREATER,
            "停泊或锚泊船舶静默时限", "Silence of a vessel that lies still"),
    Setting("stationary_mps", 0, 5, GREATER,
            "低于此航速视为静止", "Slower than this a vessel lies still"),
    Setting("own_means", 0, 1_000, GREATER,
            "静默至少为本船平均报告间隔的倍数",
            "Silence in the vessel's own mean intervals, at least"),
    Setting("min_positions", 1, 10_000, GREATER,
            "航迹至少的报告数", "Reports of the track, at least"),
    Setting("min_age_s", 0, DAY_S, GREATER, "航迹至少持续时间", "Age of the track, at least"),
    Setting("ports_judged", 0, 1, LESS, "判断港内船舶", "Vessels in port are judged"),
    Setting("off_shore_m", 0, 400_000, GREATER, "离岸至少距离", "Distance from shore, at least"),
    Setting("min_per_day", 0, 10_000, GREATER,
            "当地每日接收报告数下限", "Reports heard at the place a day, above"),
    Setting("before_s", 3_600, MORE_DAYS_S, EITHER,
            "静默前统计本船报告的时段", "Span before the silence in which own reports are counted"),
    Setting("survival_max", 0, 1, LESS,
            "当地偶然静默如此久的概率上限", "Chance of such a silence at the place, at most"),
    Setting("weak_survival_max", 0, 1, LESS,
            "静默更久时的概率上限", "The same for a much longer silence"),
    Setting("silent_share_max", 0, 1, LESS,
            "当地每日静默船舶比例上限", "Share of vessels silent at the place in a day, at most"),
    Setting("main_positions", 1, 10_000, EITHER,
            "判定主接收站所需报告数", "Reports by which a receiver is a vessel's main one"),
    Setting("unknown_factor", 1, 1_000, GREATER,
            "接收情况未知、附近有船时的倍数",
            "Multiple where reception is unknown and others are heard"),
    Setting("alone_factor", 1, 1_000, GREATER,
            "接收情况未知、附近无船时的倍数", "Multiple where nobody else is heard"),
    Setting("near_by_m", 0, 100_000, EITHER, "“附近”的距离", "Distance that is near by"),
    Setting("unknown_ring_max", -2, 4, EITHER,
            "接收情况未知时判断到哪一圈", "Ring up to which unknown reception is judged"),
    Setting("known_priority", 1, 4, GREATER, "警报优先级", "Priority"),
    Setting("other_priority", 1, 4, GREATER,
            "接收情况未知或船舶静止时的优先级",
            "Priority where reception is unknown or it lay still"),
)  # fmt: skip
