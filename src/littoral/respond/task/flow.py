"""How a task goes from the offer to what was found.

A task is what its steps make of it: `after(task, step)`, from None on. What may follow what stands
in one table, KINDS; who may do what is for the policies. A step that cannot be is Refused and
changes nothing. Nothing here reads a clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from littoral.respond.incident.step import Refused
from littoral.respond.task.rollcall import MINUTE_US, RollCall, answered
from littoral.respond.task.step import TaskStep
from littoral.respond.task.words import (
    ACCEPTED,
    CANCELLED,
    DONE,
    EN_ROUTE,
    OFFERED,
    ON_SCENE,
    OPEN,
    REFUSED,
    STATES,
)

MAX_TEXT = 4000
By = Literal["desk", "crew", "both"]


@dataclass(frozen=True, slots=True)
class Task:
    """`what` is to be done, at `lon_deg`, `lat_deg` (None: see the incident). `reason`: why it was
    refused, cancelled or handed on; `found`: what was. `version` counts its steps; `since_us`: when
    it came into its state."""

    id: str
    incident: str
    responder: str
    what: str
    lon_deg: float | None
    lat_deg: float | None
    state: str
    assigned_by: str
    assigned_us: int
    since_us: int
    desk: str
    version: int = 1
    reason: str = ""
    found: str = ""
    call: RollCall | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """Whose step it is, from which states it may be done, into which it leads (None: it stays),
    which text it takes, and what it does besides."""

    by: By
    states: frozenset[str]
    into: str | None = None
    text: str = ""
    change: Callable[[Task, TaskStep], dict[str, Any]] | None = None


ANY = frozenset(STATES)


def after(task: Task | None, step: TaskStep) -> Task:
    """The task once `step` is done. Raises Refused."""
    if step.kind == "assign":
        if task is not None:
            raise Refused("exists", "该编号的任务已存在。", "This task exists already.")
        return assigned(step)
    if task is None:
        raise Refused("unknown", "没有这个任务。", "There is no such task.")
    kind = KINDS.get(step.kind)
    if kind is None:
        raise Refused(
            "kind", f"没有“{step.kind}”这种步骤。", f"No step is called {step.kind!r}.", "kind"
        )
    if task.state not in kind.states:
        is_zh, is_en = STATES[task.state]
        raise Refused(
            "state", f"任务“{is_zh}”，此步骤不适用。",
            f"The task is {is_en}: this step does not follow.",
        )  # fmt: skip
    said = text(step, kind.text) if kind.text else ""
    changed = kind.change(task, step) if kind.change else {}
    if kind.text in ("reason", "found"):
        changed[kind.text] = said
    into = kind.into or task.state
    if into not in OPEN:
        changed["call"] = None
    since_us = step.at_us if into != task.state else task.since_us
    return replace(task, **changed, state=into, since_us=since_us, version=task.version + 1)


def told(steps: Iterable[TaskStep]) -> Task:
    """The task that these steps of it make, in their order. Raises Refused; ValueError for none."""
    task: Task | None = None
    for step in steps:
        task = after(task, step)
    if task is None:
        raise ValueError("a task begins when it is assigned")
    return task


def assigned(step: TaskStep) -> Task:
    lon_deg, lat_deg = place(step)
    return Task(
        id=step.task,
        incident=text(step, "incident"),
        responder=text(step, "responder"),
        what=text(step, "what"),
        lon_deg=lon_deg,
        lat_deg=lat_deg,
        state=OFFERED,
        assigned_by=step.by,
        assigned_us=step.at_us,
        since_us=step.at_us,
        desk=step.desk,
    )


def text(step: TaskStep, name: str) -> str:
    value = str(step.fields.get(name, "")).strip()
    if not value:
        raise Refused("missing", f"请填写 {name}。", f"{name} is missing.", name)
    if len(value) > MAX_TEXT:
        raise Refused(
            "long", f"{name} 不得超过 {MAX_TEXT} 字。", f"{name}: at most {MAX_TEXT} signs.", name
        )
    return value


def place(step: TaskStep) -> tuple[float | None, float | None]:
    """Both or neither."""
    found: list[float] = []
    for name, limit in (("lon_deg", 180), ("lat_deg", 90)):
        value = step.fields.get(name)
        if value is None:
            continue
        if not isinstance(value, int | float) or not -limit <= value <= limit:
            zh, en = f"{name} 须在 ±{limit}° 之内。", f"{name}: from -{limit} to {limit} degrees."
            raise Refused("place", zh, en, name)
        found.append(float(value))
    if len(found) == 1:
        missing = "lat_deg" if step.fields.get("lat_deg") is None else "lon_deg"
        raise Refused("place", "经纬度须同时填写。", "A place has both coordinates.", missing)
    return (found[0], found[1]) if found else (None, None)


EDITABLE = ("what", "lon_deg", "lat_deg")


def _edited(task: Task, step: TaskStep) -> dict[str, Any]:
    """Of EDITABLE those that the step names. `seen` says what the editor saw in them: where it is
    otherwise by now, somebody else was faster, and nothing is overwritten unseen."""
    seen = step.fields.get("seen")
    if isinstance(seen, Mapping):
        for name in EDITABLE:
            if name in step.fields and name in seen and getattr(task, name) != seen[name]:
                now = getattr(task, name)
                raise Refused(
                    "conflict", f"{name} 已被他人改为“{now}”。",
                    f"{name} was changed to {now!r} by somebody else meanwhile.", name,
                )  # fmt: skip
    changed: dict[str, Any] = {}
    if "what" in step.fields:
        changed["what"] = text(step, "what")
    if {"lon_deg", "lat_deg"} & set(step.fields):
        changed["lon_deg"], changed["lat_deg"] = place(step)
    if not changed:
        raise Refused("nothing", "没有要更改的内容。", "Nothing is changed.")
    return changed


def _transferred(task: Task, step: TaskStep) -> dict[str, Any]:
    to = text(step, "to")
    if to == task.responder:
        raise Refused("same", "任务已在该力量。", "It has the task already.", "to")
    return {"responder": to, "call": None}


def _call_begun(task: Task, step: TaskStep) -> dict[str, Any]:
    spans = []
    for name in ("every_min", "within_min"):
        value = step.fields.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 24 * 60:
            zh, en = f"{name}：1 分钟至 1 天。", f"{name}: from a minute to a day."
            raise Refused("word", zh, en, name)
        spans.append(value * MINUTE_US)
    return {"call": RollCall(spans[0], spans[1], step.at_us)}


def _call_answered(task: Task, step: TaskStep) -> dict[str, Any]:
    if task.call is None:
        raise Refused("no_call", "没有进行中的点名。", "No roll is called.")
    return {"call": answered(task.call, step.at_us, step.fields.get("help") is True)}


def _call_ended(task: Task, step: TaskStep) -> dict[str, Any]:
    if task.call is None:
        raise Refused("no_call", "没有进行中的点名。", "No roll is called.")
    return {"call": None}


UNDER_WAY = frozenset({ACCEPTED, EN_ROUTE, ON_SCENE})

KINDS: Mapping[str, Kind] = {
    "accept": Kind("crew", frozenset({OFFERED}), ACCEPTED),
    # Also by who has accepted and then cannot: the desk sends another.
    "refuse": Kind("crew", OPEN, REFUSED, "reason"),
    "set_out": Kind("crew", frozenset({ACCEPTED}), EN_ROUTE),
    # Who is there already does not set out.
    "arrive": Kind("crew", frozenset({ACCEPTED, EN_ROUTE}), ON_SCENE),
    "finish": Kind("crew", frozenset({ON_SCENE}), DONE, "found"),
    "cancel": Kind("desk", OPEN, CANCELLED, "reason"),
    "transfer": Kind("desk", OPEN | {REFUSED}, OFFERED, "reason", _transferred),
    "edit": Kind("desk", OPEN, change=_edited),
    "message": Kind("both", ANY, text="text"),
    "call_begin": Kind("desk", UNDER_WAY, change=_call_begun),
    "call_answer": Kind("crew", UNDER_WAY, change=_call_answered),
    "call_end": Kind("desk", UNDER_WAY, change=_call_ended),
}


def next_kinds(task: Task) -> list[str]:
    """Steps that may follow, in the order of the table."""
    calling = {"call_answer", "call_end"}
    return [
        name
        for name, kind in KINDS.items()
        if task.state in kind.states and (name not in calling or task.call is not None)
    ]
