"""The compiled decoder as plain Python whose every access is checked.

Compiled code reads and writes through bare pointers (`sense/ais/wide.py`): an index that is out of
range would be silent there. `install` puts checked stand-ins in their place before the decoder is
imported; with `NUMBA_DISABLE_JIT=1` the same source then runs in the interpreter, where such an
index raises OutOfBounds, and where a coverage-guided fuzzer sees each branch. Whole numbers are
Python's: they do not wrap at 64 bits unless the code says so by `U`.
"""

from __future__ import annotations

import os
import sys
import types
from typing import Any

import numpy as np

MASK = (1 << 64) - 1


class OutOfBounds(Exception):
    """The decoder touched what lies before or after an array."""


class U64(int):
    """A uint64: arithmetic wraps."""

    __array_ufunc__ = None  # NumPy's scalars leave the operation to us

    def __new__(cls, value: Any) -> U64:
        return int.__new__(cls, int(value) & MASK)


def _wrapping(name: str) -> Any:
    plain = getattr(int, name)

    def operate(one: int, *other: Any) -> U64:
        return U64(plain(int(one), *(int(o) for o in other)))

    return operate


for _name in ("add", "sub", "mul", "and", "or", "xor", "lshift", "rshift"):
    for _side in ("", "r"):
        setattr(U64, f"__{_side}{_name}__", _wrapping(f"__{_side}{_name}__"))
U64.__invert__ = _wrapping("__invert__")  # type: ignore[method-assign, assignment]


def i64(value: Any) -> int:
    """The value as int64."""
    wrapped = int(value) & MASK
    return wrapped - (1 << 64) if wrapped >> 63 else wrapped


class Checked:
    """What `pointer` makes of an array: its elements in one dimension, within its bounds alone."""

    def __init__(self, array: np.ndarray) -> None:
        self.flat = array.reshape(-1)
        self.size = self.flat.size
        # Frozen bytes are the input: searched by `find`, which is quicker than an array.
        self.whole_numbers = self.flat.dtype.kind in "iu"

    def _at(self, index: Any, width: int = 1) -> int:
        at = int(index)
        if at < 0 or at + width > self.size:
            raise OutOfBounds(f"{at} + {width} of {self.size} {self.flat.dtype}")
        return at

    def __getitem__(self, index: Any) -> Any:
        found = self.flat[self._at(index)]
        return int(found) if self.whole_numbers else found

    def __setitem__(self, index: Any, value: Any) -> None:
        at = self._at(index)
        self.flat[at] = np.array(value).astype(self.flat.dtype)

    def eight(self, index: Any) -> int:
        at = self._at(index, 8)
        return int.from_bytes(self.flat[at : at + 8].tobytes(), "little")

    def put_eight(self, index: Any, value: Any) -> None:
        at = self._at(index, 8)
        self.flat[at : at + 8] = np.frombuffer((int(value) & MASK).to_bytes(8, "little"), np.uint8)

    def block(self, index: Any, width: int) -> bytes:
        at = self._at(index, width)
        return self.flat[at : at + width].tobytes()


def _checked(where: Any) -> Checked:
    return where if isinstance(where, Checked) else Checked(where)


def install() -> None:
    """Before anything of `littoral.sense.ais` is imported, with NUMBA_DISABLE_JIT=1 set."""
    assert os.environ.get("NUMBA_DISABLE_JIT") == "1"
    assert "littoral.sense.ais.wide" not in sys.modules
    pad = 64

    def equal_mask(where: Any, index: Any, byte: Any) -> U64:
        wanted, mask = int(byte), 0
        for place, found in enumerate(_checked(where).block(index, pad)):
            mask |= (found == wanted) << place
        return U64(mask)

    def find_byte(where: Any, start: int, end: int, byte: int) -> int:
        at = start
        while at < end:
            found = _checked(where).block(at, pad).find(bytes((byte,)))
            if found >= 0:
                return min(end, at + found)
            at += pad
        return end

    wide = types.ModuleType("littoral.sense.ais.wide")
    wide.__dict__.update(
        Pointer=Any,
        U=U64,
        I64=i64,
        PAD=pad,
        pointer=Checked,
        load64=lambda where, index: U64(_checked(where).eight(index)),
        store64=lambda where, index, value: _checked(where).put_eight(index, value),
        equal_mask=equal_mask,
        trailing_zeros=lambda word: (int(word) & -int(word)).bit_length() - 1,
        swap64=lambda word: U64(int.from_bytes(int(word).to_bytes(8, "little"), "big")),
        find_byte=find_byte,
    )
    sys.modules["littoral.sense.ais.wide"] = wide
