"""Who was in an area, and who of them was in another soon after.

The unit is a vessel's track: two ships that share an MMSI are two. Nothing here scores or ranks
anybody; an answer lists reports that were received and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np

from littoral.analyse.area import Area

Rows = Mapping[str, np.ndarray]  # t_us, mmsi, track, lon_deg, lat_deg; each (n,)

# Inside, unheard for an hour, inside again: two visits. Class A at anchor reports every three
# minutes, a receiver's blind hour is common.
APART_US = 3600 * 1_000_000


@dataclass(frozen=True, slots=True)
class Visits:
    """One row a visit, by the time of its first report; each column (n,)."""

    mmsi: np.ndarray
    track: np.ndarray
    first_us: np.ndarray
    last_us: np.ndarray
    positions: np.ndarray


@dataclass(frozen=True, slots=True)
class Passages:
    """One row a visit of the second area; each column (n,)."""

    mmsi: np.ndarray
    track: np.ndarray
    left_us: np.ndarray  # last report in the first area before
    reached_us: np.ndarray  # first report in the second
    last_us: np.ndarray  # last one there within the time


def within(area: Area, rows: Rows, sure: bool) -> dict[str, np.ndarray]:
    """The rows that lie in the area (`sure`: all do); what a scan of the lake keeps."""
    names = ("t_us", "mmsi", "track")
    if sure:
        return {name: rows[name] for name in names}
    inside = area.holds(rows["lon_deg"], rows["lat_deg"])
    return {name: rows[name][inside] for name in names}


def runs(rows: Rows, apart_us: int = APART_US) -> dict[str, np.ndarray]:
    """Rows in whatever order, as stretches of one vessel in which time does not go back or leap:
    (n,) mmsi, track, first_us, last_us, positions. The lake keeps a vessel's rows together, so
    that few stretches stand for very many rows."""
    mmsi, track, t = rows["mmsi"], rows["track"], rows["t_us"]
    new = np.ones(len(t), bool)
    step = np.diff(t)
    new[1:] = (np.diff(mmsi) != 0) | (np.diff(track) != 0) | (step < 0) | (step > apart_us)
    starts = np.flatnonzero(new)
    ends = np.append(starts[1:], len(t))[: len(starts)]
    return {
        "mmsi": mmsi[starts],
        "track": track[starts],
        "first_us": t[starts],
        "last_us": t[ends - 1],
        "positions": ends - starts,
    }


def visits(found: Rows, apart_us: int = APART_US) -> Visits:
    """Of the `runs` of reports that all lie in one area: stretches that overlap or are at most
    `apart_us` apart are one visit."""
    key = _keys(found["mmsi"], found["track"])
    order = np.lexsort((found["first_us"], key))
    key, first, last = key[order], found["first_us"][order], found["last_us"][order]
    if not len(key):
        return Visits(found["mmsi"], found["track"], first, last, found["positions"])
    # The latest end so far of the same vessel: vessels are put one after another in time.
    vessel = np.cumsum(np.append(0, np.diff(key) != 0))
    shift = vessel * (int(last.max()) - int(first.min()) + apart_us + 1)
    until = np.maximum.accumulate(last + shift)
    new = np.ones(len(key), bool)
    new[1:] = first[1:] + shift[1:] - until[:-1] > apart_us
    starts = np.flatnonzero(new)
    own = order[starts]
    made = Visits(
        found["mmsi"][own],
        found["track"][own],
        first[starts],
        np.maximum.reduceat(last, starts),
        np.add.reduceat(found["positions"][order], starts),
    )
    rank = np.lexsort((made.mmsi, made.first_us))
    return Visits(*(getattr(made, f.name)[rank] for f in fields(Visits)))


def passages(first: Rows, then: Rows, within_us: int, apart_us: int = APART_US) -> Passages:
    """Vessels with a report in the second area at most `within_us` after one in the first. `first`,
    `then`: reports that lie in each, in any order."""
    key_a, t_a, _ = _by_vessel(first)
    key_b, t_b, order_b = _by_vessel(then)
    _, code = np.unique(np.concatenate([key_a, key_b]), return_inverse=True)
    code_a, code_b = code[: len(key_a)], code[len(key_a) :]
    # By vessel and time in one number: the last report of the first area not after each of the
    # second.
    both = np.concatenate([t_a, t_b])
    least = int(both.min()) if len(both) else 0
    span = int(both.max()) - least + 1 if len(both) else 1
    at_a, at_b = code_a * span + (t_a - least), code_b * span + (t_b - least)
    before = np.searchsorted(at_a, at_b, side="right") - 1
    known = before >= 0
    known[known] = code_a[before[known]] == code_b[known]
    known[known] = t_b[known] - t_a[before[known]] <= within_us
    rows = order_b[known]
    reached = visits(
        runs({n: then[n][rows] for n in ("t_us", "mmsi", "track")}, apart_us), apart_us
    )
    left = _last_before(reached, key_a, t_a)
    return Passages(reached.mmsi, reached.track, left, reached.first_us, reached.last_us)


def _last_before(reached: Visits, key_a: np.ndarray, t_a: np.ndarray) -> np.ndarray:
    """Time of each vessel's last report in `a` not after it reached the other."""
    left = np.empty(len(reached.mmsi), np.int64)
    for i, key in enumerate(_keys(reached.mmsi, reached.track).tolist()):
        lo, hi = np.searchsorted(key_a, [key, key + 1])
        at = np.searchsorted(t_a[lo:hi], reached.first_us[i], side="right")
        left[i] = t_a[lo + at - 1]
    return left


def _keys(mmsi: np.ndarray, track: np.ndarray) -> np.ndarray:
    return (mmsi.astype(np.int64) << 32) + track.astype(np.int64) + 1


def _by_vessel(rows: Rows) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(vessel, time, row) in order of vessel and time."""
    key = _keys(rows["mmsi"], rows["track"])
    order = np.lexsort((rows["t_us"], key))
    return key[order], rows["t_us"][order], order
