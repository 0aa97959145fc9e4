"""Geofences that the planted events break: examples of each rule, drawn for the demo alone."""

from __future__ import annotations

from littoral.area.geodesy import KNOT_MPS
from littoral.area.geofence import FenceRule, Geofence

SOURCE = "synthetic, for the demo: no real area"
DREDGER = 33  # types of ITU-R M.1371-5 table 53
HEAVY = (DREDGER, *range(70, 90))


def _box(west: float, south: float, east: float, north: float) -> tuple:
    return (((west, south), (east, south), (east, north), (west, north), (west, south)),)


FENCES: tuple[Geofence, ...] = (
    Geofence(
        "demo-wind-farm",
        {"zh": "文昌风电场（演示）", "en": "Wenchang wind farm (demo)"},
        (_box(111.28, 19.41, 111.38, 19.49),),
        rules=(FenceRule("entry", priority=3),),
        source=SOURCE,
    ),
    Geofence(
        "demo-slow-bay",
        {"zh": "三亚湾限速区（演示）", "en": "Sanya Bay speed limit (demo)"},
        (_box(109.36, 18.13, 109.46, 18.21),),
        rules=(FenceRule("speed_over", speed_mps=22.0 * KNOT_MPS, priority=3),),
        source=SOURCE,
    ),
    Geofence(
        "demo-reef-night",
        {"zh": "陵水珊瑚礁夜间禁入区（演示）", "en": "Lingshui reef, closed at night (demo)"},
        (_box(110.14, 18.26, 110.22, 18.33),),
        rules=(FenceRule("night", sun_below_deg=-6.0, ship_types=(30, 36, 37), priority=3),),
        source=SOURCE,
    ),
    Geofence(
        "demo-sand-ground",
        {"zh": "儋州采砂许可区（演示）", "en": "Danzhou sand ground (demo)"},
        (_box(109.20, 19.96, 109.27, 20.01),),
        rules=(FenceRule("exit", ship_types=(DREDGER,), priority=3),),
        source=SOURCE,
        note={
            "zh": "采砂船只许在区内作业，驶出须说明去向",
            "en": "dredgers have a licence for this ground alone and say where they go",
        },
    ),
    Geofence(
        "demo-cable",
        {"zh": "万宁海底电缆保护区（演示）", "en": "Wanning submarine cable (demo)"},
        (_box(110.575, 18.66, 110.625, 18.71),),
        rules=(FenceRule("presence", stay_s=1_800.0, ship_types=HEAVY, priority=4),),
        source=SOURCE,
        note={
            "zh": "商船和采砂船停留半小时以上可能抛锚，危及电缆",
            "en": "a merchant ship or dredger that stays for half an hour may have anchored on it",
        },
    ),
    Geofence(
        "demo-fairway",
        {"zh": "洋浦进港航道（演示）", "en": "Yangpu fairway (demo)"},
        (_box(108.77, 19.78, 108.89, 19.84),),
        rules=(
            FenceRule("speed_under", speed_mps=5.0 * KNOT_MPS, ship_types=(DREDGER,), priority=4),
        ),
        source=SOURCE,
        note={
            "zh": "工程船低于 5 节会阻碍进出港大船",
            "en": "a dredger below 5 kn is in the way of large ships that come and go",
        },
    ),
)


def fence(fence_id: str) -> Geofence:
    """KeyError when there is none of that id."""
    return {f.id: f for f in FENCES}[fence_id]
