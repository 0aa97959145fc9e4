"""Places in the log as ranges: files that are gone are many places and few ranges."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

Range = tuple[int, int]  # the first place, and how many


@dataclass(frozen=True)
class Ranges:
    """In order; no two of them touch."""

    items: tuple[Range, ...] = ()

    @classmethod
    def of(cls, ranges: Iterable[Range]) -> Ranges:
        """Of any, in any order, also of such as overlap."""
        found: list[Range] = []
        for first, count in sorted(ranges):
            if found and first <= sum(found[-1]):
                before = found.pop()
                first, count = before[0], max(sum(before), first + count) - before[0]
            found.append((first, count))
        return cls(tuple(found))

    @property
    def count(self) -> int:
        """Places in all of them."""
        return sum(count for _, count in self.items)

    @property
    def first(self) -> int:
        """The first place. IndexError where there is none."""
        return self.items[0][0]

    def __bool__(self) -> bool:
        return bool(self.items)

    def __contains__(self, place: int) -> bool:
        at = bisect_right(self.items, place, key=lambda r: r[0]) - 1
        return at >= 0 and place < sum(self.items[at])

    def with_places(self, places: Iterable[int]) -> Ranges:
        return Ranges.of([*self.items, *((place, 1) for place in places)])

    def without(self, places: Collection[int]) -> Ranges:
        gone = sorted(places)
        return Ranges(tuple(part for r in self.items for part in _parts(r, gone)))

    def bundles(self, width: int, until: int) -> Iterator[int]:
        """Numbers of the bundles of `width` places that have one of these below `until`."""
        last = -1
        for first, count in self.items:
            if first >= until:
                return
            end = min(first + count, until)
            for bundle in range(max(first // width, last + 1), -(-end // width)):
                yield bundle
                last = bundle


def _parts(whole: Range, gone: list[int]) -> Iterator[Range]:
    at, end = whole[0], sum(whole)
    for place in gone[bisect_left(gone, at) : bisect_left(gone, end)]:
        if place > at:
            yield at, place - at
        at = place + 1
    if at < end:
        yield at, end - at
