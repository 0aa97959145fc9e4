"""What a watch leaves open at the moment at which it signs: counts and references, kept with the
handover as they were then."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.access.filter import Holds
from littoral.api.duty.sight import Desk
from littoral.api.gate import Gate, units_within
from littoral.api.load_figures import load_json
from littoral.api.wire import iso
from littoral.engine.runtime import Runtime
from littoral.respond.duty.checks import LATE, MISSED, slots, state
from littoral.respond.duty.paper import FAULT, WINDOW
from littoral.respond.duty.shifts import Shift
from littoral.respond.incident.words import CLOSED, STATES
from littoral.store import changes, incidents, shelves
from littoral.store.alert_rows import NEW, AlertFilter
from littoral.store.duty import entries, papers
from littoral.store.tables import alerts

# So many of a kind are named; the count says how many there are, up to MOST.
NAMED, MOST = 50, 1000


def found_open(
    engine: Runtime,
    gate: Gate | None,
    connection: Connection,
    desk: Desk,
    shift: Shift,
    now_us: int,
) -> dict[str, Any]:
    """Incidents in the desk's area, alerts that nobody has answered, how many were
    annunciated, what is set aside and until when, changes that wait for a second
    person, faults, windows, checks that were missed in the shift."""
    within = incidents.visible(Holds("areas", frozenset({desk.unit})), units_within(gate))
    open_states = [s for s in STATES if s != CLOSED]
    matters = incidents.listed(connection, MOST, open_states, where=within)
    alerts = engine.records.alerts(AlertFilter(open=True, handling=(NEW,)), None, MOST).items
    waiting = changes.listed(connection, now_us, changes.WAITING, MOST)
    papers_open = [
        p for _, p in papers.listed(connection, desk.unit, desk.agency, [FAULT, WINDOW], MOST, True)
    ]
    aside = shelves.active(connection, now_us)
    done = entries.done(connection, desk.unit, desk.agency, shift.key)
    missed = [s for s in slots(shift) if state(s, done, now_us) in (LATE, MISSED)]
    return {
        "at": iso(now_us),
        "incidents": {
            "count": len(matters),
            "items": [
                {"id": k.incident.id, "code": k.code, "title": k.incident.title,
                 "state": k.incident.state, "severity": k.incident.severity}
                for k in matters[:NAMED]
            ],
        },
        "alerts": {
            "count": len(alerts),
            "items": [{"id": a.id, "rule": a.rule, "priority": a.priority} for a in alerts[:NAMED]],
        },
        "load": load_json(connection, now_us),
        "shelves": _shelves(connection, aside[:NAMED]),
        # Of all that are in force; those too whose alert has ended, unlike the load's figure.
        "shelves_count": len(aside),
        "changes": {"count": len(waiting), "items": [c.id for c in waiting[:NAMED]]},
        "faults": [_paper(p) for p in papers_open if p.kind == FAULT][:NAMED],
        "windows": [_paper(p) for p in papers_open if p.kind == WINDOW][:NAMED],
        "checks_missed": [{"check": s.check.id, "due": iso(s.due_us)} for s in missed],
    }  # fmt: skip


def _shelves(connection: Connection, found: Sequence[shelves.Shelf]) -> list[dict[str, Any]]:
    """What is set aside and until when. Why is read where the shelf is kept: its words end with
    it."""
    ones = [s.alert_id for s in found if s.alert_id is not None]
    query = sa.select(alerts.c.id, alerts.c.rule, alerts.c.document).where(alerts.c.id.in_(ones))
    kinds = {a.id: (a.rule, a.document["kind"]) for a in connection.execute(query)}
    items = []
    for shelf in found:
        rule, kind = kinds.get(shelf.alert_id or "", (shelf.rule, shelf.kind))
        items.append(
            {"id": shelf.id, "alert": shelf.alert_id, "rule": rule, "kind": kind,
             "until": iso(shelf.until_us)}
        )  # fmt: skip
    return items


def _paper(paper: papers.Paper) -> dict[str, Any]:
    doc = paper.doc
    return {
        "id": paper.id, "state": paper.state, "thing": doc["thing"], "name": doc["name"],
        "what": doc["what"],
    }  # fmt: skip
