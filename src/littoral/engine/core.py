"""One settled slice through every step: areas, health of sensing, tracks, detectors.

The same function serves history, live and the look-ahead; it reads no clock and no store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from littoral.area.world import World
from littoral.detect import find_detectors, profile_of
from littoral.detect.contract import Detector, Profile
from littoral.fuse import FuseState
from littoral.fuse import start as fuse_start
from littoral.fuse import step as fuse_step
from littoral.schema.ais import FLAG_INLAND, Observations, Positions, Statics, Texts
from littoral.schema.batch import Batch, Outage
from littoral.schema.finding import Finding
from littoral.sense.decoded import StationList
from littoral.sense.health import HealthState, Heard
from littoral.sense.health import start as health_start
from littoral.sense.health import step as health_step


@dataclass(frozen=True, slots=True)
class Rule:
    """A detector with the profile that it runs under."""

    detector: Detector
    profile: Profile


def choose_rules(profile: str, names: Iterable[str] | None = None) -> tuple[Rule, ...]:
    """Detectors by name (all when None) under `profile`; raises KeyError naming the unknown one."""
    found = find_detectors()
    wanted = list(found) if names is None else list(names)
    for name in wanted:
        if name not in found:
            raise KeyError(f"no detector {name!r}; there are: {', '.join(found)}")
    return tuple(Rule(found[n], profile_of(found[n], profile)) for n in wanted)


@dataclass(slots=True)
class CoreState:
    """State of every step; clones and packs as a whole (`schema.state`)."""

    fuse: FuseState
    health: HealthState
    detectors: dict[str, Any] = field(default_factory=dict)
    until_us: int = 0
    outages: list[Outage] = field(default_factory=list)


@dataclass(slots=True)
class Settled:
    """What one slice gave: rows with track, ring and flags, and the findings."""

    positions: Positions
    statics: Statics
    texts: Texts
    findings: list[Finding]


def start(rules: tuple[Rule, ...], world: World) -> CoreState:
    states = {r.detector.name: r.detector.start(r.profile.settings, world) for r in rules}
    return CoreState(fuse_start(), health_start(), states)


def step(
    state: CoreState,
    rows: Observations,
    from_us: int,
    until_us: int,
    rules: tuple[Rule, ...],
    world: World,
    planned: tuple[Outage, ...] = (),
    final: bool = False,
) -> tuple[CoreState, Settled]:
    """Take one slice (`rows` in canonical order) through all steps; `state` may change in place."""
    mark_areas(rows.positions, world)
    heard: Heard
    state.health, heard = health_step(state.health, rows, from_us, until_us, planned, world.stations)
    state.fuse, fused = fuse_step(state.fuse, rows, from_us, until_us)
    batch = Batch(
        fused.positions, fused.statics, fused.texts, from_us, until_us, heard.outages, final
    )
    findings: list[Finding] = []
    for rule in rules:
        name = rule.detector.name
        state.detectors[name], found = rule.detector.step(
            state.detectors[name], batch, state.fuse.fleet, rule.profile.settings, world
        )
        findings += found
    state.until_us = until_us
    state.outages = list(heard.outages)
    return state, Settled(fused.positions, fused.statics, fused.texts, findings)


def with_stations(world: World, stations: StationList) -> World:
    """`world` with the receivers known by now; the same object when none is new."""
    if len(world.stations) == len(stations):
        return world
    return replace(world, stations=tuple(stations.names))


def end_of_data(rows: Observations) -> int:
    """The instant after the last thing in `rows`, where judgement stops when the input has ended."""
    return 1 + max(int(p.t_us[-1]) for p in (rows.positions, rows.statics, rows.texts) if len(p))


def mark_areas(p: Positions, world: World) -> None:
    """Set ring codes and the flag of positions that lie inland, in place."""
    if not len(p):
        return
    p.ring = world.rings.codes(p.lon_deg, p.lat_deg)
    inland = world.coast.deep_inland(p.lon_deg, p.lat_deg, world.coast.error_m)
    p.flags |= np.where(inland == 1, np.uint32(FLAG_INLAND), np.uint32(0))


def names_of(fleet, findings: Iterable[Finding]) -> Mapping[str, str]:
    """What people call each thing of the findings; a thing that is not in the fleet keeps its id."""
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
