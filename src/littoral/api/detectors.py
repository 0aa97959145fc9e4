"""`GET /detectors`: the rules that run, with version, settings and source."""

from __future__ import annotations

import dataclasses
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from littoral.api.deps import Engine
from littoral.api.fields import Page
from littoral.api.gate import guarded
from littoral.detect.contract import Profile

router = APIRouter(tags=["rules"])


class ProfileModel(BaseModel):
    name: str
    settings: dict[str, Any] = Field(description="each name ends in its unit")
    source: str
    why: str


class DetectorModel(BaseModel):
    rule: str
    version: str
    summary: dict[str, str] = Field(description="by language: zh, en")
    profile: str = Field(description="the profile that runs here")
    profiles: list[ProfileModel]


@router.get(
    "/detectors",
    summary="Rules, versions, profiles, settings, sources",
    **guarded("detector.read"),
)
def list_detectors(engine: Engine) -> Page[DetectorModel]:
    items = [
        DetectorModel(
            rule=running.detector.name,
            version=running.detector.version,
            summary=dict(running.detector.summary),
            profile=running.profile.name,
            profiles=[_profile(p) for p in running.detector.profiles.values()],
        )
        for running in engine.detectors
    ]
    return Page(items=items, next_cursor=None)


def _profile(profile: Profile) -> ProfileModel:
    return ProfileModel(
        name=profile.name,
        settings=dataclasses.asdict(profile.settings),
        source=profile.source,
        why=profile.why,
    )
