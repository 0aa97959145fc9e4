"""What purposes and agencies are called, in Chinese and English, in sentences."""

from __future__ import annotations

PURPOSES = {
    "anti_smuggling": ("反走私", "anti-smuggling"),
    "search_and_rescue": ("搜救", "search and rescue"),
    "emergency": ("应急处置", "emergency"),
    "safety_at_sea": ("海上航行安全", "safety at sea"),
    "epidemic_control": ("疫情防控", "epidemic control"),
    "border_control": ("边境管控", "border control"),
    "neighbourhood_governance": ("基层治理", "neighbourhood governance"),
    "oversight": ("个人信息保护监督", "oversight of data protection"),
    "system_operation": ("系统运行", "running the system"),
}
AGENCIES = {
    "police": ("公安机关", "police"),
    "coast_police": ("海岸警察", "coast police"),
    "customs": ("海关", "customs"),
    "coast_guard": ("海警", "coast guard"),
    "border_inspection": ("边检机关", "border inspection"),
    "health": ("卫生健康部门", "health authority"),
    "local_government": ("地方政府", "local government"),
    "maritime": ("海事部门", "maritime authority"),
    "oversight": ("监督机构", "oversight body"),
    "platform": ("平台运维单位", "who runs the platform"),
}
