"""Tasks and their steps. A step is kept for ever; the task's row is what its steps make of it
(respond/task/flow.py), kept beside them so that boards are quick.

A step has an id that its client made: the same step again is the same answer and nothing new, also
when it comes from a phone that heard no answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.access.filter import Filter
from littoral.respond.incident.step import Refused
from littoral.respond.task.flow import Task, after
from littoral.respond.task.responder import Responder
from littoral.respond.task.rollcall import RollCall
from littoral.respond.task.step import TaskStep
from littoral.respond.task.words import OPEN, UNDER_WAY
from littoral.store import responders
from littoral.store.actions import NotFound
from littoral.store.condition import Condition, Within, alone, condition_of, one_of
from littoral.store.counted import next_of
from littoral.store.geofences import Conflict
from littoral.store.incident_tables import incidents
from littoral.store.incidents import reaches
from littoral.store.task_tables import responders as responder_rows
from littoral.store.task_tables import task_steps, tasks

COUNTER = "tasks"
DATA_CLASS = "operational"

# A row with its incident and responder beside it, for the code and for `visible`.
_SELECT: sa.Select[Any] = (
    sa.select(tasks, incidents.c.code.label("incident_code"))
    .join(incidents, incidents.c.id == tasks.c.incident_id)
    .join(responder_rows, responder_rows.c.id == tasks.c.responder_id)
)
# Built once: see `store.incidents`.
_BY_ID = _SELECT.where(tasks.c.id == sa.bindparam("key"))
_STEP = sa.select(task_steps).where(task_steps.c.id == sa.bindparam("key"))
_INSERT = sa.insert(tasks)
_UPDATE = sa.update(tasks).where(tasks.c.id == sa.bindparam("key"))
_INSERT_STEP = sa.insert(task_steps)
# The code of an incident, and the last number of a task of it.
_NUMBERED = sa.select(
    incidents.c.code,
    sa.select(sa.func.max(tasks.c.number))
    .where(tasks.c.incident_id == incidents.c.id)
    .scalar_subquery()
    .label("last"),
).where(incidents.c.id == sa.bindparam("key"))


@dataclass(frozen=True, slots=True)
class Kept:
    """A task as it stands. `number` within its incident, whose code is `incident_code`. `fresh`:
    False when the step was there already."""

    task: Task
    number: int
    incident_code: str
    seq: int
    fresh: bool = True

    @property
    def code(self) -> str:
        """`2026-000123/2`: by which people name it."""
        return f"{self.incident_code}/{self.number}"


@dataclass(frozen=True, slots=True)
class StepRow:
    step: TaskStep
    version: int
    received_us: int


def take(connection: Connection, step: TaskStep, now_us: int, is_new: bool = False) -> Kept:
    """The step is done. `is_new`: under a lock it was seen already that it was not taken before.
    Raises step.Refused when it does not follow or the responder cannot be
    sent, NotFound, Conflict when the id is of another step."""
    # First: the lock of this row, which the migration makes, puts the steps of all in one order.
    # Who takes the lock of the incidents too takes that before.
    seq = next_of(connection, COUNTER)
    if not is_new and (known := again(connection, step)) is not None:
        return known
    row = connection.execute(_BY_ID, {"key": step.task}).first()
    before = None if row is None else _task(row)
    if before is None and step.kind != "assign":
        raise NotFound("there is no such task")
    now = after(before, step)
    is_there = True  # whether it may be kept where a person is
    if before is None or before.responder != now.responder:
        also = step.fields.get("also") is True
        is_there = _free(connection, now.responder, also).fix is not None
    values = {**_values(now), "seq": seq}
    if row is None:
        code, last = connection.execute(_NUMBERED, {"key": now.incident}).one()
        number = (last or 0) + 1
        connection.execute(_INSERT, {**values, "number": number})
    else:
        code, number = row.incident_code, row.number
        del values["id"]
        connection.execute(_UPDATE, {**values, "key": now.id})
    connection.execute(
        _INSERT_STEP,
        {
            "id": step.id, "task_id": now.id, "version": now.version, "kind": step.kind,
            "at_us": step.at_us, "received_us": now_us, "by": step.by, "desk": step.desk,
            "fields": dict(step.fields),
        },
    )  # fmt: skip
    if before is not None and before.responder != now.responder:
        responders.free(connection, before.responder, now_us)
    if now.state not in UNDER_WAY and is_there:
        responders.free(connection, now.responder, now_us)
    return Kept(now, number, code, seq)


def again(connection: Connection, step: TaskStep) -> Kept | None:
    """The task as it is now, where the step was taken already; whenever it was sent again. Raises
    Conflict when its id is that of another step, or of somebody else."""
    known = connection.execute(_STEP, {"key": step.id}).first()
    if known is None:
        return None
    same = (known.task_id, known.kind, known.by) == (step.task, step.kind, step.by)
    said = dict(step.fields)
    if same and known.fields != said and _erased(connection, known.task_id):
        said = without_text(said)  # what it said besides is known no more
    if not same or known.fields != said:
        raise Conflict(f"the id {step.id} is that of another step")
    return one(connection, step.task)


def _erased(connection: Connection, key: str) -> bool:
    """Whether what was written of its incident was erased."""
    query = (
        sa.select(incidents.c.erased_us)
        .join(tasks, tasks.c.incident_id == incidents.c.id)
        .where(tasks.c.id == key)
    )
    return connection.execute(query).scalar() is not None


def _free(connection: Connection, key: str, also: bool) -> Responder:
    """Who is sent. Raises Refused where it is out of service, or on another task and not asked for
    `also`. Its row stays locked, so that two desks do not send one boat."""
    found = responders.found(connection, key, lock=True)
    if found is None:
        raise Refused("unknown", "没有这个力量。", "There is no such responder.", "responder")
    if found.is_out:
        raise Refused("out", "该力量停用。", "It is out of service.", "responder")
    if found.on_task and not also:
        raise Refused("busy", "该力量正在执行另一任务。", "It is on another task.", "responder")
    return found


def one(connection: Connection, key: str) -> Kept:
    """Raises NotFound."""
    row = None if "\0" in key else connection.execute(_BY_ID, {"key": key}).first()
    if row is None:
        raise NotFound("there is no such task")
    return _kept(row)


def steps(connection: Connection, key: str) -> list[StepRow]:
    """Its running log, messages in it, in the order in which they were taken."""
    query = sa.select(task_steps).where(task_steps.c.task_id == key)
    return [
        StepRow(
            TaskStep(r.id, r.task_id, r.kind, r.at_us, r.by, r.desk, r.fields),
            r.version, r.received_us,
        )
        for r in connection.execute(query.order_by(task_steps.c.version))
    ]  # fmt: skip


def listed(
    connection: Connection,
    limit: int,
    incident_ids: Iterable[str] = (),
    only_open: bool = False,
    where: Condition | None = None,
) -> list[Kept]:
    """Newest first."""
    c = tasks.c
    query = _SELECT if where is None else _SELECT.where(where)
    if keys := sorted(incident_ids):
        query = query.where(c.incident_id.in_(keys))
    if only_open:
        query = query.where(c.state.in_(sorted(OPEN)))
    query = query.order_by(c.assigned_us.desc(), c.id.desc()).limit(limit)
    return [_kept(r) for r in connection.execute(query)]


def changed_since(
    connection: Connection, seq: int, limit: int, where: Condition | None = None
) -> list[Kept]:
    """Those changed after `seq`, in the order of their changes; for boards that follow live."""
    query = _SELECT.where(tasks.c.seq > seq).order_by(tasks.c.seq)
    if where is not None:
        query = query.where(where)
    return [_kept(r) for r in connection.execute(query.limit(limit))]


def called(connection: Connection) -> list[Kept]:
    """Those under way whose roll is called."""
    c = tasks.c
    query = _SELECT.where(c.state.in_(sorted(UNDER_WAY)), c.call.is_not(None))
    return [_kept(r) for r in connection.execute(query.order_by(c.assigned_us, c.id))]


TEXT = frozenset({"what", "reason", "found", "text"})


def without_text(fields: Mapping[str, Any]) -> dict[str, Any]:
    """A step's fields once what was written is erased: words, codes, times and places stay."""
    left: dict[str, Any] = {name: value for name, value in fields.items() if name not in TEXT}
    if isinstance(seen := left.get("seen"), Mapping):
        left["seen"] = {name: value for name, value in seen.items() if name not in TEXT}
    return left


