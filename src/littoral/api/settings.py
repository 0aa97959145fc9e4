"""`GET /settings`: what a page needs to know to start."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from littoral.api.deps import Engine
from littoral.api.fields import Time
from littoral.api.gate import Acting, gate_of, guarded
from littoral.api.wire import iso
from littoral.engine.trust import Trust

router = APIRouter(tags=["state"])


class PolicyModel(BaseModel):
    """How the policies in force came to be."""

    state: str = Field(description="signed, first_start, refused")
    hash: str
    expires: Time | None
    zh: str
    en: str


class WitnessesModel(BaseModel):
    """Whether other agencies' programs watch over the log."""

    state: Literal["none", "behind", "ok"] = Field(description="behind: one or more of them")
    behind: list[str] = Field(description="names of those that are")


class SettingsModel(BaseModel):
    region: str
    bbox: tuple[float, float, float, float] = Field(description="west, south, east, north")
    center: tuple[float, float] = Field(description="longitude, latitude")
    profile: str
    operator: str = Field(description="who acts")
    signed_in: bool = Field(description="false: no sign-in, one local operator acts")
    policies: PolicyModel | None
    witnesses: WitnessesModel | None
    time_zone: str = Field(description="IANA name", examples=["Asia/Shanghai"])
    loopback_only: bool
    detectors: list[str] = Field(description="rules that run")


@router.get("/settings", summary="What a page needs to start", **guarded("picture.read", "public"))
def get_settings(request: Request, engine: Engine, who: Acting) -> SettingsModel:
    gate = gate_of(request)
    settings = engine.settings
    return SettingsModel(
        region=settings.region,
        bbox=settings.bbox,
        center=settings.center,
        profile=settings.profile,
        operator=who.name,
        signed_in=gate is not None,
        policies=None if gate is None else policy_model(gate.trust),
        witnesses=None if gate is None else witnesses_model(gate.trust),
        time_zone=settings.time_zone,
        loopback_only=True,  # see `server`
        detectors=[running.detector.name for running in engine.detectors],
    )


def witnesses_model(trust: Trust) -> WitnessesModel:
    found = trust.witnesses_standing()
    behind = [w.name for w in found.witnesses if w.behind]
    return WitnessesModel(state=found.state, behind=behind)


def policy_model(trust: Trust) -> PolicyModel:
    found = trust.refresh()
    expires = iso(found.expires_us) if found.expires_us else None
    return PolicyModel(
        state=found.state,
        hash=trust.decider.hash,
        expires=None if expires is None else Time(expires),
        zh=found.zh,
        en=found.en,
    )
