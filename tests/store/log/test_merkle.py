"""Trees and proofs against RFC 6962's own definitions, published roots, vectors and pymerkle."""

from __future__ import annotations

import base64
import json
import os
from hashlib import sha256
from pathlib import Path
from typing import Any

import pymerkle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from littoral.store.log import merkle
from littoral.store.log.merkle import ProofError

# Leaves and roots of the reference tests of Certificate Transparency, for which RFC 6962 is made.
LEAVES = [
    bytes.fromhex(h)
    for h in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]

# The 518 cases of github.com/transparency-dev/merkle, `testdata/` (Apache-2.0), are read where
# somebody has put them: beside the repository or in the folder that LITTORAL_RECORDINGS names.
RECORDINGS = Path(
    os.environ.get("LITTORAL_RECORDINGS", Path(__file__).parents[4] / "shared" / "data")
)
VECTORS = RECORDINGS / "merkle"


def split(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def mth(d: list[bytes]) -> bytes:
    """RFC 6962, 2.1, as it stands there."""
    if not d:
        return sha256().digest()
    if len(d) == 1:
        return sha256(b"\0" + d[0]).digest()
    k = split(len(d))
    return sha256(b"\1" + mth(d[:k]) + mth(d[k:])).digest()


def path(m: int, d: list[bytes]) -> list[bytes]:
    """RFC 6962, 2.1.1."""
    if len(d) == 1:
        return []
    k = split(len(d))
    if m < k:
        return [*path(m, d[:k]), mth(d[k:])]
    return [*path(m - k, d[k:]), mth(d[:k])]


def subproof(m: int, d: list[bytes], b: bool) -> list[bytes]:
    """RFC 6962, 2.1.2; PROOF(m, D) is SUBPROOF(m, D, true)."""
    if m == len(d):
        return [] if b else [mth(d)]
    k = split(len(d))
    if m <= k:
        return [*subproof(m, d[:k], b), mth(d[k:])]
    return [*subproof(m - k, d[k:], False), mth(d[:k])]


def nodes_of(d: list[bytes]) -> merkle.Nodes:
    return lambda level, index: mth(d[index << level : (index + 1) << level])


def entries(size: int) -> list[bytes]:
    return [b"entry %d" % i for i in range(size)]


def test_published_roots() -> None:
    tree = merkle.CompactRange()
    assert tree.root().hex() == ROOTS[0] == merkle.EMPTY_ROOT.hex()
    for leaf, root in zip(LEAVES, ROOTS[1:], strict=True):
        tree.push(merkle.leaf_hash(leaf))
        assert tree.root().hex() == root
        assert merkle.root_hash(tree.size, nodes_of(LEAVES[: tree.size])).hex() == root


@pytest.mark.parametrize("size", [*range(1, 20), 31, 32, 33, 64, 65, 100])
def test_every_proof_of_a_small_tree(size: int) -> None:
    d = entries(size)
    nodes, root = nodes_of(d), mth(d)
    for index in range(size):
        proof = merkle.inclusion_proof(index, size, nodes)
        assert proof == path(index, d)
        merkle.verify_inclusion(index, size, merkle.leaf_hash(d[index]), proof, root)
    for old in range(1, size + 1):
        proof = merkle.consistency_proof(old, size, nodes)
        assert proof == subproof(old, d, True)
        merkle.verify_consistency(old, size, proof, mth(d[:old]), root)


def test_a_second_implementation_agrees() -> None:
    theirs = pymerkle.InmemoryTree(algorithm="sha256")
    d = entries(300)
    ours = merkle.CompactRange()
    for size, entry in enumerate(d, 1):
        theirs.append_entry(entry)
        ours.push(merkle.leaf_hash(entry))
        assert ours.root() == theirs.get_root()
        index = size * 7919 % size
        proof = merkle.inclusion_proof(index, size, nodes_of(d[:size]))
        said = {bytes.fromhex(h) for h in theirs.prove_inclusion(index + 1).serialize()["path"]}
        assert {*proof, merkle.leaf_hash(d[index])} == said


def judged(case: dict[str, Any]) -> bool:
    """Does a case in the vectors' form come out as it says? Four kinds, told by their fields."""
    leaf, root, root1, root2 = (
        base64.b64decode(case.get(name) or "") for name in ("leafHash", "root", "root1", "root2")
    )
    proof = [base64.b64decode(h) for h in case["proof"] or []]
    try:
        if "leafIdx" in case:
            start, end = case.get("start", 0), case.get("end", case.get("treeSize"))
            if "start" in case and not merkle.is_subtree(start, end):
                return case["wantErr"]
            merkle.verify_inclusion(case["leafIdx"] - start, end - start, leaf, proof, root)
        elif "start" in case:
            merkle.verify_subtree(case["start"], case["end"], case["size"], proof, root1, root2)
        else:
            merkle.verify_consistency(case["size1"], case["size2"], proof, root1, root2)
    except ProofError:
        return case["wantErr"]
    return not case["wantErr"]


def in_form(size: int) -> list[dict[str, Any]]:
    """Cases in the vectors' form, from the definitions above."""
    d = LEAVES[:size]
    b64 = lambda h: base64.b64encode(h).decode()
    right = {"proof": list(map(b64, path(1, d))), "root": b64(mth(d)), "wantErr": False}
    inclusion = {"leafIdx": 1, "treeSize": size, "leafHash": b64(mth([d[1]])), **right}
    proof = list(map(b64, subproof(3, d, True)))
    roots = {"root1": b64(mth(d[:3])), "root2": b64(mth(d))}
    consistency = {"size1": 3, "size2": size, "proof": proof, **roots, "wantErr": False}
    wrong = [
        {**inclusion, "leafIdx": 0},
        {**inclusion, "leafIdx": -1},
        {**inclusion, "treeSize": 1},
        {**inclusion, "proof": right["proof"][1:]},
        {**inclusion, "proof": [*right["proof"], right["root"]]},
        {**inclusion, "root": ""},
        {**consistency, "size1": 2},
        {**consistency, "size1": size + 1},
        {**consistency, "size1": 0},
        {**consistency, "proof": []},
        {**consistency, "proof": [*proof, proof[0]]},
        {**consistency, "root1": roots["root2"]},
    ]
    return [inclusion, consistency, *({**w, "wantErr": True} for w in wrong)]


@pytest.mark.parametrize("size", [5, 7, 8])
def test_the_form_of_the_published_vectors(size: int) -> None:
    assert [c for c in in_form(size) if not judged(c)] == []


def test_the_published_vectors() -> None:
    found = sorted(VECTORS.rglob("*.json"))
    assert len(found) == (518 if VECTORS.exists() else 0)
    assert [p.as_posix() for p in found if not judged(json.loads(p.read_text()))] == []


@given(st.data(), st.integers(2, 200))
@settings(max_examples=200, deadline=None)
def test_a_proof_holds_for_nothing_else(data: st.DataObject, size: int) -> None:
    d = entries(size)
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(index, size, nodes_of(d))
    place = data.draw(st.integers(0, len(proof) - 1))
    bit = data.draw(st.integers(0, 255))
    changed = bytearray(proof[place])
    changed[bit // 8] ^= 1 << bit % 8
    wrong = [*proof[:place], bytes(changed), *proof[place + 1 :]]
    leaf, root = merkle.leaf_hash(d[index]), mth(d)
    for other, at in ((wrong, index), (proof[:-1], index), (proof, index ^ 1)):
        with pytest.raises(ProofError):
            merkle.verify_inclusion(at, size, leaf, other, root)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_what_is_not_in_the_tree_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(ProofError):
        merkle.inclusion_proof(index, size, nodes_of(entries(3)))


def test_an_edge_has_as_many_nodes_as_its_size_has_bits() -> None:
    with pytest.raises(ValueError, match="2 nodes"):
        merkle.CompactRange(3, [bytes(32)])
