"""What every source under `sense` gives back for a chunk of its input, with the account of lines.

The account is the promise that nothing vanishes: lines = used + rejected by reason + ignored by
kind. `used` counts lines, not rows: two lines of one two-sentence message are two used lines and
one message, one line of a table may give a position and static data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from littoral.schema.ais import Observations

MAX_STATIONS = 32_000  # a station is an int16; a feed that invents names must not overflow it


@dataclass(slots=True)
class Counts:
    """The account of one or more chunks. Reasons and kinds are short codes (`bad_checksum`)."""

    lines: int = 0
    messages: int = 0
    used: int = 0
    rejected: dict[str, int] = field(default_factory=dict)
    ignored: dict[str, int] = field(default_factory=dict)
    by_type: dict[int, int] = field(default_factory=dict)  # messages by AIS message type

    def reject(self, reason: str, lines: int = 1) -> None:
        if lines:
            self.rejected[reason] = self.rejected.get(reason, 0) + lines

    def ignore(self, kind: str, lines: int = 1) -> None:
        if lines:
            self.ignored[kind] = self.ignored.get(kind, 0) + lines

    def add(self, other: Counts) -> None:
        """Put the account of another chunk on top of this one."""
        self.lines += other.lines
        self.messages += other.messages
        self.used += other.used
        _add(self.rejected, other.rejected)
        _add(self.ignored, other.ignored)
        for kind, n in other.by_type.items():
            self.by_type[kind] = self.by_type.get(kind, 0) + n

    def as_json(self) -> dict[str, Any]:
        """The account as `littoral run` prints it; scripts build on its keys."""
        return {
            "lines": self.lines,
            "messages": self.messages,
            "rejected": self.rejected,
            "ignored": self.ignored,
        }

    def check(self) -> None:
        """Raises ValueError when a line is neither used nor rejected nor ignored, or is twice."""
        rejected, ignored = sum(self.rejected.values()), sum(self.ignored.values())
        if self.lines != self.used + rejected + ignored:
            raise ValueError(
                f"lines {self.lines} != used {self.used} + rejected {rejected} + ignored {ignored}"
            )


def _add(into: dict[str, int], more: Mapping[str, int]) -> None:
    for key, n in more.items():
        into[key] = into.get(key, 0) + n


@dataclass(slots=True)
class Rejects:
    """Lines that could not be used, for the quarantine. All of one length.

    `line` counts from 1 in the source, `raw` is the line without its end (sources cut it to a
    length of their own), `field` names the column that was wrong, "" where the whole line is.
    """

    line: np.ndarray  # int64 (n,)
    reason: list[str]
    raw: list[bytes]
    field: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.field:
            self.field = [""] * len(self.reason)

    def __len__(self) -> int:
        return len(self.reason)

    @classmethod
    def empty(cls) -> Rejects:
        return cls(np.zeros(0, np.int64), [], [])

    @classmethod
    def concat(cls, parts: Iterable[Rejects]) -> Rejects:
        kept = [p for p in parts if len(p)]
        if not kept:
            return cls.empty()
        return cls(
            np.concatenate([p.line for p in kept]),
            [r for p in kept for r in p.reason],
            [r for p in kept for r in p.raw],
            [f for p in kept for f in p.field],
        )


@dataclass(slots=True)
class Decoded:
    """One chunk of a source: what was in it, what could not be used, the account of its lines."""

    observations: Observations
    rejects: Rejects
    counts: Counts

    @classmethod
    def empty(cls) -> Decoded:
        return cls(Observations.empty(), Rejects.empty(), Counts())


class StationList:
    """The run's receivers: a name's place in the list is its `station` in every table.

    Only ever grows, so that a station once written stays true. Shared by all sources of a run.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.names: list[str] = []
        self._places: dict[str, int] = {}
        for name in names:
            self.index(name)

    def index(self, name: str) -> int:
        """Place of `name`, added when new; past `MAX_STATIONS` names -1 (none)."""
        place = self._places.get(name)
        if place is None:
            if len(self.names) >= MAX_STATIONS:
                return -1
            place = self._places[name] = len(self.names)
            self.names.append(name)
        return place

    def __len__(self) -> int:
        return len(self.names)
