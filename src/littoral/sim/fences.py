"""Geofences that the planted events break: examples of each rule, drawn for the demo alone."""

from __future__ import annotations

from littoral.area.geodesy import KNOT_MPS
from littoral.area.geofence import FenceRule, Geofence

SOURCE = "synthetic, for the demo: no real area"


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
)


def fence(fence_id: str) -> Geofence:
    """KeyError when there is none of that id."""
    return {f.id: f for f in FENCES}[fence_id]
