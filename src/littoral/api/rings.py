"""Names of the ring codes in JSON. None claims a legal line: they run from the shoreline."""

from __future__ import annotations

from littoral.area.rings import BEYOND, COASTLINE, INLAND, NEAR_SEA, TERRITORIAL

RING_SLUGS = {
    INLAND: "inland",
    COASTLINE: "coastline",
    TERRITORIAL: "near_sea_12nm",
    NEAR_SEA: "near_sea",
    BEYOND: "beyond",
}
