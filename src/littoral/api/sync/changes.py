"""`POST /sync/changes`: what the caller's phone may have now, and what has left its scope."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter, Request
from sqlalchemy.engine import Connection

from littoral.api.bulletins import sight as bulletin_sight
from littoral.api.deps import Engine
from littoral.api.gate import (
    Acting,
    Actor,
    Gate,
    described,
    gate_of,
    same_origin_if_signed_in,
)
from littoral.api.incidents import lists
from littoral.api.incidents.doing import ACT
from littoral.api.incidents.sight import READ, names_by_id, shown, thing_of, visible
from littoral.api.names import own_name
from littoral.api.problems import ProblemError
from littoral.api.sync import notices
from littoral.api.sync.models import AskedInput, ChangesModel, WantedInput
from littoral.api.tasks.shown import shown_tasks
from littoral.api.tasks.sight import visible_tasks
from littoral.api.wire import Json, iso
from littoral.engine.runtime import Runtime
from littoral.respond.bulletin.flow import state
from littoral.respond.bulletin.words import OVER, WITHDRAWN
from littoral.respond.incident.words import CLOSED
from littoral.respond.task.words import OPEN
from littoral.store import bulletins, incidents, tasks
from littoral.store.clock import clock_us
from littoral.store.condition import Condition
from littoral.store.matters import steps_of_matters
from littoral.store.sync import scope
from littoral.store.tables import counters
from littoral.store.task_tables import responders as responder_rows
from littoral.store.task_tables import tasks as task_rows

router = APIRouter()

MOST_OF_A_KIND = 500  # the newest; a phone is no archive
KEEP_US = 7 * 86_400_000_000  # what is over stays on the phone for so long
HOUR_US = 3_600_000_000
INCIDENT, TASK, BULLETIN = "incident", "task", bulletins.HELD

WHY = {
    "moved": ("已移交其他单位，不在你的范围内。", "It lies with another unit now."),
    "ended": ("已结束。", "It is over."),
    "out_of_reach": ("你的岗位已不含此事项。", "Your roles no longer reach it."),
}

Scope = dict[tuple[str, str], int]

_COUNTED = sa.select(counters.c.name, counters.c.value).where(
    counters.c.name.in_([incidents.COUNTER, tasks.COUNTER, bulletins.COUNTER])
)


@router.post(
    "/sync/changes",
    response_model=ChangesModel,
    summary="What this phone may have now, and what has gone from it",
    **described(READ),
)
def changes(request: Request, engine: Engine, who: Acting, asked: AskedInput) -> Json:
    """A phone asks by the token of what it has kept; what it did not hear is sent again. What it
    holds is noted here, so it is no GET."""
    same_origin_if_signed_in(request)
    return Json(told(request, engine, who, str(asked.device), asked))


def told(
    request: Request, engine: Runtime, who: Actor, device: str, asked: WantedInput,
    ahead_us: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The answer to a phone that says what it has kept. `ahead_us`: of its clock, where it is known
    here. Raises a 403 problem for who may have nothing."""
    gate, now_us = gate_of(request), clock_us()
    may = _conditions(request, who)
    besides = {
        "checklists": _checklists(engine, asked.checklists),
        "notices": notices.told(request, engine, who, asked.notices),
    }
    database = engine.records.database
    # Looked through before the turn to write. What changes meanwhile is found at the next question,
    # since `seen` is of the same moment; what the same phone was told meanwhile is looked at here.
    with database.read() as connection:
        known = scope.look(connection, device, who.id, asked.after)
        seen = _seen(connection, gate, who, now_us)
        has_all = known is not None and known.has_all(seen)
        wanted = {} if has_all else _scope(connection, may, who, now_us)
    if known is not None and has_all:
        scope.hear_all(database, known, ahead_us, now_us)
        return _answer(known.token, False, False, now_us, [], [], besides)
    with database.write() as connection:
        phone = scope.phone(connection, device, who.id, asked.after, now_us, ahead_us)
        if known is not None and phone.gen != known.gen:
            seen = _seen(connection, gate, who, now_us)
            wanted = _scope(connection, may, who, now_us)
        found = scope.changed(
            connection, phone, wanted, lambda *of: _why(connection, *of), seen, now_us
        )
    with database.read() as connection:
        items = _items(request, connection, who, found.send, may)
    gone = [
        {"kind": kind, "id": key, "reason": {"code": why, "zh": WHY[why][0], "en": WHY[why][1]}}
        for kind, key, why in found.gone
    ]
    return _answer(found.token, phone.is_new, found.more, now_us, items, gone, besides)


