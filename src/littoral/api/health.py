"""`GET /health`: is sensing alive, how old is what it gives?"""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from littoral.api.deps import Engine
from littoral.api.fields import Time
from littoral.api.gate import gate_of, guarded
from littoral.api.uploads import UploadsModel, uploads_json
from littoral.api.wire import Json, iso_or_none
from littoral.engine.runtime import Health

router = APIRouter(tags=["state"])


class FeedModel(BaseModel):
    name: str
    kind: str = Field(description="file, stdin, tcp, udp")
    connected: bool
    lines: int
    rejected: int
    last_received: Time | None = Field(description="by the clock of the server")
    lines_per_s: float
    last_error: str | None = Field(description="why the last attempt to connect failed")


class ReceiverModel(BaseModel):
    station: int
    name: str
    state: Literal["hearing", "silent", "planned_outage"]
    last: Time | None = Field(description="event time of the last thing it heard")
    age_s: float | None = Field(description="event time now less `last`")
    messages: int


class HealthModel(BaseModel):
    event_time: Time | None
    watermark: Time | None
    speed: float = Field(description="event seconds a second; 1 is real time")
    mode: Literal["history", "live"]
    progress: float = Field(ge=0, le=1, description="while history is filled, then 1")
    feeds: list[FeedModel]
    receivers: list[ReceiverModel]
    counts: dict[str, int]


class HealthAnswer(HealthModel):
    uploads: UploadsModel = Field(description="whether evidence is scanned for viruses")


def health_json(health: Health) -> dict[str, Any]:
    """As `HealthModel`."""
    now_us = health.event_time_us
    return {
        "event_time": iso_or_none(now_us),
        "watermark": iso_or_none(health.watermark_us),
        "speed": health.speed,
        "mode": health.mode,
        "progress": health.progress,
        "feeds": [
            {
                "name": f.name,
                "kind": f.kind,
                "connected": f.connected,
                "lines": f.lines,
                "rejected": f.rejected,
                "last_received": iso_or_none(f.last_received_us),
                "lines_per_s": f.lines_per_s,
                "last_error": f.last_error,
            }
            for f in health.feeds
        ],
        "receivers": [
            {
                "station": r.station,
                "name": r.name,
                "state": r.state,
                "last": iso_or_none(r.last_us),
                "age_s": _age_s(now_us, r.last_us),
                "messages": r.messages,
            }
            for r in health.receivers
        ],
        "counts": health.counts,
    }


def _age_s(now_us: int | None, last_us: int | None) -> float | None:
    if now_us is None or last_us is None:
        return None
    return max(0, now_us - last_us) / 1e6


@router.get(
    "/health",
    response_model=HealthAnswer,
    summary="State of sensing",
    **guarded("picture.read", kind="health"),
)
def get_health(request: Request, engine: Engine) -> Json:
    return Json({**health_json(engine.health()), "uploads": uploads_json(gate_of(request))})
