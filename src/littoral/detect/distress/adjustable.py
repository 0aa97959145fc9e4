"""Which settings of the rule people may change, within which bounds, and when less is seen."""

from __future__ import annotations

from littoral.detect.contract import EITHER, GREATER, LESS, Setting

ADJUSTABLE = (
    Setting("device_priority", 1, 4, GREATER,
            "求救示位设备的优先级", "Priority of a distress device"),
    Setting("status_priority", 1, 4, GREATER,
            "船舶状态 14 的优先级", "Priority of a ship's status 14"),
    Setting("text_priority", 1, 4, GREATER,
            "安全电文求救用语的优先级", "Priority of words of distress"),
    Setting("test_priority", 1, 4, GREATER, "测试与演练的优先级", "Priority of a test or drill"),
    Setting("update_s", 60, 86_400, GREATER,
            "持续求救再次告知的间隔", "A call that goes on is told again after"),
    Setting("update_m", 10, 100_000, GREATER, "漂移多远后再次告知", "or when it has drifted"),
    Setting("lost_s", 600, 604_800, LESS,
            "多久未收到视为求救结束", "A call not heard for this has ended"),
    Setting("test_lost_s", 60, 86_400, EITHER,
            "多久未收到视为测试结束", "A test not heard for this has ended"),
)  # fmt: skip
