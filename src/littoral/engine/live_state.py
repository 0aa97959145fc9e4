"""All that a live engine must remember: packed into a checkpoint; the journal tells the rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from littoral.area.world import World
from littoral.engine import core
from littoral.engine.order import Order
from littoral.fuse import FuseSettings
from littoral.fuse.beacon import DEFAULT as BEACONS
from littoral.fuse.beacon import VERSION as BEACONS_VERSION
from littoral.fuse.beacon import BeaconSettings
from littoral.fuse.settings import DEFAULT as FUSE
from littoral.schema.state import pack_into, unpack
from littoral.sense.health import DEFAULT as HEALTH
from littoral.sense.health import HealthSettings
from littoral.store.files import write_new_by

CHECKPOINT = "checkpoint.arrow"
INDEX_EVERY = 256 << 10  # bytes of the journal


@dataclass(slots=True)
class SourceInfo:
    """One connection: whose it is and where its decoder stands."""

    feed: str
    kind: str
    connection: str
    numbered: int = 0  # bytes taken of a sender that numbers them
    decoder: dict[str, Any] | None = None  # state of the decoder, as it gives it
    closed: bool = False


@dataclass(slots=True)
class LineIndex:
    """Where in the journal the lines of a source are: of each source its first record and then
    about one record every `INDEX_EVERY` bytes, so that months of input stay small."""

    source: np.ndarray
    first_line: np.ndarray
    position: np.ndarray
    count: int = 0
    last: dict[int, int] = field(default_factory=dict)  # source → position of its last entry

    @classmethod
    def empty(cls) -> LineIndex:
        return cls(np.zeros(256, np.int64), np.zeros(256, np.int64), np.zeros(256, np.int64))

    def add(self, source: int, first_line: int, position: int) -> None:
        """A record whose first line is `first_line` lies at `position`."""
        last = self.last.get(source)
        if last is not None and position - last < INDEX_EVERY:
            return
        self.last[source] = position
        if self.count == len(self.source):
            for name in ("source", "first_line", "position"):
                old = getattr(self, name)
                setattr(self, name, np.concatenate([old, np.zeros_like(old)]))
        self.source[self.count] = source
        self.first_line[self.count] = first_line
        self.position[self.count] = position
        self.count += 1

    def find(self, source: int, line: int) -> tuple[int, int] | None:
        """(journal position, its first line) of a record of the source, at or before the one that
        holds the line; its records from there on lead to it."""
        n = self.count
        mine = np.flatnonzero((self.source[:n] == source) & (self.first_line[:n] <= line))
        if not len(mine):
            return None
        last = int(mine[-1])
        return int(self.position[last]), int(self.first_line[last])

    def places(self, source: int) -> list[int]:
        """Journal positions of the entries of a source, ascending."""
        return self.position[: self.count][self.source[: self.count] == source].tolist()


@dataclass(slots=True)
class LiveState:
    """Everything before `position` in the journal has been taken in."""

    core: core.CoreState
    order: Order
    position: int = 0
    sources: dict[int, SourceInfo] = field(default_factory=dict)
    stations: list[str] = field(default_factory=list)
    index: LineIndex = field(default_factory=LineIndex.empty)
    rejected: dict[str, int] = field(default_factory=dict)  # lines by feed
    reasons: dict[str, int] = field(default_factory=dict)
    ignored: dict[str, int] = field(default_factory=dict)
    hidden: list[dict[str, Any]] = field(default_factory=list)  # of the ledger
    lines: int = 0
    messages: int = 0
    positions: int = 0
    first_event_us: int = 0
    rules: str = ""  # fingerprint of rules and settings: another one starts afresh from the journal


def fingerprint(
    rules: tuple[core.Rule, ...],
    fuse: FuseSettings = FUSE,
    health: HealthSettings = HEALTH,
    beacons: BeaconSettings = BEACONS,
) -> str:
    """Names, versions and settings of the rules and of what comes before them, for telling whether
    a checkpoint still fits."""
    said = [(r.detector.name, r.detector.version, repr(r.profile.settings)) for r in rules]
    before = [("fuse", repr(fuse)), ("beacons", BEACONS_VERSION, repr(beacons))]
    before.append(("health", repr(health)))
    return orjson.dumps([*before, *said]).decode()


def fresh(rules: tuple[core.Rule, ...], world: World) -> LiveState:
    return LiveState(core.start(rules, world), Order(), rules=fingerprint(rules))


def save(folder: Path, state: LiveState) -> None:
    """The checkpoint is replaced whole and durable before this returns."""
    write_new_by(folder / CHECKPOINT, partial(pack_into, state))


def load(folder: Path, rules: tuple[core.Rule, ...], world: World) -> LiveState | None:
    """The last checkpoint, or None when there is none or it is of other rules or another format."""
    path = folder / CHECKPOINT
    if not path.exists():
        return None
    try:
        state = unpack(path.read_bytes(), like=fresh(rules, world))
    except (ValueError, KeyError, TypeError, AttributeError, ImportError):
        return None
    if not isinstance(state, LiveState) or state.rules != fingerprint(rules):
        return None
    return state
