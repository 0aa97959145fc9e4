"""Merkle trees as in RFC 6962, section 2.1, over SHA-256: roots, proofs and their verification.

A *node* (level, index) is the hash over the entries from index * 2**level on, 2**level of them. All
that is asked of a tree here is asked by its whole nodes, so that a proof can be made from wherever
they lie (tiles on a disk).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256().digest()

Nodes = Callable[[int, int], bytes]  # (level, index) -> hash

_sha256 = hashlib.sha256


class ProofError(ValueError):
    """The proof does not show what it is said to show."""


def leaf_hash(entry: bytes) -> bytes:
    return _sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return _sha256(b"\1" + left + right).digest()


def subtree_hash(hashes: Sequence[bytes]) -> bytes:
    """Hash over neighbouring nodes of one level; their number is a power of two."""
    row = list(hashes)
    while len(row) > 1:
        row = [_sha256(b"\1" + row[i] + row[i + 1]).digest() for i in range(0, len(row), 2)]
    return row[0]


class CompactRange:
    """The right edge of a growing tree: its whole subtrees, greatest first; log2(size) hashes."""

    __slots__ = ("_nodes", "size")

    def __init__(self, size: int = 0, nodes: Iterable[bytes] = ()) -> None:
        self.size = size
        self._nodes = list(nodes)
        if len(self._nodes) != size.bit_count():
            raise ValueError(f"a tree of {size} has {size.bit_count()} nodes at its edge")

    def push(self, leaf: bytes) -> None:
        """Adds the hash of one more entry."""
        nodes, size = self._nodes, self.size
        while size & 1:
            leaf = _sha256(b"\1" + nodes.pop() + leaf).digest()
            size >>= 1
        nodes.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        return fold(self._nodes)

    def copy(self) -> CompactRange:
        return CompactRange(self.size, self._nodes)


def fold(nodes: Sequence[bytes]) -> bytes:
    """Root over subtrees of falling size, from left to right."""
    if not nodes:
        return EMPTY_ROOT
    root = nodes[-1]
    for node in reversed(nodes[:-1]):
        root = node_hash(node, root)
    return root


def whole_nodes(start: int, end: int) -> list[tuple[int, int]]:
    """The whole nodes over entries start to end, where `start` is a multiple of a power of two
    that is at least end - start: as every subtree of RFC 6962 is."""
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append((level, start >> level))
        start += 1 << level
    return found


def range_hash(start: int, end: int, nodes: Nodes) -> bytes:
    """MTH(D[start:end]) of RFC 6962."""
    return fold([nodes(level, index) for level, index in whole_nodes(start, end)])


def root_hash(size: int, nodes: Nodes) -> bytes:
    return range_hash(0, size, nodes)


def _split(size: int) -> int:
    """The largest power of two smaller than `size` (at least 2)."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_proof(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """PATH(index, D[size]) of RFC 6962, 2.1.1: from the leaf's sibling up. Not the leaf itself."""
    if not 0 <= index < size:
        raise ProofError(f"entry {index} is not in a tree of {size}")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start = middle
    return [range_hash(a, b, nodes) for a, b in reversed(path)]


def consistency_proof(old: int, new: int, nodes: Nodes) -> list[bytes]:
    """PROOF(old, D[new]) of RFC 6962, 2.1.2; empty for an old size of 0 and for equal sizes."""
    if not 0 <= old <= new:
        raise ProofError(f"a tree of {new} has no earlier one of {old}")
    if old in (0, new):
        return []
    start, end, path = 0, new, []
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start = middle
    if start:  # else the old tree is a whole subtree, which the verifier knows
        path.append((start, end))
    return [range_hash(a, b, nodes) for a, b in reversed(path)]


def verify_inclusion(
    index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes
) -> None:
    """RFC 9162, 2.1.3.2 (the trees are those of RFC 6962). ProofError when it does not hold."""
    if not 0 <= index < size:
        raise ProofError(f"entry {index} is not in a tree of {size}")
    _sized(leaf, *proof)
    fn, sn, found = index, size - 1, leaf
    for p in proof:
        if sn == 0:
            raise ProofError("the proof is too long")
        if fn & 1 or fn == sn:
            found = node_hash(p, found)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            found = node_hash(found, p)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise ProofError("the proof is too short")
    if found != root:
        raise ProofError("the proof leads to another root")


def verify_consistency(
    old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    """ProofError when the new tree is not the old one with entries added.

    From the empty tree nothing can be shown, as every tree follows it: ProofError too.
    """
    if not 0 <= old <= new:
        raise ProofError(f"a tree of {new} does not follow one of {old}")
    if old == 0:
        raise ProofError("every tree follows the empty one; there is no proof of it")
    if old == new:
        if proof:
            raise ProofError("the proof must be empty")
        if old_root != new_root:
            raise ProofError("two roots for one size")
        return
    verify_subtree(0, old, new, proof, old_root, new_root)


def is_subtree(start: int, end: int) -> bool:
    """Is start a multiple of the smallest power of two that is at least end - start?"""
    return 0 <= start < end and start & ((1 << (end - start - 1).bit_length()) - 1) == 0


def verify_subtree(
    start: int, end: int, size: int, proof: Sequence[bytes], subtree: bytes, root: bytes
) -> None:
    """That the subtree over entries start to end is part of the tree of `size`.

    draft-ietf-plants-merkle-tree-certs, "Subtree consistency proofs"; with a start of 0 it is
    RFC 9162, 2.1.4.2. ProofError when it does not hold.
    """
    if 0 <= start == end <= size and not proof and subtree == EMPTY_ROOT:
        return  # nothing is part of everything
    if not is_subtree(start, end) or end > size:
        raise ProofError(f"{start} to {end} is no subtree of a tree of {size}")
    _sized(*proof)
    path = list(proof)
    fn, sn, tn = start, end - 1, size - 1
    while fn != sn and (sn == tn if end == size else sn & 1):
        fn, sn, tn = fn >> 1, sn >> 1, tn >> 1
    if fn == sn:
        path.insert(0, subtree)
    if not path:
        raise ProofError("the proof is empty")
    fr = sr = path[0]
    for c in path[1:]:
        if tn == 0:
            raise ProofError("the proof is too long")
        if sn & 1 or sn == tn:
            if fn < sn:
                fr = node_hash(c, fr)
            sr = node_hash(c, sr)
            while not sn & 1 and sn:
                fn, sn, tn = fn >> 1, sn >> 1, tn >> 1
        else:
            sr = node_hash(sr, c)
        fn, sn, tn = fn >> 1, sn >> 1, tn >> 1
    if tn:
        raise ProofError("the proof is too short")
    if fr != subtree:
        raise ProofError("the proof leads to another earlier tree")
    if sr != root:
        raise ProofError("the proof leads to another root")


def _sized(*hashes: bytes) -> None:
    if any(len(h) != HASH_BYTES for h in hashes):
        raise ProofError(f"a hash has {HASH_BYTES} bytes")
