"""`/account-batches`: what one import proposed, decided by a second person as a whole."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from littoral.api.fields import Page, Time
from littoral.api.gate import described
from littoral.api.people.models import State
from littoral.api.people.places import Ask, Asking, Place, fits
from littoral.api.people.proposers import require_proposer
from littoral.api.people.users import link_of
from littoral.api.problems import not_found
from littoral.api.signin.answers import refusals
from littoral.api.signin.guard import Door
from littoral.api.signin.models import Body, Id
from littoral.api.wire import Json, iso
from littoral.store.people import account_changes, accounts
from littoral.store.people.account_changes import AccountChange, Batch
from littoral.store.people.accounts import AccountRefused

router = APIRouter()

MOST_REFUSED = 10_000


class RoleCountModel(BaseModel):
    role: str
    count: int


class AccountBatchModel(BaseModel):
    id: str
    why: str
    proposed_by: str = Field(description="login")
    proposed: Time
    mine: bool = Field(description="proposed by who asks, who cannot agree to it")
    waiting: int = Field(description="changes that wait for a second person")
    made: int
    refused: int
    taken_back: int
    lapsed: int
    roles: list[RoleCountModel] = Field(description="of those that wait")
    units: int = Field(description="in which roles were proposed")


class ArrivedModel(BaseModel):
    login: str
    link: str = Field(description="works once within a week; shown once")


class DecidedBatchModel(AccountBatchModel):
    links: list[ArrivedModel] = Field(description="of those invited whose first role was agreed to")


class BatchDecisionBody(Body):
    agree: bool
    refuse: list[Annotated[str, Field(max_length=64)]] = Field(
        [],
        max_length=MOST_REFUSED,
        description="ids of changes refused where the rest is agreed to",
    )
    note: str = Field("", max_length=1000)


@router.get(
    "/account-batches",
    response_model=Page[AccountBatchModel],
    summary="What imports proposed, the newest first",
    **described("user.read"),
)
def list_account_batches(door: Door, ask: Ask, state: State | None = None) -> Json:
    """`state`: with a change in that state. The changes of one: `/account-changes?batch=`."""
    ask.own("user.read", "account")
    condition = ask.filter("user.read")
    found = [
        b
        for b in door.directory.batches()
        if (state is None or b.states[state])
        and any(fits(condition, ask.resource(place)) for place in b.places)
    ]
    return Json({"items": _shown(door, ask, found), "next_cursor": None})


@router.post(
    "/account-batches/{batch_id}/decision",
    response_model=DecidedBatchModel,
    summary="Agree to all that waits of it, some refused, or refuse it, as another person",
    responses={409: {"description": "Nothing of it waits, or what is to be refused does not"}},
    **described("user.write"),
)
def decide_account_batch(
    request: Request, door: Door, ask: Ask, batch_id: Id, body: BatchDecisionBody
) -> Json:
    batch, waiting = _known(door, batch_id)
    two = batch.proposed_by != ask.actor.id
    _require(ask, batch, waiting, "privileged" if body.agree else "account", two)
    if body.agree:
        require_proposer(door, ask, [(c, [(c.unit or "", c.agency)]) for c in waiting])
    with refusals():
        decided, invited = door.directory.decide_batch(
            batch_id, body.agree, body.refuse, body.note, ask.actor.id
        )
    (shown,) = _shown(door, ask, [decided])
    links = [{"login": login, "link": link_of(request, door, token)} for login, token in invited]
    return Json({**shown, "links": links})


@router.delete(
    "/account-batches/{batch_id}",
    response_model=AccountBatchModel,
    summary="Take back what waits of it",
    responses={409: {"description": "Nothing of it waits, or it is somebody else's"}},
    **described("user.write"),
)
def take_account_batch_back(door: Door, ask: Ask, batch_id: Id) -> Json:
    batch, waiting = _known(door, batch_id)
    _require(ask, batch, waiting, "account", False)
    with refusals():
        back = door.directory.take_batch_back(batch_id, ask.actor.id)
    return Json(_shown(door, ask, [back])[0])


def _known(door: Door, batch_id: str) -> tuple[Batch, list[AccountChange]]:
    try:
        batch = door.directory.batch(batch_id)
    except AccountRefused as error:
        raise not_found("batch", batch_id) from error
    most = sum(batch.states.values())
    return batch, door.directory.changes(account_changes.WAITING, batch_id, limit=most)


def _require(ask: Asking, batch: Batch, waiting: list[AccountChange], kind: str, two: bool) -> None:
    """For every place, and nobody's own account among them. One decision a row would be slow: each
    is held against the filter, and what it does not let through is refused with the reason."""
    circumstances = ask.circumstances(second_person=two)
    condition = ask.gate.filter(ask.actor, "user.write", circumstances)
    seen: set[tuple[Place, bool]] = set()
    for change in waiting:
        place, own = (change.unit or "", change.agency), change.account == ask.actor.id
        if (place, own) in seen:
            continue
        seen.add((place, own))
        owner = change.account if own else ""
        if not fits(condition, ask.resource(place, kind, batch.id, owner)):
            ask.require("user.write", ask.resource(place, kind, batch.id, owner), second_person=two)
    if not waiting:
        ask.own("user.write", "account")
    ask.gate.trust.tell(
        ask.actor.ref, "user.write", f"account:{batch.id}", "allow", changes=len(waiting)
    )


def _shown(door: Door, ask: Asking, found: list[Batch]) -> list[dict[str, Any]]:
    with door.base.database.read() as connection:
        logins = accounts.logins_of(connection, {b.proposed_by for b in found})
    return [
        {
            "id": b.id,
            "why": b.why,
            "proposed_by": logins.get(b.proposed_by, b.proposed_by),
            "proposed": iso(b.proposed_us),
            "mine": b.proposed_by == ask.actor.id,
            **{state: b.states[state] for state in account_changes.STATES},
            "roles": [{"role": role, "count": n} for role, n in sorted(b.roles.items())],
            "units": len({unit for unit, _ in b.places}),
        }
        for b in found
    ]
