"""Tasks and responders as the policies take them."""

from __future__ import annotations

from dataclasses import replace

from fastapi import Request
from sqlalchemy.engine import Connection

from littoral.access import Resource
from littoral.api.gate import Actor, Gate, areas_of, safe_id
from littoral.api.incidents import sight as incident_sight
from littoral.api.problems import not_found
from littoral.api.visible import visible_by
from littoral.respond.incident.flow import Incident
from littoral.respond.task.flow import Task
from littoral.respond.task.responder import Responder
from littoral.store import responders, tasks
from littoral.store.actions import NotFound
from littoral.store.condition import Condition

READ, ASSIGN, ACT = "task.read", "task.assign", "task.act"
READ_RESPONDER, MANAGE, REPORT = "responder.read", "responder.manage", "responder.report"


def of_responder(gate: Gate, responder: Responder) -> Resource:
    """It lies with its office, is its agency's, and the matter of who acts for it."""
    return Resource(
        responders.DATA_CLASS,
        safe_id(responder.id),
        unit=responder.office,
        agency=responder.agency,
        areas=areas_of(gate, responder.office),
        shared_with=tuple(sorted(responder.shared_with)),
        owner=responder.account,
        kind="responder",
    )


def to_assign(gate: Gate, incident: Incident) -> Resource:
    """What is assigned for an incident lies where that does and is shared with whom that is."""
    return replace(incident_sight.thing_of(gate, incident), owner="")


def to_read(gate: Gate, task: Task, incident: Incident, responder: Responder) -> Resource:
    """Seen by who handles the incident, by the responder's office and by who was sent."""
    of_incident = incident_sight.thing_of(gate, incident)
    areas = dict.fromkeys((*of_incident.areas, *areas_of(gate, responder.office)))
    return replace(of_incident, id=safe_id(task.id), areas=tuple(areas), owner=responder.account)


def to_act(gate: Gate, task: Task, incident: Incident, responder: Responder) -> Resource:
    """Acted on by who was sent, and by the office's desks for it."""
    return replace(
        of_responder(gate, responder), id=safe_id(task.id), shared_with=(), kind=incident.type
    )


def visible_tasks(request: Request, who: Actor) -> Condition | None:
    """Which tasks the caller may read, as a condition of the query; None: all. Raises a 403 problem
    where there can be none."""
    return visible_by(request, who, READ, "task", tasks.visible)


def visible_responders(request: Request, who: Actor) -> Condition | None:
    return visible_by(request, who, READ_RESPONDER, "responder", responders.visible)


def read_task(connection: Connection, key: str) -> tasks.Kept:
    """Or a 404 problem."""
    try:
        return tasks.one(connection, key)
    except NotFound as error:
        raise not_found("task", key) from error


def read_responder(connection: Connection, key: str) -> Responder:
    try:
        return responders.one(connection, key)
    except NotFound as error:
        raise not_found("responder", key) from error