def _answer(
    token: str, reset: bool, more: bool, now_us: int, items: list[Any], gone: list[Any],
    besides: dict[str, Any],
) -> dict[str, Any]:  # fmt: skip
    return {
        "token": token, "reset": reset, "more": more, "now": iso(now_us), "items": items,
        "gone": gone, **besides,
    }  # fmt: skip


def _checklists(engine: Runtime, has: str | None) -> dict[str, Any] | None:
    """All of them, where the phone asks for them and has another edition. They come with every
    answer, new things or none: an edit of a file changes no incident."""
    if has is None:
        return None
    found = lists.lists_of(engine)
    if found.edition == has:
        return None
    return {"edition": found.edition, "lists": lists.lists_json(found)}


@dataclass(frozen=True, slots=True)
class MaySee:
    """Conditions of queries; None: all."""

    incidents: Condition | None
    tasks: Condition | None
    bulletins: Condition | None


def _conditions(request: Request, who: Actor) -> MaySee:
    """Raises a 403 problem where there can be neither incidents nor tasks: then the phone holds
    nothing."""
    told = _or_none(lambda: bulletin_sight.visible(request, who))
    try:
        may_see = visible(request, who)
    except ProblemError:
        return MaySee(sa.false(), visible_tasks(request, who), told)
    return MaySee(may_see, _or_none(lambda: visible_tasks(request, who)), told)


def _or_none(condition: Callable[[], Condition | None]) -> Condition | None:
    """One that nothing fits where it is refused."""
    try:
        return condition()
    except ProblemError:
        return sa.false()


def _seen(connection: Connection, gate: Gate | None, who: Actor, now_us: int) -> dict[str, Any]:
    """While this is the same, so is the scope: how far each kind was counted, the caller's roles
    and what others share with them, the policies, the units, the bulletin that ended last, and the
    hour, after which things are over for long enough."""
    counted = {row.name: row.value for row in connection.execute(_COUNTED)}
    rules = "" if gate is None else gate.trust.decider.hash
    units = "" if gate is None else gate.people.directory.organisation().shape
    reach = repr((who.principals, rules, units)).encode()
    return {
        **counted,
        "reach": hashlib.sha256(reach).hexdigest(),
        "ended": bulletins.last_end_us(connection, now_us),
        "hour": now_us // HOUR_US,
    }


def _scope(connection: Connection, may: MaySee, who: Actor, now_us: int) -> Scope:
    """Tasks of the caller first, then incidents, then bulletins, the newest first."""
    i, t = incidents.incidents.c, task_rows.c
    mine = responder_rows.c.account == who.id
    since_us = now_us - KEEP_US
    open_tasks = sa.and_(_all(may.tasks), mine, _fresh(t.state.in_(sorted(OPEN)), t, since_us))
    open_incidents = sa.and_(_all(may.incidents), _fresh(i.state != CLOSED, i, since_us))
    found: Scope = {}
    for task in tasks.listed(connection, MOST_OF_A_KIND, where=open_tasks):
        found[TASK, task.task.id] = task.seq
    for kept in incidents.listed(connection, MOST_OF_A_KIND, where=open_incidents):
        found[INCIDENT, kept.incident.id] = kept.seq
    open_bulletins = sa.and_(_all(may.bulletins), bulletins.open_at(now_us))
    for told in bulletins.listed(connection, MOST_OF_A_KIND, open_bulletins):
        found[BULLETIN, told.bulletin.id] = told.seq
    return found


