"""Which settings of the rule people may change, within which bounds, and when less is seen."""

from __future__ import annotations

from littoral.detect.contract import EITHER, GREATER, LESS, Setting

DAY_S = 86_400.0

ADJUSTABLE = (
    Setting("ring_alerts.0.priority", 1, 4, GREATER,
            "无身份船舶由近海进入领海的优先级",
            "Priority of a vessel without identity coming in from the near sea"),
    Setting("ring_alerts.1.priority", 1, 4, GREATER,
            "无身份船舶由外海进入领海的优先级",
            "Priority of a vessel without identity coming in from beyond"),
    Setting("ring_hold_s", 0, DAY_S, GREATER,
            "进入另一圈须停留", "Stay by which a ring is entered"),
    Setting("identity_s", 60, DAY_S, GREATER,
            "多久无静态信息视为无身份", "Heard this long without static data: no identity"),
    Setting("clear_s", 0, DAY_S, EITHER, "恢复正常多久后结束", "What is broken ends after"),
    Setting("max_gap_s", 60, DAY_S, LESS, "两次报告的最大间隔", "Gap between reports, at most"),
    Setting("lost_s", 600, 7 * DAY_S, EITHER,
            "多久未收到视为已离开", "Not heard for this, it has left"),
    Setting("speed_hold_s", 0, DAY_S, GREATER, "超速或低速须持续", "Speed limit broken for"),
    Setting("night_hold_s", 0, DAY_S, GREATER, "夜间规则须持续", "Night rule broken for"),
    Setting("season_hold_s", 0, DAY_S, GREATER, "休渔期作业须持续", "Closed season broken for"),
    Setting("fishing_low_mps", 0, 10, GREATER, "作业航速下限", "Fishing speed, from"),
    Setting("fishing_high_mps", 0, 20, LESS, "作业航速上限", "Fishing speed, up to"),
    Setting("update_s", 60, DAY_S, GREATER,
            "持续事件再次告知的间隔", "What goes on is told again after"),
)  # fmt: skip
