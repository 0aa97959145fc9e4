"""A report and a step, from the lock to the log.

In one transaction: the lock, whether it was done before, the right to it, whether it follows, the
right to what it leads to, and what the log is told of it. What was refused is told after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.engine import Connection

from littoral.access import Decider, Resource
from littoral.api.deps import Engine
from littoral.api.gate import Actor, Gate, needs_second_factor
from littoral.api.incidents import lists, told
from littoral.api.incidents.models import ReportInput, StepInput, step_fields
from littoral.api.incidents.reporting import check_choice, report_step, reported_thing
from littoral.api.incidents.sight import (
    READ,
    check_agency,
    check_unit,
    read,
    refused_as,
    split_off,
    take,
    thing_of,
    when_us,
)
from littoral.api.problems import ProblemError
from littoral.respond.incident.flow import Incident, after, place_of
from littoral.respond.incident.step import Refused, Step
from littoral.store import incidents
from littoral.store.geofences import Conflict
from littoral.store.incidents import Kept
from littoral.store.vault.entries import Entry

REPORT, ACT, CLOSE = "incident.report", "incident.act", "incident.close"
# Whether a matter is at its end is for whoever answers for it, not for whoever was sent.
ENDING = frozenset({"reject", "verify", "send_back", "close", "reopen"})
# Whether a handover is taken is for the unit that is asked.
ANSWERS = frozenset({"take_over", "decline"})
# What becomes of an incident is for the units in whose area it lies and for the one that answers
# for it, not for those with whom it is shared.
NOT_FOR_GUESTS = frozenset({"transfer", "merge", "unmerge", "split", "join", "drop_source", "edit"})
# Steps that tie an incident to another, which has to be there and to be seen.
WITH_OTHER = frozenset({"link", "merge"})


@dataclass(frozen=True, slots=True)
class Act:
    """`facts`: what of it the log keeps, sealed."""

    action: str
    incident: str
    facts: dict[str, Any] = field(default_factory=dict)
    rules: tuple[str, ...] = ()


class Denied(Exception):
    """The policies refuse the act."""

    def __init__(self, act: Act, problem: ProblemError) -> None:
        super().__init__(problem.detail)
        self.act, self.problem = act, problem


@dataclass
class Doing:
    """Who does it, by which policies, and what was done so far. Without a gate one local operator
    may do all."""

    gate: Gate | None
    who: Actor
    asked: Act
    decider: Decider | None = None
    done: list[Act] = field(default_factory=list)

    def may(self, action: str, resource: Callable[[Gate], Resource], **facts: Any) -> Act:
        """The act, once the policies allow it. Raises Denied."""
        act = Act(action, self.asked.incident, {**self.asked.facts, **facts})
        if self.gate is None:
            return act
        context = self.gate.circumstances(self.who)
        verdict = self.gate.decide(self.who, action, resource(self.gate), context, self.decider)
        act = Act(act.action, act.incident, act.facts, tuple(verdict.ids))
        if not verdict.allowed:
            more: dict[str, Any] = {"reason": {"zh": verdict.zh, "en": verdict.en}}
            if needs_second_factor(self.who):
                more["needs"] = "second_factor"
            raise Denied(act, ProblemError(403, verdict.en, more=more))
        return act

    def may_again(self, incident: Incident) -> None:
        """Whether what was reported is shown to its reporter once more: to who may see it now, and
        to a system, which sees none, while it may report it. Raises Denied."""
        try:
            self.may(READ, lambda g: thing_of(g, incident))
        except Denied:
            self.may(REPORT, lambda g: thing_of(g, incident))

    def keep(self, connection: Connection) -> None:
        """What was done is told with it: in one transaction."""
        if self.gate is not None:
            self.gate.keep(connection, [self._entry(self.gate, "allow", act) for act in self.done])

    def refuse(self, act: Act, why: str) -> None:
        """Into the log, durable when this returns."""
        if self.gate is not None:
            self.gate.trust.record([self._entry(self.gate, "deny", act, refused=why)])

    def _entry(self, gate: Gate, verdict: str, act: Act, **more: Any) -> Entry:
        return Entry(
            self.who.ref, act.action, f"incident:{act.incident}", "", "", "",
            gate.trust.now_us(), verdict,
            {**act.facts, "rules": list(act.rules), **more},
        )  # fmt: skip


@contextmanager
def doing(engine: Engine, gate: Gate | None, who: Actor, asked: Act) -> Iterator[
    tuple[Connection, Doing]
]:  # fmt: skip
    """A transaction under the lock of all steps. Raises problems that say why not."""
    # Once and here: whether they are in force is asked of the records, and may write there by a
    # connection of its own.
    now = Doing(gate, who, asked, None if gate is None else gate.in_force())
    try:
        with engine.records.database.write() as connection:
            incidents.lock(connection)
            yield connection, now
            now.keep(connection)
    except Denied as denied:
        now.refuse(denied.act, "policy")
        raise denied.problem from denied
    except (Refused, Conflict) as refused:
        now.refuse(asked, refused.code if isinstance(refused, Refused) else "id")
        raise refused_as(refused) from refused
    if gate is not None and now.done:
        gate.settle()
    engine.matters_changed()


# What else is written of a report in its transaction, with what became of it.
Beside = Callable[[Connection, Kept], None]


def report(
    engine: Engine, gate: Gate | None, who: Actor, given: ReportInput, beside: Beside | None = None
) -> Kept:
    """Whoever sent it before is answered with what became of it, if it may still be seen."""
    for name in ("desk", "area"):
        if code := getattr(given, name):
            check_unit(gate, name, code)
    step = report_step(engine, gate, who, given)
    asked = Act(REPORT, step.incident, {"done": "report"})
    with doing(engine, gate, who, asked) as (connection, now):
        if (known := incidents.again(connection, step)) is not None:
            now.may_again(known.incident)
            if beside is not None:
                beside(connection, known)
            return known
        wanted = after(None, step)
        act = now.may(REPORT, lambda g: reported_thing(g, wanted))
        check_choice(gate, who, wanted)
        kept = take(connection, step)
        if beside is not None:
            beside(connection, kept)
        now.done.append(replace(act, facts=told.of_report(kept)))
    return kept


def take_step(
    engine: Engine, gate: Gate | None, who: Actor, incident_id: str, given: StepInput
) -> Kept:
    with engine.records.database.read() as connection:
        key = read(connection, incident_id).incident.id  # by its code too, which stays
    kind = given.kind
    step = Step(str(given.id), key, kind, when_us(given.at), who.id, who.desk, step_fields(given))
    asked = Act(CLOSE if kind in ENDING else ACT, key, told.asked_for(step))
    with doing(engine, gate, who, asked) as (connection, now):
        if (known := incidents.again(connection, step)) is not None:
            return known
        before = read(connection, key).incident
        owner = ""
        if kind in ENDING and who.id in incidents.reporters(connection, before):
            owner = who.id
        act = now.may(
            asked.action,
            lambda g: thing_of(g, before, kind in ANSWERS, kind not in NOT_FOR_GUESTS, owner),
        )
        _check_fields(gate, before, step)
        if kind in lists.KINDS:
            lists.check_tick(connection, lists.lists_of(engine), before, step)
        if kind in WITH_OTHER:
            other = _other(connection, now, step)
            if kind == "merge":
                now.may(ACT, lambda g: thing_of(g, other, shared=False))
        kept = take(connection, step)
        now.done.append(replace(act, facts=told.of_step(step, before, kept)))
        if kind == "edit":
            _may_be(now, before, kept.incident)
        if kind == "split":
            made = take(connection, split_off(before, step))
            act = now.may(REPORT, lambda g: reported_thing(g, made.incident))
            now.done.append(replace(act, incident=made.incident.id, facts=told.of_report(made)))
    return kept


def _may_be(now: Doing, before: Incident, made: Incident) -> None:
    """What an edit makes of an incident takes a right too: where it is put, as for a report; what
    it is made, as for handling such a one. Raises Denied."""
    if made.area != before.area:
        now.may(REPORT, lambda g: reported_thing(g, made))
    if (made.type, made.lead_agency) != (before.type, before.lead_agency):
        now.may(ACT, lambda g: thing_of(g, made, shared=False))


def _other(connection: Connection, now: Doing, step: Step) -> Incident:
    """The incident that the step names. Where there is none, or none that may be seen, a 404
    problem: who may not see one is not told that it is there, but the log is."""
    key = str(step.fields.get("other", ""))
    found = incidents.found(connection, key)
    why = f"There is no incident {key!r}."
    missing = ProblemError(404, why, {"other": why})
    if found is None:
        raise missing
    try:
        now.may(READ, lambda g: thing_of(g, found))
    except Denied as error:
        raise Denied(error.act, missing) from error
    return found


def _check_fields(gate: Gate | None, before: Incident, step: Step) -> None:
    """Raises a 422 problem for what names no unit, or no agency of it."""
    fields = step.fields
    if step.kind == "join" and "agency" in fields:
        check_agency(gate, fields["agency"], fields.get("unit") or place_of(before))
    if step.kind in ("transfer", "escalate"):
        check_unit(gate, "to", fields.get("to", ""))
    if "area" in fields:
        check_unit(gate, "area", fields["area"])
