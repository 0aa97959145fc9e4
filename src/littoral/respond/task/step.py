"""A step of a task: one thing done, by one account, at one time. Steps are never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class TaskStep:
    """`id` is made by the client (UUIDv7), so that a step sent twice is one. `at_us`: UTC
    microseconds, when it was done, by the clock of who did it; the store adds when it came.
    `by`: account; `desk`: the unit for which it acted. `fields`: see flow.KINDS for each kind."""

    id: str
    task: str
    kind: str
    at_us: int
    by: str
    desk: str
    fields: Mapping[str, Any] = field(default_factory=dict)
