"""Made-up townships, villages and grids below the real cities and counties, marked so.

2,838 local centres (218 of townships, 2,620 of villages and communities) and 9,919 grids: the size
of the real province, nothing of its names. Codes carry an `S` that no real code has.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from littoral.store.people.organisations import Unit

TOWNSHIPS = 218
VILLAGES = 2_620
GRIDS = 9_919
SEED = 460_000


def synthetic_units(
    cities: Sequence[Unit],
    valid_from_us: int,
    seed: int = SEED,
    townships: int = TOWNSHIPS,
    villages: int = VILLAGES,
    grids: int = GRIDS,
) -> list[Unit]:
    """Units below `cities`, parents before children; the same for the same seed.

    Every unit has at least one child, so each number must be at least the one before it.
    """
    chance = random.Random(seed)
    found: list[Unit] = []
    parents: list[Unit] = sorted(cities, key=lambda u: u.code)
    for tier, total, mark, zh, en in (
        ("township", townships, "S", "模拟乡镇", "Synthetic township"),
        ("village", villages, "", "模拟村居", "Synthetic village"),
        ("grid", grids, "", "模拟网格", "Synthetic grid"),
    ):
        level: list[Unit] = []
        for parent, count in zip(parents, _shares(chance, len(parents), total), strict=True):
            for number in range(1, count + 1):
                code = f"{parent.code}{mark}{number:03d}"
                name = f"{len(level) + 1}"
                level.append(
                    Unit(
                        code,
                        tier,
                        parent.code,
                        f"{zh}{name}",
                        f"{en} {name}",
                        valid_from_us,
                        None,
                        True,
                    )
                )
        found += level
        parents = level
    return found


def _shares(chance: random.Random, parts: int, total: int) -> list[int]:
    """`total` in `parts` random shares of at least one."""
    if not 0 < parts <= total:
        raise ValueError(f"{total} cannot be shared among {parts} with at least one each")
    counts = [1] * parts
    weights = [chance.uniform(0.5, 1.5) for _ in range(parts)]
    for index in chance.choices(range(parts), weights, k=total - parts):
        counts[index] += 1
    return counts
