"""Finds vessels by what people type: whole before beginning before part, names without blanks."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from littoral.api.gear import is_beacon
from littoral.api.pinyin import spellings
from littoral.engine.fleet_view import FleetView

Field = Literal["name", "mmsi", "call_sign", "imo"]
Rank = Literal["exact", "prefix", "substring"]
RANKS: tuple[Rank, ...] = ("exact", "prefix", "substring")
FIELDS: tuple[Field, ...] = ("name", "mmsi", "call_sign", "imo")
COLUMNS = ("name", "name_no_zeros", "mmsi", "call_sign", "imo")
NO_MATCH = len(RANKS)
NEW_LINE = ord("\n")

_LABEL = re.compile(r"^\s*(MMSI|IMO)\W*(?=\d)", re.IGNORECASE)
_LEADING_ZEROS = re.compile(rb"(?<![0-9])0+(?=[0-9])")
_OTHER = re.compile(rb"[^0-9A-Z]+")


class Hit(NamedTuple):
    row: int
    field: Field
    rank: Rank


@dataclass(frozen=True, slots=True)
class _Column:
    """All values of one column in one string, a line each, so that a search is one scan."""

    values: list[bytes]
    text: bytes  # "\n" value "\n" value ... "\n"
    starts: np.ndarray  # offset of each value in `text`

    @classmethod
    def of(cls, values: list[bytes]) -> _Column:
        lengths = np.fromiter(map(len, values), np.int64, len(values)) + 1
        starts = np.concatenate((np.ones(1, np.int64), 1 + np.cumsum(lengths)))[:-1]
        return cls(values, b"\n" + b"\n".join(values) + b"\n", starts)

    def find(self, word: bytes) -> tuple[np.ndarray, np.ndarray]:
        """Rows that hold `word`, each once, and how well: 0 the same, 1 begins with it, 2 holds."""
        if not word or self.text.find(word) < 0:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        text = np.frombuffer(self.text, np.uint8)
        at = np.flatnonzero(text[: len(text) - len(word)] == word[0])
        for place, letter in enumerate(word[1:], 1):
            at = at[text[at + place] == letter]
        rank = np.where(
            text[at - 1] != NEW_LINE, 2, np.where(text[at + len(word)] != NEW_LINE, 1, 0)
        )
        rows, first = np.unique(np.searchsorted(self.starts, at, "right") - 1, return_index=True)
        return rows, rank[first]  # the first place in a row is the best


class SearchIndex:
    """Squeezed names of the last picture asked about, made anew for rows that were renamed.

    Over 20,000 vessels: some 90 ms the first time, then 1 to 20 ms.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counter = 0
        self._generation = -1
        self._columns: dict[str, _Column] = {}

    def search(
        self, view: FleetView, query: str, limit: int, shown: np.ndarray | None = None
    ) -> list[Hit]:
        """At most `limit` hits among the rows that are `shown`: best rank, then newest report; net
        beacons, which a number may find by the hundred, after all vessels."""
        columns = self._read(view)
        best = np.full(view.count, NO_MATCH, np.int64)
        field = np.zeros(view.count, np.int64)
        for number, column, word in _words(query):
            rows, rank = columns[column].find(word)
            better = (rows < view.count) & (rank < best[np.minimum(rows, view.count - 1)])
            best[rows[better]], field[rows[better]] = rank[better], number
        fits = best < NO_MATCH
        if shown is not None:
            fits &= shown
        rows = np.flatnonzero(fits)
        aside = is_beacon(view.fleet)[rows]
        order = np.lexsort((view.fleet.mmsi[rows], -view.fleet.last_us[rows], best[rows], aside))
        return [Hit(r, FIELDS[field[r]], RANKS[best[r]]) for r in rows[order][:limit].tolist()]

    def _read(self, view: FleetView) -> dict[str, _Column]:
        with self._lock:
            if self._generation != view.generation or self._counter > view.counter:
                self._columns = {name: _Column.of([]) for name in COLUMNS}
                self._counter, self._generation = 0, view.generation
            stale = np.flatnonzero(view.renamed > self._counter).tolist()
            if stale:
                self._columns = {
                    name: _replaced(self._columns[name], stale, values)
                    for name, values in _squeezed(view, np.array(stale)).items()
                }
            self._counter = view.counter
            return self._columns


def _replaced(column: _Column, rows: list[int], values: list[bytes]) -> _Column:
    """A new column (readers keep theirs) with `values` at `rows`, grown where needed."""
    new = list(column.values)
    new += [b""] * (max(rows) + 1 - len(new))
    for row, value in zip(rows, values, strict=True):
        new[row] = value
    return _Column.of(new)


def _squeezed(view: FleetView, rows: np.ndarray) -> dict[str, list[bytes]]:
    fleet = view.fleet
    names = [_OTHER.sub(b"", name.upper()) for name in fleet.name[rows].tolist()]
    return {
        "name": names,
        "name_no_zeros": [_LEADING_ZEROS.sub(b"", name) for name in names],
        "mmsi": [b"%09d" % mmsi for mmsi in fleet.mmsi[rows].tolist()],
        "call_sign": [_OTHER.sub(b"", c.upper()) for c in fleet.call_sign[rows].tolist()],
        "imo": [b"" if imo < 0 else b"%d" % imo for imo in fleet.imo[rows].tolist()],
    }


def _words(query: str) -> list[tuple[int, str, bytes]]:
    """What to look for: (number of the field, column, word), the likeliest first."""
    label = _LABEL.match(query)
    if label is not None:
        column = label.group(1).lower()
        digits = query[label.end() :].encode("ascii", "ignore")
        return [(FIELDS.index(column), column, _OTHER.sub(b"", digits))]
    words: list[tuple[int, str, bytes]] = []
    for spelling in spellings(query):
        word = spelling.encode()
        words.append((0, "name", word))
        words.append((0, "name_no_zeros", _LEADING_ZEROS.sub(b"", word)))
        if word.isdigit():
            words += [(1, "mmsi", word), (3, "imo", word)]
        words.append((2, "call_sign", word))
    return words
