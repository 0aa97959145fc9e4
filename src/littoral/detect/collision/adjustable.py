"""Which settings of the rule people may change, within which bounds, and when less is seen."""

from __future__ import annotations

from littoral.detect.contract import EITHER, GREATER, LESS, NEITHER, Setting

AREAS = (
    ("limits.0", "开阔海域", "Open sea"),
    ("limits.1", "轮渡海峡", "Ferry strait"),
    ("limits.2", "进港水域", "Port approach"),
    ("ferry", "航线客滚船之间", "Ferries on one crossing"),
)
LIMITS = (
    ("warning_cpa_m", 5_000.0, "警告的最近会遇距离", "distance of a warning"),
    ("warning_tcpa_s", 3_600.0, "警告的会遇时间", "time of a warning"),
    ("alarm_cpa_m", 5_000.0, "报警的最近会遇距离", "distance of an alarm"),
    ("alarm_tcpa_s", 3_600.0, "报警的会遇时间", "time of an alarm"),
)

ADJUSTABLE = (
    *(
        Setting(f"{place}.{name}", 0, high, LESS, f"{area_zh}：{zh}", f"{area_en}: {en}")
        for place, area_zh, area_en in AREAS
        for name, high, zh, en in LIMITS
    ),
    Setting("near_s", 0, 3_600, LESS,
            "海峡与进港水域逐次搜寻的会遇时间",
            "In straits and approaches looked for at each tick within"),
    Setting("full_length_m", 1, 500, GREATER,
            "适用完整限值的船长", "Length from which the limits hold in full"),
    Setting("least_share", 0, 1, LESS,
            "小船限值的最低比例", "Least share of the limits, for a short ship"),
    Setting("least_warning_s", 0, 3_600, LESS, "小船警告时间下限", "Time of a warning, not below"),
    Setting("least_alarm_s", 0, 3_600, LESS, "小船报警时间下限", "Time of an alarm, not below"),
    Setting("own_speed_mps", 0, 20, GREATER,
            "其中一船航速至少", "Speed of one of the two, at least"),
    Setting("closing_mps", 0, 30, GREATER, "相对航速至少", "Relative speed, at least"),
    Setting("fishing_closing_mps", 0, 30, GREATER,
            "两艘渔船之间相对航速至少", "Relative speed of two fishing vessels, at least"),
    Setting("still_closing_mps", 0, 30, GREATER,
            "与静止且无状态船舶的相对航速至少", "Relative speed to one that lies still, at least"),
    Setting("begin_age_s", 10, 3_600, LESS,
            "触发时报告最长时效", "Age of a report at the begin, at most"),
    Setting("max_age_s", 10, 3_600, LESS,
            "持续时报告最长时效", "Age of a report later on, at most"),
    Setting("slow_age_s", 10, 3_600, LESS,
            "慢船报告最长时效", "Age of a slow vessel's report, at most"),
    Setting("slow_mps", 0, 10, EITHER, "慢船航速", "Slower than this a vessel is slow"),
    Setting("steady_deg", 0, 180, LESS,
            "偏离平均航向多少视为转向", "Off the mean course a ship turns beyond"),
    Setting("turning_share", 0, 1, LESS,
            "转向船只判断时间比例", "Share of the time within which a turning ship is judged"),
    Setting("max_speed_mps", 10, 100, LESS,
            "超过此航速的报告视为错误", "Faster reports are errors"),
    Setting("accurate_m", 0, 1_000, EITHER, "高精度位置误差", "Error of an accurate position"),
    Setting("inaccurate_m", 0, 1_000, EITHER, "低精度位置误差", "Error of another position"),
    Setting("drift_share", 0, 1, EITHER, "报告后偏离航线的比例", "Share of the way off the line"),
    Setting("length_m", 1, 500, EITHER, "未报告船长时取值", "Length of a vessel that does not say"),
    Setting("beam_m", 1, 100, EITHER, "未报告船宽时取值", "Beam of a vessel that does not say"),
    Setting("warning_looks", 1, 100, GREATER, "警告前连续判断次数", "Looks before a warning"),
    Setting("looks", 1, 100, GREATER, "报警前连续判断次数", "Looks before an alarm"),
    Setting("clear_looks", 1, 100, EITHER, "结束前连续判断次数", "Looks before the end"),
    Setting("hold_cpa", 1, 10, LESS,
            "持续期间距离限值的倍数", "Factor on distance while it goes on"),
    Setting("hold_tcpa", 1, 10, LESS, "持续期间时间限值的倍数", "Factor on time while it goes on"),
    Setting("again_s", 0, 86_400, GREATER,
            "此时间内再次发生视为同一警报", "Again within this it is the same alert"),
    Setting("update_s", 10, 86_400, GREATER, "再次告知的间隔", "Told again after"),
    Setting("head_on_course_deg", 0, 90, NEITHER, "对遇的航向差", "Courses of a head-on meeting"),
    Setting("ahead_deg", 0, 90, NEITHER, "视为正前方的角度", "Counts as right ahead"),
)  # fmt: skip
