"""What becomes of each record. The rules are those of the routes: nothing is allowed here that a
request for the same act would be refused."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from pydantic import ValidationError
from sqlalchemy.engine import Connection

from littoral.api.bulletins import sight as bulletin_sight
from littoral.api.bulletins.models import BulletinReadInput
from littoral.api.bulletins.routes import note_read
from littoral.api.incidents import doing
from littoral.api.incidents.models import ReportInput, StepInput
from littoral.api.incidents.reporting import reported_thing
from littoral.api.incidents.sight import READ, thing_of
from littoral.api.problems import ProblemError
from littoral.api.sync import answers, filing, handing, notices
from littoral.api.sync.call import Call
from littoral.api.sync.models import (
    AddInput,
    CheckInput,
    EditInput,
    FileInput,
    FormFileInput,
    RecordInput,
    SubmitInput,
)
from littoral.api.sync.turns import Turns
from littoral.api.tasks.models import TaskStepInput
from littoral.api.tasks.sight import ACT as ACT_ON_TASK
from littoral.api.tasks.sight import READ as READ_TASK
from littoral.api.tasks.sight import to_act, to_read
from littoral.api.tasks.tasks import take_task_step
from littoral.api.wire import iso
from littoral.respond.incident.flow import Incident
from littoral.respond.sync.fields import merged
from littoral.store import bulletins, incidents, responders, tasks
from littoral.store.actions import NotFound
from littoral.store.incidents import Kept
from littoral.store.sync import records, scope
from littoral.store.sync.records import FileOf, OtherRecord, SyncRecord

_log = logging.getLogger(__name__)
TRIES = 3  # of an edit that others overtake
_turns = Turns()
EDITABLE = ("type", "severity", "title", "lon", "lat")

Answer = dict[str, Any]


def take(call: Call, given: Any, after: frozenset[str]) -> tuple[str | None, Answer]:
    """The id of the record, where it has one, and what it became. `after`: things of which an
    earlier record of the same push was not done: what rests on it waits too."""
    try:
        record = RecordInput.model_validate(given)
    except ValidationError as error:
        key = given.get("id") if isinstance(given, Mapping) else None
        return (key if isinstance(key, str) else None), answers.of_invalid(error)
    key = str(record.id)
    if str(record.thing) in after:
        return key, answers.later(
            "after", "前一条记录尚未处理。", "The one before is not done yet."
        )
    try:
        return key, _once(call, record)
    except Exception:
        # Of this record alone: the others go on, and the phone sends it again.
        _log.exception("a record of a phone could not be taken: %s", key)
        return key, answers.later(
            "failed", "服务器处理失败，将重试。", "The server failed; try again."
        )


def _once(call: Call, given: RecordInput) -> Answer:
    when = call.time_of(given.made_at)
    record = SyncRecord(
        str(given.id), call.device, call.who.id, given.kind, str(given.thing), given.base,
        given.was, given.fields, given.made_at, when.ahead_us, when.at_us, call.received_us,
    )  # fmt: skip
    with ExitStack() as held:
        held.enter_context(_turns.of(record.id))
        if (sha256 := record.fields.get("sha256")) is not None:
            # After the record: who waits for a file has none for which another waits.
            held.enter_context(_turns.of(f"{record.account} {sha256}"))
        return _in_turn(call, given, record)


def _in_turn(call: Call, given: RecordInput, record: SyncRecord) -> Answer:
    database = call.engine.records.database
    try:
        with database.read() as connection:
            first = records.known(connection, record)
    except OtherRecord:
        return answers.other()
    if first is not None:
        return {"status": "known", "first": dict(first)}
    try:
        answer, incident, is_kept = KINDS[given.kind](call, record)
    except ValidationError as error:
        answer, incident, is_kept = answers.of_invalid(error), "", False
    except ProblemError as problem:
        answer, incident, is_kept = answers.of_problem(problem), "", False
    if answer["status"] != "later" and not is_kept:
        with database.write() as connection:
            records.keep(connection, replace(record, answer=answer, incident=incident))
    return answer


Done = tuple[Answer, str, bool]  # whose desk sees it as a submission; whether it was kept already


def _report(call: Call, record: SyncRecord) -> Done:
    """The record is kept in the transaction of the report."""
    if record.thing != record.id:
        why = "a report's thing is its own id"
        return answers.refused("malformed", "上报记录的编号与事项编号不一致。", why), "", False
    given = ReportInput.model_validate({**record.fields, "id": record.id, "at": iso(record.at_us)})

    def keep(connection: Connection, kept: Kept) -> None:
        records.keep(connection, replace(record, answer=answers.taken(kept.incident.version)))

    kept = doing.report(call.engine, call.gate, call.who, given, keep)
    return answers.taken(kept.incident.version), "", True


def _edit(call: Call, record: SyncRecord) -> Done:
    said = EditInput.model_validate(record.fields).model_dump(mode="json", exclude_unset=True)
    for _ in range(TRIES):
        kept = _found(call, record)
        if kept is None:
            return answers.unknown(), "", False
        if not _sees(call, record, kept.incident):
            return _elsewhere(call, record, kept.incident)
        if (done := _step_of(call, kept, record.id)) is not None:
            # It was taken, and the answer lost before it was kept: what is not in it had clashed.
            said_now = {n: said[n] for n in said if _name(n) not in done}
            split = merged(record.was, said_now, _now(kept.incident))
        else:
            split = merged(record.was, said, _now(kept.incident))
            if split.take:
                seen = {n: record.was[n] for n in split.take}
                step = StepInput.model_validate({
                    "id": record.id, "kind": "edit", "at": iso(record.at_us), "seen": seen,
                    **split.take,
                })  # fmt: skip
                try:
                    kept = doing.take_step(call.engine, call.gate, call.who, record.thing, step)
                except ProblemError as problem:
                    if problem.status != 409 or not _overtaken(call, record, split.take):
                        raise
                    continue
        if split.clashes:
            return answers.conflict(split.clashes, kept.incident.version), "", False
        return answers.taken(kept.incident.version), "", False
    return (
        answers.later("busy", "他人正在更改，将重试。", "Others are changing it; try again."),
        "",
        False,
    )


def _overtaken(call: Call, record: SyncRecord, wanted: Mapping[str, Any]) -> bool:
    """Whether somebody was faster between the look and the step."""
    kept = _found(call, record)
    return kept is not None and bool(merged(record.was, wanted, _now(kept.incident)).clashes)


def _add(call: Call, record: SyncRecord) -> Done:
    """A note in the running log by who handles it; of who reports only, a submission."""
    given = AddInput.model_validate(record.fields)
    kept = _found(call, record)
    if kept is None:
        return answers.unknown(), "", False
    incident = kept.incident
    if not _sees(call, record, incident):
        return _elsewhere(call, record, incident)
    gate = call.gate
    if gate is None or call.allowed(doing.ACT, thing_of(gate, incident)):
        step = StepInput.model_validate({
            "id": record.id, "kind": "note", "at": iso(record.at_us), "reason": given.text,
        })  # fmt: skip
        kept = doing.take_step(call.engine, gate, call.who, record.thing, step)
        return answers.taken(kept.incident.version), "", False
    as_reported = reported_thing(gate, incident)
    if not call.sees(doing.REPORT, as_reported, f"incident:{incident.id}", record):
        return _elsewhere(call, record, incident)
    return answers.taken(incident.version), incident.id, False


def _check(call: Call, record: SyncRecord) -> Done:
    given = CheckInput.model_validate(record.fields)
    kept = _found(call, record)
    if kept is None:
        return answers.unknown(), "", False
    if not _sees(call, record, kept.incident):
        return _elsewhere(call, record, kept.incident)
    step = StepInput.model_validate({
        "id": record.id, "kind": "tick" if given.done else "untick", "at": iso(record.at_us),
        "checklist": given.checklist, "item": given.item, "seen": given.seen,
        **({} if given.done else {"reason": given.reason}),
    })  # fmt: skip
    kept = doing.take_step(call.engine, call.gate, call.who, record.thing, step)
    return answers.taken(kept.incident.version), "", False


def _file(call: Call, record: SyncRecord) -> Done:
    given = FileInput.model_validate(record.fields)
    kept = _found(call, record)
    if kept is None:
        return answers.unknown(), "", False
    # Of what has moved the file is kept too, where the incident now lies.
    sees = _sees(call, record, kept.incident)
    if not sees and not _had(call, record, kept.incident):
        return answers.unknown(), "", False
    return _filed(call, record, given, kept, answers.taken(kept.incident.version))


def _filed(
    call: Call, record: SyncRecord, given: FileInput, kept: Kept, taken: Answer, office: str = ""
) -> Done:
    """The record is kept in the transaction that takes its file in."""
    answer = taken

    def keep(connection: Connection, file: FileOf, lies_here: bool) -> None:
        nonlocal answer
        answer = taken if lies_here else _moved(call, kept.incident)
        incident = kept.incident.id
        records.keep(connection, replace(record, answer=answer, incident=incident))
        records.keep_file(connection, file)

    why_not = filing.take(call, record, given, kept, keep, office)
    return (answer, kept.incident.id, True) if why_not is None else (why_not, "", False)


def _task_step(call: Call, record: SyncRecord) -> Done:
    given = TaskStepInput.model_validate(
        {**record.fields, "id": record.id, "at": iso(record.at_us)}
    )
    with call.engine.records.database.read() as connection:
        try:
            kept = tasks.one(connection, record.thing)
        except NotFound:
            return answers.unknown(), "", False
        incident = incidents.one(connection, kept.task.incident).incident
        responder = responders.found(connection, kept.task.responder)
        had = scope.has_held(connection, call.who.id, record.thing)
    gate = call.gate
    if gate is not None and responder is not None:
        resource = to_read(gate, kept.task, incident, responder)
        if not call.sees(READ_TASK, resource, f"task:{kept.task.id}", record):
            if not had:
                return answers.unknown(), "", False
            return _moved(call, incident), incident.id, False
    take_task_step(call.request, call.engine, call.who, record.thing, given)
    with call.engine.records.database.read() as connection:
        return answers.taken(tasks.one(connection, record.thing).task.version), "", False


def _task_file(call: Call, record: SyncRecord) -> Done:
    """Of who acts on the task; kept with the files of its incident."""
    given = FileInput.model_validate(record.fields)
    with call.engine.records.database.read() as connection:
        try:
            task = tasks.one(connection, record.thing).task
        except NotFound:
            return answers.unknown(), "", False
        kept = incidents.one(connection, task.incident)
        responder = responders.one(connection, task.responder)
        had = scope.has_held(connection, call.who.id, record.thing)
    gate = call.gate
    if gate is not None:
        may_act = call.allowed(ACT_ON_TASK, to_act(gate, task, kept.incident, responder))
        resource = to_read(gate, task, kept.incident, responder)
        if not may_act and not call.sees(READ_TASK, resource, f"task:{task.id}", record):
            if not had:
                return answers.unknown(), "", False
        elif not may_act:
            gate.require(call.who, ACT_ON_TASK, to_act(gate, task, kept.incident, responder))
    return _filed(call, record, given, kept, answers.taken(), responder.office)


def _bulletin_read(call: Call, record: SyncRecord) -> Done:
    """Of one that is over by now too: it was read when it was on the phone."""
    given = BulletinReadInput.model_validate(record.fields)
    with call.engine.records.database.read() as connection:
        try:
            kept = bulletins.one(connection, record.thing)
        except NotFound:
            return answers.unknown(), "", False
    gate = call.gate
    if gate is not None:
        resource = bulletin_sight.thing_of(gate, kept.bulletin)
        if not call.sees(bulletin_sight.READ, resource, f"bulletin:{kept.bulletin.id}", record):
            return answers.unknown(), "", False
    with call.engine.records.database.write() as connection:
        note_read(connection, kept, call.who, given.version, record.at_us)
    return answers.taken(kept.bulletin.version), "", False


def _notice_answer(call: Call, record: SyncRecord) -> Done:
    return notices.answer(call, record), "", False


def _form(call: Call, record: SyncRecord) -> Done:
    return handing.submit(call, record, SubmitInput.model_validate(record.fields)), "", False


def _form_file(call: Call, record: SyncRecord) -> Done:
    return handing.add_file(call, record, FormFileInput.model_validate(record.fields)), "", False


KINDS: Mapping[str, Callable[[Call, SyncRecord], Done]] = {
    "incident.report": _report,
    "incident.edit": _edit,
    "incident.add": _add,
    "incident.file": _file,
    "incident.check": _check,
    "task.step": _task_step,
    "task.file": _task_file,
    "form.submit": _form,
    "form.file": _form_file,
    "bulletin.read": _bulletin_read,
    "notice.answer": _notice_answer,
}


def _found(call: Call, record: SyncRecord) -> Kept | None:
    with call.engine.records.database.read() as connection:
        try:
            return incidents.one(connection, record.thing)
        except NotFound:
            return None


def _sees(call: Call, record: SyncRecord, incident: Incident) -> bool:
    if call.gate is None:
        return True
    return call.sees(READ, thing_of(call.gate, incident), f"incident:{incident.id}", record)


def _had(call: Call, record: SyncRecord, incident: Incident) -> bool:
    """Whether the account once had it: by its own report, or on one of its phones."""
    with call.engine.records.database.read() as connection:
        reporters = incidents.reporters(connection, incident)
        return call.who.id in reporters or scope.has_held(connection, call.who.id, record.thing)


def _elsewhere(call: Call, record: SyncRecord, incident: Incident) -> Done:
    """What was meant for a thing that lies elsewhere by now is shown to the desk that has it. Who
    never had it is told that there is none."""
    if not _had(call, record, incident):
        return answers.unknown(), "", False
    return _moved(call, incident), incident.id, False


def _moved(call: Call, incident: Incident) -> Answer:
    gate = call.gate
    units = {} if gate is None else gate.people.directory.organisation().units
    unit = units.get(incident.desk)
    name = {"zh": incident.desk, "en": incident.desk}
    if unit is not None:
        name = {"zh": unit.name_zh, "en": unit.name_en}
    return answers.moved(incident.desk, name)


def _step_of(call: Call, kept: Kept, step_id: str) -> Mapping[str, Any] | None:
    """The fields of a step that was taken already."""
    with call.engine.records.database.read() as connection:
        for row in incidents.steps(connection, kept.incident.id):
            if row.step.id == step_id and row.step.by == call.who.id:
                return row.step.fields
    return None


def _name(field: str) -> str:
    return f"{field}_deg" if field in ("lon", "lat") else field


def _now(incident: Incident) -> dict[str, Any]:
    return {name: getattr(incident, _name(name)) for name in EDITABLE}
