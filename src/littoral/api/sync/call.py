"""Who sends, with which phone, and whether anything at all may come from there."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import get_args

from fastapi import Request

from littoral.access import Resource
from littoral.api.deps import Engine
from littoral.api.gate import Actor, Gate, gate_of, of_unit
from littoral.api.incidents.doing import ACT, REPORT
from littoral.api.incidents.models import Type
from littoral.api.problems import ProblemError
from littoral.api.tasks.sight import ACT as TASK_ACT
from littoral.respond.sync.clock import Corrected, corrected
from littoral.store.people.packaged import PROVINCE
from littoral.store.sync.records import SyncRecord

ASKED = (REPORT, ACT, TASK_ACT)


@dataclass(frozen=True)
class Call:
    """`clock_us`: the phone's as it sent, `received_us`: ours then. `file`: bytes that came with
    the one record of a push, where they did."""

    request: Request
    engine: Engine
    who: Actor
    device: str
    clock_us: int
    received_us: int
    file: bytes | None = None

    @property
    def gate(self) -> Gate | None:
        return gate_of(self.request)

    def time_of(self, made_us: int) -> Corrected:
        return corrected(made_us, self.clock_us, self.received_us)

    def sees(self, action: str, resource: Resource, thing: str, record: SyncRecord) -> bool:
        """Whether the caller may see `thing`; that it was tried in vain is in the log."""
        if self.allowed(action, resource):
            return True
        self.tell_refused(action, resource, thing, record)
        return False

    def tell_refused(self, action: str, resource: Resource, thing: str, record: SyncRecord) -> None:
        """As a route would that asks for the same."""
        if self.gate is not None:
            with suppress(ProblemError):
                self.gate.require(self.who, action, resource, thing=thing, record=record.kind)

    def allowed(self, action: str, resource: Resource) -> bool:
        gate = self.gate
        return gate is None or (
            gate.decide(self.who, action, resource, gate.circumstances(self.who)).allowed
        )


def require_any(gate: Gate | None, who: Actor) -> None:
    """Whoever may neither report, handle nor be sent keeps the queue: a role that ended is no fault
    of the records. Raises a 403 problem."""
    if gate is None:
        return
    context = gate.circumstances(who)
    for principal in who.principals:
        for kind in get_args(Type):
            thing = of_unit(gate, kind, principal.unit, agency=principal.agency, owner=who.id)
            if any(gate.decide(who, action, thing, context).allowed for action in ASKED):
                return
    unit = who.principals[0].unit if who.principals else PROVINCE
    gate.require(who, REPORT, of_unit(gate, "incident", unit), context)


def is_moved(record: SyncRecord) -> bool:
    return record.answer.get("status") == "moved"
