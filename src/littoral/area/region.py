"""A region's settings: `data/REGION/region.toml` as frozen values."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from littoral.area.geodesy import NAUTICAL_MILE_M
from littoral.area.places import Crossing, Place, circle_array, crossing_of, place_of
from littoral.area.profiles import AreaProfiles
from littoral.area.rings import RingDistances

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Region:
    """What `region.toml`, `ports.toml` and `landings.toml` of a region say."""

    id: str
    name: Mapping[str, str]  # zh, en
    bbox: tuple[float, float, float, float]  # west, south, east, north
    center: tuple[float, float]
    time_zone: str
    coast_error_m: float
    distances: RingDistances
    ports: tuple[Place, ...]
    landings: tuple[Place, ...]
    crossings: tuple[Crossing, ...]
    profiles: AreaProfiles

    @property
    def folder(self) -> Path:
        return DATA / self.id

    def ring_ports(self) -> list[tuple[float, float, float]]:
        """Circles of ports on our shore, part of the coastline ring: lon, lat, radius_m."""
        return [(p.lon_deg, p.lat_deg, p.radius_m) for p in self.ports if p.ours]


def regions() -> tuple[str, ...]:
    """Names of the packaged regions."""
    return tuple(sorted(p.parent.name for p in DATA.glob("*/region.toml")))


def load_region(name: str) -> Region:
    """Settings of one region; an unknown name raises KeyError that lists those known."""
    if name not in regions():
        raise KeyError(f"no region {name!r}: packaged are {', '.join(regions())}")
    folder = DATA / name
    t = tomllib.loads((folder / "region.toml").read_text(encoding="utf-8"))
    ports = _places(folder / "ports.toml", "port")
    rings, profiles = t["rings"], t["profiles"]
    approach_m = profiles["port_approach_nm"] * NAUTICAL_MILE_M
    west, south, east, north = t["bbox"]
    return Region(
        id=name,
        name=t["name"],
        bbox=(west, south, east, north),
        center=(t["center"][0], t["center"][1]),
        time_zone=t["time_zone"],
        coast_error_m=t["coast_error_m"],
        distances=RingDistances(
            rings["coastline_m"],
            rings["territorial_nm"] * NAUTICAL_MILE_M,
            rings["near_sea_nm"] * NAUTICAL_MILE_M,
        ),
        ports=ports,
        landings=_places(folder / "landings.toml", "landing"),
        crossings=tuple(crossing_of(c) for c in t.get("crossing", [])),
        profiles=AreaProfiles(
            np.array(profiles["ferry_strait"], np.float64).reshape(-1, 2),
            circle_array(ports, approach_m),
        ),
    )


def _places(path: Path, table: str) -> tuple[Place, ...]:
    if not path.exists():
        return ()
    return tuple(place_of(e) for e in tomllib.loads(path.read_text(encoding="utf-8"))[table])
