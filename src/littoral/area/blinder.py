"""What a changed geofence no longer sees: the reasons for which a second person must agree."""

from __future__ import annotations

import shapely

from littoral.area.geofence import FenceRule, Geofence

# Share of the old area, in square degrees, below which a loss is the rounding of drawn corners.
LOST_SHARE = 1e-9


def blinder(before: Geofence, after: Geofence | None) -> tuple[str, ...]:
    """Names of what is watched less, from `REASONS`; empty when nothing is. `after` None: removed.

    A rule is the successor of an old one when kind and season are the same; of several the one that
    sees most counts. A fence without rules watches nothing, so nothing of it can be lost.
    """
    if not before.rules:
        return ()
    if after is None:
        return ("removed",)
    lost = []
    if _lost_area(before, after):
        lost.append("area")
    if after.valid_from_us > before.valid_from_us or after.valid_to_us < before.valid_to_us:
        lost.append("validity")
    for old in before.rules:
        heirs = [new for new in after.rules if _kin(old, new)]
        if not heirs:
            lost.append("rule")
            continue
        least = min((_weaker(old, new) for new in heirs), key=len)
        lost.extend(least)
    return tuple(dict.fromkeys(lost))


REASONS = {
    "removed": {"zh": "围栏被删除", "en": "the fence is removed"},
    "area": {"zh": "围栏范围改变", "en": "the fence covers another area"},
    "validity": {"zh": "有效时间缩短", "en": "it holds for a shorter time"},
    "rule": {"zh": "规则被删除", "en": "a rule is removed"},
    "threshold": {"zh": "规则的阈值放宽", "en": "a threshold is loosened"},
    "ship_types": {"zh": "规则适用的船舶类型减少", "en": "a rule holds for fewer types of ship"},
    "priority": {"zh": "警报的优先级降低", "en": "its alerts become less urgent"},
}


def _kin(old: FenceRule, new: FenceRule) -> bool:
    return old.kind == new.kind and (old.season_from, old.season_to, old.utc_offset_min) == (
        new.season_from,
        new.season_to,
        new.utc_offset_min,
    )


def _weaker(old: FenceRule, new: FenceRule) -> list[str]:
    """How `new` sees less than `old`; both of one kind."""
    lost = []
    speed = (new.speed_mps or 0.0) - (old.speed_mps or 0.0)
    looser = (
        (old.kind == "speed_over" and speed > 0)
        or (old.kind == "speed_under" and speed < 0)
        or (new.stay_s or 0.0) > (old.stay_s or 0.0)
        or (new.sun_below_deg or 0.0) > (old.sun_below_deg or 0.0)
    )
    if looser:
        lost.append("threshold")
    if new.ship_types and not (old.ship_types and set(old.ship_types) <= set(new.ship_types)):
        lost.append("ship_types")
    if new.priority > old.priority:  # 1 is the most urgent
        lost.append("priority")
    return lost


def _lost_area(before: Geofence, after: Geofence) -> bool:
    was, now = _shape(before), _shape(after)
    if any(rule.kind == "exit" for rule in before.rules):
        lost = shapely.symmetric_difference(was, now)  # out of a larger one they come later
    else:
        lost = shapely.difference(was, now)
    return bool(shapely.area(lost) > LOST_SHARE * shapely.area(was))


def _shape(fence: Geofence) -> shapely.Geometry:
    polygons = [shapely.Polygon(p[0], p[1:]) for p in fence.polygons]
    return shapely.make_valid(shapely.union_all([shapely.make_valid(p) for p in polygons]))
