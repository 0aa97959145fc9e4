"""`GET /incidents/{id}/submissions`: what phones sent for an incident, for the desk that has it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from littoral.api.case_sight import sees_file
from littoral.api.deps import Engine
from littoral.api.fields import Page
from littoral.api.gate import Acting, Actor, described, gate_of
from littoral.api.incidents.sight import READ, names, permit_reading, read
from littoral.api.sync.call import is_moved
from littoral.api.sync.models import SubmissionModel
from littoral.api.wire import Json, iso
from littoral.engine.runtime import Runtime
from littoral.store.sync.records import FileOf, SyncRecord, submissions

router = APIRouter()


@router.get(
    "/incidents/{incident_id}/submissions",
    response_model=Page[SubmissionModel],
    summary="What phones sent for it that became no step: additions, files, what came too late",
    **described(READ),
)
def list_submissions(request: Request, engine: Engine, who: Acting, incident_id: str) -> Json:
    return Json({"items": sent_for(request, engine, who, incident_id), "next_cursor": None})


def sent_for(
    request: Request, engine: Runtime, who: Actor, incident_id: str
) -> list[dict[str, Any]]:
    """As `SubmissionModel` each. Raises a 403 or 404 problem."""
    with engine.records.database.read() as connection:
        kept = read(connection, incident_id)
        permit_reading(request, who, kept.incident)
        found = submissions(connection, kept.incident.id)
    named = names(request, {record.account for record, _ in found})
    gate = gate_of(request)
    return [submission_json(r, f, named, sees_file(gate, who, f)) for r, f in found]


def submission_json(
    record: SyncRecord, file: FileOf | None, named: dict[str, str], is_shown: bool
) -> dict[str, Any]:
    """Of a file no name: that is seen in the case, by who may open it."""
    fields = dict(record.fields) if file is None else {}
    return {
        "id": record.id, "kind": record.kind, "by": named.get(record.account, record.account),
        "at": iso(record.at_us), "made_at": iso(record.made_us),
        "ahead_s": record.ahead_us / 1e6, "received": iso(record.received_us),
        "moved": is_moved(record), "was": dict(record.was), "fields": fields,
        "file": None if file is None else {
            "case": file.case_id if is_shown else None,
            "evidence": file.evidence_id if is_shown else None,
            "sha256": file.sha256 if is_shown else None,
            "media_type": file.media_type, "size": file.size, "shows_people": file.shows_people,
        },
    }  # fmt: skip
