"""Reasons of a ranking as codes with figures, and as words in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Why(StrEnum):
    # how the time was come by
    SEA_ROUTE = "sea_route"
    ROAD_ESTIMATE = "road_estimate"
    AIR_STRAIGHT = "air_straight"
    STRAIGHT = "straight"
    # what to know of one who can
    LED_FROM_LAND = "led_from_land"
    LED_TO_WATER = "led_to_water"
    POSITION_OLD = "position_old"
    FROM_BASE = "from_base"
    NO_WAY_BACK = "no_way_back"
    # why one cannot
    BUSY = "busy"
    LACKS_SKILLS = "lacks_skills"
    NO_POSITION = "no_position"
    POSITION_LOST = "position_lost"
    NO_SPEED = "no_speed"
    ENDURANCE = "endurance"
    OUTSIDE = "outside"
    NOT_BY_SEA = "not_by_sea"
    NO_SEA_WAY = "no_sea_way"
    NOT_BY_ROAD = "not_by_road"
    OTHER_LAND = "other_land"


FORBIDS = frozenset(
    {
        Why.BUSY, Why.LACKS_SKILLS, Why.NO_POSITION, Why.POSITION_LOST, Why.NO_SPEED,
        Why.ENDURANCE, Why.OUTSIDE, Why.NOT_BY_SEA, Why.NO_SEA_WAY, Why.NOT_BY_ROAD,
        Why.OTHER_LAND,
    }
)  # fmt: skip

WORDS: Mapping[Why, tuple[str, str]] = {
    Why.SEA_ROUTE: (
        "海上航程 {km:.1f} 公里（避开陆地，水深未计）",
        "{km:.1f} km at sea, clear of land; depths are not known",
    ),
    Why.ROAD_ESTIMATE: (
        "公路约 {km:.1f} 公里（估算：直线距离 × {factor:g}，未查路网）",
        "about {km:.1f} km by road (estimate: straight line × {factor:g}, no road map)",
    ),
    Why.AIR_STRAIGHT: ("直线飞行 {km:.1f} 公里", "{km:.1f} km straight through the air"),
    Why.STRAIGHT: (
        "直线 {km:.1f} 公里（未计陆地阻隔，航线尚未算出）",
        "{km:.1f} km in a straight line; land between is not looked at, ways are not reckoned yet",
    ),
    Why.FROM_BASE: (
        "无实时位置，从驻地起算",
        "its position is not known; reckoned from its base",
    ),
    Why.LED_FROM_LAND: (
        "按岸线数据其位置不在可航水面，从 {m:.0f} 米外的最近水面起算",
        "its position is no open water to the coast line; reckoned from the nearest, {m:.0f} m off",
    ),
    Why.LED_TO_WATER: (
        "按岸线数据地点不在可航水面，航线止于 {m:.0f} 米外的最近水面",
        "the place is no open water to the coast line; the way ends at the nearest, {m:.0f} m off",
    ),
    Why.POSITION_OLD: (
        "位置已是 {minutes:.0f} 分钟前的，最迟可能晚到 {minutes:.0f} 分钟",
        "its position is {minutes:.0f} min old; it may come up to {minutes:.0f} min later",
    ),
    Why.NO_WAY_BACK: (
        "续航只够单程，不够返回",
        "its endurance suffices for the way there, not for the way back",
    ),
    Why.BUSY: ("正在执行其他任务", "it is on another task"),
    Why.LACKS_SKILLS: ("缺少所需能力：{skills}", "it lacks what is needed: {skills}"),
    Why.NO_POSITION: ("位置未知", "its position is not known"),
    Why.POSITION_LOST: (
        "位置已是 {minutes:.0f} 分钟前的，过旧，不作估算",
        "its position is {minutes:.0f} min old, too old to reckon with",
    ),
    Why.NO_SPEED: ("航速或车速未知", "its speed is not known"),
    Why.ENDURANCE: (
        "续航 {has:.0f} 分钟，少于所需的 {needs:.0f} 分钟",
        "endurance of {has:.0f} min, less than the {needs:.0f} min it takes",
    ),
    Why.OUTSIDE: (
        "位置或地点在已知岸线范围之外",
        "its position or the place lies outside the coast that is known",
    ),
    Why.NOT_BY_SEA: (
        "地点或其位置在内陆，船只无法到达",
        "the place, or its position, lies inland: no boat comes there",
    ),
    Why.NO_SEA_WAY: (
        "两处水面不相通（湖泊、封闭水域或离岸距离要求所致）",
        "the two waters do not join (a lake, enclosed, or closed by the margin from the shore)",
    ),
    Why.NOT_BY_ROAD: (
        "地点或其位置在海上，公路无法到达",
        "the place, or its position, is at sea: no road leads there",
    ),
    Why.OTHER_LAND: (
        "隔海，没有公路相连",
        "the sea lies between: no road joins the two",
    ),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """A code with its figures, the named fields of the words."""

    why: Why
    values: Mapping[str, float | str] = field(default_factory=dict)

    @property
    def forbids(self) -> bool:
        return self.why in FORBIDS


def say(reason: Reason, language: str) -> str:
    """One reason in "zh" or "en"."""
    zh, en = WORDS[reason.why]
    words = {"zh": zh, "en": en}[language]
    return words.format(**reason.values)
