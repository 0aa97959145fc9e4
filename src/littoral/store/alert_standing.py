"""Where changed alerts stand: on which shelf, in which group, and whether they are annunciated.

Everything here goes by rows of the table `alerts` that are about to be stored, and is done in the
transaction that stores them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.schema.finding import NOTED, WITHDRAWN
from littoral.store import shelves
from littoral.store.alert_calls import ANNUNCIATED, GROUPED, HELD, SHELVED
from littoral.store.alert_groups import WINDOW_US, Groups, Told, calls, causes_of
from littoral.store.alert_rows import DISMISSED, NEW
from littoral.store.tables import alerts

Row = dict[str, Any]


def settle(
    connection: Connection,
    rows: Sequence[Row],
    before: Mapping[str, Row],
    now_us: int,
    calls_since_us: int | None,
) -> list[Row]:
    """Sets shelf, group and whether each was told with its group. Returns what asked for the
    watch's attention, to be kept once the rows are stored. `before`: the rows as stored, by id; new
    alerts are not in it.

    `calls_since_us`: event time before which what is over no longer calls anybody; None: nobody is
    on watch (history is filled)."""
    shelve(connection, rows, now_us)
    _group(connection, [row for row in rows if row["id"] not in before])
    called = _Called(connection, rows)
    kept = []
    for row in sorted(rows, key=lambda r: _told(r).order):
        was = before.get(row["id"])
        is_told = row["priority"] < NOTED and row["state"] != WITHDRAWN and _is_news(row, was)
        if is_told:
            row["grouped"] = not calls(row["priority"], called.others(row))
        called.take(row)
        if is_told and row["handling"] == NEW and not _is_over(row, calls_since_us):
            kept.append({
                "alert_id": row["id"], "at_us": now_us, "priority": row["priority"],
                "how": _how(row),
            })  # fmt: skip
    return kept


def shelve(connection: Connection, rows: Iterable[Row], now_us: int) -> None:
    """Sets the shelf of each row."""
    standing = shelves.active(connection, now_us)
    fences = shelves.fences_of(connection, standing)
    for row in rows:
        lies_on = (s for s in standing if shelves.holds(s, row, fences))
        found = None if row["state"] == WITHDRAWN else next(lies_on, None)
        row["shelf"] = None if found is None else found.id
        row["shelved_until_us"] = None if found is None else found.until_us


def _group(connection: Connection, new: Sequence[Row]) -> None:
    """The group of each new alert, by those that were told about the same time."""
    told = sorted((_told(row) for row in new), key=lambda a: a.order)
    if not told:
        return
    c = alerts.c
    near = sa.and_(
        c.told_us >= told[0].told_us - WINDOW_US,
        c.told_us <= told[-1].told_us + WINDOW_US,
        c.priority < NOTED,
    )
    columns = (c.id, c.told_us, c.priority, c.rule, c.held_by, c.lead, c.document)
    known = connection.execute(sa.select(*columns).where(near)).mappings()
    groups = Groups((_told(dict(row)), row["lead"]) for row in known)
    placed = {alert.id: groups.place(alert) for alert in told}
    for row in new:
        row["lead"] = placed[row["id"]]


class _Called:
    """Under which priorities groups have been annunciated, as it stands and with what is about to
    be stored. Answers given by dismissing count for nothing: what comes then is news."""

    def __init__(self, connection: Connection, rows: Sequence[Row]) -> None:
        leads = sorted({row["lead"] for row in rows})
        self._by_group: dict[str, dict[str, int]] = {lead: {} for lead in leads}
        c = alerts.c
        columns = (
            c.id, c.lead, c.priority, c.grouped, c.held_by, c.shelf, c.state, c.handling
        )  # fmt: skip
        for start in range(0, len(leads), 500):
            query = sa.select(*columns).where(c.lead.in_(leads[start : start + 500]))
            for row in connection.execute(query).mappings():
                self.take(dict(row))

    def take(self, row: Mapping[str, Any]) -> None:
        group = self._by_group[row["lead"]]
        told = row["held_by"] is None and row["shelf"] is None and not row["grouped"]
        if told and row["state"] != WITHDRAWN and row["handling"] != DISMISSED:
            group[row["id"]] = row["priority"]
        else:
            group.pop(row["id"], None)

    def others(self, row: Row) -> list[int]:
        """Of the group of the row, without its own."""
        return [p for key, p in self._by_group[row["lead"]].items() if key != row["id"]]


def _is_news(row: Row, was: Row | None) -> bool:
    """New, more urgent, or no longer explained, shelved or withdrawn."""
    return (
        was is None
        or row["priority"] < was["priority"]
        or (was["held_by"] is not None and row["held_by"] is None)
        or (was["shelf"] is not None and row["shelf"] is None)
        or was["state"] == WITHDRAWN
    )


def _is_over(row: Row, calls_since_us: int | None) -> bool:
    if calls_since_us is None:
        return True
    return row["end_us"] is not None and row["end_us"] < calls_since_us


def _how(row: Row) -> str:
    if row["held_by"] is not None:
        return HELD
    if row["shelf"] is not None:
        return SHELVED
    return GROUPED if row["grouped"] else ANNUNCIATED


def _told(row: Mapping[str, Any]) -> Told:
    said = row["document"]
    refs = [thing["ref"] for thing in said["things"]]
    return Told(
        row["id"], row["told_us"], row["priority"], row["rule"], said["kind"],
        causes_of(row["id"], refs, row["held_by"]), said["lon"], said["lat"],
    )  # fmt: skip
