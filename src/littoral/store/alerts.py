"""Alerts in the records: what the engine says goes in once, in one transaction with its place."""

from __future__ import annotations

import base64
import binascii
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.schema.finding import NOTED, WARNING, WITHDRAWN
from littoral.store import alert_calls, alert_standing
from littoral.store.alert_rows import (
    DISMISSED,
    ENDED_HANDLED,
    ENDED_UNANSWERED,
    NEW,
    ONGOING,
    AlertFilter,
    AlertRow,
    Handling,
    Page,
    alert_row,
    content_hash,
    document_of,
    search_text,
    shown_priority,
)
from littoral.store.database import RecordsError, upsert
from littoral.store.tables import alert_actions, alert_versions, alerts, counters

AT_ONCE = 500  # ids in one query
MAX_LIMIT = 10_000
ENGINE = "littoral"  # who reopens an alert
ONGOING_ALONE_US = 1 << 62  # event time after every end


def last_seq(connection: Connection) -> int:
    query = sa.select(counters.c.value).where(counters.c.name == "alerts")
    return int(connection.execute(query).scalar_one())


def take_seqs(connection: Connection, count: int) -> int:
    """Reserves the next `count` seqs and returns the first. With 0 it only takes the lock: from
    here to the commit no other transaction changes alerts, so seqs become visible in order."""
    change = (
        sa.update(counters)
        .where(counters.c.name == "alerts")
        .values(value=counters.c.value + count)
        .returning(counters.c.value)
    )
    return int(connection.execute(change).scalar_one()) - count + 1


def put(
    connection: Connection,
    rows: Iterable[Mapping[str, Any]],
    now_us: int,
    calls_since_us: int | None = 0,
) -> list[AlertRow]:
    """Stores what is new in the rows; returns the alerts that changed, by ascending seq.
    `calls_since_us` as for `alert_standing.settle`."""
    documents = [document_of(row) for row in rows]
    take_seqs(connection, 0)
    stored = _current(connection, [d["id"] for d in documents])
    current = dict(stored)
    versions: list[dict[str, Any]] = []
    reopened: list[dict[str, Any]] = []
    changed: dict[str, dict[str, Any]] = {}
    for document in documents:
        key, said = document["id"], (document["state"], content_hash(document))
        before = current.get(key)
        if before is not None and (before["state"], before["content_hash"]) == said:
            continue
        row = _next_version(before, document, said[1], now_us)
        if before is not None and before["handling"] != NEW and row["handling"] == NEW:
            reopened.append(_reopening(row, before["rule_priority"], now_us))
        current[key] = row
        changed.pop(key, None)  # so that its last change decides its place
        changed[key] = row
        versions.append(_version(row, now_us))
    if not changed:
        return []
    first = take_seqs(connection, len(changed))
    for seq, row in enumerate(changed.values(), first):
        row["seq"] = seq
    for line in (*versions, *reopened):
        line["seq"] = changed[line["alert_id"]]["seq"]
    kept = alert_standing.settle(connection, list(changed.values()), stored, now_us, calls_since_us)
    upsert(connection, alerts, list(changed.values()))
    alert_calls.keep(connection, kept)
    connection.execute(sa.insert(alert_versions), versions)
    if reopened:
        connection.execute(sa.insert(alert_actions), reopened)
    return read(connection, list(changed))


