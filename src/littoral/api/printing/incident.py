"""`GET /incidents/{id}/file.pdf`: the file of an incident, as its page shows it to the caller."""

from __future__ import annotations

import base64
import hashlib
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from littoral.access.filter import NONE
from littoral.api.alerts import alert_with_life, read_alert
from littoral.api.deps import Engine
from littoral.api.evidence import evidence_of
from littoral.api.gate import Acting, Actor, described, gate_of, of_the_province, safe_id
from littoral.api.incidents.detail import incident_with_life
from littoral.api.incidents.sight import READ, names, shown, visible
from littoral.api.printing.layout import IncidentFile, document
from littoral.api.printing.typeset import Busy, pdf
from littoral.api.problems import ProblemError
from littoral.api.sync.submissions import sent_for
from littoral.api.tasks import sight as task_sight
from littoral.api.tasks.models import step_json
from littoral.api.tasks.shown import shown_tasks
from littoral.api.wire import iso
from littoral.api.words import Lang, words
from littoral.engine.runtime import Runtime
from littoral.store import incidents, tasks
from littoral.store.clock import clock_us

PDF = "application/pdf"
MOST_TASKS = 1_000
BUSY_S = 10
# A browser's own viewer does not open what is sandboxed; the file has no scripts.
VIEWER_POLICY = (
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
ALERT_READ = "alert.read"

router = APIRouter(tags=["incidents"])


@router.get(
    "/incidents/{incident_id}/file.pdf",
    response_class=Response,
    responses={
        200: {"content": {PDF: {"schema": {"type": "string", "format": "binary"}}}},
        503: {"description": "Others are being printed; try again in a moment"},
    },
    summary="The file of one incident to print: steps, tasks, alerts with what they rest on",
    **described(READ),
)
def print_incident(
    request: Request,
    engine: Engine,
    who: Acting,
    incident_id: str,
    lang: Annotated[Lang, Query(description="zh or en")] = "zh",
) -> Response:
    """Its SHA-256 is in the log before the first byte is given."""
    file = _collect(request, engine, who, incident_id)
    zone = ZoneInfo(engine.settings.time_zone)
    try:
        made = pdf(document(file, words(lang), zone))
    except Busy as error:
        detail = "Others are being printed; try again in a moment."
        raise ProblemError(503, detail, retry_after_s=BUSY_S) from error
    gate = gate_of(request)
    if gate is not None:
        gate.trust.tell(
            who.ref, READ, f"incident:{safe_id(file.incident['id'])}", "allow",
            done="print", sha256=hashlib.sha256(made).hexdigest(), bytes=len(made), lang=lang,
        )  # fmt: skip
    name = f"inline; filename=incident-{file.incident['code']}.pdf"
    headers = {"content-disposition": name, "content-security-policy": VIEWER_POLICY}
    return Response(made, 200, headers, PDF)


def _collect(request: Request, engine: Runtime, who: Actor, incident_id: str) -> IncidentFile:
    """What the caller may see of it, by the same answers as its page. Raises a 403 or 404
    problem."""
    gate, now_us = gate_of(request), clock_us()
    one = incident_with_life(request, engine, who, incident_id)
    refs = [
        source["ref"]
        for of in (one, *one["parts"])
        for source in of["sources"]
        if source["kind"] == "alert"
    ]
    units: dict[str, dict[str, str]] = {}
    if gate is not None:
        found = gate.people.directory.organisation().units
        units = {code: {"zh": u.name_zh, "en": u.name_en} for code, u in found.items()}
    file = IncidentFile(
        one, _tasks(request, engine, who, one),
        {ref: _alert(request, engine, who, ref) for ref in dict.fromkeys(refs)},
        sent_for(request, engine, who, one["id"]), _others(request, engine, who, one), units,
        engine.settings.region, _name(request, who), now_us, iso(now_us),
    )  # fmt: skip
    if gate is not None:
        known = gate.trust.log.checkpoint()
        file.policy = gate.in_force().hash
        file.log = (known.size, base64.b64encode(known.root).decode())
    return file


def _name(request: Request, who: Actor) -> str:
    name = names(request, [who.id]).get(who.id, who.name)
    return f"{name} ({who.name}, {who.desk})" if gate_of(request) is not None else name


def _tasks(
    request: Request, engine: Runtime, who: Actor, one: dict[str, Any]
) -> list[dict[str, Any]] | None:
    gate = gate_of(request)
    if gate is not None and (
        gate.filter(who, task_sight.READ, gate.circumstances(who)) == NONE
    ):  # asked first, so that no refusal stands in the log that nobody asked for
        return None
    keys = [one["id"], *(part["id"] for part in one["parts"])]
    may_see = task_sight.visible_tasks(request, who)
    with engine.records.database.read() as connection:
        found = tasks.listed(connection, MOST_TASKS, keys, False, may_see)[::-1]
        rows = [tasks.steps(connection, kept.task.id) for kept in found]
        by = {row.step.by for of in rows for row in of} | {k.task.assigned_by for k in found}
        named = names(request, by)
        items = shown_tasks(gate, connection, who.id, found, named)
    return [
        {**item, "steps": [step_json(row, named) for row in of]}
        for item, of in zip(items, rows, strict=True)
    ]


def _alert(request: Request, engine: Runtime, who: Actor, ref: str) -> dict[str, Any] | None:
    """With its life and evidence; empty: not the caller's to see; None: no longer kept."""
    gate = gate_of(request)
    if gate is not None:
        thing = of_the_province("alert", safe_id(ref))
        if not gate.decide(who, ALERT_READ, thing, gate.circumstances(who)).allowed:
            return {}
    try:
        alert = read_alert(engine, ref).alert
    except ProblemError:
        return None
    found = alert_with_life(request, engine, ref)
    return {**found, "evidence": evidence_of(engine, alert)}


def _others(
    request: Request, engine: Runtime, who: Actor, one: dict[str, Any]
) -> dict[str, dict[str, Any]]:
    """Incidents that it names, of those that the caller may see."""
    said = (step["fields"].get("other") for step in one["steps"])
    keys = {*one["linked"], one["merged_into"], one["split_from"], *said} - {"", None}
    with engine.records.database.read() as connection:
        found = incidents.by_ids(connection, keys, visible(request, who))
    return {item["id"]: item for item in shown(gate_of(request), found)}
