"""An act on a task or responder, from the lock to the log.

In one transaction: whether it was done before, the right to it, whether it follows. What was done
or refused is told to the log when that is over, all of it in one entry's time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.engine import Connection

from littoral.access import Decider, Resource
from littoral.api.deps import Engine
from littoral.api.gate import Actor, Gate, needs_second_factor
from littoral.api.problems import ProblemError
from littoral.respond.incident.step import Refused
from littoral.store.geofences import Conflict
from littoral.store.vault.entries import Entry

CLASHES = frozenset({
    "state", "merged", "exists", "conflict", "closed", "busy", "out", "no_task", "no_call",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Act:
    """`thing`: as the log names it."""

    action: str
    thing: str
    facts: dict[str, Any] = field(default_factory=dict)
    rules: tuple[str, ...] = ()


class Denied(Exception):
    """The policies refuse the act."""

    def __init__(self, act: Act, problem: ProblemError) -> None:
        super().__init__(problem.detail)
        self.act, self.problem = act, problem


@dataclass
class Acting:
    """Who does it, by which policies, and what was done so far. Without a gate one local operator
    may do all."""

    gate: Gate | None
    who: Actor
    decider: Decider | None = None
    done: list[Act] = field(default_factory=list)

    def allowed(self, action: str, resource: Callable[[Gate], Resource]) -> bool:
        gate = self.gate
        return gate is None or (
            gate.decide(
                self.who, action, resource(gate), gate.circumstances(self.who), self.decider
            ).allowed
        )

    def may(self, act: Act, resource: Callable[[Gate], Resource], who: Actor | None = None) -> Act:
        """The act with the rules that allow it; `who`: the actor with less, by default as he is.
        Raises Denied."""
        if self.gate is None:
            return act
        who = who or self.who
        context = self.gate.circumstances(who)
        verdict = self.gate.decide(who, act.action, resource(self.gate), context, self.decider)
        act = Act(act.action, act.thing, act.facts, tuple(verdict.ids))
        if not verdict.allowed:
            more: dict[str, Any] = {"reason": {"zh": verdict.zh, "en": verdict.en}}
            if needs_second_factor(self.who):
                more["needs"] = "second_factor"
            raise Denied(act, ProblemError(403, verdict.en, more=more))
        return act

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
            self.who.ref, act.action, act.thing, "", "", "",
            gate.trust.now_us(), verdict,
            {**act.facts, "rules": list(act.rules), **more},
        )  # fmt: skip


@contextmanager
def acting(
    engine: Engine, gate: Gate | None, who: Actor, asked: Act
) -> Iterator[tuple[Connection, Acting]]:
    """A transaction. Raises problems that say why not; `asked`: what the log says was refused."""
    # Once and here: whether they are in force is asked of the records, and may write there by a
    # connection of its own.
    now = Acting(gate, who, None if gate is None else gate.in_force())
    try:
        with engine.records.database.write() as connection:
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


FIELDS = {
    "lon_deg": "lon",
    "lat_deg": "lat",
    "speed_mps": "speed_kn",
    "until": "valid_until",
    "endurance_s": "endurance_min",
    "keep_s": "keep_h",
}


def refused_as(refused: Refused | Conflict) -> ProblemError:
    """As a problem that names the field of the body."""
    if isinstance(refused, Conflict):
        return ProblemError(409, str(refused), {"id": str(refused)})
    named = FIELDS.get(refused.field, refused.field)
    errors = {named: refused.en} if named else {}
    more = {"reason": {"zh": refused.zh, "en": refused.en}}
    return ProblemError(409 if refused.code in CLASHES else 422, refused.en, errors, more=more)
