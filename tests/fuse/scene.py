"""Made-up traffic for tests: ships on straight lines, through track keeping and one detector."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from littoral.fuse import FuseSettings, FuseState, start, step
from littoral.fuse.settings import DEFAULT
from littoral.schema.ais import Observations, Positions, Statics, Texts
from littoral.schema.batch import SLICE_US, Batch, Outage
from littoral.schema.finding import Finding

SECOND_US = 1_000_000
T0_US = 1_700_000_010 // 30 * 30 * SECOND_US
M_PER_DEG = 111_194.9  # one degree of latitude on the sphere of 6,371,008.8 m
KNOT = 1852.0 / 3600.0


@dataclass(frozen=True)
class Ship:
    """A ship that reports every `every_s` from `from_s` until before `to_s` after T0, on a straight
    line (flat: tests stay within tens of miles). `lon`, `lat` are where it is at T0."""

    mmsi: int = 412_000_001
    lon: float = 110.0
    lat: float = 18.0
    sog_kn: float = 10.0
    cog: float = 90.0
    from_s: float = 0.0
    to_s: float = 3600.0
    every_s: float = 10.0
    kind: int = 0
    msg_type: int = 1
    nav_status: int = 0
    station: int = 0
    ring: int = 2
    says_sog: bool = True
    flags: int = 0

    def at(self, t_s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        run_m = self.sog_kn * KNOT * t_s
        north = run_m * np.cos(np.radians(self.cog)) / M_PER_DEG
        east = run_m * np.sin(np.radians(self.cog)) / M_PER_DEG / np.cos(np.radians(self.lat))
        return self.lon + east, self.lat + north

    def reports(self) -> Positions:
        t_s = np.arange(self.from_s, self.to_s, self.every_s)
        p = Positions.empty(len(t_s))
        p.t_us[:] = T0_US + np.rint(t_s * SECOND_US).astype(np.int64)
        p.mmsi[:], p.kind[:], p.msg_type[:] = self.mmsi, self.kind, self.msg_type
        p.lon_deg[:], p.lat_deg[:] = self.at(t_s)
        if self.says_sog:
            p.sog_mps[:], p.cog_deg[:] = self.sog_kn * KNOT, self.cog
        p.nav_status[:], p.station[:], p.ring[:] = self.nav_status, self.station, self.ring
        p.flags[:] = self.flags
        return p

    def but(self, **changes: Any) -> Ship:
        return replace(self, **changes)


def static(t_s: float, mmsi: int = 412_000_001, **said: Any) -> Statics:
    """One static message; what is not given is null."""
    s = Statics.empty(1)
    s.t_us[:], s.mmsi[:] = T0_US + round(t_s * SECOND_US), mmsi
    s.msg_type[:], s.obs_id[:] = said.pop("msg_type", 5), said.pop("obs_id", 0)
    for name, value in said.items():
        getattr(s, name)[:] = value
    return s


def text(t_s: float, words: str, mmsi: int = 412_000_001, msg_type: int = 14) -> Texts:
    x = Texts.empty(1)
    x.t_us[:], x.mmsi[:], x.msg_type[:] = T0_US + round(t_s * SECOND_US), mmsi, msg_type
    x.text[:] = words.encode()
    return x


def gather(
    positions: Iterable[Positions] = (),
    statics: Iterable[Statics] = (),
    texts: Iterable[Texts] = (),
) -> Observations:
    """All of it in canonical order, numbered by line where it is not yet."""
    found = Observations(
        Positions.concat(list(positions)), Statics.concat(list(statics)), Texts.concat(list(texts))
    )
    for rows in (found.positions, found.statics, found.texts):
        unnumbered = rows.obs_id == 0
        rows.obs_id = np.where(unnumbered, np.arange(len(rows)) + 1 + (1 << 40), rows.obs_id)
    return in_order(found)


def in_order(o: Observations) -> Observations:
    def ordered(rows):
        return rows.take(np.lexsort((rows.obs_id, rows.mmsi, rows.t_us)))

    return Observations(ordered(o.positions), ordered(o.statics), ordered(o.texts))


def between(o: Observations, from_us: int, until_us: int) -> Observations:
    def part(rows):
        a, b = np.searchsorted(rows.t_us, [from_us, until_us])
        return rows.take(slice(a, b))

    return Observations(part(o.positions), part(o.statics), part(o.texts))


def track(
    o: Observations,
    cuts_s: Iterable[float] = (),
    settings: FuseSettings = DEFAULT,
    state: FuseState | None = None,
) -> tuple[FuseState, Positions, Statics, Texts]:
    """Everything through track keeping, in as many calls as `cuts_s` makes of it."""
    state = state or start(4)
    ends = [int(r.t_us[-1]) + 1 for r in (o.positions, o.statics, o.texts) if len(r)]
    inner = sorted(T0_US + round(c * SECOND_US) for c in cuts_s)
    edges = [-(2**62), *(c for c in inner if c < max(ends)), max(ends)]
    parts = []
    for a, b in pairwise(edges):
        state, *out = step(state, between(o, a, b), a, b, settings)
        parts.append(out)
    return (
        state,
        Positions.concat([p[0] for p in parts]),
        Statics.concat([p[1] for p in parts]),
        Texts.concat([p[2] for p in parts]),
    )


class Coast:
    """A shore that is `shore_m` away everywhere."""

    def __init__(self, shore_m: float = 20_000.0) -> None:
        self.shore_m = shore_m

    def shore_distance_m(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        return np.full(len(lon), self.shore_m)


@dataclass
class Place:
    lon_deg: float
    lat_deg: float
    radius_m: float


@dataclass
class FakeWorld:
    """As much of `area.World` as the detectors read."""

    coast: Any = None
    ports: tuple = ()
    anchorages: tuple = ()
    reception: Any = None
    stations: tuple[str, ...] = ("alpha", "bravo")

    def __post_init__(self) -> None:
        self.coast = self.coast or Coast()


@dataclass
class Told:
    """What a detector said: every version in order, and the last one of each alert."""

    versions: list[Finding]
    state: Any
    fuse: FuseState

    @property
    def alerts(self) -> list[Finding]:
        last: dict[str, Finding] = {f.alert_id(): f for f in self.versions}
        return list(last.values())

    def kinds(self) -> list[str]:
        return sorted(f.kind for f in self.alerts)


def watch(
    detector: Any,
    o: Observations,
    to_s: float,
    settings: Any = None,
    world: Any = None,
    outages: Callable[[int, int], tuple[Outage, ...]] = lambda a, b: (),
    before_fuse: Callable[[Observations, int, int], tuple[Outage, ...]] | None = None,
    quiet_s: float = 30.0,
) -> Told:
    """Slice by slice from T0 until `to_s`, as the engine does; where nothing comes in steps of up
    to `quiet_s`."""
    settings = settings or detector.profiles["coastal"].settings
    world = world or FakeWorld()
    fuse, state = start(16), detector.start(settings, world)
    versions: list[Finding] = []
    times = [r.t_us for r in (o.positions, o.statics, o.texts)]
    end_us, a = T0_US + int(to_s // 30) * SLICE_US, T0_US
    while a < end_us:
        b = a + SLICE_US
        at = [(t, np.searchsorted(t, a)) for t in times]
        coming = min((int(t[i]) for t, i in at if i < len(t)), default=end_us)
        while b < min(coming // SLICE_US * SLICE_US, end_us, a + round(quiet_s * SECOND_US)):
            b += SLICE_US
        piece = between(o, a, b)
        out = before_fuse(piece, a, b) if before_fuse else outages(a, b)
        fuse, p, s, x, _ = step(fuse, piece, a, b)
        state, found = detector.step(state, Batch(p, s, x, a, b, out), fuse.fleet, settings, world)
        versions += found
        a = b
    return Told(versions, state, fuse)


def seconds(t_us: int | None) -> float:
    """Event time as seconds after T0."""
    assert t_us is not None
    return (t_us - T0_US) / SECOND_US
