"""Which settings of the rule people may change, within which bounds, and when less is seen."""

from __future__ import annotations

from littoral.detect.contract import EITHER, GREATER, Setting

ADJUSTABLE = (
    Setting("silent_priority", 1, 4, GREATER,
            "一个接收站静默的优先级", "Priority of one silent receiver"),
    Setting("planned_priority", 1, 4, GREATER,
            "计划内停用的优先级", "Priority of a planned silence"),
    Setting("feed_priority", 1, 4, GREATER, "全部静默的优先级", "Priority when all are silent"),
    Setting("active_s", 60, 86_400, EITHER,
            "多久内收到过信号的接收站计入“全部”", "Heard within this, a receiver counts among all"),
    Setting("overrun_s", 0, 86_400, GREATER,
            "超过计划结束时间的宽限", "Time allowed after the planned end"),
)  # fmt: skip
