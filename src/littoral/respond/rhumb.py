"""Where a thing is that keeps its course: rhumb lines on WGS 84."""

from __future__ import annotations

import math

from pyproj import Geod

GEOD = Geod(ellps="WGS84")
SHORT_M = 1.0  # along the meridian: below, the quotient of differences loses its digits


def isometric(lat_deg: float) -> float:
    """Isometric latitude in radians: height on Mercator's chart of the ellipsoid (Snyder, USGS PP
    1395, eq. 7-7)."""
    s = math.sin(math.radians(lat_deg))
    e = math.sqrt(GEOD.es)
    return math.atanh(s) - e * math.atanh(e * s)


def sailed(
    lon_deg: float, lat_deg: float, course_deg: float, distance_m: float
) -> tuple[float, float]:
    """Longitude and latitude after `distance_m` on a true course kept constant. Up to 89 degrees of
    latitude; exact to millimetres (the arc of the meridian is pyproj's geodesic)."""
    course = math.radians(course_deg)
    north_m, east_m = distance_m * math.cos(course), distance_m * math.sin(course)
    _, lat, _ = GEOD.fwd(lon_deg, lat_deg, 0.0, north_m)
    if abs(lat) > 89.0:
        raise ValueError("a rhumb line is followed up to 89 degrees of latitude only")
    if abs(north_m) < SHORT_M:
        middle = math.radians(0.5 * (lat_deg + lat))
        w = math.sqrt(1.0 - GEOD.es * math.sin(middle) ** 2)
        radians_per_m = w / (GEOD.a * math.cos(middle))
    else:
        radians_per_m = (isometric(lat) - isometric(lat_deg)) / north_m
    lon = lon_deg + math.degrees(east_m * radians_per_m)
    return (lon + 180.0) % 360.0 - 180.0, lat
