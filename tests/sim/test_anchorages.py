"""The demo's anchorage points lie where its ships do."""

from __future__ import annotations

from littoral.area.geodesy import haversine_m
from littoral.sim.anchorages import demo_anchorages
from littoral.sim.places import ANCHORAGES, PORTS


def test_every_port_and_anchorage_is_covered_within_a_kilometre() -> None:
    points = demo_anchorages()
    assert len({p.id for p in points}) == len(points)
    for place in (*PORTS.values(), *ANCHORAGES):
        for east in (-0.6, 0.0, 0.6):
            lon = place.lon_deg + east * place.radius_m / 111_195.0
            away = min(haversine_m(lon, place.lat_deg, p.lon_deg, p.lat_deg) for p in points)
            assert away < 1_000.0, place.name
