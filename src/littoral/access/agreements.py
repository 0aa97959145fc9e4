"""What agreements between units add: the things of one unit that another may see.

An agreement that somebody is party to stands on the user, `Principal.received`, found once a
request. Where it reaches a thing, that counts as shared with the user's unit, for the actions
below alone: an agreement shows and lets nobody act. Lists get the same as a condition, so that
no row has to know of any agreement.
"""

from __future__ import annotations

from dataclasses import replace

from littoral.access.filter import (
    And,
    Const,
    Filter,
    Holds,
    In,
    Not,
    Or,
    both,
    either,
    negated,
)
from littoral.access.request import Principal, Received, Resource, at_unit

# What an agreement shows, by the action that asks; its kind of thing.
SHOWS = {
    "incident.read": "incident", "task.read": "task", "responder.read": "responder",
    "shift.read": "duty", "case.read": "case", "evidence.read": "evidence",
}  # fmt: skip
KINDS = tuple(SHOWS.values())
ANY_KIND = "*"
# What belongs to cases is shared expressly: `*` is every kind but these.
OF_CASES = frozenset({"case", "evidence"})
# Data about persons is shared by no agreement.
CLASSES = frozenset({"public", "operational"})


def with_agreements(principal: Principal, action: str, resource: Resource) -> Resource:
    """The thing as it is for this user: shared with the own unit where an agreement reaches it."""
    if resource.data_class in CLASSES and any(
        a.unit in resource.areas and a.agency in ("", resource.agency)
        for a in _for_action(principal, action)
    ):
        return replace(resource, shared_with=(*resource.shared_with, at_unit(principal.unit)))
    return resource


def list_with_agreements(principal: Principal, action: str, found: Filter) -> Filter:
    """`found` without agreements; with them, which things of a list fit."""
    reached = either(
        both(
            (
                In("data_class", CLASSES),
                Holds("areas", frozenset({a.unit})),
                In("agency", frozenset({a.agency})) if a.agency else Const(True),
            )
        )
        for a in _for_action(principal, action)
    )
    return found if reached == Const(False) else _widened(found, reached)


def _for_action(principal: Principal, action: str) -> tuple[Received, ...]:
    kind = SHOWS.get(action)
    if kind is None:
        return ()
    kinds = (kind,) if kind in OF_CASES else (kind, ANY_KIND)
    return tuple(a for a in principal.received if a.kind in kinds)


def _widened(found: Filter, reached: Filter) -> Filter:
    """Rules ask of `shared_with` one thing alone, whether it holds one of the user's circles."""
    match found:
        case Holds("shared_with", _):
            return either([found, reached])
        case Not(part):
            return negated(_widened(part, reached))
        case And(parts):
            return both([_widened(p, reached) for p in parts])
        case Or(parts):
            return either([_widened(p, reached) for p in parts])
    return found
