"""`GET /incidents/{id}/submissions`: what phones sent for an incident, for the desk that has it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from littoral.api.deps import Engine
from littoral.api.fields import Page
from littoral.api.gate import Acting, described
from littoral.api.incidents.sight import READ, names, permit_reading, read
from littoral.api.sync.call import is_moved
from littoral.api.sync.models import SubmissionModel
from littoral.api.wire import Json, iso
from littoral.store.sync.records import FileOf, SyncRecord, submissions

router = APIRouter()


@router.get(
    "/incidents/{incident_id}/submissions",
    response_model=Page[SubmissionModel],
    summary="What phones sent for it that became no step: additions, files, what came too late",
    **described(READ),
)
def list_submissions(request: Request, engine: Engine, who: Acting, incident_id: str) -> Json:
    with engine.records.database.read() as connection:
        kept = read(connection, incident_id)
        permit_reading(request, who, kept.incident)
        found = submissions(connection, kept.incident.id)
    named = names(request, {record.account for record, _ in found})
    items = [submission_json(record, file, named) for record, file in found]
    return Json({"items": items, "next_cursor": None})


def submission_json(
    record: SyncRecord, file: FileOf | None, named: dict[str, str]
) -> dict[str, Any]:
    """Of a file no name: that is seen in the case, by who may open it."""
    fields = dict(record.fields) if file is None else {}
    return {
        "id": record.id, "kind": record.kind, "by": named.get(record.account, record.account),
        "at": iso(record.at_us), "made_at": iso(record.made_us),
        "ahead_s": record.ahead_us / 1e6, "received": iso(record.received_us),
        "moved": is_moved(record), "was": dict(record.was), "fields": fields,
        "file": None if file is None else {
            "case": file.case_id, "evidence": file.evidence_id, "sha256": file.sha256,
            "media_type": file.media_type, "size": file.size, "shows_people": file.shows_people,
        },
    }  # fmt: skip
