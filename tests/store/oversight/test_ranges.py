"""Ranges are the places that they stand for, whatever is added to them and taken from them."""

from __future__ import annotations

import itertools
import random

from littoral.store.oversight.ranges import Ranges


def places(found: Ranges) -> set[int]:
    return {at for first, count in found.items for at in range(first, first + count)}


def test_they_are_as_sets_of_places_are() -> None:
    rng = random.Random(7)
    for _ in range(300):
        ranges = [(rng.randrange(60), rng.randrange(1, 9)) for _ in range(rng.randrange(6))]
        said = {at for first, count in ranges for at in range(first, first + count)}
        some = [rng.randrange(70) for _ in range(rng.randrange(20))]
        found = Ranges.of(ranges)
        assert places(found) == said
        assert (found.count, bool(found)) == (len(said), bool(said))
        assert [at for at in range(-1, 80) if at in found] == sorted(said)
        assert places(found.with_places(some)) == said | set(some)
        assert places(found.without(set(some))) == said - set(some)
        for made in (found, found.with_places(some), found.without(set(some))):
            ends = [(first, first + count) for first, count in made.items]
            assert all(a[1] < b[0] for a, b in itertools.pairwise(ends))
        assert list(found.bundles(8, 50)) == sorted({at // 8 for at in said if at < 50})


def test_what_touches_is_one() -> None:
    whole = Ranges.of([(256, 256), (0, 256), (600, 1)])
    assert whole.items == ((0, 512), (600, 1))
    assert whole.first == 0
    assert not Ranges()
