"""Which settings of the rule people may change, within which bounds, and when less is seen."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from littoral.detect.contract import EITHER, GREATER, LESS, Setting

if TYPE_CHECKING:
    from littoral.detect.encounter.settings import PairRule

CLASSES = (
    ("未知", "unknown"), ("渔船", "fishing"), ("货船", "cargo"), ("油船", "tanker"),
    ("客船", "passenger"), ("作业船", "service"), ("其他", "other"), ("小船", "small"),
)  # fmt: skip

COMMON = (
    Setting("max_gap_s", 60, 86_400, LESS, "两次报告的最大间隔", "Gap between reports, at most"),
    Setting("max_distance_m", 10, 10_000, LESS, "两船距离至多", "Distance, at most"),
    Setting("median_speed_mps", 0, math.inf, LESS, "航速中位数至多", "Median speed, at most"),
    Setting("tick_speed_mps", 0, math.inf, LESS,
            "每一时刻航速至多", "Speed at every moment, at most"),
    Setting("min_port_m", 0, 100_000, GREATER,
            "距港口或锚地至少", "Distance from a port or anchorage, at least"),
    Setting("off_shore", 0, 1, GREATER,
            "不判断岸线带内的会合", "What happens in the coastline band does not count"),
    Setting("merge_s", 0, 604_800, GREATER,
            "此时间内再次会合视为同一次", "Again within this it is the same"),
    Setting("small_m", 0, 400, EITHER,
            "未知类型多长以内视为小船", "Up to this length an unknown type is small"),
    Setting("night_sun_deg", -18, 0, LESS,
            "太阳高度低于此值为夜间", "Night is when the sun is below"),
    Setting("update_s", 60, 86_400, GREATER,
            "持续会合再次告知的间隔", "What goes on is told again after"),
)  # fmt: skip
OF_A_PAIR = (
    ("night_s", 60.0, 1e9, "夜间至少", "by night, at least"),
    ("day_s", 60.0, 1e9, "白天至少", "by day, at least"),
    ("night_priority", 1.0, 4.0, "夜间优先级", "priority by night"),
    ("day_priority", 1.0, 4.0, "白天优先级", "priority by day"),
)


def adjustable(pairs: tuple[PairRule, ...]) -> tuple[Setting, ...]:
    """Those of a profile with these pairs of classes."""
    found = [*COMMON]
    for i, pair in enumerate(pairs):
        first, second = CLASSES[pair.first], CLASSES[pair.second]
        found += [
            Setting(
                f"pairs.{i}.{name}", low, high, GREATER,
                f"{first[0]}与{second[0]}：{zh}", f"{first[1]} and {second[1]}: {en}",
            )
            for name, low, high, zh, en in OF_A_PAIR
        ]  # fmt: skip
    return tuple(found)
