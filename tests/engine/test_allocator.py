"""Freed memory goes back to the system although later blocks are still in use."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from littoral.engine.allocator import give_back

BLOCK = 60_000  # bytes: below glibc's least threshold for blocks of their own, 128 KiB
BLOCKS = 2_000


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_what_lies_between_blocks_in_use_is_given_back() -> None:
    blocks = [np.ones(BLOCK, np.uint8) for _ in range(BLOCKS)]
    kept = blocks[::20] + blocks[-1:]
    blocks.clear()
    before = resident_bytes()
    give_back()
    assert before - resident_bytes() > BLOCK * BLOCKS // 2
    assert all(block.all() for block in kept)
