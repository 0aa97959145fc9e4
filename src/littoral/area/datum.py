"""Coordinates of mainland maps to WGS 84.

CGCS2000 agrees with WGS 84 to centimetres and is taken as it is. GCJ-02 (as maps and apps in
mainland China give) and BD-09 (Baidu) are off by hundreds of metres. Both have no published
standard; the formulas are those found independently by many (for one, the EvilTransform project)
on the Krassovsky ellipsoid. GCJ-02 is undone by fixed-point iteration to under 1e-9 degree, inside
the rectangle that these formulas use for mainland China; outside it coordinates stay as they are.
"""

from __future__ import annotations

import numpy as np

DATUMS = ("wgs84", "cgcs2000", "gcj02", "bd09")
KRASSOVSKY_A_M, KRASSOVSKY_E2 = 6_378_245.0, 0.00669342162296594323
WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271
ROUNDS = 30  # each shrinks the error about a thousandfold but at the rectangle's edge


def to_wgs84(lon: np.ndarray, lat: np.ndarray, datum: str) -> tuple[np.ndarray, np.ndarray]:
    """(n,) degrees in `datum` to WGS 84; ValueError names an unknown datum. NaN stays NaN."""
    lon, lat = np.array(lon, np.float64), np.array(lat, np.float64)
    if datum in ("wgs84", "cgcs2000"):
        return lon, lat
    if datum == "gcj02":
        return _undo(gcj02_of_wgs84, lon, lat)
    if datum == "bd09":
        return _undo(gcj02_of_wgs84, *_undo(bd09_of_gcj02, lon, lat))
    raise ValueError(f"unknown datum {datum!r}: one of {', '.join(DATUMS)}")


def gcj02_of_wgs84(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """WGS 84 to GCJ-02 inside the rectangle, unchanged outside."""
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    short = (20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)) * 2.0 / 3.0
    north = (
        -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
        + short + _waves(y, (20.0, 1.0), (40.0, 3.0), (160.0, 12.0), (320.0, 30.0))
    )  # fmt: skip
    east = (
        300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
        + short + _waves(x, (20.0, 1.0), (40.0, 3.0), (150.0, 12.0), (300.0, 30.0))
    )  # fmt: skip
    p = np.radians(lat)
    w2 = 1.0 - KRASSOVSKY_E2 * np.sin(p) ** 2
    m_per_rad = KRASSOVSKY_A_M * (1.0 - KRASSOVSKY_E2) / (w2 * np.sqrt(w2))
    n_per_rad = KRASSOVSKY_A_M / np.sqrt(w2) * np.cos(p)
    inside = (lon >= WEST) & (lon <= EAST) & (lat >= SOUTH) & (lat <= NORTH)
    return (
        np.where(inside, lon + np.degrees(east / n_per_rad), lon),
        np.where(inside, lat + np.degrees(north / m_per_rad), lat),
    )


def _waves(v: np.ndarray, *terms: tuple[float, float]) -> np.ndarray:
    """Sum of size * sin(v / period * pi), times two thirds."""
    total = np.zeros_like(v)
    for size, period in terms:
        total += size * np.sin(v / period * np.pi)
    return total * 2.0 / 3.0


def bd09_of_gcj02(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """GCJ-02 to BD-09."""
    turn = np.pi * 3000.0 / 180.0
    r = np.hypot(lon, lat) + 0.00002 * np.sin(lat * turn)
    a = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * turn)
    return r * np.cos(a) + 0.0065, r * np.sin(a) + 0.006


def _undo(forward, lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The point that `forward` takes to (lon, lat)."""
    x, y = lon.copy(), lat.copy()
    for _ in range(ROUNDS):
        fx, fy = forward(x, y)
        dx, dy = lon - fx, lat - fy
        x, y = x + dx, y + dy
        if not (np.abs(dx) > 1e-12).any() and not (np.abs(dy) > 1e-12).any():
            break
    return x, y
