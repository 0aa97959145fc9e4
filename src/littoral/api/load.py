"""`/alert-load`: how much asks for the watch's attention, now and over the last day."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from littoral.api.deps import Engine
from littoral.api.duty.standing import on_watch
from littoral.api.fields import Time
from littoral.api.gate import guarded
from littoral.api.load_figures import load_json
from littoral.api.wire import Json, iso
from littoral.store import alert_calls
from littoral.store.clock import clock_us

router = APIRouter(tags=["alerts"])

DAY_SLOTS = 144


class CountsModel(BaseModel):
    annunciated: int
    grouped: int = Field(description="told with their group, without a call of their own")
    held: int = Field(description="explained by another cause")
    shelved: int


class HeldModel(BaseModel):
    cause: str = Field(examples=["receiver:sanya", "alert:9f2c…"])
    count: int


class DeskLoadModel(BaseModel):
    """A position: the watch is one, so each position hears all that is annunciated."""

    desk: str = Field(description="unit/agency")
    on_watch: int = Field(description="people who stand its watch now")


class NowModel(BaseModel):
    """Alerts whose cause goes on and that are not before the watch."""

    shelved: int
    grouped: int
    held: list[HeldModel] = Field(description="by cause, most first")


class SlotModel(CountsModel):
    since: Time
    most_urgent: int | None = Field(description="priority, of those annunciated")


class LoadModel(BaseModel):
    at: Time = Field(description="by the watch's clock, as all times here")
    ten_minutes: CountsModel
    hour: CountsModel
    flood: bool = Field(description="more than ten annunciated in ten minutes")
    flood_above: int
    now: NowModel
    desks: list[DeskLoadModel] = Field(description="whose watch somebody stands now")
    history: list[SlotModel] = Field(description="each ten minutes of the last 24 hours")


@router.get(
    "/alert-load",
    response_model=LoadModel,
    summary="How much is annunciated, now and over the last day",
    **guarded("alert.read"),
)
def get_alert_load(request: Request, engine: Engine) -> Json:
    now_us = clock_us()
    with engine.records.database.read() as connection:
        slots = alert_calls.history(connection, now_us, DAY_SLOTS)
        return Json({
            **load_json(connection, now_us),
            "desks": on_watch(request, connection, now_us),
            "history": [
                {"since": iso(s.from_us), "most_urgent": s.most, **s.counts} for s in slots
            ],
        })  # fmt: skip
