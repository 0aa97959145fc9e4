"""What ships write into their destination field: where they really go, as mates write it."""

from __future__ import annotations

# By the end of a lane: ports that lie beyond it.
BEYOND: dict[str, tuple[str, ...]] = {
    "HONGKONG": ("CN HKG", "CN NSA", "CN YTN", "XIAMEN", "CN SHA", "CN NGB"),
    "SINGAPORE": ("SG SIN", "VN SGN", "MY PKG", "SINGAPORE", "CN YPG>SG SIN"),
    "HAIPHONG": ("VN HPH", "HAI PHONG"),
    "FANGCHENG": ("CN FAN", "CN QZH", "FANG CHENG"),
    "BEIHAI": ("BEI HAI", "CN BHY"),
    "ZHANJIANG": ("CN ZHA", "ZHAN JIANG"),
}
LANES = ("container", "bulk", "tanker", "strait")
# As mates write the ports of the coasting trade.
PINYIN = {
    "HAIKOU": "HAI KOU", "YANGPU": "YANG PU", "BASUO": "BA SUO", "SANYA": "SAN YA",
    "QINGLAN": "QING LAN", "MACUN": "MA CUN", "WEIZHOU": "WEI ZHOU DAO",
}  # fmt: skip


def bound_for(role: str, number: int, place: str, voyages: int) -> str:
    """The text for the voyage of that number to `place`; empty where this role says none."""
    if role not in (*LANES, "coaster"):
        return ""
    place = place.rpartition(" ")[2]
    if place in BEYOND:
        choices = BEYOND[place]
        return choices[(number + voyages) % len(choices)]
    return PINYIN.get(place, place)
