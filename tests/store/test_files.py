"""Files that are there whole or not at all, and whose writing holds up nobody for long."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import pytest

from littoral.store.files import STEP_BYTES, write_new, write_new_by

LARGE = os.urandom(STEP_BYTES) * 5 + b"the end"


@pytest.mark.parametrize("piece", [1 << 12, STEP_BYTES - 1, STEP_BYTES, STEP_BYTES + 1, len(LARGE)])
def test_a_large_file_goes_to_the_disk_bit_by_bit_and_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    path, sizes = tmp_path / "large", [0]
    for name in ("fsync", "fdatasync"):
        real = getattr(os, name)

        def synced(fd: int, real=real) -> None:
            real(fd)
            if os.path.isfile(f"/proc/self/fd/{fd}"):
                sizes.append(os.fstat(fd).st_size)

        monkeypatch.setattr(os, name, synced)
    write_new_by(
        path,
        lambda file: [file.write(LARGE[k : k + piece]) for k in range(0, len(LARGE), piece)][:0],
    )
    assert path.read_bytes() == LARGE
    assert max(b - a for a, b in pairwise(sizes)) <= STEP_BYTES
    assert sizes[-1] == len(LARGE)


def test_a_small_file_takes_the_place_of_one_that_is_there(tmp_path: Path) -> None:
    path = tmp_path / "small"
    write_new(path, b"one")
    write_new(path, b"two")
    assert path.read_bytes() == b"two"
    assert os.listdir(tmp_path) == ["small"]
