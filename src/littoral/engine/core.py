"""Reports to their areas as they come, and a settled slice through every other step: health of
sensing, tracks, detectors.

The same function serves history, live and the look-ahead; it reads no clock and no store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
from numba import njit

from littoral.area.world import World
from littoral.detect import find_detectors, profile_of
from littoral.detect.contract import Detector, Profile
from littoral.engine import slices
from littoral.engine.two_hands import one_hand
from littoral.fuse import FuseState
from littoral.fuse import start as fuse_start
from littoral.fuse import step as fuse_step
from littoral.fuse.beacon import with_beacons
from littoral.schema.ais import (
    FLAG_INLAND,
    FLAG_NET_BEACON,
    Observations,
    Positions,
    Statics,
    Texts,
)
from littoral.schema.batch import SLICE_US, Batch, Outage
from littoral.schema.finding import Finding
from littoral.schema.fleet import Fleet
from littoral.sense.decoded import StationList
from littoral.sense.health import HealthState
from littoral.sense.health import start as health_start
from littoral.sense.health import step as health_step

# What a detector remembers and finds after a slice; and who does such pieces of work: what each
# gave comes back in the order of the pieces.
Judged = tuple[Any, list[Finding]]
Hands = Callable[[Sequence[tuple[str, Callable[[], Judged]]]], list[Judged]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A detector with the profile that it runs under, and which version of its settings here."""

    detector: Detector
    profile: Profile
    settings_version: int = 1


@dataclass(frozen=True, slots=True)
class RuleChange:
    """All rules as they are for slices that begin at `from_us` or later."""

    from_us: int
    rules: tuple[Rule, ...]


def choose_rules(profile: str, names: Iterable[str] | None = None) -> tuple[Rule, ...]:
    """Detectors by name (all when None) under `profile`; a rule that lacks it runs as coastal.
    Raises KeyError naming a detector or a profile that nobody knows."""
    found = find_detectors()
    wanted = list(found) if names is None else list(names)
    for name in wanted:
        if name not in found:
            raise KeyError(f"no detector {name!r}; there are: {', '.join(found)}")
    profiles = sorted({p for d in found.values() for p in d.profiles})
    if profile not in profiles:
        raise KeyError(f"no profile {profile!r}; there are: {', '.join(profiles)}")
    return tuple(Rule(found[n], profile_of(found[n], profile)) for n in wanted)


@dataclass(slots=True)
class CoreState:
    """State of every step; clones and packs as a whole (`schema.state`)."""

    fuse: FuseState
    health: HealthState
    detectors: dict[str, Any] = field(default_factory=dict)
    until_us: int = 0  # end of the last slice; 0 before the first
    quiet: int = 0  # slices without any row since the last that had one


@dataclass(slots=True)
class Settled:
    """What one slice gave: rows with track, ring and flags, and the findings with the rules that
    gave them. `beacons` are those positions of tracks that no detector saw: net beacons. `unused`
    are positions that are no part of a track: base stations, repeats, reports without coordinates.
    """

    positions: Positions
    unused: Positions
    statics: Statics
    texts: Texts
    findings: list[Finding]
    until_us: int
    rules: tuple[Rule, ...]
    beacons: Positions

    def observations(self) -> list[Observations]:
        """All rows of the slice, for the lake."""
        rows = [Observations(self.positions, self.statics, self.texts)]
        rows += [
            Observations(more, Statics.empty(), Texts.empty())
            for more in (self.beacons, self.unused)
            if len(more)
        ]
        return rows


@dataclass(frozen=True, slots=True)
class Tracked:
    """One slice after the tracks and before the detectors. `statics` are all of its static
    messages, the batch has those of vessels that say something new. `fleet` is without `beacons`,
    as the batch is."""

    batch: Batch
    fleet: Fleet
    unused: Positions
    statics: Statics
    reference: Reference
    beacons: Positions


@dataclass(frozen=True, slots=True)
class Reference:
    """What steps are given beside the rows; it may be another one for each slice. `changes` of the
    rules, by event time: a slice is judged by what held at its begin, whenever it is read."""

    rules: tuple[Rule, ...]
    world: World
    planned: tuple[Outage, ...] = ()
    changes: tuple[RuleChange, ...] = ()

    def rules_at(self, t_us: int) -> tuple[Rule, ...]:
        """Those for a slice that begins at `t_us`."""
        begun = [change.rules for change in self.changes if change.from_us <= t_us]
        return begun[-1] if begun else self.rules


def start(rules: tuple[Rule, ...], world: World) -> CoreState:
    states = {r.detector.name: r.detector.start(r.profile.settings, world) for r in rules}
    return CoreState(fuse_start(), health_start(), states)


# Silence is walked through too, since timers fire in it: slice by slice for four minutes, then at
# every tenth minute for six hours, at every hour for a week, at every day for two months. Beyond,
# no rule waits for anything, and a wrong clock may make decades of it. The places depend on the
# data alone.
MINUTE_US = 60_000_000
DAY_US = 1_440 * MINUTE_US
QUIET_PACES = ((8, SLICE_US), (44, 10 * MINUTE_US), (212, 60 * MINUTE_US), (272, DAY_US))
LAST_PACE_US = 30 * DAY_US


