"""Reaching people over HTTP: a desk's notices, one's own, where one is reached."""

from __future__ import annotations

from fastapi import APIRouter

from littoral.api.reach import desk, own, reports

router = APIRouter(tags=["reach"])
for _module in (own, desk, reports):
    router.include_router(_module.router)

__all__ = ["router"]
