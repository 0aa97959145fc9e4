"""`POST /sync/push`: what was noted on a phone, each record by itself."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from littoral.api.deps import Engine
from littoral.api.gate import Acting, described, gate_of, same_origin_if_signed_in
from littoral.api.incidents.doing import REPORT
from littoral.api.sync import taking
from littoral.api.sync.call import Call, require_any
from littoral.api.sync.models import PushedModel, PushInput
from littoral.api.wire import Json, iso
from littoral.respond.sync.clock import corrected
from littoral.respond.sync.queue import OPENING
from littoral.store.clock import clock_us
from littoral.store.sync import scope

router = APIRouter()
NOT_DONE = frozenset({"later", "refused"})


@router.post(
    "/sync/push",
    response_model=PushedModel,
    summary="Send what was noted on a phone; each record is answered by itself",
    **described(REPORT),
)
def push(request: Request, engine: Engine, who: Acting, given: PushInput) -> Json:
    same_origin_if_signed_in(request)
    require_any(gate_of(request), who)
    now_us = clock_us()
    call = Call(request, engine, who, str(given.device), given.clock, now_us)
    results: list[dict[str, Any]] = []
    undone: set[str] = set()  # things of which a report of this push was not taken
    for sent in given.records:
        key, answer = taking.take(call, sent, frozenset(undone))
        if _opens(sent) and _status(answer) in NOT_DONE:
            undone.add(str(sent["thing"]))
        results.append({"id": key, **answer})
    clock = corrected(now_us, given.clock, now_us)
    with engine.records.database.write() as connection:
        scope.heard(connection, call.device, who.id, clock.ahead_us, now_us)
    return Json({
        "received": iso(now_us), "ahead_s": clock.ahead_us / 1e6,
        "clock_is_wrong": clock.is_wrong, "results": results,
    })  # fmt: skip


def _opens(sent: Any) -> bool:
    """Whether other records rest on it."""
    return (
        isinstance(sent, dict) and str(sent.get("kind", "")).endswith(OPENING) and "thing" in sent
    )


def _status(answer: dict[str, Any]) -> str:
    return str(answer.get("first", answer)["status"])
