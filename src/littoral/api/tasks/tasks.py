"""The routes of `/tasks`."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated
from uuid import NAMESPACE_OID, UUID, uuid5

from fastapi import APIRouter, Query, Request
from sqlalchemy.engine import Connection
from starlette.responses import Response

from littoral.api.case_sight import sees_file
from littoral.api.deps import Engine
from littoral.api.fields import Page
from littoral.api.gate import Acting as Who
from littoral.api.gate import (
    Actor,
    Gate,
    described,
    gate_of,
    safe_id,
    same_origin_if_signed_in,
    without_agreements,
)
from littoral.api.incidents import sight as incident_sight
from littoral.api.incidents.doing import ACT as HANDLE
from littoral.api.incidents.sight import names, when_us
from littoral.api.names import own_name
from littoral.api.params import LimitQuery
from littoral.api.tables.lists import TASKS
from littoral.api.tables.sheet import ANSWERS, MOST_ROWS, FormatQuery, LangQuery, table_file
from littoral.api.tasks.acting import Act, Acting, acting
from littoral.api.tasks.models import (
    AssignInput,
    TaskDetail,
    TaskModel,
    TaskStepInput,
    file_json,
    step_fields,
    step_json,
)
from littoral.api.tasks.shown import shown_task, shown_tasks
from littoral.api.tasks.sight import (
    ACT,
    ASSIGN,
    READ,
    READ_RESPONDER,
    of_responder,
    read_responder,
    read_task,
    to_act,
    to_assign,
    to_read,
    visible_tasks,
)
from littoral.api.tasks.telling import tell, wake
from littoral.api.wire import Json
from littoral.respond.incident.flow import Incident
from littoral.respond.incident.step import Step
from littoral.respond.incident.words import REPORTED
from littoral.respond.task.flow import KINDS, next_kinds
from littoral.respond.task.follow import follows
from littoral.respond.task.responder import Responder
from littoral.respond.task.step import TaskStep
from littoral.store import incidents, tasks
from littoral.store.clock import clock_us
from littoral.store.sync.records import files_of
from littoral.store.tasks import Kept

router = APIRouter(tags=["tasks"])


@router.get(
    "/tasks",
    response_model=Page[TaskModel],
    summary="Tasks, newest first",
    responses=ANSWERS,
    **described(READ),
)
def list_tasks(
    request: Request,
    engine: Engine,
    who: Who,
    incident: Annotated[list[UUID] | None, Query(description="id of any of these")] = None,
    open: Annotated[bool, Query(description="only those not over")] = False,
    limit: LimitQuery = 200,
    form: FormatQuery = "json",
    lang: LangQuery = "zh",
) -> Response:
    if form == "xlsx":
        limit = MOST_ROWS + 1
    with engine.records.database.read() as connection:
        found = tasks.listed(
            connection, limit, map(str, incident or ()), open, visible_tasks(request, who)
        )
        items = shown_tasks(gate_of(request), connection, who.id, found)
    if form == "xlsx":
        return table_file(request, engine, READ, "task:all", TASKS, items, lang)
    return Json({"items": items, "next_cursor": None})


@router.get(
    "/tasks/changes",
    response_model=Page[TaskModel],
    summary="Tasks changed after a number of change, in that order",
    **described(READ),
)
def changed_tasks(
    request: Request,
    engine: Engine,
    who: Who,
    after: Annotated[int, Query(ge=0, lt=2**62, description="`seq` of the last one known")] = 0,
    limit: LimitQuery = 100,
) -> Json:
    with engine.records.database.read() as connection:
        found = tasks.changed_since(connection, after, limit, visible_tasks(request, who))
        items = shown_tasks(gate_of(request), connection, who.id, found)
    return Json({"items": items, "next_cursor": None})


@router.post(
    "/tasks",
    status_code=201,
    response_model=TaskModel,
    summary="Assign: the incident is accepted and dispatched with it",
    responses={
        200: {"model": TaskModel, "description": "It was assigned before"},
        404: {"description": "There is no such incident or responder"},
        409: {"description": "The responder is on another task, or it does not follow"},
    },
    **described(ASSIGN),
)
def assign_task(request: Request, engine: Engine, who: Who, given: AssignInput) -> Json:
    same_origin_if_signed_in(request)
    gate, key = gate_of(request), str(given.id)
    act = Act(ASSIGN, ref(key), {"done": "assign"})
    with acting(engine, gate, who, act) as (connection, now):
        incidents.lock(connection)
        found = incident_sight.read(connection, given.incident)
        incident = found.incident
        fields = {
            "incident": incident.id, "responder": str(given.responder),
            "what": given.what.strip() or incident.title, "lon_deg": given.lon,
            "lat_deg": given.lat, "also": given.also,
        }  # fmt: skip
        step = TaskStep(key, key, "assign", when_us(given.at), who.id, who.desk, fields)
        kept = tasks.again(connection, step)
        if kept is None:
            responder = read_responder(connection, str(given.responder))
            act = now.may(act, lambda g: to_assign(g, incident))
            now.may(
                Act(READ_RESPONDER, f"responder:{safe_id(responder.id)}"),
                lambda g: of_responder(g, responder),
                without_agreements(who),
            )
            found = _send(connection, gate, who, now, found, step)
            kept = tasks.take(connection, step, clock_us(), is_new=True)
            now.done.append(act)
            tell(request, connection, who, step, kept, responder)
        else:
            _may_still_see(connection, now, kept)
            (item,) = shown_tasks(gate, connection, who.id, [kept])
    wake(request)
    if not kept.fresh:
        return Json(item)
    item = shown_task(gate, kept, found, responder, who.id, own_name(who), clock_us())
    return Json(item, status_code=201)


def _send(
    connection: Connection, gate: Gate | None, who: Actor, now: Acting, found: incidents.Kept,
    step: TaskStep,
) -> incidents.Kept:  # fmt: skip
    """The incident is dispatched, once it is accepted."""
    incident, steps = found.incident, list[Step]()
    kinds = ("accept", "dispatch") if incident.state == REPORTED else ("dispatch",)
    allowed = now.may(
        Act(HANDLE, f"incident:{safe_id(incident.id)}", {"done": kinds[-1]}),
        lambda g: incident_sight.thing_of(g, incident),
    )
    for kind in kinds:
        also = {"task": step.task} if kind == "dispatch" else {}
        key = str(uuid5(NAMESPACE_OID, f"{step.id} {kind}"))
        steps.append(Step(key, incident.id, kind, step.at_us, who.id, who.desk, also))
        now.done.append(replace(allowed, facts={"done": kind}))
    return incidents.follow(connection, found, steps, clock_us())


@router.get(
    "/tasks/{task_id}",
    response_model=TaskDetail,
    summary="One task with its running log and messages",
    **described(READ),
)
def get_task(request: Request, engine: Engine, who: Who, task_id: str) -> Json:
    gate = gate_of(request)
    with engine.records.database.read() as connection:
        kept, incident, responder = _whole(connection, task_id)
        if gate is not None:
            resource = to_read(gate, kept.task, incident, responder)
            gate.require(who, READ, resource, thing=ref(kept.task.id))
        rows = tasks.steps(connection, kept.task.id)
        sent = files_of(connection, kept.task.id)
        who_did = {r.step.by for r in rows} | {record.account for record, _ in sent}
        named = names(request, {kept.task.assigned_by, *who_did})
        (item,) = shown_tasks(gate_of(request), connection, who.id, [kept], named)
    now = Acting(gate, who)
    may = {
        "desk": now.allowed(ASSIGN, lambda g: to_assign(g, incident)),
        "crew": now.allowed(ACT, lambda g: to_act(g, kept.task, incident, responder)),
    }
    may["both"] = may["desk"] or may["crew"]
    steps = [step_json(row, named) for row in rows]
    following = [kind for kind in next_kinds(kept.task) if may[KINDS[kind].by]]
    files = [file_json(r, f, named, sees_file(gate, who, f)) for r, f in sent]
    return Json({**item, "steps": steps, "files": files, "next": following})


@router.post(
    "/tasks/{task_id}/steps",
    response_model=TaskModel,
    summary="Accept, refuse, set out, arrive, finish, cancel, hand on, write, call the roll",
    responses={409: {"description": "It does not follow, or somebody was faster"}},
    **described(ACT),
)
def take_task_step(
    request: Request, engine: Engine, who: Who, task_id: str, given: TaskStepInput
) -> Json:
    same_origin_if_signed_in(request)
    gate, kind = gate_of(request), given.kind
    action = ASSIGN if KINDS[kind].by == "desk" else ACT
    act = Act(action, ref(task_id), {"done": kind})
    with acting(engine, gate, who, act) as (connection, now):
        incidents.lock(connection)
        before, incident, responder = _whole(connection, task_id)
        fields = step_fields(given)
        step = TaskStep(
            str(given.id), before.task.id, kind, when_us(given.at), who.id, who.desk, fields
        )
        kept = tasks.again(connection, step)
        if kept is None:
            act = _permitted(now, act, before, incident, responder)
            if kind == "transfer":
                to = read_responder(connection, fields.get("to", ""))
                reading = Act(READ_RESPONDER, f"responder:{safe_id(to.id)}")
                now.may(reading, lambda g: of_responder(g, to), without_agreements(who))
                responder = to
            kept = tasks.take(connection, step, clock_us())
            now.done.append(act)
            tell(request, connection, who, step, kept, responder)
            _carry_along(connection, gate, now, step, incident, act)
        else:
            _may_still_see(connection, now, kept)
        (item,) = shown_tasks(gate_of(request), connection, who.id, [kept])
    wake(request)
    return Json(item)


def _may_still_see(connection: Connection, now: Acting, kept: Kept) -> None:
    """Whoever sent a step before is answered with what became of the task, if it may still be
    seen."""
    _, incident, responder = _whole(connection, kept.task.id)
    now.may(Act(READ, ref(kept.task.id)), lambda g: to_read(g, kept.task, incident, responder))


def _permitted(now: Acting, act: Act, kept: Kept, incident: Incident, responder: Responder) -> Act:
    """Who was sent and who sent both write messages: either right will do."""
    by_crew = KINDS[act.facts["done"]].by != "desk"
    if by_crew and act.facts["done"] == "message":
        by_crew = now.allowed(ACT, lambda g: to_act(g, kept.task, incident, responder))
    if by_crew:
        return now.may(act, lambda g: to_act(g, kept.task, incident, responder))
    return now.may(Act(ASSIGN, act.thing, act.facts), lambda g: to_assign(g, incident))


def _carry_along(
    connection: Connection, gate: Gate | None, now: Acting, step: TaskStep, incident: Incident,
    act: Act,
) -> None:  # fmt: skip
    """What the step means for the incident (respond/task/follow.py), by who did the step."""
    others = tasks.listed(connection, 1, [incident.id], only_open=True)
    then = None if incident.merged_into else follows(step, incident.state, bool(others))
    if then is None:
        return
    fields = {name: value for name, value in then.items() if name != "kind"}
    key = str(uuid5(NAMESPACE_OID, f"{step.id} {then['kind']}"))
    given = Step(key, incident.id, then["kind"], step.at_us, step.by, step.desk, fields)
    incident_sight.take(connection, given)
    thing = f"incident:{safe_id(incident.id)}"
    facts = {"done": then["kind"], "task": step.task}
    now.done.append(Act(HANDLE, thing, facts, act.rules))


def _whole(connection: Connection, key: str) -> tuple[Kept, Incident, Responder]:
    """With its incident and who was sent, or a 404 problem."""
    kept = read_task(connection, key)
    incident = incident_sight.read(connection, kept.task.incident).incident
    return kept, incident, read_responder(connection, kept.task.responder)


def ref(key: str) -> str:
    """As the log names it."""
    return f"task:{safe_id(key)}"
