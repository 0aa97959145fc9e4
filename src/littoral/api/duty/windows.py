"""Maintenance windows and the planned outages that they feed: there is one way in which silence is
explained, and what makes the watch blinder takes two persons there (`/changes`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from sqlalchemy.engine import Connection

from littoral.api.duty.models import PaperInput
from littoral.api.gate import Actor, of_the_province, require, safe_id
from littoral.api.outages import (
    OutageChange,
    OutageInput,
    change_outage,
    enter_outage,
    remove_outage,
)
from littoral.engine.runtime import Runtime
from littoral.respond.duty.paper import Paper, Refused
from littoral.store import outages
from littoral.store.actions import NotFound
from littoral.store.clock import clock_us
from littoral.store.outages import OutageRow


def check_thing(engine: Runtime, doc: Mapping[str, Any]) -> None:
    """A receiver or a feed goes by the name that its health shows. Raises Refused."""
    if doc["thing"] == "system":
        return
    known = set(engine.world.stations)
    if doc["thing"] == "feed":
        known |= {feed.name for feed in engine.health().feeds}
    if doc["name"] not in known:
        raise Refused(
            "thing",
            "没有这个接收机或数据源。",
            "There is no receiver or feed of this name.",
            "name",
        )


def check_may_hold(request: Request, engine: Runtime, given: PaperInput) -> None:
    """The watch is one: raises a 403 problem for whoever may not write outages, and Refused for
    what is no receiver."""
    require(request, "outage.write", of_the_province("outage", safe_id(str(given.id))))
    if given.name not in engine.world.stations:
        raise Refused(
            "thing", "只有接收机的维护可以抑制警报。",
            "Only a receiver's window holds alerts back.", "holds_alerts",
        )  # fmt: skip


def plan_outage(request: Request, engine: Runtime, who: Actor, given: PaperInput) -> None:
    """An outage under the window's id: noted at once, it holds alerts when a second person
    agrees."""
    assert given.start is not None  # looked at before, as the paper's span
    enter_outage(
        request, engine, who,
        OutageInput.model_construct(
            id=given.id, receiver=given.name or "", start=given.start, end=given.end,
            reason=given.what or "", holds_alerts=True,
        ),
    )  # fmt: skip


def check_may_end(request: Request, connection: Connection, window: Paper) -> None:
    """Where it has an outage, raises a 403 problem for whoever may not write outages."""
    if _outage(connection, window) is not None:
        require(request, "outage.write", of_the_province("outage", safe_id(window.id)))


def end_outage(request: Request, engine: Runtime, who: Actor, window: Paper) -> None:
    """Who sees more by it needs nobody else. One that has not begun is taken back."""
    with engine.records.database.read() as connection:
        row = _outage(connection, window)
    if row is None:
        return
    now_us = clock_us()
    if now_us <= row.start_us:
        remove_outage(request, engine, who, window.id)
    elif now_us < row.end_us:
        change_outage(
            request, engine, who, window.id,
            OutageChange.model_construct(
                start=row.start_us, end=now_us, reason=row.reason, holds_alerts=row.holds_alerts
            ),
        )  # fmt: skip


def _outage(connection: Connection, window: Paper) -> OutageRow | None:
    try:
        return outages.one(connection, window.id)
    except NotFound:
        return None
