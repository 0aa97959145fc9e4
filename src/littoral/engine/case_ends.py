"""Cases that the server opened by itself, for files of an incident or for a form's month, are
closed by it once nothing more comes: else no rule that counts from there would ever end what they
hold.

What comes later all the same, from a phone that was long without a network, opens another one.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.engine.reconciling import SERVER
from littoral.engine.trust import Trust
from littoral.respond.incident.lineage import head_of
from littoral.respond.incident.words import CLOSED
from littoral.store.condition import one_of
from littoral.store.forms.tables import form_cases
from littoral.store.incident_tables import incidents
from littoral.store.oversight.delays import listed
from littoral.store.sync.tables import incident_cases, uploads
from littoral.store.sync.uploads import KEEP_US
from littoral.store.vault import cases, tables
from littoral.store.vault.erasure_requests import AGREED, LASTS_US, WAITING
from littoral.store.vault.holds import holds_on
from littoral.store.vault.pausing import paused
from littoral.store.vault.rules import ACTIVE, ASKED

# As long as a phone's upload is waited for: what was on its way at the end has come, or is gone.
LATE_US = KEEP_US
MOST = 100  # cases a run: each is a write of its own, and others write too


def close_done(trust: Trust) -> list[str]:
    """Ids of the cases that were closed, the oldest first; none while retention is paused, for the
    records may lack holds and accesses then. What was asked for or set since the cases were looked
    for keeps its case open."""
    vault = trust.vault
    with vault.db.read() as connection:
        found = sorted(_due(connection, trust.now_us()))
    done = []
    for case in found[:MOST]:
        now_us = trust.now_us()
        with vault.breaking, vault.ending:  # what is on its way from the log into the records
            if cases.close_case(
                vault, SERVER, case, now_us, trust.record, partial(_is_due, case, now_us)
            ):
                done.append(case)
    return done


def _is_due(case: str, now_us: int, connection: Connection) -> bool:
    return bool(_due(connection, now_us, case))


def _due(connection: Connection, now_us: int, only: str | None = None) -> set[str]:
    """Of all cases, or of this one."""
    if paused(connection) is not None:
        return set()
    of = _open(connection, only)
    over = _of_incidents(connection, of, now_us) | _of_forms(connection, of, now_us)
    return over - _needed(connection, frozenset(over), now_us)


def _open(connection: Connection, only: str | None) -> frozenset[str]:
    """The ones that the server opened and nobody closed."""
    c = tables.cases.c
    query = sa.select(c.id).where(c.opened_by == SERVER, c.state == "open")
    if only is not None:
        query = query.where(c.id == only)
    return frozenset(connection.execute(query).scalars())


def _of_incidents(connection: Connection, which: frozenset[str], now_us: int) -> set[str]:
    """Of incidents that are closed, merged ones with what they are merged into."""
    c = incident_cases.c
    query = sa.select(c.incident, c.case_id).where(one_of(c.case_id, which))
    rows = connection.execute(query).all()
    known = _with_heads(connection, frozenset(row.incident for row in rows))
    up = {key: row.merged_into for key, row in known.items()}
    found = set()
    for row in rows:
        head = known.get(head_of(row.incident, up))
        if head is not None and head.state == CLOSED and head.since_us + LATE_US <= now_us:
            found.add(row.case_id)
    return found


def _with_heads(connection: Connection, which: frozenset[str]) -> dict[str, sa.Row[Any]]:
    """These incidents by id, and those that they are merged into, step by step."""
    c = incidents.c
    query = sa.select(c.id, c.state, c.since_us, c.merged_into)
    found: dict[str, sa.Row[Any]] = {}
    while which:
        rows = connection.execute(query.where(one_of(c.id, which))).all()
        found |= {row.id: row for row in rows}
        which = frozenset(row.merged_into for row in rows if row.merged_into) - found.keys()
    return found


def _of_forms(connection: Connection, which: frozenset[str], now_us: int) -> set[str]:
    """Of months that are over, in UTC, as they were opened."""
    month = datetime.fromtimestamp((now_us - LATE_US) / 1e6, UTC).strftime("%Y-%m")
    c = form_cases.c
    query = sa.select(c.case_id).where(c.month < month, one_of(c.case_id, which))
    return set(connection.execute(query).scalars())


def _needed(connection: Connection, which: frozenset[str], now_us: int) -> set[str]:
    """In which somebody works, or that must stay as they are."""
    g, e, s, x = (
        t.c for t in (tables.grants, tables.evidence, tables.subjects, tables.erasure_requests)
    )
    used = {d.case_id for d in listed(connection, now_us)}
    for case_id, query in (
        (g.case_id, sa.select(g.case_id).where(
            g.state.in_((ASKED, ACTIVE)), g.until_us > now_us
        )),
        (x.case_id, sa.select(x.case_id).where(
            x.state.in_((WAITING, AGREED)), x.requested_us > now_us - LASTS_US
        )),
        (e.case_id, sa.select(e.case_id).join(
            uploads, e.added_by == "account:" + uploads.c.account
        )),
    ):  # fmt: skip
        used |= set(connection.execute(query.where(one_of(case_id, which))).scalars())
    within = {
        r.id: r.case_id
        for table in (e, s)
        for r in connection.execute(
            sa.select(table.id, table.case_id).where(one_of(table.case_id, which))
        )
    }
    held = holds_on(connection, which | within.keys())
    return used | {within.get(thing, thing) for thing in held}
