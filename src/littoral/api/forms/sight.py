"""Who may see a form, change it, and see what was handed in by it."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import Request

from littoral.access import Resource
from littoral.api.gate import Actor, Gate, areas_of, gate_of, of_unit
from littoral.api.names import place_name
from littoral.api.problems import ProblemError, not_found
from littoral.store.forms.versions import FormVersion, Place

READ, WRITE, ANSWERS = "form.read", "form.write", "form.answers"


def gate_there(request: Request) -> Gate:
    gate = gate_of(request)
    if gate is None:
        raise ProblemError(503, "This server has no sign-in: it keeps no forms.")
    return gate


def thing_of(gate: Gate, unit: str, agency: str, key: str = "-") -> Resource:
    """A form: of the unit and agency that made it, given to all units below."""
    return of_unit(gate, "form", unit, key, agency=agency, shared_with=(unit,))


def handed_in(gate: Gate, unit: str, place: str, agency: str, key: str = "-") -> Resource:
    """What was handed in, as far as it is open: of the desk, in the area of who did."""
    areas = tuple(dict.fromkeys((*areas_of(gate, place), *areas_of(gate, unit), unit)))
    return Resource("operational", key, unit=unit, agency=agency, areas=areas, kind="form")


def may(gate: Gate, who: Actor, action: str, thing: Resource) -> bool:
    return gate.decide(who, action, thing, gate.circumstances(who)).allowed


def places_of(gate: Gate, who: Actor, found: Sequence[Place]) -> tuple[list[Place], list[Place]]:
    """Of places that have forms those where the caller may change them, drafts and retired ones
    among them, and those where the caller may only see the ones that are published."""
    writes = [place for place in found if may(gate, who, WRITE, thing_of(gate, *place))]
    rest = [place for place in found if place not in writes]
    return writes, [place for place in rest if may(gate, who, READ, thing_of(gate, *place))]


def require_reading(gate: Gate, who: Actor, found: FormVersion | None, key: str) -> FormVersion:
    """Raises a 404 problem for what is not there or only a draft of others, a 403 problem."""
    if found is None:
        raise not_found("form", key)
    thing = thing_of(gate, found.unit, found.agency, found.id)
    if may(gate, who, WRITE, thing):
        return found
    gate.require(who, READ, thing)
    if found.state == "draft":
        raise not_found("form", key)
    return found


def unit_name(gate: Gate, code: str) -> dict[str, str]:
    return place_name(gate.people.directory.organisation(), code) or {"zh": code, "en": code}
