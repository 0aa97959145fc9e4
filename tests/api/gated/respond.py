"""How duty, responders, tasks, notices, bulletins and phones are asked, and about which incidents:
for `questions.py`."""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson

from littoral.api.duty.sheet import COLUMNS as ROSTER_COLUMNS
from littoral.api.duty.sheet import SHEET as ROSTER_SHEET
from littoral.api.tasks.sheet import COLUMNS, SHEET
from littoral.api.wire import iso
from littoral.store import responders
from littoral.store.people.sheets import write_book

from .scene import PHOTO, incident_report

if TYPE_CHECKING:
    from .questions import Question

TUS = {"tus-resumable": "1.0.0"}


def _incident(q: Question) -> None:
    call = f"12345-{uuid.uuid4().hex[:12]}"
    made = q.scene.incident(q.asker, q.unit, call)
    q.values |= {"incident_id": made.incident.id, "kind": "hotline", "ref": call}
    q.thing = made.incident.id
    # Only what came after the change before, so that the page has this one.
    q.values["after"] = str(made.seq - 1)


def _duty(q: Question) -> None:
    q.scene.roster(q.agency, q.unit)
    q.values |= {"unit": q.unit, "agency": q.agency}
    q.thing = f'"unit":"{q.unit}","agency":"{q.agency}"'
    if "{paper_id}" in q.path:
        q.values["paper_id"] = q.scene.fault(q.agency, q.unit)


def _responder(q: Question) -> None:
    q.values["responder_id"] = q.thing = q.scene.responder(q.agency, q.unit)


def _device(q: Question) -> None:
    _responder(q)
    with q.scene.base.database.read() as connection:
        q.values["tak_uid"] = responders.one(connection, q.values["responder_id"]).tak_uid


def _task(q: Question) -> None:
    if q.method == "POST" and "{task_id}" not in q.path:
        _incident(q)
        # Sent is one that the asker's own office keeps, wherever the incident is.
        q.values["responder"] = q.scene.responder(q.agency, q.asker.unit)
        return
    made = q.scene.task(q.asker, q.unit)
    q.values |= {"task_id": made.task.id, "after": str(made.seq - 1)}
    q.thing = made.task.id


def _notice(q: Question) -> None:
    q.values["to"] = q.scene.account("grid_worker", q.agency, q.unit)
    q.values["notice_id"] = q.thing = q.scene.notice(q.agency, q.unit, q.values["to"])


def _own_notice(q: Question) -> None:
    to = q.asker.id or q.scene.account("grid_worker", q.agency, q.unit)
    q.values["notice_id"] = q.scene.notice(q.agency, q.unit, to)


def _sync(q: Question) -> None:
    if q.path.endswith("/changes"):
        _incident(q)
    q.values["sha256"] = hashlib.sha256(PHOTO + uuid.uuid4().bytes).hexdigest()
    if "{upload_id}" in q.path:
        q.values["upload_id"] = q.scene.upload(q.asker.id or "nobody", q.values["sha256"])


def _bulletin(q: Question) -> None:
    q.values["bulletin_id"] = q.thing = q.scene.bulletin(q.asker, q.unit)


FILLERS: tuple[tuple[str, Callable[[Question], None]], ...] = (
    ("/incidents", _incident),
    ("/duty", _duty),
    ("/responders", _responder),
    ("/device-positions", _device),
    ("/tasks", _task),
    ("/notices", _notice),
    ("/me/notices", _own_notice),
    ("/bulletins", _bulletin),
    ("/sync", _sync),
)


def _roster(q: Question) -> dict[str, Any]:
    """From a day on that has not begun on any wall."""
    stands = {"account": q.scene.account("watch_officer", q.agency, q.unit), "post": "officer"}
    day = datetime.now(UTC).date() + timedelta(days=3)
    body = {
        "id": str(uuid.uuid4()), "from_day": str(day), "regulation": "county",
        "teams": {team: [stands] for team in "ABC"},
    }  # fmt: skip
    return {"json": body}


def _roster_sheet(q: Question) -> dict[str, Any]:
    day = datetime.now(UTC).date() + timedelta(days=3)
    rows = [[str(day), "county", team, "officer", "somebody"] for team in "ABC"]
    sheet = write_book({ROSTER_SHEET: (ROSTER_COLUMNS, rows)})
    return {"content": sheet, "headers": {"content-type": "application/octet-stream"}}


def _leave(q: Question) -> dict[str, Any]:
    """Of one's own."""
    body = {
        "id": str(uuid.uuid4()), "kind": "leave", "account": q.asker.id or "nobody",
        "start": "2027-02-01T00:00:00Z", "end": "2027-02-08T00:00:00Z",
    }  # fmt: skip
    return {"json": body}


def _boat(q: Question) -> dict[str, Any]:
    body = {
        "id": str(uuid.uuid4()), "name": f"boat {uuid.uuid4().hex[:8]}", "kind": "boat",
        "office": q.unit, "agency": q.agency, "speed_kn": 30,
    }  # fmt: skip
    return {"json": body}


def _warning(q: Question) -> dict[str, Any]:
    body = {
        "id": str(uuid.uuid4()), "kind": q.scene.bulletin_kind(q.asker), "title": "storm",
        "issuer": "weather office", "area": q.unit,
    }  # fmt: skip
    return {"json": body}


