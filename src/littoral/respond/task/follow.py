"""What a step of a task means for its incident."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from littoral.respond.incident.words import DISPATCHED, HANDLING
from littoral.respond.task.step import TaskStep


def follows(step: TaskStep, incident_state: str, others_open: bool) -> Mapping[str, Any] | None:
    """The incident's step that goes with it, as `kind` and fields; None: none. Who arrives begins;
    what the last one found is fed back; where nobody is left who goes, it is the desk's again."""
    why = {"reason": str(step.fields.get("reason", "")), "task": step.task}
    if step.kind == "arrive" and incident_state == DISPATCHED:
        return {"kind": "begin", "task": step.task}
    if others_open:
        return None
    if step.kind == "finish" and incident_state == HANDLING:
        return {"kind": "feed_back", **why, "reason": str(step.fields.get("found", ""))}
    if step.kind in ("refuse", "cancel") and incident_state == DISPATCHED:
        return {"kind": "refuse", **why}
    return None
