"""`/users/{user_id}/roles`: give a role in a unit for a time, and take it away."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import Field

from littoral.api.gate import described
from littoral.api.people.models import AccountChangeModel, RoleBody, UserDetailModel
from littoral.api.people.places import Ask
from littoral.api.people.users import detail, known, propose, visible
from littoral.api.problems import not_found
from littoral.api.signin.answers import refusals
from littoral.api.signin.guard import Door
from littoral.api.signin.models import Id
from littoral.api.wire import Json
from littoral.store.people.account_changes import GRANT

router = APIRouter()


class GrantBody(RoleBody):
    why: str = Field("", max_length=1000, description="wanted: the second person reads it")


@router.post(
    "/users/{user_id}/roles",
    status_code=202,
    response_model=AccountChangeModel,
    summary="Propose a role, which holds once a second person agrees",
    **described("user.write"),
)
def give_role(door: Door, ask: Ask, user_id: Id, body: GrantBody) -> Json:
    """An account that the caller may not see answers as one that is not there."""
    role = body.membership()
    ask.require("user.write", ask.resource((role.unit, role.agency), "account", user_id, user_id))
    return propose(door, ask, visible(door, ask, user_id), GRANT, body.why, role)


@router.delete(
    "/users/{user_id}/roles/{role_id}",
    response_model=UserDetailModel,
    summary="Take a role away, from now on",
    **described("user.write"),
)
def take_role(door: Door, ask: Ask, user_id: Id, role_id: Id) -> Json:
    account = known(door, user_id)
    held = next((m for m in account.memberships if m.id == role_id), None)
    if held is None:
        ask.require_account("user.write", account)
        raise not_found("role", role_id)
    ask.require(
        "user.write", ask.resource((held.unit, held.agency), "account", account.id, account.id)
    )
    with refusals():
        if not door.directory.end_membership(role_id, ask.actor.id, user_id):
            raise not_found("role that holds", role_id)
    return Json(detail(door, ask, known(door, user_id)))
