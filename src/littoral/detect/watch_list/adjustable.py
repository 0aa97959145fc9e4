"""Which settings of the rule people may change, within which bounds, and when less is seen."""

from __future__ import annotations

from littoral.detect.contract import GREATER, Setting

ADJUSTABLE = (
    Setting("silence_s", 600, 7 * 86_400, GREATER,
            "多久未收到后算重新出现", "Not heard for this long, she is heard again"),
    Setting("near_hold_s", 0, 3600, GREATER,
            "在近海停留多久算进入", "In the near sea this long, she has entered it"),
    Setting("priority", 1, 4, GREATER, "优先级", "Priority"),
)  # fmt: skip
