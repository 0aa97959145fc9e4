"""`/users`: accounts; find, look at one, invite, suspend, end sessions, a new link."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from littoral.api.fields import Page
from littoral.api.gate import described
from littoral.api.params import CursorQuery, LimitQuery, decode_cursor, encode_cursor
from littoral.api.people.models import (
    AccountChangeModel,
    ReasonBody,
    RoleBody,
    Status,
    UserDetailModel,
    UserModel,
    change_json,
    detail_json,
    user_json,
)
from littoral.api.people.places import Ask, Asking
from littoral.api.people.units import CodeQuery
from littoral.api.problems import not_found
from littoral.api.signin.answers import refusals
from littoral.api.signin.guard import Door
from littoral.api.signin.models import Body, Id
from littoral.api.wire import Json
from littoral.store.people import accounts, overview, seen
from littoral.store.people.account_changes import LINK, REINSTATE, SECOND_FACTORS
from littoral.store.people.accounts import Account, AccountRefused, Membership

router = APIRouter()

WAY = "/#accept="  # in the fragment, which no server or proxy writes down


class InviteBody(Body):
    login: str = Field(min_length=2, max_length=100)
    name: str = Field(min_length=1, max_length=200)
    language: str = Field("zh", pattern="^(zh|en)$")
    roles: list[RoleBody] = Field(min_length=1, max_length=20)
    why: str = Field("", max_length=1000, description="wanted: the second person reads it")


class InvitedModel(BaseModel):
    user: UserModel
    waiting: list[AccountChangeModel] = Field(description="its roles; who agrees gets the link")


class DescribeBody(Body):
    name: str = Field(min_length=1, max_length=200)
    language: str = Field(pattern="^(zh|en)$")


@router.get(
    "/users",
    response_model=Page[UserModel],
    summary="Accounts by login, as far as the caller may see them",
    **described("user.read"),
)
def list_users(
    door: Door,
    ask: Ask,
    q: Annotated[str, Query(max_length=100, description="in login or name")] = "",
    unit: CodeQuery = None,
    within: bool = True,
    status: Status | None = None,
    role: Annotated[str | None, Query(max_length=40)] = None,
    cursor: CursorQuery = None,
    limit: LimitQuery = 100,
) -> Json:
    """`unit`: with a role there, or (`within`) in a unit within it."""
    ask.own("user.read", "account")
    now_us, there = door.base.now_us(), door.directory.organisation()
    after = decode_cursor(cursor, str)[0] if cursor else ""
    condition = ask.filter("user.read")
    with door.base.database.read() as connection:
        places = seen.Places.read(connection, there)
        where = [seen.visible(condition, places, now_us), seen.matching(q)]
        if unit:
            units = places.within([unit]) if within else [unit]
            where.append(seen.in_units(units, now_us))
        if status is not None:
            where.append(accounts.has_status(status))
        if role is not None:
            where.append(seen.with_role(role, now_us))
        found = accounts.listed(connection, after, limit + 1, seen.every(where))
    more = encode_cursor(found[limit - 1].login) if len(found) > limit else None
    items = [user_json(a, there, now_us) for a in found[:limit]]
    return Json({"items": items, "next_cursor": more})


@router.post(
    "/users",
    status_code=201,
    response_model=InvitedModel,
    summary="Propose an account with its roles; who agrees to the first gets its link",
    **described("user.write"),
)
def invite_user(door: Door, ask: Ask, body: InviteBody) -> Json:
    """The account is there at once, and nobody can open it: a second person agrees to its roles."""
    roles = [r.membership() for r in body.roles]
    for role in roles:
        ask.require("user.write", ask.resource((role.unit, role.agency)))
    with refusals():
        made = door.directory.propose_invitation(
            body.login, body.name, roles, ask.actor.id, body.why, body.language
        )
    there, now_us = door.directory.organisation(), door.base.now_us()
    return Json(
        {
            "user": user_json(made, there, now_us),
            "waiting": waiting(door, ask, made),
        },
        status_code=201,
    )


@router.get(
    "/users/{user_id}",
    response_model=UserDetailModel,
    summary="An account: roles, sessions, ways to sign in; no secrets",
    **described("user.read"),
)
def get_user(door: Door, ask: Ask, user_id: Id) -> Json:
    account = known(door, user_id)
    ask.sees(account)
    return Json(detail(door, ask, account))


@router.patch(
    "/users/{user_id}",
    response_model=UserDetailModel,
    summary="Another name or language",
    **described("user.write"),
)
def describe_user(door: Door, ask: Ask, user_id: Id, body: DescribeBody) -> Json:
    changeable(door, ask, user_id)
    with refusals():
        door.directory.describe(user_id, body.name, body.language, ask.actor.id)
    return Json(detail(door, ask, known(door, user_id)))


@router.put(
    "/users/{user_id}/suspension",
    response_model=UserDetailModel,
    summary="Suspend: no sign-in any more; sessions and links end at once",
    **described("user.write"),
)
def suspend_user(door: Door, ask: Ask, user_id: Id, body: ReasonBody) -> Json:
    changeable(door, ask, user_id)
    with refusals():
        door.directory.suspend(user_id, ask.actor.id, body.reason)
    return Json(detail(door, ask, known(door, user_id)))


@router.post(
    "/users/{user_id}/reinstatement",
    status_code=202,
    response_model=AccountChangeModel,
    summary="Propose the end of a suspension; a second person agrees",
    **described("user.write"),
)
def reinstate_user(door: Door, ask: Ask, user_id: Id, body: ReasonBody) -> Json:
    return propose(door, ask, changeable(door, ask, user_id), REINSTATE, body.reason)


@router.delete(
    "/users/{user_id}/sessions",
    status_code=204,
    summary="End all sessions of an account",
    **described("user.write"),
)
def end_user_sessions(door: Door, ask: Ask, user_id: Id) -> Response:
    changeable(door, ask, user_id)
    door.directory.end_sessions(user_id, ask.actor.id)
    return Response(status_code=204)


@router.delete(
    "/users/{user_id}/sessions/{session_id}",
    status_code=204,
    summary="End one session",
    **described("user.write"),
)
def end_user_session(door: Door, ask: Ask, user_id: Id, session_id: Id) -> Response:
    changeable(door, ask, user_id)
    if not door.directory.end_sessions(user_id, ask.actor.id, session_id):
        raise not_found("open session", session_id)
    return Response(status_code=204)


@router.post(
    "/users/{user_id}/link",
    status_code=202,
    response_model=AccountChangeModel,
    summary="Propose a new link: of the invitation, or to set a password anew; who agrees gets it",
    **described("user.write"),
)
def make_user_link(door: Door, ask: Ask, user_id: Id, body: ReasonBody) -> Json:
    """Whoever has the link becomes that account, so two have to want it."""
    return propose(door, ask, changeable(door, ask, user_id), LINK, body.reason)


@router.post(
    "/users/{user_id}/second-factor-reset",
    status_code=202,
    response_model=AccountChangeModel,
    summary="Propose to remove authenticator, codes and passkeys that are lost",
    **described("user.write"),
)
def reset_second_factors(door: Door, ask: Ask, user_id: Id, body: ReasonBody) -> Json:
    return propose(door, ask, changeable(door, ask, user_id), SECOND_FACTORS, body.reason)


def changeable(door: Door, ask: Asking, user_id: str) -> Account:
    """The account, when the caller may change it in all its places; 403, 404 else."""
    account = known(door, user_id)
    ask.require_account("user.write", account)
    return account


def known(door: Door, user_id: str) -> Account:
    try:
        return door.directory.account(user_id)
    except AccountRefused as error:
        raise not_found("account", user_id) from error


def visible(door: Door, ask: Asking, user_id: str) -> Account:
    """The account, when the caller may see it; else the 404 of one that is not there."""
    now_us, there = door.base.now_us(), door.directory.organisation()
    condition = ask.filter("user.read")
    with door.base.database.read() as connection:
        places = seen.Places.read(connection, there)
        where = [seen.visible(condition, places, now_us), accounts.has_id(user_id)]
        found = accounts.listed(connection, where=seen.every(where))
    if not found:
        raise not_found("account", user_id)
    return found[0]


def link_of(request: Request, door: Door, token: str) -> str:
    return f"{door.origin_of(request)}{WAY}{token}"


def detail(door: Door, ask: Asking, account: Account) -> dict[str, Any]:
    now_us, there = door.base.now_us(), door.directory.organisation()
    with door.base.database.read() as connection:
        found = overview.of(connection, account.id, now_us)
    sessions = door.directory.sessions_of(account.id, door.signin.rules)
    may = all(
        ask.may("user.write", ask.resource(place, "account", account.id, account.id))
        for place in ask.places(account)
    )
    return {
        **detail_json(account, found, sessions, there, now_us, door.settings.password_alone),
        "waiting": waiting(door, ask, account),
        "may_change": may,
    }


def waiting(door: Door, ask: Asking, account: Account) -> list[dict[str, Any]]:
    now_us, there = door.base.now_us(), door.directory.organisation()
    found = door.directory.waiting_for(account.id)
    with door.base.database.read() as connection:
        logins = accounts.logins_of(connection, {c.proposed_by for c in found})
    return [change_json(c, account, logins, there, now_us, ask.actor.id) for c in found]


def propose(
    door: Door, ask: Asking, account: Account, kind: str, why: str, role: Membership | None = None
) -> Json:
    """202: it waits for a second person."""
    with refusals():
        made = door.directory.propose(account.id, kind, why, ask.actor.id, role)
    now_us, there = door.base.now_us(), door.directory.organisation()
    logins = {ask.actor.id: ask.actor.name}
    shown = change_json(made, account, logins, there, now_us, ask.actor.id)
    return Json(shown, status_code=202)