def _all(where: Condition | None) -> Condition:
    return sa.true() if where is None else where


def _fresh(is_open: Condition, columns: Any, since_us: int) -> Condition:
    return sa.or_(is_open, columns.since_us > since_us)


def _items(
    request: Request,
    connection: Connection,
    who: Actor,
    keys: Any,
    may: MaySee,
) -> list[dict[str, Any]]:
    """As they stand now; what has left the scope since is told the next time."""
    gate = gate_of(request)
    wanted = [key for kind, key in keys if kind == INCIDENT]
    kept = {k.incident.id: k for k in incidents.by_ids(connection, wanted, may.incidents)}
    ticks = steps_of_matters(connection, kept, lists.KINDS) if kept else {}
    by = {k.incident.opened_by for k in kept.values()}
    by |= {row.step.by for rows in ticks.values() for row in rows}
    named = own_name(who)
    named |= names_by_id(gate, by - named.keys())
    shown_json = {j["id"]: j for j in shown(gate, kept.values(), named)}
    wanted_tasks = [key for kind, key in keys if kind == TASK]
    found = _tasks(connection, wanted_tasks, may.tasks)
    tasks_json = {j["id"]: j for j in shown_tasks(gate_of(request), connection, who.id, found)}
    wanted_bulletins = [key for kind, key in keys if kind == BULLETIN]
    told = bulletins.by_ids(connection, wanted_bulletins, may.bulletins)
    bulletins_json = {j["id"]: j for j in bulletin_sight.shown(request, connection, who, told)}
    items: list[dict[str, Any]] = []
    for kind, key in keys:
        if kind == BULLETIN and key in bulletins_json:
            said = bulletins_json[key]
            items.append({
                "kind": BULLETIN, "id": key, "version": said["seq"], "is_mine": False,
                "may_edit": False, "incident": None, "task": None, "bulletin": said,
            })  # fmt: skip
        elif kind == TASK and key in tasks_json:
            said = tasks_json[key]
            items.append({
                "kind": TASK, "id": key, "version": said["seq"], "is_mine": said["is_mine"],
                "may_edit": said["is_mine"], "incident": None, "task": said,
            })  # fmt: skip
        elif key in kept:
            one = kept[key]
            items.append({
                "kind": INCIDENT, "id": key, "version": one.seq,
                "is_mine": one.incident.opened_by == who.id,
                "may_edit": _may_edit(gate, who, one), "incident": shown_json[key], "task": None,
                "ticks": lists.ticks_json(one.incident.type, ticks[key], named),
            })  # fmt: skip
    return items


def _may_edit(gate: Gate | None, who: Actor, kept: incidents.Kept) -> bool:
    if gate is None:
        return True
    thing = thing_of(gate, kept.incident, shared=False)
    return gate.decide(who, ACT, thing, gate.circumstances(who)).allowed


def _why(connection: Connection, kind: str, key: str, version: int) -> str:
    """Why it has left the scope, as far as the thing itself tells: where it is as the phone had it,
    it is the caller who has changed."""
    if kind == TASK:
        found = _tasks(connection, [key], None)
        seq = found[0].seq if found else version
        is_over = not found or found[0].task.state not in OPEN
    elif kind == BULLETIN:
        told = bulletins.by_ids(connection, [key])
        seq = told[0].seq if told else version
        is_over = not told or state(told[0].bulletin, clock_us()) in (OVER, WITHDRAWN)
    else:
        kept = next(iter(incidents.by_ids(connection, [key], None)), None)
        seq = kept.seq if kept is not None else version
        is_over = kept is None or bool(kept.incident.merged_into) or kept.incident.state == CLOSED
    return "ended" if is_over else "out_of_reach" if seq == version else "moved"


def _tasks(connection: Connection, keys: list[str], where: Condition | None) -> list[tasks.Kept]:
    if not keys:
        return []
    these = sa.and_(_all(where), task_rows.c.id.in_(keys))
    return tasks.listed(connection, len(keys), where=these)
