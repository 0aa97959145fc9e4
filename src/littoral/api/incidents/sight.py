"""Incidents as the policies take them, and what several routes do with one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_OID, uuid5
from zoneinfo import ZoneInfo

from fastapi import Request
from sqlalchemy.engine import Connection

from littoral.access import Resource
from littoral.api.gate import Actor, Gate, areas_of, gate_of, safe_id
from littoral.api.incidents.models import incident_json
from littoral.api.names import ACCOUNT, names_of
from littoral.api.problems import ProblemError, not_found
from littoral.api.visible import visible_by
from littoral.respond.incident.flow import Incident
from littoral.respond.incident.levels import due
from littoral.respond.incident.step import Refused, Step
from littoral.store import incidents, matter_rules
from littoral.store.actions import NotFound
from littoral.store.clock import clock_us
from littoral.store.condition import Condition
from littoral.store.geofences import Conflict
from littoral.store.incidents import Kept
from littoral.store.matter_rules import MatterRules

READ = "incident.read"
# The year in a code is that of the watch's calendar.
WATCH_ZONE = ZoneInfo("Asia/Shanghai")


def thing_of(
    gate: Gate, incident: Incident, asked: bool = False, shared: bool = True, owner: str = ""
) -> Resource:
    """It lies in its area and with the unit that answers for it. `asked`: whether a handover is
    taken is the matter of the unit that is asked, of nobody above it or beside it. `shared`: also
    of the guests, with whom it is shared; the lead agency's seats in the area are none. `owner`:
    whose matter it is, by default its reporter's."""
    owner = owner or incident.opened_by
    if asked:
        return Resource(
            incidents.DATA_CLASS, safe_id(incident.id), unit=incident.asked,
            areas=(incident.asked,) if incident.asked else (), owner=owner,
            kind=incident.type,
        )  # fmt: skip
    guests = incidents.guests(incident, lambda c: areas_of(gate, c)) if shared else ()
    return Resource(
        incidents.DATA_CLASS,
        safe_id(incident.id),
        unit=incident.desk,
        agency=incident.lead_agency,
        areas=tuple(dict.fromkeys((*areas_of(gate, incident.area), incident.desk))),
        shared_with=tuple(sorted({*guests, incidents.leading(incident)})),
        owner=owner,
        kind=incident.type,
    )


def permit_reading(request: Request, who: Actor, incident: Incident) -> None:
    """Raises a 403 problem that says why not."""
    gate = gate_of(request)
    if gate is not None:
        resource = thing_of(gate, incident)
        gate.require(who, READ, resource, thing=f"incident:{resource.id}")


def visible(request: Request, who: Actor) -> Condition | None:
    """Which incidents the caller may read, as a condition of the query; None: all. Raises a 403
    problem where there can be none."""
    return visible_by(request, who, READ, "incident", incidents.visible)


def read(connection: Connection, key: str) -> Kept:
    """By id or code, or a 404 problem."""
    try:
        return incidents.one(connection, key)
    except NotFound as error:
        raise not_found("incident", key) from error


def areas_in(gate: Gate | None, code: str) -> tuple[str, ...]:
    """Without sign-in nothing is known of what lies above."""
    return areas_of(gate, code) if gate is not None else (code,) if code else ()


def take(connection: Connection, step: Step) -> Kept:
    year = datetime.fromtimestamp(step.at_us / 1e6, WATCH_ZONE).year
    return incidents.take(connection, step, year, clock_us())


def split_off(before: Incident, step: Step) -> Step:
    """The report of what is split off: as the incident stands, with the sources that go along."""
    fields = {
        "type": before.type, "severity": before.severity, "title": before.title,
        "lon_deg": before.lon_deg, "lat_deg": before.lat_deg, "area": before.area,
        "desk": before.desk, "lead_agency": before.lead_agency,
        "sources": step.fields.get("sources", []), "split_from": before.id,
    }  # fmt: skip
    key = str(uuid5(NAMESPACE_OID, step.id))  # the same when the step comes again
    return Step(key, str(step.fields["into"]), "report", step.at_us, step.by, step.desk, fields)


def shown(
    gate: Gate | None, found: Iterable[Kept], named: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """With names of people and units in place of ids and codes; `named`: those of the people, where
    they are known already."""
    kept = list(found)
    if named is None:
        named = names_by_id(gate, (k.incident.opened_by for k in kept))
    units = {} if gate is None else gate.people.directory.organisation().units
    desks = {
        code: {"zh": unit.name_zh, "en": unit.name_en}
        for k in kept
        for code in {k.incident.desk, *(j.unit for j in k.incident.joint_agencies)}
        if (unit := units.get(code)) is not None
    }
    levels, now_us = rules_of(gate).levels, clock_us()
    return [
        incident_json(k, named, desks, due(k.incident, levels, now_us, tiers_above(gate, k)))
        for k in kept
    ]


def names(request: Request, ids: Iterable[str]) -> dict[str, str]:
    """Of accounts by id."""
    return names_by_id(gate_of(request), ids)


def names_by_id(gate: Gate | None, ids: Iterable[str]) -> dict[str, str]:
    """The same where nobody asks."""
    if gate is None:
        return {}
    found = names_of(gate, {ACCOUNT + key for key in ids})
    return {ref.removeprefix(ACCOUNT): name for ref, name in found.items()}


def rules_of(gate: Gate | None) -> MatterRules:
    """Without sign-in those that come with Littoral."""
    return matter_rules.shipped() if gate is None else gate.matters


def tiers_above(gate: Gate | None, kept: Kept) -> int:
    return max(1, len(areas_in(gate, kept.incident.desk)) - 1)


def check_unit(gate: Gate | None, field: str, code: str) -> None:
    """Raises a 422 problem that names the field."""
    if gate is not None and code not in gate.people.directory.organisation().units:
        raise ProblemError(422, f"There is no unit {code!r}.", {field: "is no unit's code"})


def check_agency(gate: Gate | None, kind: str, unit: str) -> None:
    """Raises a 422 problem unless an agency of that kind works for the unit or one around it."""
    check_unit(gate, "unit", unit)
    if gate is not None:
        around = areas_of(gate, unit)
        known = gate.people.directory.organisation().agencies.values()
        if not any(a.kind == kind and a.unit in around for a in known):
            raise ProblemError(
                422, f"No {kind} works for {unit}.", {"unit": f"has no {kind} of its own or above"}
            )


YEAR_US = 366 * 86_400_000_000


def when_us(at_us: int | None) -> int:
    """When it was done; what a clock that is ahead calls the future was done now at the latest.
    Raises a 422 problem for what would be more than a year ago."""
    now_us = clock_us()
    if at_us is None:
        return now_us
    if at_us < now_us - YEAR_US:
        raise ProblemError(422, "It would be over a year ago.", {"at": "is over a year ago"})
    return min(at_us, now_us)


CLASHES = frozenset({"state", "merged", "exists", "conflict", "closed", "not_asked"})


def refused_as(refused: Refused | Conflict) -> ProblemError:
    """What the flow and the records refuse, as a problem that names the field."""
    if isinstance(refused, Conflict):
        return ProblemError(409, str(refused), {"id": str(refused)})
    errors = {refused.field: refused.en} if refused.field else {}
    more = {"reason": {"zh": refused.zh, "en": refused.en}}
    return ProblemError(409 if refused.code in CLASHES else 422, refused.en, errors, more=more)
