"""One incident as its page shows it, and as its printed file does."""

from __future__ import annotations

from typing import Any

from fastapi import Request

from littoral.api.gate import Actor, gate_of
from littoral.api.incidents.lists import checklist_json, lists_of
from littoral.api.incidents.models import next_kinds, step_json
from littoral.api.incidents.sight import names, permit_reading, read, shown, visible
from littoral.engine.runtime import Runtime
from littoral.respond.incident.duplicates import WITHIN_US, proposals
from littoral.store import incidents


def incident_with_life(
    request: Request, engine: Runtime, who: Actor, incident_id: str
) -> dict[str, Any]:
    """As `IncidentDetail`, by id or code. Raises a 403 or 404 problem."""
    with engine.records.database.read() as connection:
        kept = read(connection, incident_id)
        permit_reading(request, who, kept.incident)
        parts = incidents.parts(connection, kept.incident.id)
        rows = [row for of in (kept, *parts) for row in incidents.steps(connection, of.incident.id)]
        others = incidents.near_in_time(connection, kept.incident.opened_us, WITHIN_US)
        may_see = visible(request, who)
        found = proposals(kept.incident, others)
        known = {
            k.incident.id: k
            for k in incidents.by_ids(connection, [p.other for p in found], may_see)
        }
    everybody = [r.step.by for r in rows] + [k.incident.opened_by for k in (kept, *parts)]
    named = names(request, everybody)
    head, *rest = shown(gate_of(request), [kept, *parts], named)
    rows.sort(key=lambda r: (r.received_us, r.version))
    return {
        **head,
        "parts": rest,
        "checklist": checklist_json(lists_of(engine), kept.incident.type, rows, named),
        "steps": [step_json(row, named) for row in rows],
        "proposals": [
            {
                "id": p.other,
                "code": known[p.other].code,
                "title": known[p.other].incident.title,
                "shared_sources": p.shared,
                "distance_m": p.distance_m,
                "apart_s": p.apart_us / 1e6,
                "why": {"zh": p.zh, "en": p.en},
            }
            for p in found
            if p.other in known
        ],
        "next": next_kinds(kept.incident),
    }
