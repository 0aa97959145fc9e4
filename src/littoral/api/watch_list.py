"""`/watch-list`: vessels that people look out for. Listing one, or for longer, is done by one
person; taking her off early makes the watch blinder and takes two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any
from uuid import UUID, uuid4

import numpy as np
from fastapi import APIRouter, Query, Request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from sqlalchemy.engine import Connection
from starlette.responses import Response

from littoral.api.changes import refusals
from littoral.api.deps import Engine
from littoral.api.fields import Page, Time
from littoral.api.gate import Acting, Actor, allowed_desk, gate_of, guarded
from littoral.api.names import named, names_of_logins
from littoral.api.params import Instant
from littoral.api.problems import ProblemError
from littoral.api.reasons_told import tell_with_reason
from littoral.api.second_person import WAITS, waits
from littoral.api.wire import Json, iso
from littoral.engine.fleet_view import FleetView
from littoral.engine.runtime import Runtime
from littoral.schema.watched import Watched, places
from littoral.store import changes, watch_list
from littoral.store.changes import Change
from littoral.store.clock import clock_us
from littoral.store.database import NotFound, RecordsError
from littoral.store.forms.numbers import person_number
from littoral.store.geofences import Conflict
from littoral.store.vault import reasons
from littoral.store.watch_list import Entry

router = APIRouter(tags=["areas"])

UNTIL = "at most 90 days from now"
WhyQuery = Annotated[str, Query(max_length=1000, description="why she is taken off early")]


def _of_a_ship(text: str) -> str:
    """Whoever sees geofences reads it, and an alert tells the name."""
    if found := person_number(text):
        raise ValueError(f"{found} stands in it; the watch-list holds no numbers of persons")
    return text


Reason = Annotated[str, Field(min_length=1, max_length=1000), AfterValidator(_of_a_ship)]
Name = Annotated[
    str, Field(min_length=2, max_length=20, pattern=r"^[ -~]+$"), AfterValidator(_of_a_ship)
]


class ListedChange(BaseModel):
    model_config = ConfigDict(extra="forbid")

    until: Instant = Field(description=UNTIL)
    reason: Reason
    version: int | None = Field(None, description="that was changed; 409 when it is not current")


class ListedInput(BaseModel):
    """One of `mmsi`, `imo`, `name` suffices; a vessel by any of those given is she."""

    model_config = ConfigDict(extra="forbid")

    id: UUID = Field(description="made by the client; the same once more is no change")
    mmsi: int | None = Field(None, ge=200_000_000, le=799_999_999, description="of a ship")
    imo: int | None = Field(None, ge=1_000_000, le=9_999_999)
    name: Name | None = None
    until: Instant = Field(description=UNTIL)
    reason: Reason


class SeenModel(BaseModel):
    """A vessel of the picture that is on the list."""

    id: str
    track: int
    mmsi: int
    label: str


class ListedModel(BaseModel):
    id: str
    version: int
    mmsi: int | None
    imo: int | None
    name: str | None
    reason: str
    owner: str = Field(description="login of who looks out for her")
    desk: str
    at: Time
    until: Time
    ends_soon: bool = Field(description="within a day: its owner says for how long still")
    waiting: str | None = Field(description="the change of it that waits for a second person")
    vessels: list[SeenModel] = Field(description="that are she and in the picture now")
    names: dict[str, str] = Field(description="by login, of who is referred to here")


@router.get(
    "/watch-list",
    response_model=Page[ListedModel],
    summary="Vessels that people look out for, as they were listed",
    **guarded("fence.read", kind="listed"),
)
def list_watched(request: Request, engine: Engine) -> Json:
    with engine.records.database.read() as connection:
        found = watch_list.active(connection, clock_us())
        waiting = {e.id: changes.waiting(connection, thing_of(e.id)) for e in found}
    names = names_of_logins(request, (e.owner for e in found))
    seen = _seen(engine.fleet(), found)
    items = [_json(e, waiting[e.id], seen.get(e.id, []), names) for e in found]
    return Json({"items": items, "next_cursor": None})


@router.post(
    "/watch-list",
    status_code=201,
    response_model=ListedModel,
    summary="Look out for a vessel",
    responses={409: {"description": "She is on the list already"}},
    **guarded("fence.write", kind="listed"),
)
def list_vessel(request: Request, engine: Engine, who: Acting, wanted: ListedInput) -> Json:
    name = None if wanted.name is None else wanted.name.strip().upper() or None
    _check(wanted, name)
    key = str(wanted.id)
    with _refused(key, wanted.reason), engine.records.database.write() as connection:
        after = {
            "mmsi": wanted.mmsi, "imo": wanted.imo, "name": name, "reason": wanted.reason,
            "until_us": wanted.until,
        }  # fmt: skip
        _tell(connection, request, who, key, None, after)
        made = watch_list.add(
            connection, key, wanted.mmsi, wanted.imo, name, wanted.reason, wanted.until, who.name,
            allowed_desk(request), clock_us(),
        )  # fmt: skip
    engine.watch_list_changed()
    return _answer(request, engine, made, 201)


@router.put(
    "/watch-list/{entry_id}",
    response_model=ListedModel,
    summary="For how long she is looked out for, and why; for less time takes a second person",
    responses={409: {"description": "Somebody else changed it meanwhile"}, **WAITS},
    **guarded("fence.write", kind="listed", key="entry_id"),
)
def change_listed(
    request: Request, engine: Engine, who: Acting, entry_id: str, wanted: ListedChange
) -> Json:
    with _refused(entry_id, wanted.reason), engine.records.database.write() as connection:
        now = watch_list.standing(connection, entry_id, clock_us(), wanted.version)
        after = {**now.document, "until_us": wanted.until, "reason": wanted.reason}
        lost = watch_list.blinder(now, wanted.until)
        if lost and gate_of(request) is not None:
            return waits(request, _propose(connection, who, now, after, lost, wanted.reason))
        _tell(connection, request, who, entry_id, now.document, after)
        made = watch_list.update(
            connection, entry_id, wanted.until, wanted.reason, clock_us(), now.revision
        )
    engine.watch_list_changed()
    return _answer(request, engine, made, 200)


@router.delete(
    "/watch-list/{entry_id}",
    status_code=204,
    summary="Take a vessel off the list; takes a second person",
    responses={409: {"description": "Another change of it waits"}, **WAITS},
    **guarded("fence.write", kind="listed", key="entry_id"),
)
def unlist_vessel(
    request: Request, engine: Engine, who: Acting, entry_id: str, why: WhyQuery = ""
) -> Response:
    with (
        refusals("vessel on the watch-list", entry_id),
        engine.records.database.write() as connection,
    ):
        now = watch_list.standing(connection, entry_id, clock_us())
        if gate_of(request) is not None:
            if not why.strip():
                message = "say why, since a second person has to agree"
                raise ProblemError(422, f"why: {message}", {"why": message})
            lost = watch_list.blinder(now, None)
            return waits(request, _propose(connection, who, now, None, lost, why))
        watch_list.remove(connection, entry_id, who.name, clock_us())
    engine.watch_list_changed()
    return Response(status_code=204)


def thing_of(key: str) -> str:
    return f"{changes.LISTED}:{key}"


def _check(wanted: ListedInput, name: str | None) -> None:
    errors: dict[str, str] = {}
    if wanted.mmsi is None and wanted.imo is None and name is None:
        errors["mmsi"] = "say which vessel: MMSI, IMO number or name"
    if wanted.imo is not None and not _is_imo(wanted.imo):
        errors["imo"] = "is no IMO number: its last digit does not fit"
    if errors:
        raise ProblemError(422, "; ".join(f"{f}: {m}" for f, m in errors.items()), errors)


def _is_imo(number: int) -> bool:
    """IMO resolution A.1117(30): the last digit is that of the sum of the others, times 7 to 2."""
    digits = [int(d) for d in str(number)]
    total = sum(d * w for d, w in zip(digits[:6], range(7, 1, -1), strict=True))
    return total % 10 == digits[6]


@contextmanager
def _refused(key: str, reason: str) -> Iterator[None]:
    """What the store refuses becomes a problem of its field: a reason of blanks, else the end."""
    with refusals("vessel on the watch-list", key):
        try:
            yield
        except (Conflict, NotFound):
            raise
        except RecordsError as error:
            field = "until" if reason.strip() else "reason"
            raise ProblemError(422, f"{field}: {error}", {field: str(error)}) from error


def _propose(
    connection: Connection,
    who: Actor,
    now: Entry,
    after: Mapping[str, Any] | None,
    lost: tuple[str, ...],
    why: str,
) -> Change:
    return changes.propose(
        connection, str(uuid4()), thing_of(now.id), now.revision, now.document, after, lost, why,
        who.name, clock_us(),
    )  # fmt: skip


def _tell(
    connection: Connection,
    request: Request,
    who: Actor,
    key: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> None:
    item = reasons.item_id(watch_list.table.name, key)
    tell_with_reason(connection, item, request, who, "fence.write", thing_of(key), before, after)


def _seen(view: FleetView, found: list[Entry]) -> dict[str, list[dict[str, Any]]]:
    """By entry, who of the picture she is."""
    fleet = view.fleet
    watched = [Watched(e.id, e.mmsi, e.imo, e.name, e.until_us) for e in found]
    if not watched or not view.count:
        return {}
    seen: dict[str, list[dict[str, Any]]] = {}
    for track, place in places(watched, fleet, np.arange(view.count)).items():
        seen.setdefault(watched[place].id, []).append({
            "id": fleet.track_id(track), "track": track, "mmsi": int(fleet.mmsi[track]),
            "label": fleet.label(track),
        })  # fmt: skip
    return seen


def _answer(request: Request, engine: Runtime, made: Entry, status: int) -> Json:
    seen = _seen(engine.fleet(), [made]).get(made.id, [])
    names = names_of_logins(request, [made.owner])
    return Json(_json(made, None, seen, names), status_code=status)


def _json(
    entry: Entry,
    waiting: Change | None,
    vessels: list[dict[str, Any]],
    names: Mapping[str, str],
) -> dict[str, Any]:
    return {
        "id": entry.id, "version": entry.revision, "mmsi": entry.mmsi, "imo": entry.imo,
        "name": entry.name, "reason": entry.reason, "owner": entry.owner, "desk": entry.desk,
        "at": iso(entry.at_us), "until": iso(entry.until_us),
        "ends_soon": entry.until_us <= clock_us() + watch_list.SOON_US,
        "waiting": None if waiting is None else waiting.id, "vessels": vessels,
        "names": named(names, entry.owner),
    }  # fmt: skip
