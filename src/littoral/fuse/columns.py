"""Whole columns of reports in one pass (compiled): what they say, and the last of each track."""

from __future__ import annotations

import numpy as np
from numba import njit

_A, _B = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)
_C = np.uint64(0x94D049BB133111EB)


@njit(cache=True, nogil=True)
def digests(lon, lat, sog, cog, heading, rot, status, msg_type, fix):
    """Digests (n,) int64 of reports: bits of lon and lat as uint64, of the next four as uint32,
    small numbers as they are."""
    out = np.empty(len(lon), np.int64)
    for i in range(len(lon)):
        d = lon[i] * _A
        d = (d ^ (d >> np.uint64(29)) ^ lat[i]) * _B
        d = (d ^ (d >> np.uint64(32)) ^ np.uint64(sog[i])) * _C
        d = (d ^ (d >> np.uint64(32)) ^ np.uint64(cog[i])) * _C
        d = (d ^ (d >> np.uint64(32)) ^ np.uint64(heading[i])) * _C
        d = (d ^ (d >> np.uint64(32)) ^ np.uint64(rot[i])) * _C
        small = np.uint64(np.int64(status[i])) << np.uint64(16)
        small |= np.uint64(np.int64(msg_type[i])) << np.uint64(8)
        small |= np.uint64(fix[i])
        d = (d ^ (d >> np.uint64(31)) ^ small) * _A
        out[i] = np.int64(d)
    return out


@njit(cache=True, nogil=True)
def last_rows(track, positions):
    """Tracks that have reports among these, in order of time, ascending, and the last row of each;
    `positions` counts the reports of each."""
    last = np.full(track.max() + 1, -1, np.int64)
    for i in range(len(track)):
        positions[track[i]] += 1
        last[track[i]] = i
    touched, rows, n = np.empty(len(last), np.int64), np.empty(len(last), np.int64), 0
    for k in range(len(last)):
        if last[k] >= 0:
            touched[n], rows[n] = k, last[k]
            n += 1
    return touched[:n], rows[:n]


@njit(cache=True, nogil=True)
def put(told, rows, shown, touched):
    """Those rows of a column into the rows `touched` of another."""
    for q in range(len(rows)):
        shown[touched[q]] = told[rows[q]]
