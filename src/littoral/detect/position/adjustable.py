"""Which settings of the rule people may change, within which bounds, and when less is seen."""

from __future__ import annotations

from littoral.detect.contract import EITHER, GREATER, LESS, Setting

DAY_S = 86_400

ADJUSTABLE = (
    Setting("jump_m", 100, 1_000_000, GREATER, "位移至少", "Displaced by at least"),
    Setting("jump_mps", 5, 1_000, GREATER, "折合航速超过", "Faster than"),
    Setting("jump_gap_s", 10, DAY_S, LESS, "上次报告至多多久以前", "Last report at most so old"),
    Setting("settle_s", 0, DAY_S, GREATER,
            "在新位置停留至少", "Reported from the new place for at least"),
    Setting("known_positions", 1, 1_000, GREATER,
            "原航迹至少的报告数", "Reports of the track before, at least"),
    Setting("land_reports", 1, 1_000, GREATER,
            "陆上报告数至少", "Reports from land in a row, at least"),
    Setting("land_s", 0, DAY_S, GREATER, "陆上持续至少", "On land for at least"),
    Setting("land_port_m", 0, 100_000, GREATER,
            "距港口至少", "Distance from a port, at least"),
    Setting("circle_speed_mps", 0, 50, GREATER, "绕圈航速至少", "Circling: speed, at least"),
    Setting("circle_every_s", 0, 600, EITHER,
            "绕圈报告间隔至少", "Circling: reports apart by at least"),
    Setting("circle_points", 5, 160, GREATER, "绕圈报告数至少", "Circling: reports, at least"),
    Setting("circle_s", 60, 2_400, GREATER, "绕圈持续至少", "Circling for at least"),
    Setting("circle_least_m", 10, 10_000, GREATER, "圆半径至少", "Radius, at least"),
    Setting("circle_most_m", 10, 100_000, LESS, "圆半径至多", "Radius, at most"),
    Setting("circle_share", 0.001, 1, LESS,
            "偏离圆周的比例至多", "Deviation from the circle, share of the radius, at most"),
    Setting("circle_turns", 1, 1_000, GREATER, "圈数至少", "Turns, at least"),
    Setting("circle_off_s", 30, DAY_S, EITHER,
            "多久不再绕圈则结束", "It ends when off the circle for"),
    Setting("group_vessels", 2, 1_000, GREATER,
            "干扰：同一海域船数至少", "Interference: vessels from one area, at least"),
    Setting("group_m", 100, 1_000_000, LESS, "干扰：海域范围", "Interference: area within"),
    Setting("group_time_s", 60, DAY_S, EITHER,
            "干扰：时间范围", "Interference: within the time of"),
    Setting("place_vessels", 2, 1_000, GREATER,
            "干扰：同一虚假位置船数至少", "Interference: vessels to one place, at least"),
    Setting("place_m", 10, 100_000, LESS,
            "干扰：虚假位置范围", "Interference: one place is within"),
    Setting("interference_priority", 1, 5, GREATER, "干扰的优先级", "Priority of interference"),
    Setting("land_priority", 1, 5, GREATER, "船位在陆上的优先级", "Priority of on land"),
    Setting("circle_priority", 1, 5, GREATER, "绕圈的优先级", "Priority of circling"),
)  # fmt: skip
