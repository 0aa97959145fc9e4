"""Sealed files: what comes out is what went in, from any place; any change is noticed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from littoral.store.evidence import sealed_file
from littoral.store.evidence.sealed_file import read_sealed, sealed_size, write_sealed
from littoral.store.vault import sealing
from littoral.store.vault.keyring import DataKey
from littoral.store.vault.sealing import SealError

MIB = 1 << 20


def key(algorithm: str = sealing.AES) -> DataKey:
    return DataKey("k", algorithm, sealing.new_key(algorithm))


def write(path: Path, k: DataKey, data: bytes, cut: int) -> None:
    with open(path, "wb") as file:
        pieces = [data[i : i + cut] for i in range(0, len(data), cut)]
        assert write_sealed(file, k, "e", pieces) == len(data)


@pytest.mark.parametrize("algorithm", [sealing.AES, sealing.SM4])
@pytest.mark.parametrize("size", [1, MIB - 1, MIB, MIB + 1, 2 * MIB, 2 * MIB + 12345])
def test_whole_and_in_parts(tmp_path: Path, algorithm: str, size: int) -> None:
    k = key(algorithm)
    data = os.urandom(size)
    path = tmp_path / "f"
    write(path, k, data, 700_001)
    assert path.stat().st_size == sealed_size(size)
    assert b"".join(read_sealed(path, k, "e", size)) == data
    for start, end in ((0, 1), (size - 1, size), (size // 3, size // 2), (MIB - 1, MIB + 1)):
        if start < size:
            assert b"".join(read_sealed(path, k, "e", size, start, end)) == data[start:end]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(size=st.integers(1, 5000), cut=st.integers(1, 3000), start=st.integers(0, 6000),
       length=st.integers(0, 6000), piece=st.integers(1, 900))  # fmt: skip
def test_any_cut_and_any_range(
    tmp_path: Path, size: int, cut: int, start: int, length: int, piece: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealed_file, "PIECE", piece)
        patch.setattr(sealed_file, "SEALED_PIECE", piece + 28)
        k = key()
        data = os.urandom(size)
        write(tmp_path / "f", k, data, cut)
        found = b"".join(read_sealed(tmp_path / "f", k, "e", size, start, start + length))
    assert found == data[start : start + length]


def readable(path: Path, k: DataKey, size: int) -> bool:
    try:
        return bool(b"".join(read_sealed(path, k, "e", size)))
    except SealError:
        return False


def test_every_change_is_noticed(tmp_path: Path) -> None:
    k = key()
    data = os.urandom(2 * MIB + 100)
    path = tmp_path / "f"
    write(path, k, data, MIB)
    good = path.read_bytes()
    step = sealed_file.SEALED_PIECE
    head = len(sealed_file.MAGIC)
    swapped = (
        good[:head] + good[head + step : head + 2 * step] + good[head : head + step]
        + good[head + 2 * step :]
    )  # fmt: skip
    flipped = bytearray(good)
    flipped[head + step + 500] ^= 1
    cases = {
        "cut": good[: head + 2 * step], "swapped": swapped, "flipped": bytes(flipped),
        "longer": good + b"x", "magic": b"X" + good[1:],
    }  # fmt: skip
    for what, changed in cases.items():
        path.write_bytes(changed)
        assert not readable(path, k, len(data)), what
    path.write_bytes(good[: head + 2 * step])  # the last piece cut off, and the size changed to fit
    with pytest.raises(SealError):
        b"".join(read_sealed(path, k, "e", 2 * MIB))
    path.write_bytes(good)
    assert readable(path, k, len(data))
    with pytest.raises(SealError):
        b"".join(read_sealed(path, k, "other", len(data)))
