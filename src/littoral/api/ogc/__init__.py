"""OGC API - Features, Part 1: Core (OGC 17-069r4): tracks, alerts, areas, ports, geofences."""

from fastapi import APIRouter

from littoral.api.ogc import items, landing

router = APIRouter(tags=["ogc"], include_in_schema=False)
router.include_router(landing.router)
router.include_router(items.router)

__all__ = ["router"]