def _current(connection: Connection, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    found = {}
    for start in range(0, len(ids), AT_ONCE):
        query = sa.select(alerts).where(alerts.c.id.in_(ids[start : start + AT_ONCE]))
        for row in connection.execute(query):
            found[row.id] = dict(row._mapping)
    return found


def _next_version(
    before: Mapping[str, Any] | None, document: dict[str, Any], said: str, now_us: int
) -> dict[str, Any]:
    rule_priority = int(document["priority"])
    handling = Handling()
    escalated, annunciated_us, raised_us, revision = False, now_us, now_us, 1
    told_us, lead, grouped = document["updated_us"], document["id"], False
    if before is not None:
        told_us, lead, grouped = before["told_us"], before["lead"], before["grouped"]
        revision, raised_us = before["revision"] + 1, before["raised_us"]
        escalated = before["escalated"] and rule_priority == WARNING
        # More urgent than what a person has dealt with: it asks for attention anew.
        if rule_priority >= before["rule_priority"]:
            annunciated_us = before["annunciated_us"]
            handling = Handling(
                before["handling"], before["handled_by"], before["handled_us"],
                before["handed_to"], before["reason"],
            )  # fmt: skip
    return {
        "id": document["id"],
        "seq": 0,
        "revision": revision,
        "rule": document["rule"],
        "state": document["state"],
        "rule_priority": rule_priority,
        "priority": shown_priority(rule_priority, escalated),
        "escalated": escalated,
        "start_us": document["start_us"],
        "end_us": document["end_us"],
        "updated_us": document["updated_us"],
        "raised_us": raised_us,
        "annunciated_us": annunciated_us,
        "held_by": document["held_by"],
        "handling": handling.handling,
        "handled_by": handling.handled_by,
        "handled_us": handling.handled_us,
        "handed_to": handling.handed_to,
        "reason": handling.reason,
        "search": search_text(document),
        "content_hash": said,
        "document": document,
        "told_us": told_us,
        "lead": lead,
        "grouped": grouped,
        "shelf": None,
        "shelved_until_us": None,
    }


def _version(row: Mapping[str, Any], now_us: int) -> dict[str, Any]:
    return {
        "alert_id": row["id"],
        "revision": row["revision"],
        "seq": 0,
        "at_us": now_us,
        "state": row["state"],
        "priority": row["priority"],
        "escalated": row["escalated"],
        "document": row["document"],
    }


def _reopening(row: Mapping[str, Any], priority_before: int, now_us: int) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "alert_id": row["id"],
        "seq": 0,
        "action": "reopened",
        "who": ENGINE,
        "at_us": now_us,
        "reason": f"priority {priority_before} → {row['rule_priority']}",
        "to_whom": None,
        "undone_by": None,
    }


def read(connection: Connection, ids: Sequence[str]) -> list[AlertRow]:
    """The alerts of the ids that exist, by ascending seq."""
    found: list[AlertRow] = []
    for start in range(0, len(ids), AT_ONCE):
        query = sa.select(alerts).where(alerts.c.id.in_(ids[start : start + AT_ONCE]))
        found += [alert_row(r) for r in connection.execute(query)]
    return sorted(found, key=lambda a: a.seq)


def after(connection: Connection, seq: int, limit: int) -> list[AlertRow]:
    query = sa.select(alerts).where(alerts.c.seq > seq).order_by(alerts.c.seq)
    return [alert_row(r) for r in connection.execute(query.limit(_limited(limit)))]


def page(connection: Connection, wanted: AlertFilter, cursor: str | None, limit: int) -> Page:
    """Newest start first. The cursor names the last alert given, so that what arrives meanwhile
    neither repeats nor hides anything older."""
    limit = _limited(limit)
    query = sa.select(alerts).where(*_conditions(wanted))
    if cursor is not None:
        start_us, key = _cursor(cursor)
        query = query.where(
            (alerts.c.start_us < start_us) | ((alerts.c.start_us == start_us) & (alerts.c.id > key))
        )
    query = query.order_by(alerts.c.start_us.desc(), alerts.c.id).limit(limit + 1)
    items = [alert_row(r) for r in connection.execute(query)]
    more = len(items) > limit
    items = items[:limit]
    return Page(items, _to_cursor(items[-1]) if more and items else None)


def _conditions(wanted: AlertFilter) -> list[sa.ColumnElement[bool]]:
    c = alerts.c
    given: list[sa.ColumnElement[bool]] = []
    for column, values in (
        (c.state, wanted.state),
        (c.priority, wanted.priority),
        (c.rule, wanted.rule),
        (c.handling, wanted.handling),
    ):
        if values:
            given.append(column.in_(values))
    if not wanted.priority:
        given.append(c.priority < NOTED)
    if wanted.phase:
        given.append(sa.or_(*(_in_phase(p) for p in wanted.phase)))
    if wanted.open is not None:
        is_open = sa.and_(
            c.state != WITHDRAWN, c.handling != DISMISSED, c.held_by.is_(None),
            c.shelf.is_(None), c.priority < NOTED,
        )  # fmt: skip
        given.append(is_open if wanted.open else ~is_open)
    if wanted.shelved is not None:
        given.append(c.shelf.is_not(None) if wanted.shelved else c.shelf.is_(None))
    if wanted.from_us is not None:
        given.append(sa.func.coalesce(c.end_us, c.updated_us) >= wanted.from_us)
    if wanted.to_us is not None:
        given.append(c.start_us < wanted.to_us)
    if wanted.text.strip():
        given.append(c.search.contains(wanted.text.strip().casefold(), autoescape=True))
    if wanted.thing:
        given.append(c.search.contains(f"|{wanted.thing.casefold()}|", autoescape=True))
    return given


