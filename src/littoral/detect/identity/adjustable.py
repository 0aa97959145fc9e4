"""Which settings of the rule people may change, within which bounds, and when less is seen."""

from __future__ import annotations

from littoral.detect.contract import EITHER, GREATER, LESS, Setting

DAY_S = 86_400.0

ADJUSTABLE = (
    Setting("clash_positions", 2, 1_000, GREATER,
            "同号两船：各自至少的报告数", "Two under one MMSI: reports of each, at least"),
    Setting("clash_overlap_s", 0, DAY_S, GREATER,
            "同号两船：同时出现至少", "Two under one MMSI: both heard together for"),
    Setting("jump_m", 100, 1_000_000, GREATER, "位置跳变至少距离", "Jump of position, at least"),
    Setting("jumps_many", 1, 1_000, GREATER,
            "升级为警告的跳变次数", "Jumps that are worth a warning"),
    Setting("change_gap_s", 0, DAY_S, LESS,
            "换号：新旧之间的最长间隔", "MMSI exchanged: gap between old and new, at most"),
    Setting("change_base_m", 0, 10_000, LESS,
            "换号：与推算位置的基本距离", "MMSI exchanged: distance from dead reckoning"),
    Setting("change_mps", 0, 20, LESS,
            "换号：随间隔增加的距离", "MMSI exchanged: more distance for each second"),
    Setting("change_min_mps", 0, 20, GREATER,
            "换号：两者航速至少", "MMSI exchanged: speed of both, at least"),
    Setting("change_speed_mps", 0, 20, LESS,
            "换号：航速相差至多", "MMSI exchanged: difference of speeds, at most"),
    Setting("change_course_deg", 0, 180, LESS,
            "换号：航向相差至多", "MMSI exchanged: difference of courses, at most"),
    Setting("change_length_m", 0, 400, LESS,
            "换号：船长相差至多", "MMSI exchanged: difference of lengths, at most"),
    Setting("change_old_positions", 1, 10_000, GREATER,
            "换号：原航迹至少的报告数", "MMSI exchanged: reports of the old track, at least"),
    Setting("change_confirm_s", 0, DAY_S, GREATER,
            "换号：确认时间", "MMSI exchanged: the old stays silent for"),
    Setting("flips", 1, 1_000, GREATER,
            "名称、呼号或尺寸往复改变次数", "Changes back to an earlier name, call sign or size"),
    Setting("flips_s", 60, 7 * DAY_S, LESS, "往复改变的时间范围", "within"),
    Setting("together_s", 0, DAY_S, LESS,
            "同一 IMO 编号两船的时间范围", "Two with one IMO number, both heard within"),
    Setting("quiet_s", 60, 7 * DAY_S, EITHER,
            "多久无新情况则结束", "An alert ends when nothing more came for"),
    Setting("clash_priority", 1, 4, GREATER, "同号两船的优先级", "Priority of two under one MMSI"),
    Setting("jump_priority", 1, 4, GREATER, "位置跳变的优先级", "Priority of a jump"),
    Setting("jumps_many_priority", 1, 4, GREATER,
            "多次跳变的优先级", "Priority of many jumps"),
    Setting("change_priority", 1, 4, GREATER, "换号的优先级", "Priority of an exchanged MMSI"),
    Setting("bad_number_priority", 1, 4, GREATER,
            "号码格式错误的优先级", "Priority of a wrong number"),
    Setting("conflict_priority", 1, 4, GREATER,
            "IMO 编号冲突的优先级", "Priority of one IMO number on two"),
    Setting("flip_priority", 1, 4, GREATER, "往复改变的优先级", "Priority of changes back"),
)  # fmt: skip
