"""`/account-changes`: what needs a second person; agree, refuse, take back."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import Field

from littoral.api.fields import Page
from littoral.api.gate import described
from littoral.api.params import CursorQuery, LimitQuery, decode_cursor, encode_cursor
from littoral.api.people.models import AccountChangeModel, DecisionBody, State, change_json
from littoral.api.people.places import Ask, Asking, Place, fits
from littoral.api.people.proposers import require_proposer
from littoral.api.people.users import link_of
from littoral.api.problems import not_found
from littoral.api.signin.answers import refusals
from littoral.api.signin.guard import Door
from littoral.api.signin.models import Id
from littoral.api.wire import Json
from littoral.store.people import accounts
from littoral.store.people.account_changes import WAITING, AccountChange
from littoral.store.people.accounts import Account, AccountRefused

router = APIRouter()

BatchQuery = Annotated[
    str | None,
    Query(max_length=64, description="id: the changes of that batch; else those of none"),
]


class DecidedModel(AccountChangeModel):
    link: str | None = Field(
        description="of a new link, or of an invitation whose first role was agreed to; shown once"
    )


@router.get(
    "/account-changes",
    response_model=Page[AccountChangeModel],
    summary="Changes of accounts that wait for or had a second person, newest first",
    **described("user.read"),
)
def list_account_changes(
    door: Door,
    ask: Ask,
    state: State | None = None,
    batch: BatchQuery = None,
    cursor: CursorQuery = None,
    limit: LimitQuery = 500,
) -> Json:
    ask.own("user.read", "account")
    condition = ask.filter("user.read")
    before = decode_cursor(cursor, str)[0] if cursor else None
    found = door.directory.changes(state, batch, before, limit + 1)
    shown = []
    for change in found[:limit]:
        account = door.directory.account(change.account)
        if any(fits(condition, ask.resource(place)) for place in _places(ask, change, account)):
            shown.append((change, account))
    more = encode_cursor(found[limit - 1].id) if len(found) > limit else None
    return Json({"items": _shown(door, ask, shown), "next_cursor": more})


@router.post(
    "/account-changes/{change_id}/decision",
    response_model=DecidedModel,
    summary="Agree or refuse, as another person than the one who proposed it",
    responses={409: {"description": "It was decided, taken back or lapsed meanwhile"}},
    **described("user.write"),
)
def decide_account_change(
    request: Request, door: Door, ask: Ask, change_id: Id, body: DecisionBody
) -> Json:
    change = _known(door, change_id)
    account = door.directory.account(change.account)
    # Two of them: who proposed it, who was asked the same then, and the one who asks now.
    two = change.proposed_by != ask.actor.id
    for place in _places(ask, change, account):
        kind = "privileged" if body.agree else "account"
        resource = ask.resource(place, kind, account.id, account.id)
        ask.require("user.write", resource, second_person=two)
    if body.agree and change.state == WAITING:
        require_proposer(door, ask, [(change, _places(ask, change, account))])
    with refusals():
        made, token = door.directory.decide(change_id, body.agree, body.note, ask.actor.id)
    (shown,) = _shown(door, ask, [(made, door.directory.account(change.account))])
    link = None if token is None else link_of(request, door, token)
    return Json({**shown, "link": link})


@router.delete(
    "/account-changes/{change_id}",
    response_model=AccountChangeModel,
    summary="Take a change back that waits",
    responses={409: {"description": "It no longer waits, or is somebody else's"}},
    **described("user.write"),
)
def take_account_change_back(door: Door, ask: Ask, change_id: Id) -> Json:
    change = _known(door, change_id)
    account = door.directory.account(change.account)
    for place in _places(ask, change, account):
        ask.require("user.write", ask.resource(place, "account", account.id, account.id))
    with refusals():
        back = door.directory.take_back(change_id, ask.actor.id)
    return Json(_shown(door, ask, [(back, account)])[0])


def _places(ask: Asking, change: AccountChange, account: Account) -> list[Place]:
    return [(change.unit, change.agency)] if change.unit is not None else ask.places(account)


def _known(door: Door, change_id: str) -> AccountChange:
    try:
        return door.directory.change(change_id)
    except AccountRefused as error:
        raise not_found("change", change_id) from error


def _shown(
    door: Door, ask: Asking, found: list[tuple[AccountChange, Account]]
) -> list[dict[str, Any]]:
    now_us, there = door.base.now_us(), door.directory.organisation()
    who = {by for change, _ in found for by in (change.proposed_by, change.decided_by) if by}
    with door.base.database.read() as connection:
        logins = accounts.logins_of(connection, who)
    return [change_json(c, a, logins, there, now_us, ask.actor.id) for c, a in found]
