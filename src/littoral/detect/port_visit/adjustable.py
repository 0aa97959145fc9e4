"""Which settings of the rule people may change, within which bounds, and when less is seen."""

from __future__ import annotations

from littoral.detect.contract import EITHER, GREATER, LESS, Setting

DAY_S = 86_400.0

ADJUSTABLE = (
    Setting("entry_m", 100, 10_000, LESS,
            "距锚泊点此距离内视为进港", "In port within this of an anchorage point"),
    Setting("exit_m", 100, 10_000, EITHER,
            "距所有锚泊点超过此距离视为离港", "Out of port beyond this of all of them"),
    Setting("stop_begin_mps", 0, 5, LESS, "低于此航速视为停船", "Slower than this a stop begins"),
    Setting("stop_end_mps", 0, 10, EITHER, "高于此航速停船结束", "Faster than this it ends"),
    Setting("stop_least_s", 0, DAY_S, GREATER, "停船至少持续", "A stop lasts at least"),
    Setting("gap_s", 600, DAY_S, GREATER, "港内静默至少", "Silence in port, at least"),
    Setting("least_confidence", 1, 4, GREATER,
            "至少达到的置信等级（1–4）", "Confidence (1 to 4), at least"),
    Setting("priority", 1, 5, GREATER, "警报优先级", "Priority"),
)  # fmt: skip
