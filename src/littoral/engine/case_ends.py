"""Cases that the server opened by itself, for files of an incident or for a form's month, are
closed by it once nothing more comes: else no rule that counts from there would ever end what they
hold.

What comes later all the same, from a phone that was long without a network, opens another one.
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.engine.reconciling import SERVER
from littoral.engine.trust import Trust
from littoral.respond.incident.lineage import head_of
from littoral.respond.incident.words import CLOSED
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


def close_done(trust: Trust) -> list[str]:
    """Ids of the cases that were closed; none while retention is paused, for the records may lack
    holds and accesses then."""
    now_us = trust.now_us()
    with trust.vault.db.read() as connection:
        if paused(connection) is not None:
            return []
        over = _open(connection, _of_incidents(connection, now_us) | _of_forms(connection, now_us))
        done = sorted(over - _needed(connection, over, now_us))
    for case in done:
        cases.close_case(trust.vault, SERVER, case, now_us, trust.record)
    return done


def _of_incidents(connection: Connection, now_us: int) -> set[str]:
    """Of incidents that are closed, merged ones with what they are merged into."""
    c = incidents.c
    rows = connection.execute(sa.select(c.id, c.state, c.since_us, c.merged_into)).all()
    up, known = {r.id: r.merged_into for r in rows}, {r.id: r for r in rows}
    found = set()
    for row in connection.execute(sa.select(incident_cases.c.incident, incident_cases.c.case_id)):
        head = known.get(head_of(row.incident, up))
        if head is not None and head.state == CLOSED and head.since_us + LATE_US <= now_us:
            found.add(row.case_id)
    return found


def _of_forms(connection: Connection, now_us: int) -> set[str]:
    """Of months that are over, in UTC, as they were opened."""
    month = datetime.fromtimestamp((now_us - LATE_US) / 1e6, UTC).strftime("%Y-%m")
    c = form_cases.c
    return set(connection.execute(sa.select(c.case_id).where(c.month < month)).scalars())


def _open(connection: Connection, which: set[str]) -> set[str]:
    """Of these the ones that the server opened and nobody closed."""
    c = tables.cases.c
    query = sa.select(c.id).where(c.opened_by == SERVER, c.state == "open")
    return which & set(connection.execute(query).scalars())


def _needed(connection: Connection, which: set[str], now_us: int) -> set[str]:
    """In which somebody works, or that must stay as they are."""
    g, e, s, x = (
        t.c for t in (tables.grants, tables.evidence, tables.subjects, tables.erasure_requests)
    )
    used = {d.case_id for d in listed(connection, now_us)}
    for query in (
        sa.select(g.case_id).where(g.state.in_((ASKED, ACTIVE)), g.until_us > now_us),
        sa.select(x.case_id).where(
            x.state.in_((WAITING, AGREED)), x.requested_us > now_us - LASTS_US
        ),
        sa.select(e.case_id).join(uploads, e.added_by == "account:" + uploads.c.account),
    ):
        used |= set(connection.execute(query).scalars())
    within = {
        r.id: r.case_id
        for table in (e, s)
        for r in connection.execute(sa.select(table.id, table.case_id))
        if r.case_id in which
    }
    held = holds_on(connection, which | within.keys())
    return used | {within.get(thing, thing) for thing in held}
