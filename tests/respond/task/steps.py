"""Steps for the tests of tasks."""

from __future__ import annotations

from typing import Any

from littoral.respond.task.flow import Task, told
from littoral.respond.task.step import TaskStep

ASSIGN = {
    "incident": "i-1", "responder": "r-1", "what": "登临检查", "lon_deg": 110.5, "lat_deg": 20.1,
}  # fmt: skip


def step(kind: str, /, at_us: int = 1_000, task: str = "t-1", **fields: Any) -> TaskStep:
    return TaskStep(f"{task}-{kind}-{at_us}", task, kind, at_us, "account:1", "460000", fields)


def assign(task: str = "t-1", at_us: int = 0, **more: Any) -> TaskStep:
    return step("assign", at_us, task, **{**ASSIGN, **more})


def task(*steps: TaskStep, **more: Any) -> Task:
    return told([assign(**more), *steps])
