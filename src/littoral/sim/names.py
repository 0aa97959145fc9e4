"""Numbers and names that ships go by, made up but of the right form."""

from __future__ import annotations

import numpy as np


def imo_numbers(first: int, count: int) -> np.ndarray:
    """`count` IMO numbers with valid check digits (IMO A.1117(30)): six digits, then the last digit
    of the sum of the digits times 7 to 2. `first` (seven digits) says where to begin. int32."""
    six = first // 10 + np.arange(count)
    total = np.zeros(count, np.int64)
    rest = six.copy()
    for weight in range(2, 8):
        total += weight * (rest % 10)
        rest //= 10
    return (six * 10 + total % 10).astype(np.int32)


# Maritime identification digits (ITU): country, MIDs, letters that its call signs begin with, the
# share of it in the ocean traffic off Hainan (a guess).
FLAGS: tuple[tuple[str, tuple[int, ...], str, float], ...] = (
    ("CN", (412, 413, 414), "B", 0.30),
    ("HK", (477,), "VR", 0.19),
    ("PA", (351, 352, 353, 354, 355, 356, 357, 370, 371, 372, 373), "3F", 0.15),
    ("LR", (636,), "D5", 0.12),
    ("MH", (538,), "V7", 0.10),
    ("SG", (563, 564, 565, 566), "9V", 0.05),
    ("VN", (574,), "3W", 0.05),
    ("MT", (215, 229, 248, 249, 256), "9H", 0.02),
    ("KR", (440, 441), "D7", 0.01),
    ("JP", (431, 432), "7J", 0.01),
)

# Registration marks of fishing boats: province and county, as painted on the bow.
FISHING_PREFIXES: dict[str, tuple[str, ...]] = {
    "LINGAO": ("QIONG LIN YU",),
    "XINYING": ("QIONG LIN YU", "QIONG DAN YU"),
    "BAIMAJING": ("QIONG DAN YU", "QIONG YANG PU YU"),
    "BASUO": ("QIONG DONG FANG YU", "QIONG CHANG YU"),
    "YINGGEHAI": ("QIONG LE YU",),
    "YAZHOU": ("QIONG SAN YA YU", "YUE YANG XI YU"),
    "XINCUN": ("QIONG LING YU",),
    "WANNING": ("QIONG WAN YU",),
    "TANMEN": ("QIONG QIONG HAI YU",),
    "QINGLAN": ("QIONG WEN CHANG YU",),
    "PUQIAN": ("QIONG WEN CHANG YU", "QIONG HAI KOU YU"),
    "WUSHI": ("YUE LEI YU", "YUE ZHAN YU", "YUE XU YU"),
    "WEIZHOU": ("GUI BEI YU", "GUI FANG YU"),
}


def _words(text: str) -> tuple[str, ...]:
    return tuple(" ".join(word.split()) for word in text.split(","))


_FIRST = _words(
    """
    XIN HAI, HAI FENG, ZHONG YUAN, CHANG SHENG, JIN HAI, HUA YANG, TIAN FU, YUAN DA, MING ZHOU,
    GUO YUAN, SHUN DA, HONG TAI, RONG CHANG, FU HAI, AN TAI, BO HAI, JIA HANG, NING YUAN, HAI
    XIANG, ZHE HAI
    """
)
_LAST = _words(
    """
    XING, FA, DA, HAI, SHUN, AN, LONG, PING, CHANG, YUAN, TONG, HE, FENG, YANG, RUI
    """
)
_WORDS = _words(
    """
    PACIFIC, OCEAN, ORIENT, EVER, GOLDEN, STAR, PEARL, ASIA, CAPE, NORTHERN, GLORY, ATLANTIC,
    SILVER, GRAND, EASTERN, ROYAL, JADE, CRYSTAL, NEW, BLUE
    """
)
_ENDS = _words(
    """
    HARMONY, TRADER, FORTUNE, PIONEER, EXPRESS, SPIRIT, VOYAGER, CHAMPION, HOPE, DIGNITY,
    CENTURY, BRIDGE, PROSPERITY, WISDOM, COURAGE, UNITY, LEADER, HORIZON, SUNRISE, CONFIDENCE
    """
)
_FERRIES = _words(
    """
    ZI JING, XIN HAI GANG, HAI XIA, BAO DAO, YUE HAI TIE, HAI KOU, CHANG XIANG, TONG HE, SHUANG
    TAI, QIONG ZHOU
    """
)
_YACHTS = _words(
    """
    BLUE WAVE, SEA BREEZE, SERENITY, DRAGON PEARL, HAI YAN, LAN TIAN, SUNSEEKER, YA LONG, FEI
    YU, HAI NAN XING, TIAN YA, LU HUI TOU, XIANG SHUI, SANYA BAY, CORAL, PHOENIX
    """
)


def flag_of(rng: np.random.Generator) -> tuple[str, int, str]:
    """Country, MID and call sign letters of an ocean-going ship."""
    weights = np.array([f[3] for f in FLAGS])
    country, mids, letters, _ = FLAGS[int(rng.choice(len(FLAGS), p=weights / weights.sum()))]
    return country, int(mids[int(rng.integers(len(mids)))]), letters


def call_sign(letters: str, rng: np.random.Generator) -> str:
    """`letters`, then capitals and digits, 5 to 7 characters in all."""
    while len(letters) < 4:
        letters += chr(65 + int(rng.integers(26)))
    return letters + str(int(rng.integers(2, 99)))


def ship_name(kind: str, country: str, number: int, rng: np.random.Generator, home: str) -> str:
    """At most 20 characters. `number` keeps names of one kind apart."""
    pick = lambda words: words[int(rng.integers(len(words)))]
    if kind == "fishing":
        name = f"{pick(FISHING_PREFIXES[home])} {10_001 + number * 7 % 88_000:05d}"
        return name if len(name) <= 20 else name.replace(" ", "")  # as long names are sent
    if kind == "ferry":
        return f"{_FERRIES[number % len(_FERRIES)]} {1 + number // len(_FERRIES)}{'HAO'}"
    if kind == "yacht":
        return f"{pick(_YACHTS)} {number + 1}"
    if kind == "pilot":
        return f"{home} YIN HANG {number + 1}"[:20]
    if kind == "tug":
        return f"{home} TUO {number + 1}"[:20]
    if kind == "patrol":
        group = ("HAI JING", "HAI XUN", "ZHONG GUO YU ZHENG")[number % 3]
        base = {"HAI JING": 46_001, "HAI XUN": 1_101, "ZHONG GUO YU ZHENG": 46_012}[group]
        return f"{group} {base + number}"[:20]
    if kind == "dredger":
        return f"HANG JUN {4_001 + number}"
    if country in ("CN", "HK") and rng.random() < 0.7:
        return f"{pick(_FIRST)} {pick(_LAST)} {1 + number % 99}"[:20]
    if country == "VN":
        return f"{pick(('VINH', 'HAI', 'THANH', 'MINH', 'PHU'))} {pick(('AN', 'PHAT'))} {number}"
    return f"{pick(_WORDS)} {pick(_ENDS)}"[:20]
