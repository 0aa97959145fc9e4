"""`/intake/{source}`: AIVDM lines of senders that are told how far what they sent is safe."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, Field

from littoral.api.deps import Engine
from littoral.api.gate import guarded
from littoral.api.problems import ProblemError
from littoral.engine.numbered import Busy, Conflict, Gap, TooManySenders

router = APIRouter(tags=["receivers"])

MEDIA_TYPE = "application/octet-stream"
RETRY_AFTER_S = 1
# Of their own, since each waits for the disk: the pages' requests must not queue behind them.
_WORKERS = ThreadPoolExecutor(8, thread_name_prefix="intake")

Source = Annotated[
    str,
    Path(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
        description="the sender's own name; it is that of the feed in the health of sensing",
    ),
]
Position = Annotated[
    int,
    Query(ge=0, le=1 << 62, description="of the body's first byte in the sender's whole stream"),
]


class IntakeAnswer(BaseModel):
    source: str
    held: int = Field(description="position up to which all is durable: go on from here")
    lines: int = Field(description="taken by this request; 0 when all of it was held before")


_PROBLEM = {"$ref": "#/components/schemas/Problem"}
_HELD = {
    "type": "object",
    "required": ["held"],
    "properties": {
        "held": {"type": "integer", "description": "position up to which all is durable"}
    },
}


@router.get(
    "/intake/{source}",
    summary="How far a sender's bytes are held",
    **guarded("intake.write", key="source"),
)
def get_intake(engine: Engine, source: Source) -> IntakeAnswer:
    try:
        return IntakeAnswer(source=source, held=engine.intake.held(source), lines=0)
    except Busy as error:
        raise _busy(error) from error


@router.post(
    "/intake/{source}",
    summary="Take AIVDM lines; the answer comes after they are durable",
    **guarded(
        "intake.write",
        key="source",
        requestBody={
            "required": True,
            "description": "Lines that end with a line feed; an unfinished last one is not taken",
            "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
        },
    ),
    responses={
        409: {
            "description": "Bytes before `position` are missing (field `position`), or other bytes "
            "than these are held there (field `body`)",
            "content": {"application/problem+json": {"schema": {"allOf": [_PROBLEM, _HELD]}}},
        },
        503: {
            "description": "Nothing can be taken now; send the same again (Retry-After)",
            "content": {"application/problem+json": {"schema": _PROBLEM}},
        },
    },
)
async def take_lines(
    request: Request, engine: Engine, source: Source, position: Position
) -> IntakeAnswer:
    lines = await request.body()
    take = engine.intake.take_numbered
    loop = asyncio.get_running_loop()
    try:
        taken = await loop.run_in_executor(_WORKERS, take, source, position, lines)
    except (Gap, Conflict) as error:
        at = "position" if isinstance(error, Gap) else "body"
        raise ProblemError(409, str(error), {at: str(error)}, {"held": error.held}) from error
    except TooManySenders as error:
        raise ProblemError(409, str(error), {"source": str(error)}, {"held": 0}) from error
    except Busy as error:
        raise _busy(error) from error
    return IntakeAnswer(source=source, held=taken.held, lines=taken.lines)


def _busy(error: Busy) -> ProblemError:
    return ProblemError(503, str(error), retry_after_s=RETRY_AFTER_S)