def next_quiet_us(until_us: int, quiet: int) -> int:
    """Where the next empty slice ends, `quiet` empty ones having passed."""
    pace = next((pace for steps, pace in QUIET_PACES if quiet < steps), LAST_PACE_US)
    return (until_us // pace + 1) * pace


def advance(
    state: CoreState, rows: Observations | None, to_us: int, reference: Reference
) -> Iterator[Settled]:
    """Everything settled up to `to_us`, slice by slice, silence included; `rows` in canonical
    order, none of them before the last slice's end or at or after `to_us`."""
    for tracked in follow(state, rows, to_us, reference):
        yield judge(state, tracked)


def follow(
    state: CoreState, rows: Observations | None, to_us: int, reference: Reference
) -> Iterator[Tracked]:
    """`advance` without the detectors: `judge` takes what this gives, slice by slice."""
    for start_us, piece in slices.cut(rows) if rows is not None else ():
        yield from _through_silence(state, start_us, reference)
        state.quiet = 0
        yield track(state, piece, start_us, start_us + SLICE_US, reference)
    yield from _through_silence(state, to_us, reference)


def look_ahead(
    state: CoreState, rows: Observations, to_us: int, reference: Reference
) -> Iterator[Settled]:
    """The same with rows that are not settled yet, the last slice ending at `to_us`; `state` is a
    copy that is thrown away, or goes on in that slice."""
    pieces = list(slices.cut(rows))
    for start_us, piece in pieces:
        for tracked in _through_silence(state, start_us, reference):
            yield judge(state, tracked)
        from_us, end_us = max(start_us, state.until_us), min(start_us + SLICE_US, to_us)
        yield judge(state, track(state, piece, from_us, end_us, reference))
    if state.until_us and to_us > state.until_us:
        yield judge(state, track(state, Observations.empty(), state.until_us, to_us, reference))


def _through_silence(state: CoreState, to_us: int, reference: Reference) -> Iterator[Tracked]:
    while state.until_us and (end_us := next_quiet_us(state.until_us, state.quiet)) <= to_us:
        state.quiet += 1
        yield track(state, Observations.empty(), state.until_us, end_us, reference)


def track(
    state: CoreState,
    rows: Observations,
    from_us: int,
    until_us: int,
    reference: Reference,
) -> Tracked:
    """Take one slice (`rows` in canonical order, their areas marked) through health and tracks;
    `state` changes in place, but for that of the detectors."""
    world = reference.world
    state.health, outages, _ = health_step(
        state.health, rows, from_us, until_us, reference.planned, world.stations
    )
    state.fuse, positions, statics, texts, beacons = fuse_step(state.fuse, rows, from_us, until_us)
    batch = Batch(positions, statics, texts, from_us, until_us, outages)
    beacons.flags |= np.uint32(FLAG_NET_BEACON)
    state.until_us = until_us
    left = rows.positions
    for part in (positions, beacons):
        left = left.take(not_in(left.obs_id, part.obs_id))
    return Tracked(batch, state.fuse.fleet, left, rows.statics, reference, beacons)


def judge(state: CoreState, tracked: Tracked, hands: Hands = one_hand) -> Settled:
    """The slice with what all detectors find in it, in the order of the rules. Of `state` only what
    the detectors remember is read or changed. `hands` do the detectors' steps: each reads what all
    share and changes what it alone remembers, so they may be done in any order and at once."""
    batch = tracked.batch
    rules = tracked.reference.rules_at(batch.from_us)
    steps = [
        (rule.detector.name, partial(_step, rule, state.detectors[rule.detector.name], tracked))
        for rule in rules
    ]
    findings: list[Finding] = []
    for (name, _), (remembered, found) in zip(steps, hands(steps), strict=True):
        state.detectors[name] = remembered
        findings += found
    return Settled(
        batch.positions, tracked.unused, tracked.statics, batch.texts, findings, batch.until_us,
        rules, tracked.beacons,
    )  # fmt: skip


def _step(rule: Rule, remembered: Any, tracked: Tracked) -> Judged:
    return rule.detector.step(
        remembered, tracked.batch, tracked.fleet, rule.profile.settings, tracked.reference.world
    )


def picture(state: CoreState) -> Fleet:
    """The fleet with its net beacons, as readers see it and the lake keeps it."""
    return with_beacons(state.fuse.fleet, state.fuse.beacons)


@njit(cache=True, nogil=True)
def not_in(whole: np.ndarray, part: np.ndarray) -> np.ndarray:
    """Indices of `whole` that `part`, a subsequence of it, leaves out."""
    out = np.empty(len(whole) - len(part), np.int64)
    n = 0
    j = 0
    for i in range(len(whole)):
        if j < len(part) and part[j] == whole[i]:
            j += 1
        else:
            out[n] = i
            n += 1
    return out


def with_stations(world: World, stations: StationList) -> World:
    """`world` with the receivers known by now; the same object when none is new."""
    if len(world.stations) == len(stations):
        return world
    return replace(world, stations=tuple(stations.names))


def mark_areas(p: Positions, world: World) -> None:
    """Set ring codes and the flag of positions that lie inland, in place: the first step, for every
    report as it comes."""
    if not len(p):
        return
    p.ring = world.rings.codes(p.lon_deg, p.lat_deg)
    inland = world.coast.deep_inland(p.lon_deg, p.lat_deg, world.coast.error_m) == 1
    if inland.any():
        p.flags[inland] |= np.uint32(FLAG_INLAND)


def names_of(fleet, findings: Iterable[Finding]) -> Mapping[str, str]:
    """What people call each thing of the findings; one that is not in the fleet keeps its id."""
    wanted = {t for f in findings for t in f.things}
    names = {t: t.split(":", 1)[1] for t in wanted}
    by_mmsi: dict[int, list[str]] = {}
    for thing in wanted:
        if thing.startswith("vessel:"):
            by_mmsi.setdefault(int(thing[7:].split("-", 1)[0]), []).append(thing)
    if by_mmsi:
        mmsi = fleet.mmsi[: fleet.count]
        for track in np.flatnonzero(np.isin(mmsi, list(by_mmsi))):
            thing = fleet.thing(int(track))
            if thing in names:
                names[thing] = fleet.label(int(track))
    return names
