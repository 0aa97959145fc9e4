"""Many vessels displaced from one area, or to one place: one interference, not many findings."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import NamedTuple

from littoral.area.geodesy import haversine_m
from littoral.detect.position.settings import PositionSettings

SECOND_US = 1_000_000
LEAST_RADIUS_M = 1_000.0
MOST_EVIDENCE = 64


class Moved(NamedTuple):
    """A settled displacement; without a source (NaN) it is a vessel seen only at the target."""

    t_us: int
    mmsi: int
    thing: str
    source_lon: float
    source_lat: float
    target_lon: float
    target_lat: float
    evidence: tuple[int, ...]

    @property
    def has_source(self) -> bool:
        return not math.isnan(self.source_lon)

    def from_m(self, lon: float, lat: float) -> float:
        if not self.has_source:
            return math.inf
        return haversine_m(self.source_lon, self.source_lat, lon, lat)

    def to_m(self, lon: float, lat: float) -> float:
        return haversine_m(self.target_lon, self.target_lat, lon, lat)


class Area(NamedTuple):
    """An interference that goes on. `lon`, `lat` and `begun_m` are the middle and the radius of the
    sources, `false_lon` and `false_lat` the place that all go to, or NaN, as it began; `radius_m`
    holds those that joined too."""

    things: tuple[str, ...]
    start_us: int
    last_us: int
    lon: float
    lat: float
    begun_m: float
    radius_m: float
    false_lon: float
    false_lat: float
    members: tuple[int, ...]  # MMSIs, in the order in which they came
    evidence: tuple[int, ...]

    def takes(self, m: Moved, settings: PositionSettings) -> bool:
        if not m.has_source and m.mmsi in self.members:
            return True
        reach = self.begun_m + settings.group_m
        return (
            m.from_m(self.lon, self.lat) <= reach
            or m.to_m(self.lon, self.lat) <= reach
            or m.to_m(self.false_lon, self.false_lat) <= settings.place_m
        )

    def joined(self, m: Moved) -> Area:
        members, radius = self.members, self.radius_m
        if m.mmsi not in members:
            members = (*members, m.mmsi)
            if m.has_source:
                radius = max(radius, m.from_m(self.lon, self.lat))
        evidence = self.evidence
        if len(evidence) + len(m.evidence) <= MOST_EVIDENCE:
            evidence = (*evidence, *m.evidence)
        return self._replace(
            last_us=max(self.last_us, m.t_us), radius_m=radius, members=members, evidence=evidence
        )


@dataclass(slots=True)
class Interferences:
    """`moved`: displacements of the last `group_time_s` that belong to none yet; `open`: those that
    go on."""

    moved: list[Moved] = field(default_factory=list)
    open: list[Area] = field(default_factory=list)

    def add(self, m: Moved, settings: PositionSettings) -> int:
        """Index in `open` of what it joined or made, or -1."""
        for i, area in enumerate(self.open):
            if area.takes(m, settings):
                self.open[i] = area.joined(m)
                return i
        oldest_us = m.t_us - int(settings.group_time_s * SECOND_US)
        self.moved = [o for o in self.moved if o.t_us >= oldest_us]
        self.moved.append(m)
        one_area = [
            o for o in self.moved if o.from_m(m.source_lon, m.source_lat) <= settings.group_m
        ]
        one_place = [
            o for o in self.moved if o.to_m(m.target_lon, m.target_lat) <= settings.place_m
        ]
        if len({o.mmsi for o in one_place}) >= settings.place_vessels:
            chosen = one_place
        elif len({o.mmsi for o in one_area}) >= settings.group_vessels:
            chosen = one_area
        else:
            return -1
        self.open.append(area_of(chosen, settings))
        self.moved = [o for o in self.moved if o not in chosen]
        return len(self.open) - 1

    def go_on(self, mmsi: int, t_us: int) -> None:
        """A member is still seen where it cannot be."""
        for i, area in enumerate(self.open):
            if mmsi in area.members:
                self.open[i] = area._replace(last_us=max(area.last_us, t_us))

    def of(self, mmsi: int) -> Area | None:
        return next((a for a in self.open if mmsi in a.members), None)


def area_of(chosen: list[Moved], settings: PositionSettings) -> Area:
    """The interference that `chosen` are, in the order in which they came."""
    known = [o for o in chosen if o.has_source]
    places = [(o.source_lon, o.source_lat) for o in known]
    targets = [(o.target_lon, o.target_lat) for o in chosen]
    lon, lat = _mean(places or targets)
    false_lon, false_lat = _mean(targets)
    if any(haversine_m(false_lon, false_lat, *t) > settings.place_m for t in targets):
        false_lon = false_lat = math.nan
    chosen = sorted(chosen, key=lambda o: (o.t_us, o.mmsi))
    things = list(dict.fromkeys(o.thing for o in chosen))
    area = Area(
        (things[0], *sorted(things[1:])), chosen[0].t_us, chosen[0].t_us, lon, lat, LEAST_RADIUS_M,
        LEAST_RADIUS_M, false_lon, false_lat, (), (),
    )  # fmt: skip
    for o in chosen:
        area = area.joined(o)
    return area._replace(begun_m=area.radius_m)


def _mean(places: list[tuple[float, float]]) -> tuple[float, float]:
    """Of places some miles apart, across the antimeridian too."""
    first = places[0][0]
    east = [(lon - first + 540.0) % 360.0 - 180.0 for lon, _ in places]
    lon = first + sum(east) / len(east)
    return (lon + 540.0) % 360.0 - 180.0, sum(lat for _, lat in places) / len(places)
