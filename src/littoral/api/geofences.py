"""`/geofences`: areas that people draw, as GeoJSON features; `area.geofence_json` judges them."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import uuid4

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from littoral.api.deps import Engine
from littoral.api.fields import Page, Time
from littoral.api.gate import Acting, Actor, gate_of, guarded, ref_of, tell_change
from littoral.api.params import SPAN, parse_instant_us
from littoral.api.problems import ProblemError, not_found
from littoral.api.second_person import WAITS, waits
from littoral.api.wire import Json, iso
from littoral.area.blinder import blinder
from littoral.area.geofence import ALWAYS_US, FOREVER_US, Geofence
from littoral.area.geofence_json import FenceError, fence_feature, fence_from_feature
from littoral.engine.runtime import Runtime
from littoral.schema.span import in_span
from littoral.store import changes
from littoral.store.clock import clock_us
from littoral.store.records import Conflict, GeofenceRow, NotFound

router = APIRouter(tags=["areas"])

WhyQuery = Annotated[
    str, Query(max_length=1000, description="needed when the watch gets blinder by it")
]

RuleKind = Literal["entry", "exit", "speed_over", "speed_under", "night", "season", "presence"]


class RuleModel(BaseModel):
    """What is watched. `speed_kn` goes with speed_over and speed_under, `sun_below_deg` with night,
    `season_from`, `season_to` (MM-DDTHH:MM) and `utc_offset_min` with season, `stay_s` with
    presence."""

    kind: RuleKind
    priority: int = Field(3, ge=1, le=4)
    ship_types: list[int] = Field(default_factory=list, description="AIS types; empty: all")
    speed_kn: float | None = None
    sun_below_deg: float | None = None
    season_from: str | None = None
    season_to: str | None = None
    utc_offset_min: int | None = None
    stay_s: float | None = None


class FenceInputProperties(BaseModel):
    model_config = ConfigDict(extra="ignore")

    name: str | dict[Literal["zh", "en"], str]
    valid_from: str | None = Field(None, json_schema_extra={"format": "date-time"})
    valid_to: str | None = Field(None, json_schema_extra={"format": "date-time"})
    rules: list[RuleModel] = Field(default_factory=list, max_length=50)
    note: dict[Literal["zh", "en"], str] = Field(default_factory=dict)
    version: int | None = Field(
        None, description="with PUT: the version that was changed; 409 when it is no longer current"
    )


class PolygonModel(BaseModel):
    """Polygon or MultiPolygon, longitude before latitude, rings closed."""

    type: Literal["Polygon", "MultiPolygon"]
    coordinates: list[Any]


class FenceInput(BaseModel):
    type: Literal["Feature"]
    id: str | None = Field(
        None, pattern=r"^[A-Za-z0-9._~-]{1,64}$", description="made by the client, such as a UUIDv7"
    )
    geometry: PolygonModel
    properties: FenceInputProperties


class FenceProperties(BaseModel):
    id: str
    name: dict[Literal["zh", "en"], str]
    valid_from: Time | None
    valid_to: Time | None
    rules: list[RuleModel]
    note: dict[Literal["zh", "en"], str]
    source: str
    version: int
    editable: bool = Field(description="false: comes with the region")
    changed_by: str | None
    changed: Time | None


class FenceModel(BaseModel):
    type: Literal["Feature"]
    id: str
    geometry: PolygonModel
    properties: FenceProperties


@router.get(
    "/geofences",
    response_model=Page[FenceModel],
    summary="Geofences, by id",
    **guarded("fence.read"),
)
def list_geofences(engine: Engine) -> Json:
    return Json({"items": fence_features(engine), "next_cursor": None})


@router.post(
    "/geofences",
    status_code=201,
    response_model=FenceModel,
    summary="Add a geofence",
    responses={409: {"description": "The id is that of another geofence"}},
    **guarded("fence.write"),
)
def create_geofence(request: Request, engine: Engine, who: Acting, fence: FenceInput) -> Json:
    key = fence.id or str(uuid4())
    document = _document(fence, key)
    if any(f.id == key for f in _packaged(engine)):
        raise ProblemError(409, f"There is a geofence {key} already.", {"id": "is taken"})
    tell_change(request, who, "fence.write", ref_of("fence", key), None, document)
    try:
        row = engine.records.create_geofence(document, who.name, key)
    except Conflict as error:
        raise ProblemError(409, str(error), {"id": "is taken"}) from error
    engine.geofences_changed()
    return Json(_stored(row), status_code=201)


@router.put(
    "/geofences/{fence_id}",
    response_model=FenceModel,
    summary="Change a geofence",
    responses={409: {"description": "Somebody else changed it meanwhile"}, **WAITS},
    **guarded("fence.write", key="fence_id"),
)
def replace_geofence(
    request: Request,
    engine: Engine,
    who: Acting,
    fence_id: str,
    fence: FenceInput,
    why: WhyQuery = "",
) -> Json:
    if fence.id is not None and fence.id != fence_id:
        raise ProblemError(422, "id: must be that of the path", {"id": "must be that of the path"})
    document = _document(fence, fence_id)
    version = fence.properties.version
    if gate_of(request) is not None:
        now = standing(engine, fence_id)
        if version in (None, now.revision):  # else refused where it would be made
            waiting = proposed(request, engine, who, now, document, why)
            if waiting is not None:
                return waiting
            version = now.revision
        ref = ref_of("fence", fence_id)
        tell_change(request, who, "fence.write", ref, now.document, document)
    try:
        row = engine.records.update_geofence(fence_id, document, who.name, version)
    except NotFound as error:
        raise not_found("geofence that can be changed", fence_id) from error
    except Conflict as error:
        message = "is no longer the current version"
        raise ProblemError(409, str(error), {"properties.version": message}) from error
    engine.geofences_changed()
    return Json(_stored(row))


@router.delete(
    "/geofences/{fence_id}",
    status_code=204,
    summary="Remove a geofence; its history is kept",
    responses={409: {"description": "Somebody else changed it meanwhile"}, **WAITS},
    **guarded("fence.write", key="fence_id"),
)
def delete_geofence(
    request: Request, engine: Engine, who: Acting, fence_id: str, why: WhyQuery = ""
) -> Response:
    version = None
    if gate_of(request) is not None:
        now = standing(engine, fence_id)
        waiting = proposed(request, engine, who, now, None, why)
        if waiting is not None:
            return waiting
        version = now.revision
        tell_change(request, who, "fence.write", ref_of("fence", fence_id), now.document, None)
    try:
        engine.records.delete_geofence(fence_id, who.name, version)
    except NotFound as error:
        raise not_found("geofence that can be removed", fence_id) from error
    except Conflict as error:
        raise ProblemError(409, str(error)) from error
    engine.geofences_changed()
    return Response(status_code=204)


def standing(engine: Runtime, fence_id: str) -> GeofenceRow:
    """The fence as it stands; raises a 404 problem when there is none that people entered."""
    try:
        row = engine.records.geofence(fence_id)
    except NotFound as error:
        raise not_found("geofence that can be changed", fence_id) from error
    if row.deleted:
        raise not_found("geofence that can be changed", fence_id)
    return row


def proposed(
    request: Request,
    engine: Runtime,
    who: Actor,
    now: GeofenceRow,
    after: dict[str, Any] | None,
    why: str,
) -> Json | None:
    """A 202 answer with the change that now waits for a second person; None when the watch does
    not get blinder by it than it is by `now`, so that it can be made of that revision at once."""
    lost = blinder(
        fence_from_feature(now.document), None if after is None else fence_from_feature(after)
    )
    if not lost:
        return None
    if not why.strip():
        message = "say why, since the watch gets blinder and a second person has to agree"
        raise ProblemError(422, f"why: {message}", {"why": message})
    with engine.records.database.write() as connection:
        try:
            change = changes.propose_fence(
                connection, str(uuid4()), now.id, after, lost, why, who.name, clock_us(),
                now.revision,
            )  # fmt: skip
        except Conflict as error:
            raise ProblemError(409, str(error)) from error
    return waits(request, change)


def fence_features(engine: Runtime) -> list[dict[str, Any]]:
    """Those of people and those that come with the region, as `FenceModel`, by id."""
    packaged = []
    for fence in _packaged(engine):
        feature = fence_feature(fence)
        feature["properties"] |= {"editable": False, "changed_by": None, "changed": None}
        packaged.append(feature)
    features = [_stored(row) for row in engine.records.geofences()] + packaged
    return sorted(features, key=lambda f: f["id"])


def fence_span(feature: dict[str, Any]) -> tuple[int | None, int | None]:
    """Validity in microseconds; None is open."""
    ends = (feature["properties"][name] for name in ("valid_from", "valid_to"))
    start_us, end_us = (None if end is None else parse_instant_us(end) for end in ends)
    return start_us, end_us


def _packaged(engine: Runtime) -> list[Any]:
    """Fences of the running world that no person entered."""
    entered = {row.id for row in engine.records.geofences(deleted=True)}
    return [fence for fence in engine.world.geofences if fence.id not in entered]


def _document(fence: FenceInput, key: str) -> dict[str, Any]:
    """The feature to store: judged, with defaults filled in, the geometry as drawn."""
    given = fence.model_dump(exclude_unset=True)
    given["id"] = key
    given["properties"].pop("version", None)
    try:
        drawn = fence_from_feature(given)
        _check_span(drawn)
        judged = fence_feature(drawn)
    except FenceError as error:
        errors = {e["field"]: e["message"] for e in error.errors}
        raise ProblemError(422, str(error)[:1000], errors) from error
    judged["geometry"] = given["geometry"]
    del judged["properties"]["version"]
    return judged


def _check_span(fence: Geofence) -> None:
    """Raises FenceError for a validity of which an end is no time that is taken."""
    ends = {"valid_from": fence.valid_from_us, "valid_to": fence.valid_to_us}
    errors = [
        {"field": f"properties.{name}", "message": SPAN}
        for name, at_us in ends.items()
        if at_us not in (ALWAYS_US, FOREVER_US) and not in_span(at_us)
    ]
    if errors:
        raise FenceError(errors)


def _stored(row: GeofenceRow) -> dict[str, Any]:
    document = row.document
    properties = {
        **document["properties"],
        "version": row.revision,
        "editable": True,
        "changed_by": row.changed_by,
        "changed": iso(row.changed_us),
    }
    return {**document, "properties": properties}
