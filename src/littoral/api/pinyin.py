"""Chinese names as the Latin letters that AIS can carry.

AIS text is six-bit: no Chinese. Ships write their names in pinyin without tones, with or without
blanks (琼临渔 01234: QIONG LIN YU 01234, QIONGLINYU01234). A character with several readings gives
several spellings, since only the ship knows which it means (重 CHONG or ZHONG, 乐 LE or YUE).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import combinations, islice, product
from typing import Any

from pypinyin import Style, pinyin

MAX_SPELLINGS = 96
_TRAILING = ("号", "轮", "號", "輪")  # "the ship", often left out on AIS


def is_chinese(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or "\U00020000" <= character <= "\U0003ffff"


def spellings(query: str) -> list[str]:
    """How AIS may spell a query: capital letters and digits only, likeliest first, at least one
    unless nothing is left. A query without Chinese gives itself."""
    query = unicodedata.normalize("NFKC", query).strip()
    found = _spell(query)
    if len(query) > 2 and query.endswith(_TRAILING):
        found += [s for s in _spell(query[:-1]) if s not in found]
    return found


def _spell(query: str) -> list[str]:
    parts: list[list[str]] = []
    if not any(map(is_chinese, query)):
        plain = squeeze(query)
        return [plain] if plain else []
    # The dictionary's reading of the whole phrase, then every reading of each character alone.
    likely = [r[0] for r in pinyin(query, style=Style.NORMAL, errors=_letters)]
    for character, best in zip(query, likely, strict=True):
        readings = pinyin(character, style=Style.NORMAL, heteronym=True, errors=_letters)[0]
        ways = [w for r in (best, *readings) for w in _write_u(squeeze(r))]
        parts.append(list(dict.fromkeys(ways)))
    joined = ("".join(way) for way in _nearest_first(parts))
    return list(dict.fromkeys(s for s in islice(joined, MAX_SPELLINGS) if s))


def _letters(other: str) -> Any:
    """What is not Chinese stays, a letter an entry (a list, which pypinyin's stubs do not know)."""
    return list(other)


def _nearest_first(parts: list[list[str]]) -> Iterator[tuple[str, ...]]:
    """All choices of one of each part: first the likely ones, then one other, then two ..."""
    for others in range(len(parts) + 1):
        for places in combinations(range(len(parts)), others):
            yield from product(
                *(part[1:] if i in places else part[:1] for i, part in enumerate(parts))
            )


def _write_u(syllable: str) -> list[str]:
    """ü after l and n is written V, YU (passports, ISO 7098:2015) or U."""
    if syllable in ("LV", "NV", "LVE", "NVE"):
        rest = syllable[2:]
        return [syllable, syllable[0] + "YU" + rest, syllable[0] + "U" + rest]
    return [syllable]


def squeeze(value: str) -> str:
    """Capital letters and digits of `value`, accents taken off (ü becomes V), the rest dropped."""
    value = value.upper().replace("Ü", "V")
    flat = unicodedata.normalize("NFKD", value)
    return "".join(c for c in flat if c.isascii() and c.isalnum())
