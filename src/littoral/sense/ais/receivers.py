"""Receivers' names to their place in the run's list, without a Python object a line.

The compiled code looks a name up in a small table of what this source has named so far; a name
that is not there is handed to the caller, who asks the run's list and adds it.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from littoral.sense.ais.meta import NONE
from littoral.sense.ais.wide import I64, Pointer, U, load64

MAX_NAME = 32  # bytes that count; IEC 61162-450 allows 15
WORDS = MAX_NAME // 8
UNKNOWN = NONE - 1  # also: the slot is free


@njit(cache=True, nogil=True)
def slot_of(w0: int, w1: int, w2: int, w3: int) -> int:
    """Where the search for a name of four uint64 words begins, before it is cut to the table."""
    mixed = w0 ^ (w1 * U(0x9E3779B97F4A7C15)) ^ (w2 << U(1)) ^ w3
    return I64((mixed * U(0xD6E8FEB86659FD93)) >> U(40))


@njit(cache=True, nogil=True)
def _word(text: Pointer, start: int, length: int) -> int:
    """First `length` (any number; at most 8 count) bytes as a zero-padded uint64."""
    if length <= 0:
        return U(0)
    word = load64(text, start)
    if length < 8:
        word &= (U(1) << U(8 * length)) - U(1)
    return word


@njit(cache=True, nogil=True)
def station_of(
    text: Pointer, start: int, length: int, names: Pointer, places: Pointer, slots: int
) -> int:
    """Index of the receiver named by `length` bytes at `start`; UNKNOWN when it is not there.

    `names`, four uint64 a slot: the name, zero padded; `places`, int32: the index or UNKNOWN. Open
    addressing; `slots` is a power of two, and some are always free.
    """
    w0, w1, w2, w3 = _word(text, start, length), U(0), U(0), U(0)
    if length > 8:
        w1 = _word(text, start + 8, length - 8)
        if length > 16:
            w2 = _word(text, start + 16, length - 16)
            w3 = _word(text, start + 24, length - 24)
    slot = slot_of(w0, w1, w2, w3) & (slots - 1)
    while places[slot] != UNKNOWN:
        at = WORDS * slot
        differs = (names[at] ^ w0) | (names[at + 1] ^ w1)
        differs |= (names[at + 2] ^ w2) | (names[at + 3] ^ w3)
        if differs == U(0):
            return I64(places[slot])
        slot = (slot + 1) & (slots - 1)
    return UNKNOWN


class Receivers:
    """The table that `station_of` reads, at most half full."""

    def __init__(self) -> None:
        self.known: dict[bytes, int] = {}
        self._resize(64)

    def add(self, name: bytes, station: int) -> None:
        name = name[:MAX_NAME]
        self.known[name] = station
        if 2 * len(self.known) > len(self.places):
            self._resize(4 * len(self.places))
        else:
            self._place(name, station)

    def _resize(self, slots: int) -> None:
        self.names = np.zeros((slots, WORDS), np.uint64)
        self.places = np.full(slots, UNKNOWN, np.int32)
        for name, station in self.known.items():
            self._place(name, station)

    def _place(self, name: bytes, station: int) -> None:
        words = np.frombuffer(name.ljust(MAX_NAME, b"\0"), np.uint64)
        slot = int(slot_of(*words)) & (len(self.places) - 1)
        while self.places[slot] != UNKNOWN:
            slot = (slot + 1) & (len(self.places) - 1)
        self.names[slot] = words
        self.places[slot] = station
