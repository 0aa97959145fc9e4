"""Whoever is sent is told of it: the notice of a task, and what the task's steps say of it."""

from __future__ import annotations

from uuid import NAMESPACE_OID, uuid5

from fastapi import Request
from sqlalchemy.engine import Connection

from littoral.api.gate import Actor
from littoral.api.names import ACCOUNT
from littoral.api.reach.sight import WAITS, person, running
from littoral.engine.reaching import Reaching
from littoral.respond.reach.ladder import Event, EventKind, Notice
from littoral.respond.task.responder import Responder
from littoral.respond.task.step import TaskStep
from littoral.respond.task.words import OFFERED
from littoral.store import reach
from littoral.store.reach import Desk
from littoral.store.tasks import Kept

# What a step of the one who was sent answers; whatever else ends the offer recalls it.
ANSWERS: dict[str, EventKind] = {"accept": "answered", "refuse": "declined"}


def tell(
    request: Request, connection: Connection, who: Actor, step: TaskStep, kept: Kept,
    responder: Responder,
) -> None:  # fmt: skip
    """Within the step's transaction; `wake` after it. `responder`: who has the task after the step.
    Nobody is told without sign-in, nor of a responder for whom nobody acts."""
    there = running(request)
    if there is None:
        return
    thing = f"task:{kept.task.id}"
    if step.kind == "assign" or step.kind == "transfer":
        if step.kind == "transfer":
            _end(connection, thing, "recalled", "", who, step, there)
        if responder.account:
            told = person(connection, responder.account, there.channels)
            notice = Notice(there.now_us(), (told,), True, WAITS)
            words = (f"任务：{kept.task.what}", f"Task: {kept.task.what}")
            unit, _, agency = who.desk.partition("/")
            key = uuid5(NAMESPACE_OID, f"{step.id} notice")
            reach.make(connection, key, thing, Desk(unit, agency), words, notice, who.ref)
    elif kept.task.state != OFFERED:
        kind = ANSWERS.get(step.kind, "recalled")
        _end(connection, thing, kind, responder.account, who, step, there)


def wake(request: Request) -> None:
    """What was made is sent."""
    there = running(request)
    if there is not None:
        there.wake()


def _end(
    connection: Connection, thing: str, kind: EventKind, account: str, who: Actor, step: TaskStep,
    there: Reaching,
) -> None:  # fmt: skip
    for row in reach.about(connection, thing):
        if row.ended_us is not None:
            continue
        refs = [p.ref for p in row.notice.people]
        ref = ACCOUNT + account if ACCOUNT + account in refs else refs[0]
        event = Event(ref, None if kind == "recalled" else "app", kind, there.now_us())
        key = uuid5(NAMESPACE_OID, f"{step.id} {row.id}")
        reach.happened(connection, row.id, key, event, who.ref)
        reach.look(connection, row.id, there.now_us())
