"""`GET /settings`: what a page needs to know to start."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field

from littoral.api.deps import Engine

router = APIRouter(tags=["state"])


class SettingsModel(BaseModel):
    region: str
    bbox: tuple[float, float, float, float] = Field(description="west, south, east, north")
    center: tuple[float, float] = Field(description="longitude, latitude")
    profile: str
    operator: str = Field(description="who acts, until sign-in exists")
    time_zone: str = Field(description="IANA name", examples=["Asia/Shanghai"])
    loopback_only: bool
    detectors: list[str] = Field(description="rules that run")


@router.get("/settings", summary="What a page needs to start")
def get_settings(engine: Engine) -> SettingsModel:
    settings = engine.settings
    return SettingsModel(
        region=settings.region,
        bbox=settings.bbox,
        center=settings.center,
        profile=settings.profile,
        operator=settings.operator,
        time_zone=settings.time_zone,
        loopback_only=True,  # other addresses are refused until sign-in exists (see `server`)
        detectors=[running.detector.name for running in engine.detectors],
    )
