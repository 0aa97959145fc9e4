"""Reference data of a run, handed to every step as one frozen argument."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from littoral.area.coast import Coast
    from littoral.area.geofence import Geofence
    from littoral.area.lanes import Lanes
    from littoral.area.places import Crossing, Place
    from littoral.area.profiles import AreaProfiles
    from littoral.area.reception import Reception
    from littoral.area.region import Region
    from littoral.area.rings import Rings
    from littoral.schema.watched import Watched


@dataclass(frozen=True, slots=True)
class World:
    """Where land, rings, ports and fences are, and what the receivers are known to hear."""

    region: str  # name of the region's folder, e.g. hainan
    coast: Coast
    rings: Rings
    ports: tuple[Place, ...] = ()
    landings: tuple[Place, ...] = ()  # licensed landing points
    anchorages: tuple[Place, ...] = ()
    crossings: tuple[Crossing, ...] = ()  # scheduled ferry crossings
    geofences: tuple[Geofence, ...] = ()
    watched: tuple[Watched, ...] = ()  # vessels that people look out for
    reception: Reception | None = None  # learned by `littoral learn reception`; None: unknown
    lanes: Lanes | None = None  # learned by `littoral learn lanes`; None: unknown
    stations: tuple[str, ...] = field(default=())  # receivers of the run, by index
    # Where many vessels have lain (`littoral learn anchorages`); None: ports and anchorages count.
    anchorage_points: tuple[Place, ...] | None = None
    profiles: AreaProfiles | None = None  # limits of collision risk by place; None: open sea
    settings: Region | None = None  # the region's names, box, centre, time zone, ring distances
