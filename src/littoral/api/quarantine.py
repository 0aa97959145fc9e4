"""`GET /quarantine`: rejected lines with source, line and reason."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from littoral.api.deps import Engine
from littoral.api.fields import Page
from littoral.api.gate import guarded
from littoral.api.params import CursorQuery, LimitQuery
from littoral.api.problems import bad_parameter

router = APIRouter(tags=["state"])


class RejectedModel(BaseModel):
    source: str
    line: int = Field(description="from 1 in the source")
    reason: str
    field: str | None = Field(description="the column that was wrong; null: the whole line")
    text: str = Field(description="the line as it came, other than printable ASCII as \\x..")


class QuarantinePage(Page[RejectedModel]):
    counts: dict[str, int] = Field(description="lines ever rejected, by reason")
    dropped: int = Field(description="lines that are no longer kept")


@router.get(
    "/quarantine",
    summary="Rejected lines, newest first",
    **guarded("history.read", kind="quarantine"),
)
def list_quarantine(
    engine: Engine,
    reason: Annotated[str | None, Query(max_length=100)] = None,
    cursor: CursorQuery = None,
    limit: LimitQuery = 100,
) -> QuarantinePage:
    try:
        page = engine.quarantine.recent(limit, cursor, reason)
    except ValueError as error:
        raise bad_parameter("cursor", "is not one that this server gave") from error
    items = [
        RejectedModel(
            source=line.source,
            line=line.line,
            reason=line.reason,
            field=line.field or None,
            text=printable(line.raw),
        )
        for line in page.items
    ]
    return QuarantinePage(
        items=items,
        next_cursor=page.next_cursor,
        counts=engine.quarantine.counts(),
        dropped=engine.quarantine.dropped,
    )


def printable(raw: bytes) -> str:
    """ASCII as it is, all other bytes and the backslash escaped: nothing is lost or hidden."""
    return raw.decode("latin-1").encode("unicode_escape").decode("ascii")
