"""Which settings of the rule people may change, within which bounds, and when less is seen."""

from __future__ import annotations

from littoral.detect.contract import EITHER, GREATER, LESS, Setting

DAY_S = 86_400

ADJUSTABLE = (
    Setting("max_gap_s", 60, DAY_S, LESS, "两次报告的最大间隔", "Gap between reports, at most"),
    Setting("max_distance_m", 10, 10_000, LESS, "两船距离至多", "Distance, at most"),
    Setting("tick_speed_mps", 0, 20, LESS, "两船航速低于", "Speed of both, below"),
    Setting("min_port_m", 0, 100_000, GREATER,
            "距港口或锚地至少", "Distance from a port or anchorage, at least"),
    Setting("off_shore", 0, 1, GREATER,
            "不判断岸线带内的会合", "What happens in the coastline band does not count"),
    Setting("merge_s", 0, DAY_S, EITHER,
            "此时间内再次靠近视为同一次", "Together again within this is the same meeting"),
    Setting("meeting_least_s", 0, DAY_S, GREATER, "每次会合至少", "A meeting lasts at least"),
    Setting("meeting_most_s", 60, 7 * DAY_S, LESS, "每次会合至多", "A meeting lasts at most"),
    Setting("partners", 2, 100, GREATER, "不同对象至少", "Different partners, at least"),
    Setting("meetings_window_s", 600, 7 * DAY_S, LESS, "会合的时间范围", "Meetings within"),
    Setting("waiting_mps", 0, 20, LESS,
            "等候船航速始终低于", "The visited vessel never made this speed"),
    Setting("quiet_s", 600, 7 * DAY_S, EITHER,
            "多久无新会合则结束", "It ends when no meeting came for"),
    Setting("visited_priority", 1, 5, GREATER,
            "等候船轮番来访的优先级", "Priority of rotating visitors"),
    Setting("repeated_priority", 1, 5, GREATER,
            "多次短暂会合的优先级", "Priority of repeated meetings"),
)  # fmt: skip
