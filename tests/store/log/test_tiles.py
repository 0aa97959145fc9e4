"""Paths and bytes of tiles, by the words and numbers of C2SP tlog-tiles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from littoral.store.log import merkle, tiles
from littoral.store.log.edge import Edge
from littoral.store.log.tiles import Part, TileError
from tests.store.log.test_merkle import entries, mth


def test_the_path_of_the_specification() -> None:
    assert tiles.path_of(0, 1234067) == "tile/0/x001/x234/067"
    assert tiles.path_of(-1, 1234067, 3) == "tile/entries/x001/x234/067.p/3"
    assert tiles.path_of(3, 0) == "tile/3/000"
    assert tiles.number_path(999) == "999"
    assert tiles.number_path(1000) == "x001/000"


def test_the_tree_of_70000_of_the_specification() -> None:
    """ "273 full level 0 tiles, one partial level 0 tile of width 112, one full level 1 tile, one
    partial level 1 tile of width 17, and one partial level 2 tile of width 1"."""
    hashes = Counter((p.level, p.width) for p in tiles.parts(70_000) if p.level >= 0)
    assert hashes == {(0, 256): 273, (0, 112): 1, (1, 256): 1, (1, 17): 1, (2, 1): 1}
    bundles = Counter(p.width for p in tiles.parts(70_000) if p.level < 0)
    assert bundles == {256: 273, 112: 1}


def test_the_tree_of_256_of_the_specification() -> None:
    assert [p for p in tiles.parts(256) if p.level >= 0] == [Part(0, 0, 256), Part(1, 0, 1)]
    assert list(tiles.parts(0)) == []


def test_a_bundle_is_lengths_and_entries() -> None:
    assert tiles.pack_entries([b"", b"ab", b"\0" * 258]) == b"\0\0\0\2ab\1\2" + b"\0" * 258
    assert tiles.unpack_entries(b"\0\0\0\2ab") == [b"", b"ab"]


@pytest.mark.parametrize("data", [b"\0", b"\0\2a", b"\0\1ab", b"\0\0\0"])
def test_half_an_entry_is_told(data: bytes) -> None:
    with pytest.raises(TileError):
        tiles.unpack_entries(data)


def by_path(files: dict[str, bytes]) -> Callable[[Part], bytes]:
    return lambda part: files[part.path]


@given(st.lists(st.integers(1, 700), min_size=1, max_size=5))
@settings(max_examples=25, deadline=None)
def test_the_cut_of_appends_does_not_matter(cuts: list[int]) -> None:
    """In whatever pieces: exactly the parts of the specification, each the hashes it defines."""
    size = sum(cuts)
    d = entries(size)
    files: dict[str, bytes] = {}
    edge, at = Edge(), 0
    for cut in cuts:
        piece = d[at : at + cut]
        made = [*edge.add(piece, [merkle.leaf_hash(e) for e in piece]), *edge.partial()]
        files |= {p.path: data for p, data in made}
        at += cut
        assert edge.compact_range().root() == mth(d[:at])
        edge = Edge.load(at, by_path(files))
    for level, number, width in tiles.parts(size):
        data = files[tiles.path_of(level, number, width)]
        if level < 0:
            assert tiles.unpack_entries(data) == d[number * 256 :][:width]
            continue
        span = 256**level
        first = number * 256 * span
        starts = range(first, first + width * span, span)
        assert data == b"".join(mth(d[i : i + span]) for i in starts)
