"""Which track a message without a position belongs to, and what static data changes (compiled)."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from littoral.fuse.settings import SILENCE_S
from littoral.fuse.state import EMPTY, LAST_US, NEXT, SAID, SAID_COUNT

KIND = 11  # place of the kind of transmitter in `told` and `known`, behind what is merged


@njit(cache=True, nogil=True)
def find_slot(slots: np.ndarray, mmsi: int):
    """Slot of `mmsi`, or the empty one where it would go. The table is never full."""
    mask = len(slots) - 1
    h = (np.uint64(mmsi) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32)
    k = np.int64(h & np.uint64(mask))
    while slots[k, 0] != EMPTY and slots[k, 0] != mmsi:
        k = (k + 1) & mask
    return k


@njit(cache=True, nogil=True)
def rehash(slots: np.ndarray, size: int):
    """The table with `size` slots (a power of two)."""
    grown = np.full((size, 2), EMPTY, np.int32)
    for i in range(len(slots)):
        if slots[i, 0] != EMPTY:
            k = find_slot(grown, slots[i, 0])
            grown[k, 0] = slots[i, 0]
            grown[k, 1] = slots[i, 1]
    return grown


@njit(cache=True, nogil=True)
def most_recent(head: int, t_us: int, mark: np.ndarray, limits: np.ndarray) -> int:
    """The open track of the chain with the latest position, or -1 when all have fallen silent."""
    best = EMPTY
    s = head
    while s != EMPTY:
        if (t_us - mark[s, LAST_US]) * 1e-6 <= limits[SILENCE_S] and (
            best == EMPTY or mark[s, LAST_US] > mark[best, LAST_US]
        ):
            best = s
        s = mark[s, NEXT]
    return best


@njit(cache=True, nogil=True)
def same_bytes(a: np.ndarray, b: np.ndarray) -> bool:
    for i in range(len(a)):  # noqa: SIM110 - the compiler has no all() over a generator
        if a[i] != b[i]:
            return False
    return True


@njit(cache=True, nogil=True)
def speaks_as(s: int, j: int, told, known) -> int:
    """How much static message `j` speaks as track `s` did before: +1 an equal name or call sign or
    IMO number or kind of transmitter, -1 a different one."""
    score = 1 if told[KIND][j] == known[KIND][s] else -1
    for a, b in ((told[1], known[1]), (told[2], known[2])):
        if a[j, 0] != 0 and b[s, 0] != 0:
            score += 1 if same_bytes(a[j], b[s]) else -1
    if told[0][j] > 0 and known[0][s] > 0:
        score += 1 if told[0][j] == known[0][s] else -1
    return score


@njit(cache=True, nogil=True)
def track_of_static(head: int, t_us: int, j: int, told, known, mark, limits) -> int:
    """The open track that said the same before, else the one with the latest position."""
    best = most_recent(head, t_us, mark, limits)
    if best == EMPTY or (mark[head, NEXT] == EMPTY):
        return best
    best_score = speaks_as(best, j, told, known)
    s = head
    while s != EMPTY:
        if (t_us - mark[s, LAST_US]) * 1e-6 <= limits[SILENCE_S]:
            score = speaks_as(s, j, told, known)
            if score > best_score:
                best, best_score = s, score
        s = mark[s, NEXT]
    return best


@njit(cache=True, nogil=True)
def merge_static(s: int, j: int, told, known) -> bool:
    """Writes what message `j` says over what track `s` has said; null says nothing. True if
    that changed anything. `told` and `known`: (imo, name, call_sign, destination, eta, ship_type,
    to_bow_m, to_stern_m, to_port_m, to_starboard_m, draught_m; and, not merged, the kind of
    transmitter), texts as bytes (rows, width)."""
    changed = False
    if told[0][j] > 0 and told[0][j] != known[0][s]:
        known[0][s] = told[0][j]
        changed = True
    for a, b in (
        (told[1], known[1]),
        (told[2], known[2]),
        (told[3], known[3]),
        (told[4], known[4]),
    ):
        if a[j, 0] != 0 and not same_bytes(a[j], b[s]):
            b[s] = a[j]
            changed = True
    if told[5][j] >= 0 and told[5][j] != known[5][s]:
        known[5][s] = told[5][j]
        changed = True
    for a, b in (
        (told[6], known[6]),
        (told[7], known[7]),
        (told[8], known[8]),
        (told[9], known[9]),
        (told[10], known[10]),
    ):
        if not math.isnan(a[j]) and a[j] != b[s]:
            b[s] = a[j]
            changed = True
    return changed


@njit(cache=True, nogil=True)
def said_digest(j: int, told):
    """FNV-1a over all that message `j` says; never 0."""
    h = np.uint64(0xCBF29CE484222325)
    prime = np.uint64(0x100000001B3)
    for texts in (told[1], told[2], told[3], told[4]):
        for c in texts[j]:
            if c == 0:
                break
            h = (h ^ np.uint64(c)) * prime
        h = (h ^ np.uint64(256)) * prime
    h = (h ^ np.uint64(told[0][j] + 1)) * prime
    h = (h ^ np.uint64(told[5][j] + 1)) * prime
    for metres in (told[6], told[7], told[8], told[9], told[10]):
        decimetres = -1.0 if math.isnan(metres[j]) else metres[j] * 10.0
        h = (h ^ np.uint64(np.int64(decimetres) + 1)) * prime
    return np.int64(h >> np.uint64(1)) | 1


@njit(cache=True, nogil=True)
def take_static(s: int, j: int, msg_type: int, told, known, mark) -> bool:
    """`merge_static`, without looking when the same has been said and nothing else since."""
    part = 0
    if msg_type == 24:
        part = 1 if told[1][j, 0] != 0 else 2
    digest = said_digest(j, told)
    if mark[s, SAID + part] == digest:
        return False
    changed = merge_static(s, j, told, known)
    if changed:
        for k in range(SAID_COUNT):
            mark[s, SAID + k] = 0
    mark[s, SAID + part] = digest
    return changed
