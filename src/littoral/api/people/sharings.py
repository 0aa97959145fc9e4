"""`/sharings`: agreements by which a unit shows things of its own to another unit or an agency."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from littoral.access import Resource
from littoral.access.agreements import OF_CASES
from littoral.access.filter import Filter
from littoral.api.fields import Agency, Page, Time
from littoral.api.gate import described
from littoral.api.names import names_of, place_name
from littoral.api.params import CursorQuery, Instant, LimitQuery, decode_cursor, encode_cursor
from littoral.api.people.models import ReasonBody
from littoral.api.people.places import CLASS, Ask, Asking, fits
from littoral.api.problems import ProblemError, not_found
from littoral.api.signin.guard import Door
from littoral.api.signin.models import Body, Id, NameModel
from littoral.api.wire import Json, iso, iso_or_none
from littoral.store.people.organisations import Organisation
from littoral.store.people.sharings import Sharing, SharingRefused, Wanted

router = APIRouter()

READ, WRITE = "sharing.read", "sharing.write"
Kind = Literal["*", "incident", "task", "responder", "duty", "case", "evidence"]
State = Literal["to_come", "in_force", "ended"]


class SharingBody(Body):
    unit: str = Field(max_length=24, description="whose things are shown, and of all within it")
    agency: Agency | None = Field(None, description="those of this agency alone; null: of any")
    shared_with: str = Field(max_length=40, description="code of a unit or of an agency")
    kind: Kind = Field(description="`*`: every kind but case and evidence, which are named")
    reason: str = Field(min_length=1, max_length=1000)
    begins: Instant | None = Field(None, description="else now")
    ends: Instant | None = Field(
        None, description="else open; case and evidence within 366 days of the begin"
    )


class SharingModel(BaseModel):
    id: str
    unit: str
    unit_name: NameModel | None
    agency: Agency | None
    shared_with: str
    shared_with_name: NameModel | None
    kind: Kind
    reason: str
    state: State
    begins: Time
    ends: Time | None
    made: Time
    made_by: str = Field(description="reference: `account:…`, `operator:…`")
    ended_by: str | None = Field(description="null: it has not ended, or ended at its time")
    end_reason: str | None
    may_end: bool
    names: dict[str, str] = Field(description="of who is referred to here, with the login")


@router.get(
    "/sharings",
    response_model=Page[SharingModel],
    summary="Agreements given and received, by when they were made",
    **described(READ),
)
def list_sharings(
    door: Door,
    ask: Ask,
    ended: Annotated[bool, Query(description="also those that have ended")] = False,
    cursor: CursorQuery = None,
    limit: LimitQuery = 200,
) -> Json:
    ask.own(READ, "sharing")
    may_see, may_end = ask.filter(READ), ask.filter(WRITE)
    now_us, there = door.base.now_us(), door.directory.organisation()
    after = decode_cursor(cursor, str)[0] if cursor else ""
    seen = [
        row
        for row in door.directory.sharings(after, None if ended else now_us)
        if fits(may_see, _thing(there, row))
    ]
    found, more = seen[:limit], len(seen) > limit
    names = _names(ask, found)
    return Json(
        {
            "items": [_json(r, there, now_us, may_end, names) for r in found],
            "next_cursor": encode_cursor(found[-1].id) if more else None,
        }
    )


@router.post(
    "/sharings",
    status_code=201,
    response_model=SharingModel,
    summary="Show things of a unit to another",
    **described(WRITE),
)
def share(door: Door, ask: Ask, body: SharingBody) -> Json:
    """From its begin on the other side sees what its roles let it see of what is shared with it. It
    does nothing with that, and sees no data about persons by it."""
    there = door.directory.organisation()
    wanted = Wanted(
        body.unit, body.shared_with, body.kind, body.reason, body.agency or "", body.begins,
        body.ends,
    )  # fmt: skip
    facts = {
        "unit": body.unit, "agency": body.agency, "shared_with": body.shared_with,
        "kind": body.kind, "reason": body.reason.strip(), "ends": iso_or_none(body.ends),
    }  # fmt: skip
    _require(ask, _thing(there, wanted), facts)
    try:
        made = door.directory.share(wanted, ask.actor.ref)
    except SharingRefused as error:
        raise _refused(error) from error
    there, now_us = door.directory.organisation(), door.base.now_us()
    return Json(_json(made, there, now_us, ask.filter(WRITE), _names(ask, [made])), status_code=201)


@router.post(
    "/sharings/{sharing_id}/end",
    response_model=SharingModel,
    summary="End an agreement now",
    responses={409: {"description": "It has ended"}},
    **described(WRITE),
)
def end_sharing(door: Door, ask: Ask, sharing_id: Id, body: ReasonBody) -> Json:
    there = door.directory.organisation()
    found = door.directory.sharing(sharing_id)
    if found is None:
        ask.own(WRITE, "sharing")
        raise not_found("sharing", sharing_id)
    _require(ask, _thing(there, found, sharing_id), {"reason": body.reason.strip()})
    try:
        done = door.directory.unshare(sharing_id, body.reason, ask.actor.ref)
    except SharingRefused as error:
        raise _refused(error) from error
    if not done:
        raise ProblemError(409, "This agreement has ended.")
    ended = door.directory.sharing(sharing_id) or found
    now_us = door.base.now_us()
    return Json(_json(ended, there, now_us, ask.filter(WRITE), _names(ask, [ended])))


def _require(ask: Asking, thing: Resource, facts: Mapping[str, Any]) -> None:
    ask.gate.require(ask.actor, WRITE, thing, **facts)


def _thing(there: Organisation, row: Sharing | Wanted, key: str = "-") -> Resource:
    """It is the giver's, and shared with who receives by it."""
    token = row.token(there) if isinstance(row, Sharing) else None
    above = there.ancestors(row.unit) if row.unit in there.units else ()
    return Resource(
        CLASS,
        key,
        unit=row.unit,
        agency=row.agency,
        areas=tuple(code for code in (row.unit, *above) if code),
        shared_with=() if token is None else (token,),
        kind="case_sharing" if row.kind in OF_CASES else "sharing",
    )


def _refused(error: SharingRefused) -> ProblemError:
    return ProblemError(422, f"{error.field}: {error}.", {error.field: str(error)})


def _names(ask: Asking, rows: list[Sharing]) -> dict[str, str]:
    return names_of(ask.gate, {ref for r in rows for ref in (r.made_by, r.ended_by)}, logins=True)


def _json(
    row: Sharing, there: Organisation, now_us: int, may_end: Filter, names: Mapping[str, str]
) -> dict[str, Any]:
    is_over = row.valid_to_us is not None and row.valid_to_us <= now_us
    return {
        "id": row.id,
        "unit": row.unit,
        "unit_name": place_name(there, row.unit),
        "agency": row.agency or None,
        "shared_with": row.shared_with,
        "shared_with_name": place_name(there, row.shared_with),
        "kind": row.kind,
        "reason": row.reason,
        "state": "ended" if is_over else "to_come" if row.valid_from_us > now_us else "in_force",
        "begins": iso(row.valid_from_us),
        "ends": iso_or_none(row.valid_to_us),
        "made": iso(row.made_us),
        "made_by": row.made_by,
        "ended_by": row.ended_by or None,
        "end_reason": row.end_reason or None,
        "may_end": not is_over and fits(may_end, _thing(there, row)),
        "names": {ref: names[ref] for ref in (row.made_by, row.ended_by) if ref in names},
    }
