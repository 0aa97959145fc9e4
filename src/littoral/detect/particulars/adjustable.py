"""Which settings of the rule people may change, within which bounds, and when less is seen."""

from __future__ import annotations

from littoral.detect.contract import EITHER, GREATER, LESS, Setting

DAY_S = 86_400.0
WEEK_S = 7 * DAY_S

ADJUSTABLE = (
    Setting("hold_s", 60, DAY_S, EITHER, "新值持续多久才算变更", "A new value stands for"),
    Setting("flap_s", 0, WEEK_S, GREATER,
            "在此时间内改回旧值不算变更", "Back to a value left within this is no change"),
    Setting("call_m", 100, 10_000, GREATER,
            "距锚泊点此距离内视为靠港", "A port call: within this of an anchorage point"),
    Setting("unheard_s", 600, WEEK_S, LESS,
            "静默超过此时间则期间行踪不明", "Silent for longer, it may have called unseen"),
    Setting("name_sea_s", 0, WEEK_S, GREATER,
            "更名前在海上至少", "At sea before name and call sign change, at least"),
    Setting("draught_m", 0.1, 10, GREATER, "吃水变化至少", "Change of draught, at least"),
    Setting("sea_draught_m", 0.1, 10, GREATER,
            "未靠港吃水变化至少", "Change of draught without a call, at least"),
    Setting("sea_draught_share", 0, 1, GREATER,
            "未靠港吃水变化占原吃水比例至少", "and as a share of the draught before, at least"),
    Setting("draught_sea_s", 0, WEEK_S, GREATER,
            "吃水变化前在海上至少", "At sea before the draught changes, at least"),
    Setting("flag_apart_s", 0, DAY_S, GREATER,
            "换旗：旧号静默至少", "Flag: silence of the old MMSI, at least"),
    Setting("flag_sea_s", 0, 8 * WEEK_S, LESS,
            "海上换旗：静默至多", "Flag at sea: that silence, at most"),
    Setting("noted_priority", 1, 5, GREATER, "一般变更的优先级", "Priority of what is only noted"),
    Setting("renamed_priority", 1, 5, GREATER,
            "海上更名并换呼号的优先级", "Priority of name and call sign both new at sea"),
    Setting("without_call_priority", 1, 5, GREATER,
            "未靠港吃水变化的优先级", "Priority of another draught without a call"),
    Setting("flag_priority", 1, 5, GREATER, "海上换旗的优先级", "Priority of another flag at sea"),
)  # fmt: skip
