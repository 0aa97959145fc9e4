"""Which things of a list the caller may read, as a condition of its query."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import Request

from littoral.access.filter import NONE, Filter
from littoral.api.gate import Actor, gate_of, of_unit, units_within
from littoral.store.condition import Condition, Within
from littoral.store.people.packaged import PROVINCE


def visible_by(
    request: Request, who: Actor, action: str, kind: str,
    condition: Callable[[Filter, Within], Condition], **more: Any,
) -> Condition | None:  # fmt: skip
    """By what of the policies is left; None: all. Raises a 403 problem where there can be none, as
    for a thing of the own unit and of that `kind`, with what `more` is said of it."""
    gate = gate_of(request)
    if gate is None:
        return None
    context = gate.circumstances(who)
    found = gate.filter(who, action, context)
    if found == NONE:
        unit = who.principals[0].unit if who.principals else PROVINCE
        gate.require(who, action, of_unit(gate, kind, unit, **more), context)
    return condition(found, units_within(gate))
