"""What a target of the fuzzer is: something that takes bytes, and how it may refuse them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

TESTS = Path(__file__).parents[1] / "tests"
MOST_SEEDS = 200


class Differs(Exception):
    """Two readers of the same bytes do not agree."""


@dataclass(frozen=True, slots=True)
class Target:
    """`refusals`: exceptions by which it is documented to refuse; all others are crashes."""

    run: Callable[[bytes], object]
    refusals: tuple[type[BaseException], ...]
    seeds: Callable[[], list[bytes]]


Maker = Callable[[Path], Target]  # given a folder of its own for files


def pieces(data: bytes, count: int) -> list[bytes]:
    """`data` cut into `count` parts at places that it names itself by its first bytes."""
    if count < 2 or len(data) < count:
        return [data]
    cuts = sorted(int.from_bytes(data[i : i + 2], "big") % len(data) for i in range(count - 1))
    ends = [0, *cuts, len(data)]
    return [data[a:b] for a, b in pairwise(ends)]


def lines_of(path: Path, at_once: int = 4) -> list[bytes]:
    """A recording as seeds, a few lines each."""
    lines = path.read_bytes().splitlines(keepends=True)
    groups = [b"".join(lines[i : i + at_once]) for i in range(0, len(lines), at_once)]
    return groups[:MOST_SEEDS]
