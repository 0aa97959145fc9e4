"""Anchorage points of the simulated coast: where its ships lie, as if learned from years."""

from __future__ import annotations

import math

from littoral.area.geodesy import project
from littoral.area.places import Place
from littoral.sim.places import ANCHORAGES, PORTS

SPACING_M = 1_000.0


def _disc(lon: float, lat: float, radius_m: float) -> list[tuple[float, float]]:
    """Points in rings about a middle, `SPACING_M` apart."""
    points = [(lon, lat)]
    for ring in range(1, math.floor(radius_m / SPACING_M) + 1):
        for k in range(6 * ring):
            x, y = project(lon, lat, 60.0 * k / ring, ring * SPACING_M)
            points.append((round(float(x), 5), round(float(y), 5)))
    return points


def demo_anchorages() -> tuple[Place, ...]:
    """Points over the berths of each port and over each anchorage."""
    found = []
    for kind, places, zh, en in (
        ("port", PORTS.values(), "", ""),
        ("anchorage", ANCHORAGES, "锚地", " roads"),
    ):
        for place in places:
            name = {"zh": place.name + zh, "en": place.name + en}
            for n, (lon, lat) in enumerate(_disc(place.lon_deg, place.lat_deg, place.radius_m)):
                key = f"sim-{kind}-{place.name.lower()}-{n}"
                found.append(Place(key, name, lon, lat, 0.0, kind, "simulated"))
    return tuple(found)
