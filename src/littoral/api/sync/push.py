"""`POST /sync/push`: what was noted on a phone, each record by itself; `push-file`: one record and
the whole of its file, where that is small."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from pydantic import ValidationError

from littoral.api.deps import Engine
from littoral.api.gate import Acting, Actor, described, gate_of, same_origin_if_signed_in
from littoral.api.incidents.doing import REPORT
from littoral.api.problems import ProblemError
from littoral.api.sync import changes, taking
from littoral.api.sync.call import Call, require_any
from littoral.api.sync.models import PushedModel, PushInput
from littoral.api.wire import Json, iso
from littoral.engine.runtime import Runtime
from littoral.respond.sync.clock import corrected
from littoral.respond.sync.pieces import PIECE_BYTES
from littoral.respond.sync.queue import OPENING
from littoral.store.clock import clock_us
from littoral.store.sync import scope

router = APIRouter()
NOT_DONE = frozenset({"later", "refused"})
RECORD_BYTES = 64 * 1024  # of the line that says what the file is
SENT = {
    "schema": {
        "type": "string", "format": "binary",
        "description": "the JSON of `POST /sync/push` with one record, a line feed (0x0A), and the "
        f"bytes of its file, at most {PIECE_BYTES:,}",
    }
}  # fmt: skip


@router.post(
    "/sync/push",
    response_model=PushedModel,
    summary="Send what was noted on a phone; each record is answered by itself",
    **described(REPORT),
)
def push(request: Request, engine: Engine, who: Acting, given: PushInput) -> Json:
    same_origin_if_signed_in(request)
    return _pushed(request, engine, who, given, None)


@router.post(
    "/sync/push-file",
    response_model=PushedModel,
    summary="Send one record and the whole of its file",
    **described(
        REPORT,
        requestBody={"required": True, "content": {"application/octet-stream": SENT}},
    ),
)
def push_file(
    request: Request,
    engine: Engine,
    who: Acting,
    sent: Annotated[
        bytes, Body(media_type="application/octet-stream", include_in_schema=False)
    ] = b"",
) -> Json:
    same_origin_if_signed_in(request)
    line, _, file = sent.partition(b"\n")
    try:
        given = PushInput.model_validate_json(line)
    except ValidationError as error:
        fields = {".".join(map(str, e["loc"])) or "body": str(e["msg"]) for e in error.errors()}
        detail = "; ".join(f"{name}: {why}" for name, why in fields.items())
        raise ProblemError(422, f"The first line: {detail}"[:1000], fields) from error
    if len(given.records) != 1:
        why = "one record comes with its file"
        raise ProblemError(422, f"records: {why}", {"records": why})
    if len(file) > PIECE_BYTES:
        raise ProblemError(413, f"A file of more than {PIECE_BYTES:,} bytes goes in pieces.")
    return _pushed(request, engine, who, given, file)


def _pushed(
    request: Request, engine: Runtime, who: Actor, given: PushInput, file: bytes | None
) -> Json:
    require_any(gate_of(request), who)
    now_us = clock_us()
    call = Call(request, engine, who, str(given.device), given.clock, now_us, file)
    results: list[dict[str, Any]] = []
    undone: set[str] = set()  # things of which a report of this push was not taken
    for sent in given.records:
        key, answer = taking.take(call, sent, frozenset(undone))
        if _opens(sent) and _status(answer) in NOT_DONE:
            undone.add(str(sent["thing"]))
        results.append({"id": key, **answer})
    clock = corrected(now_us, given.clock, now_us)
    told = _told(call, given, clock.ahead_us)
    if told is None:
        scope.hear(engine.records.database, call.device, who.id, clock.ahead_us, now_us)
    return Json({
        "received": iso(now_us), "ahead_s": clock.ahead_us / 1e6,
        "clock_is_wrong": clock.is_wrong, "results": results, "changes": told,
    })  # fmt: skip


def _told(call: Call, given: PushInput, ahead_us: int) -> dict[str, Any] | None:
    """What has changed, where it is asked for. Who may have nothing is told so by the question for
    it alone: what was sent is taken all the same."""
    if given.changes is None:
        return None
    try:
        return changes.told(
            call.request, call.engine, call.who, call.device, given.changes, ahead_us
        )
    except ProblemError:
        return None


def _opens(sent: Any) -> bool:
    """Whether other records rest on it."""
    return (
        isinstance(sent, dict) and str(sent.get("kind", "")).endswith(OPENING) and "thing" in sent
    )


def _status(answer: dict[str, Any]) -> str:
    return str(answer.get("first", answer)["status"])
