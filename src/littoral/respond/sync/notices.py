"""The own notices on a phone: what an answer makes of those it has, and which wait for their user.

The server takes a phone that asks by the edition of now to have all of them, so a phone to which
something new is told asks once more at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from littoral.respond.sync.queue import ASIDE, WAITING

ANSWER, STEP = "notice.answer", "task.step"
DECIDES = ("accept", "refuse")  # steps of a task by which its notice is answered
OPEN = "open"


@dataclass(frozen=True, slots=True)
class Notices:
    """`items` as the server told them, newest first."""

    edition: str = ""
    items: tuple[Mapping[str, Any], ...] = ()


def after_told(held: Notices, told: Mapping[str, Any] | None) -> tuple[Notices, bool]:
    """What is kept, and whether to ask again at once. `told` None: nothing has changed."""
    if told is None:
        return held, False
    known = {n["id"] for n in held.items if n["state"] == OPEN}
    items = tuple(told["items"])
    return Notices(told["edition"], items), any(
        n["state"] == OPEN and n["id"] not in known for n in items
    )


def waiting(items: Sequence[Mapping[str, Any]], queue: Sequence[Mapping[str, Any]]) -> list[str]:
    """Ids of those that wait for their user: not answered, by what is in the queue either. One that
    asks for no answer waits until it was read, as somebody's device had it before its user.
    `queue`: `kind`, `thing` and `state` of records, and as `says` the `kind` among their fields."""
    said = {q["thing"] for q in queue if _decides(q)}
    return [
        n["id"]
        for n in items
        if n["mine"] is None
        and n["id"] not in said
        and n["thing"].removeprefix("task:") not in said
        and (n["state"] == OPEN or (not n["wants_answer"] and n["state"] == "delivered"))
    ]


def _decides(record: Mapping[str, Any]) -> bool:
    """A step that was sent may be of an earlier offer of the same task; the server knows it."""
    if record["kind"] == STEP:
        return record["state"] == WAITING and record["says"] in DECIDES
    return record["kind"] == ANSWER and record["state"] != ASIDE
