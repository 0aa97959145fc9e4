"""Hand-made coasts."""

from __future__ import annotations

import numpy as np

from littoral.area.polygons import Polygons, from_rings

BOX = (109.0, 18.0, 111.0, 20.0)


def ring(*points: tuple[float, float]) -> np.ndarray:
    """Closed."""
    return np.array([*points, points[0]])


def square(lon: float, lat: float, half: float) -> np.ndarray:
    return ring(
        (lon - half, lat - half), (lon + half, lat - half),
        (lon + half, lat + half), (lon - half, lat + half),
    )  # fmt: skip


def coast(*rings: tuple[np.ndarray, int]) -> Polygons:
    """Of rings with their levels: 1 land, 2 lake, 3 island in it."""
    return from_rings(
        [r for r, _ in rings], list(range(len(rings))), [v for _, v in rings], [1] * len(rings)
    )