def _push(q: Question) -> dict[str, Any]:
    key, now = str(uuid.uuid4()), iso(q.scene.base.now_us())
    fields = {**incident_report(q.asker.role), "lon": 110.3, "lat": 20.1}
    record = {
        "id": key, "kind": "incident.report", "thing": key, "fields": fields, "made_at": now,
    }  # fmt: skip
    return {"json": {"device": str(uuid.uuid4()), "clock": now, "records": [record]}}


def _push_file(q: Question) -> dict[str, Any]:
    """Asks what has changed besides: who may have nothing sends all the same."""
    content = orjson.dumps({**_push(q)["json"], "changes": {}}) + b"\n" + PHOTO
    return {"content": content, "headers": {"content-type": "application/octet-stream"}}


def _upload(q: Question) -> dict[str, Any]:
    sha256 = base64.b64encode(q.values["sha256"].encode()).decode()
    about = {"upload-length": str(len(PHOTO)), "upload-metadata": f"sha256 {sha256}"}
    return {"headers": {**TUS, **about}}


def _boats(q: Question) -> dict[str, Any]:
    """As a sheet."""
    row = [f"boat {uuid.uuid4().hex[:8]}", "boat", q.unit, q.agency, *[""] * (len(COLUMNS) - 4)]
    sheet = write_book({SHEET: (COLUMNS, [row])})
    return {"content": sheet, "headers": {"content-type": "application/octet-stream"}}


SENT: dict[tuple[str, str], Callable[[Question], dict[str, Any]]] = {
    ("PUT", "/duty/desks/{unit}/{agency}/roster"): _roster,
    ("POST", "/duty/desks/{unit}/{agency}/roster/upload"): _roster_sheet,
    ("POST", "/duty/desks/{unit}/{agency}/log"): lambda q: {
        "json": {"id": str(uuid.uuid4()), "kind": "note", "text": "fog"},
    },
    ("POST", "/duty/desks/{unit}/{agency}/papers"): _leave,
    ("POST", "/duty/papers/{paper_id}/steps"): lambda q: {
        "json": {"id": str(uuid.uuid4()), "kind": "take", "who": "a company"},
    },
    ("POST", "/responders"): _boat,
    ("POST", "/responders/upload"): _boats,
    ("PATCH", "/responders/{responder_id}"): lambda q: {"json": {"speed_kn": 25}},
    ("POST", "/responders/{responder_id}/status"): lambda q: {
        "json": {"status": "out_of_service", "reason": "in dock"},
    },
    ("POST", "/responders/{responder_id}/position"): lambda q: {
        "json": {"lon": 110.4, "lat": 20.1},
    },
    ("POST", "/device-positions"): lambda q: {
        "json": {"tak_uid": q.values["tak_uid"], "lon": 110.4, "lat": 20.1},
    },
    ("GET", "/tasks/changes"): lambda q: {"params": {"after": q.values["after"]}},
    ("POST", "/tasks"): lambda q: {
        "json": {
            "id": str(uuid.uuid4()), "incident": q.values["incident_id"],
            "responder": q.values["responder"],
        },
    },
    ("POST", "/tasks/{task_id}/steps"): lambda q: {
        "json": {"id": str(uuid.uuid4()), "kind": "accept"},
    },
    ("POST", "/me/notices/{notice_id}/events"): lambda q: {
        "json": {"id": str(uuid.uuid4()), "kind": "delivered"},
    },
    ("PUT", "/me/contacts"): lambda q: {"json": {"sms": ""}},
    ("POST", "/notices"): lambda q: {
        "json": {"id": str(uuid.uuid4()), "text": "come", "to": [q.values["to"]]},
    },
    ("POST", "/notices/{notice_id}/calls"): lambda q: {
        "json": {
            "id": str(uuid.uuid4()), "account": q.values["to"], "kind": "answered", "how": "vhf",
            "text": "coming",
        },
    },
    ("POST", "/notices/reports"): lambda q: {"json": {"id": "1", "status": "DELIVRD"}},
    ("POST", "/bulletins"): _warning,
    ("POST", "/bulletins/{bulletin_id}/steps"): lambda q: {
        "json": {"id": str(uuid.uuid4()), "kind": "withdraw", "reason": "it has passed"},
    },
    ("POST", "/bulletins/{bulletin_id}/read"): lambda q: {"json": {"version": 1}},
    ("POST", "/sync/push"): _push,
    ("POST", "/sync/push-file"): _push_file,
    ("POST", "/sync/changes"): lambda q: {"json": {"device": str(uuid.uuid4())}},
    ("POST", "/sync/uploads"): _upload,
    ("HEAD", "/sync/uploads/{upload_id}"): lambda q: {"headers": dict(TUS)},
    ("PATCH", "/sync/uploads/{upload_id}"): lambda q: {
        "content": PHOTO,
        "headers": {**TUS, "upload-offset": "0", "content-type": "application/offset+octet-stream"},
    },
    ("DELETE", "/sync/uploads/{upload_id}"): lambda q: {"headers": dict(TUS)},
}  # fmt: skip