def _in_phase(phase: str) -> sa.ColumnElement[bool]:
    """`AlertRow.phase` as a condition; raises KeyError for a name that is none."""
    c = alerts.c
    return {
        ONGOING: sa.and_(c.state != WITHDRAWN, c.end_us.is_(None)),
        ENDED_UNANSWERED: sa.and_(c.state != WITHDRAWN, c.end_us.is_not(None), c.handling == NEW),
        ENDED_HANDLED: sa.and_(c.state != WITHDRAWN, c.end_us.is_not(None), c.handling != NEW),
        WITHDRAWN: c.state == WITHDRAWN,
    }[phase]


def _limited(limit: int) -> int:
    return max(1, min(int(limit), MAX_LIMIT))


def _to_cursor(last: AlertRow) -> str:
    return base64.urlsafe_b64encode(f"{last.start_us}:{last.id}".encode()).decode().rstrip("=")


def _cursor(text: str) -> tuple[int, str]:
    try:
        padded = text + "=" * (-len(text) % 4)
        start, _, key = base64.b64decode(padded, b"-_", validate=True).decode().partition(":")
        return int(start), key
    except (binascii.Error, ValueError):
        raise RecordsError("the cursor is not one that this list gave") from None


def escalate(
    connection: Connection, now_us: int, after_s: float, since_event_us: int | None
) -> list[AlertRow]:
    """Warnings that nobody has dealt with for `after_s` become alarms, each as a new version, if
    their cause goes on; what is over calls nobody any more. An event of one moment (an entry) has
    no course of its own and goes by the moment: none before `since_event_us`."""
    take_seqs(connection, 0)
    due = connection.execute(
        sa.select(alerts).where(*due_for_alarm(now_us, after_s, since_event_us))
    )
    before = {r.id: dict(r._mapping) for r in due.all()}
    rows = [dict(row) for row in before.values()]
    if not rows:
        return []
    first = take_seqs(connection, len(rows))
    versions = []
    for seq, row in enumerate(rows, first):
        row.update(seq=seq, revision=row["revision"] + 1, escalated=True)
        row["priority"] = shown_priority(row["rule_priority"], True)
        versions.append({**_version(row, now_us), "seq": seq})
    kept = alert_standing.settle(connection, rows, before, now_us, 0)
    upsert(connection, alerts, rows)
    connection.execute(sa.insert(alert_versions), versions)
    alert_calls.keep(connection, kept)
    return read(connection, [r["id"] for r in rows])


def restand(connection: Connection, ids: Sequence[str], now_us: int) -> list[AlertRow]:
    """After a shelf was set up or is over: where these alerts stand now. What comes back from a
    shelf and goes on is annunciated again. Returns those that changed, by ascending seq."""
    take_seqs(connection, 0)
    before = _current(connection, ids)
    rows = [dict(row) for row in before.values()]
    alert_standing.shelve(connection, rows, now_us)
    rows = [r for r in rows if r["shelf"] != before[r["id"]]["shelf"]]
    if not rows:
        return []
    for seq, row in enumerate(rows, take_seqs(connection, len(rows))):
        row["seq"] = seq
        if row["shelf"] is None:
            row["annunciated_us"] = now_us  # whoever answers has the whole time again
    kept = alert_standing.settle(connection, rows, before, now_us, ONGOING_ALONE_US)
    upsert(connection, alerts, rows)
    alert_calls.keep(connection, kept)
    return read(connection, [r["id"] for r in rows])


def on_shelves(connection: Connection, keys: Sequence[str]) -> list[str]:
    """Ids of the alerts that lie on these shelves."""
    query = sa.select(alerts.c.id).where(alerts.c.shelf.in_(keys))
    return list(connection.execute(query).scalars())


def of_class(connection: Connection, rule: str) -> list[str]:
    """Ids of the alerts of a rule that the watch may still have before it."""
    c = alerts.c
    open_ones = sa.and_(c.rule == rule, c.state != WITHDRAWN, c.handling != DISMISSED)
    query = sa.select(c.id).where(open_ones, sa.or_(c.end_us.is_(None), c.handling == NEW))
    return list(connection.execute(query).scalars())


def due_for_alarm(
    now_us: int, after_s: float, since_event_us: int | None
) -> list[sa.ColumnElement[bool]]:
    c = alerts.c
    due: list[sa.ColumnElement[bool]] = [
        c.handling == NEW,
        c.priority == WARNING,
        c.annunciated_us <= now_us - int(after_s * 1e6),
        c.state != WITHDRAWN,
        c.held_by.is_(None),
        c.shelf.is_(None),
    ]
    moment = c.end_us <= c.start_us
    if since_event_us is not None:
        moment = sa.and_(moment, c.start_us >= since_event_us)
    due.append(sa.or_(c.end_us.is_(None), moment))
    return due
