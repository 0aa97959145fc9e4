"""A straight shore to come ashore at: a long, thin island whose south side lies on 18 degrees
north, with open sea to the south, as much of a world as the detectors of small craft read."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
from pyproj import Geod

from littoral.area.cells import build_grid
from littoral.area.nearest import build_tree
from littoral.area.places import Crossing, Place
from littoral.area.polygons import from_rings
from littoral.schema.ais import Observations, Statics
from littoral.sim.season import sun_altitude_deg
from tests.fuse.scene import T0_US, Ship, Told, gather, static, watch

EARTH = Geod(ellps="WGS84")
LON, LAT = 110.5, 18.0
WEST, EAST, NORTH = 108.0, 113.0, 18.05
HOUR = 3600.0
# The tests' time begins at 22:13:30 UTC, 05:35 by the sun at 110.5 degrees east.
NIGHT_S, DAY_S = 14.0 * HOUR, 5.0 * HOUR
RING = np.array([(WEST, LAT), (EAST, LAT), (EAST, NORTH), (WEST, NORTH), (WEST, LAT)])


@dataclass
class Island:
    """As much of `area.World` as the detectors read."""

    ports: tuple[Place, ...] = ()
    landings: tuple[Place, ...] = ()
    anchorages: tuple[Place, ...] = ()
    crossings: tuple[Crossing, ...] = ()
    stations: tuple[str, ...] = ("alpha", "bravo")

    def __post_init__(self) -> None:
        edges = np.column_stack([RING[:-1], RING[1:]])
        grid = build_grid(edges, WEST - 1.00005, LAT - 1.00005, 0.01, 210, 700)
        polygons = from_rings([RING], [1], [1], [1])
        self.rings = SimpleNamespace(arrays=SimpleNamespace(shore=build_tree(edges)))
        self.coast = SimpleNamespace(polygons=polygons, arrays=SimpleNamespace(fine=grid))


def off(metres: float) -> float:
    """The latitude `metres` south of the shore, by PROJ."""
    return float(EARTH.fwd(LON, LAT, 180.0, metres)[1])


def along(metres: float) -> float:
    """The longitude `metres` east of LON on the shore, by PROJ."""
    return float(EARTH.fwd(LON, LAT, 90.0, metres)[0])


def place(lon: float, lat: float, radius_m: float, kind: str = "port") -> Place:
    return Place(kind, {"zh": "港", "en": "Port"}, lon, lat, radius_m, kind, "test")


def leg(
    from_s: float, to_s: float, off_m: float, sog_kn: float = 0.0, cog: float = 0.0, **more: Any
) -> Ship:
    """A ship that at `from_s` is `off_m` off the shore and goes straight on until `to_s`."""
    start = Ship(lat=LAT, lon=0.0, sog_kn=sog_kn, cog=cog)
    lat = off(off_m) - (float(start.at(np.array([from_s]))[1][0]) - LAT)
    lon = LON - float(start.but(lat=lat).at(np.array([from_s]))[0][0])
    more = {"lon": lon, "lat": lat, "every_s": 10.0, "ring": 2} | more
    return Ship(sog_kn=sog_kn, cog=cog, from_s=from_s, to_s=to_s, **more)


def lying(
    count: int, lon: float, lat: float, from_s: float, to_s: float, **more: Any
) -> list[Ship]:
    """`count` others that lie at one place; MMSIs from 412000100 on."""
    more = {"sog_kn": 0.0, "every_s": 120.0} | more
    return [
        Ship(mmsi=412_000_100 + n, lon=lon, lat=lat, from_s=from_s, to_s=to_s, **more)
        for n in range(count)
    ]


def arriving(count: int, lon: float, lat: float, since_s: float, to_s: float) -> list[Ship]:
    """`count` others that come from the west for ten minutes and lie at one place from then on."""
    way = Ship(lon=0.0, lat=lat, sog_kn=5.0, cog=90.0)
    run = float(way.at(np.array([since_s]))[0][0])
    came = lying(count, lon - run, lat, since_s - 600.0, since_s - 5.0, every_s=60.0)
    moving = [s.but(sog_kn=5.0, cog=90.0) for s in came]
    return [*moving, *lying(count, lon, lat, since_s, to_s, every_s=60.0)]


def told(
    detector: Any, ships: list[Ship], to_s: float, settings: Any = None, world: Any = None,
    ship_type: int | None = 30, **more: Any,
) -> Told:  # fmt: skip
    """Runs them; the first ship says its type with its first report unless that is None."""
    statics: list[Statics] = []
    if ship_type is not None:
        statics = [static(ships[0].from_s, ships[0].mmsi, ship_type=ship_type)]
    rows: Observations = gather([s.reports() for s in ships], statics)
    return watch(detector, rows, to_s, settings, world or Island(), quiet_s=600.0, **more)


def sun_at(sun_deg: float) -> float:
    """Seconds after the tests' beginning when the evening sun stands so low, by the Astronomical
    Almanac's low-precision formula."""
    low, high = 10.0 * HOUR, 16.0 * HOUR  # it sinks all that time
    while high - low > 1.0:
        middle = 0.5 * (low + high)
        above = sun_altitude_deg(T0_US + round(middle * 1e6), LON, LAT) > sun_deg
        low, high = (middle, high) if above else (low, middle)
    return low
