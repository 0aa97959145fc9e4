"""What the policies are asked about units, accounts and keys: the places that they are in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from littoral.access import Circumstances, Resource
from littoral.access.filter import And, Const, Filter, Holds, In, Not, Or
from littoral.api.gate import (
    NO_AGENCY,
    Actor,
    Gate,
    acting,
    gate_of,
    safe_id,
    same_origin_if_signed_in,
)
from littoral.api.problems import ProblemError
from littoral.store.people.accounts import Account
from littoral.store.people.packaged import PROVINCE

Place = tuple[str, str | None]  # codes of unit and agency
CLASS = "operational"


@dataclass(frozen=True)
class Asking:
    """The gate and who stands before it."""

    gate: Gate
    actor: Actor

    def resource(
        self, place: Place, kind: str = "account", key: str = "-", owner: str = ""
    ) -> Resource:
        unit, agency = place
        there = self.gate.people.directory.organisation()
        known = there.agencies.get(agency) if agency is not None else None
        above = there.ancestors(unit) if unit in there.units else ()
        return Resource(
            CLASS,
            safe_id(key),
            unit=unit,
            agency=NO_AGENCY if known is None else known.kind,
            areas=tuple(code for code in (unit, *above) if code),
            owner=owner,
            kind=kind,
        )

    def around(self, unit: str, parent: str | None, kind: str = "unit") -> Resource:
        """A unit, which may be new: it is no agency's, so that each administrator of its area
        keeps it."""
        there = self.gate.people.directory.organisation()
        inside = unit if unit in there.units else parent
        above = (inside, *there.ancestors(inside)) if inside in there.units and inside else ()
        areas = tuple(dict.fromkeys(code for code in (unit, *above) if code))
        return Resource(CLASS, safe_id(unit), unit=unit, areas=areas, kind=kind)

    def circumstances(self, **more: object) -> Circumstances:
        return self.gate.circumstances(self.actor, **more)

    def may(self, action: str, resource: Resource, **more: object) -> bool:
        """Without a word in the log: for what a page offers."""
        return self.gate.decide(self.actor, action, resource, self.circumstances(**more)).allowed

    def require(self, action: str, resource: Resource, **more: object) -> None:
        """Raises a 403 problem; the log holds it, allowed or refused."""
        self.gate.require(self.actor, action, resource, self.circumstances(**more))

    def require_account(self, action: str, account: Account) -> None:
        """For all places of the account: who administers one county does not suspend another's."""
        for place in self.places(account):
            self.require(action, self.resource(place, "account", account.id, account.id))

    def places(self, account: Account) -> list[Place]:
        """Where it holds roles, now or later; without any, where the last ones were, and where one
        was proposed for who never had any."""
        now_us = self.gate.people.base.now_us()
        still = [
            m for m in account.memberships if m.valid_to_us is None or m.valid_to_us > now_us
        ] or account.memberships
        held: list[Place] = [(m.unit, m.agency) for m in still]
        found = held or self.gate.people.directory.asked_for(account.id)
        return list(dict.fromkeys(found)) or [(PROVINCE, None)]

    def sees(self, account: Account) -> None:
        """Raises a 403 problem unless one of the account's places may be read."""
        found = [
            self.resource(place, "account", account.id, account.id)
            for place in self.places(account)
        ]
        if not any(self.may("user.read", resource) for resource in found):
            self.require("user.read", found[0])

    def own(self, action: str, kind: str) -> None:
        """Raises a 403 problem unless the action is open for things of an own place: a list is
        refused with the reason, not shown empty."""
        found = [
            Resource(CLASS, unit=p.unit, agency=p.agency, areas=p.area, kind=kind)
            for p in self.actor.principals
        ]
        if not any(self.may(action, resource) for resource in found):
            refused = found[0] if found else Resource(CLASS, unit=PROVINCE, kind=kind)
            self.require(action, refused)

    def filter(self, action: str) -> Filter:
        """Which things the caller may do the action on, whichever place allows it."""
        return self.gate.filter(self.actor, action, self.circumstances())


def fits(condition: Filter, thing: Resource) -> bool:
    """Does the filter let this thing through?"""
    match condition:
        case Const(value):
            return value
        case Not(part):
            return not fits(part, thing)
        case And(parts):
            return all(fits(part, thing) for part in parts)
        case Or(parts):
            return any(fits(part, thing) for part in parts)
        case In(attribute, values):
            return getattr(thing, attribute) in values
        case Holds(attribute, values):
            return not values.isdisjoint(getattr(thing, attribute))


def asking(request: Request) -> Asking:
    actor = acting(request)
    same_origin_if_signed_in(request)
    gate = gate_of(request)
    if gate is None:
        raise ProblemError(503, "This server has no sign-in.")
    return Asking(gate, actor)


Ask = Annotated[Asking, Depends(asking)]
