"""What makes the watch blinder, or dismisses an alert of distress, waits for a second person: the
answer to who proposed it."""

from __future__ import annotations

from typing import Any

from fastapi import Request

from littoral.access import Circumstances, Resource
from littoral.api.change_json import ChangeModel, change_json
from littoral.api.gate import Actor, Gate, gate_of, of_the_province, safe_id
from littoral.api.names import names_of_logins
from littoral.api.wire import Json
from littoral.store.changes import (
    ALERT,
    AT_START,
    GEOFENCE,
    LISTED,
    OUTAGE,
    SETTINGS,
    SHELF,
    WAITING,
    Change,
)
from littoral.store.people.accounts import Account
from littoral.store.people.identity import TOTP, Identity

WAITS: dict[int | str, dict[str, Any]] = {
    202: {
        "description": "The watch gets blinder by it, or it dismisses an alert of distress: it "
        "waits for a second person (`/changes`)",
        "model": ChangeModel,
    }
}
# By kind of thing: the act that changes it, and what shows the change to somebody.
WRITES = {
    GEOFENCE: "fence.write",
    OUTAGE: "outage.write",
    SETTINGS: "settings.write",
    ALERT: "alert.dismiss",
    SHELF: "fence.write",
    LISTED: "fence.write",
}
READS = {
    GEOFENCE: ("fence.read", "change"),
    OUTAGE: ("detector.read", "detector"),
    SETTINGS: ("detector.read", "detector"),
    ALERT: ("alert.dismiss", "alert"),
    SHELF: ("fence.read", "change"),
    LISTED: ("fence.read", "change"),
}

INSIDE = "127.0.0.1"  # an address of the internal network


def waits(request: Request, change: Change) -> Json:
    names = names_of_logins(request, [change.proposed_by])
    return Json({**change_json(change, names), "may_decide": False}, status_code=202)


def readable_kinds(request: Request, who: Actor) -> tuple[str, ...]:
    """Kinds of things whose changes the caller may see; raises a 403 problem when there is none."""
    gate = gate_of(request)
    if gate is None:
        return tuple(READS)
    found = kinds_for(gate, who)
    if not found:
        gate.require(who, "fence.read", of_the_province("change"))
    return found


def kinds_for(gate: Gate, who: Actor) -> tuple[str, ...]:
    """The same, none where there is none."""
    context = gate.circumstances(who)
    return tuple(
        kind
        for kind, (action, noun) in READS.items()
        if gate.decide(who, action, of_the_province(noun), context).allowed
    )


def require_change(
    request: Request,
    who: Actor,
    change: Change | None,
    change_id: str,
    agreeing: bool,
    **facts: Any,
) -> None:
    """Whoever decides on a change could have made it; to agree, he is not who proposed it. One
    that is not there is asked for as a geofence's, so that nothing is told of it."""
    gate = gate_of(request)
    if gate is None:
        return
    gate.require(who, *_asked(gate, who, change, change_id, agreeing), **facts)


def may_decide(request: Request, who: Actor, change: Change) -> bool:
    """Whether the caller's agreement or refusal would be taken."""
    if change.state not in (WAITING, AT_START) or change.proposed_by == who.name:
        return False
    gate = gate_of(request)
    return (
        gate is None
        or gate.decide(who, *_asked(gate, who, change, safe_id(change.id), agreeing=True)).allowed
    )


def as_now(gate: Gate, account: Account) -> Actor:
    """Who proposed something, by the roles that they hold now, from the internal network."""
    held = tuple(m for m in account.memberships if m.valid(gate.trust.now_us()))
    who = Identity(
        account.id, "account", account.login, account.name, account.language, held, TOTP, INSIDE
    )
    return gate.actor(who)


def proposer_may(gate: Gate, change: Change) -> bool:
    """Whether who proposed it could still have it made, now and from the internal network: a role
    may have ended by its day, or its agency. Who has no account is the operator of a server that
    ran without sign-in."""
    account = gate.people.directory.account_of(change.proposed_by)
    if account is None:
        return True
    actor = as_now(gate, account)
    asked = _asked(gate, actor, change, safe_id(change.id), agreeing=False)
    return account.active and gate.decide(actor, *asked).allowed


def _asked(
    gate: Gate, who: Actor, change: Change | None, change_id: str, agreeing: bool
) -> tuple[str, Resource, Circumstances]:
    """What the policies are asked for about it."""
    action = WRITES[GEOFENCE if change is None else change.kind]
    context = gate.circumstances(
        who, second_person=change is not None and change.proposed_by != who.name
    )
    kind = "change"
    if agreeing and change is not None:
        kind = "distress" if change.kind == ALERT else "blinding"
    return action, of_the_province(kind, change_id), context