def forget_text(connection: Connection, incident: str) -> None:
    """Erases what was written of the tasks of an incident, in their rows and their steps."""
    c, s = tasks.c, task_steps.c
    for row in connection.execute(sa.select(c.id).where(c.incident_id == incident)).all():
        connection.execute(
            sa.update(tasks)
            .where(c.id == row.id)
            .values(what="", reason="", found="", seq=next_of(connection, COUNTER))
        )
        steps = sa.select(s.id, s.fields).where(s.task_id == row.id)
        for step in connection.execute(steps).all():
            connection.execute(
                sa.update(task_steps)
                .where(s.id == step.id)
                .values(fields=without_text(step.fields))
            )


def visible(found: Filter, within: Within = alone) -> Condition:
    """A condition of queries here: tasks for which a filter of the policies holds. A task lies
    where its incident does and with the office of who was sent; it is the matter of who acts for
    that."""
    t, i, r = tasks.c, incidents.c, responder_rows.c
    scalars: dict[str, sa.ColumnElement[str]] = {
        "data_class": sa.literal(DATA_CLASS), "unit": i.desk, "agency": i.lead_agency,
        "kind": i.type, "case": sa.literal(""), "purpose": sa.literal(""), "owner": r.account,
    }  # fmt: skip

    def holds(attribute: str, codes: frozenset[str]) -> Condition:
        of_incident = reaches(t.incident_id, attribute, codes, within)
        if attribute != "areas":
            return of_incident
        return sa.or_(of_incident, one_of(r.office, within(codes)))

    return condition_of(found, scalars, holds)


def _kept(row: sa.Row[Any]) -> Kept:
    return Kept(_task(row), row.number, row.incident_code, row.seq, fresh=False)


NAMES: Sequence[str] = tuple(
    n for n in Task.__dataclass_fields__ if n not in ("incident", "responder", "call")
)


def _task(row: sa.Row[Any]) -> Task:
    read = row._mapping
    return Task(
        **{n: read[n] for n in NAMES},
        incident=row.incident_id,
        responder=row.responder_id,
        call=None if row.call is None else RollCall(**row.call),
    )


def _values(task: Task) -> dict[str, Any]:
    return {
        **{n: getattr(task, n) for n in NAMES},
        "incident_id": task.incident,
        "responder_id": task.responder,
        "call": None if task.call is None else asdict(task.call),
    }
