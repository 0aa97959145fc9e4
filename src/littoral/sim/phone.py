"""A phone that syncs by the protocol of contracts/sync, for tests and benches, over HTTP.

It keeps its queue in memory. What it does with an answer are the rules of `respond.sync`, which the
real phone (web/phone) runs in TypeScript."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import httpx
import orjson

from littoral.respond.sync.held import Held, after_answer
from littoral.respond.sync.pieces import PIECE_BYTES, next_piece
from littoral.respond.sync.queue import ASIDE, WAITING, Queued, answered, due, unanswered

TUS = {"tus-resumable": "1.0.0"}


@dataclass
class Phone:
    """`http`: signed in, its base the server's `/api/v1`. `now_us`: the phone's clock."""

    http: httpx.Client
    device: str
    now_us: Callable[[], int]
    new_id: Callable[[int], str]
    chance: Callable[[], float] = lambda: 1.0
    queue: dict[str, Queued] = field(default_factory=dict)
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    answers: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)  # by SHA-256
    held: Held = field(default_factory=Held)
    items: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    checklists: Mapping[str, Any] = field(default_factory=dict)  # its edition, and the lists

    def note(
        self, kind: str, thing: str = "", was: Mapping[str, Any] | None = None, **fields: Any
    ) -> str:
        """A record in the queue; its id, which a report's thing is too."""
        now_us = self.now_us()
        key = self.new_id(now_us)
        record: dict[str, Any] = {
            "id": key, "kind": kind, "thing": thing or key, "base": 0, "was": dict(was or {}),
            "fields": fields, "made_at": _iso(now_us),
        }  # fmt: skip
        self.records[key] = record
        size = len(orjson.dumps(record))
        self.queue[key] = Queued(len(self.queue), key, kind, record["thing"], size=size)
        return key

    def attach(
        self, thing: str, data: bytes, media_type: str, shows_people: bool = False,
        kind: str = "incident.file",
    ) -> str:  # fmt: skip
        sha256 = hashlib.sha256(data).hexdigest()
        self.files[sha256] = data
        key = self.note(
            kind, thing, sha256=sha256, size=len(data), media_type=media_type,
            shows_people=shows_people,
        )  # fmt: skip
        self.queue[key] = replace(self.queue[key], bytes_ready=False)
        return key

    def hand_in(self, form: str, answers: bytes, files: Mapping[str, bytes] | None = None) -> str:
        """A form that was filled in: its answers, and its photos (JPEG) by name."""
        sha256 = hashlib.sha256(answers).hexdigest()
        self.files[sha256] = answers
        key = self.note("form.submit", form=form, sha256=sha256, size=len(answers))
        self.queue[key] = replace(self.queue[key], bytes_ready=False)
        for name, data in (files or {}).items():
            digest = hashlib.sha256(data).hexdigest()
            self.files[digest] = data
            file = self.note(
                "form.file", key, sha256=digest, size=len(data), media_type="image/jpeg", name=name
            )
            self.queue[file] = replace(self.queue[file], bytes_ready=False)
        return key

    def upload(self, sha256: str, piece: int = PIECE_BYTES) -> None:
        """The whole file, from where the server is. Raises httpx.HTTPError where it breaks off."""
        data = self.files[sha256]
        meta = "sha256 " + base64.b64encode(sha256.encode()).decode()
        begun = self.http.post(
            "/sync/uploads",
            headers={**TUS, "upload-length": str(len(data)), "upload-metadata": meta},
        ).raise_for_status()
        where = begun.headers["location"].removeprefix("/api/v1")
        offset = int(begun.headers["upload-offset"])
        while (part := next_piece(len(data), offset, piece)) is not None:
            sent = self.http.patch(
                where,
                content=data[part.start : part.end],
                headers={
                    **TUS, "upload-offset": str(part.start),
                    "content-type": "application/offset+octet-stream",
                },
            ).raise_for_status()  # fmt: skip
            offset = int(sent.headers["upload-offset"])

    def sync(self) -> None:
        """Files, then records, then what has changed."""
        for key, record in self.queue.items():
            if record.state == WAITING and not record.bytes_ready:
                self.upload(self.records[key]["fields"]["sha256"])
                self.queue[key] = replace(record, bytes_ready=True)
        while keys := due(list(self.queue.values()), self.now_us() // 1000):
            if not self.push(keys):
                break
        self.pull()

    def push(self, keys: list[str]) -> bool:
        """Whether it was answered."""
        body = {
            "device": self.device, "clock": _iso(self.now_us()),
            "records": [self.records[k] for k in keys],
        }  # fmt: skip
        now_ms = self.now_us() // 1000
        try:
            answer = self.http.post("/sync/push", json=body)
        except httpx.HTTPError:
            answer = None
        if answer is None or answer.status_code != 200:
            wait = answer.headers.get("retry-after") if answer is not None else None
            for k in keys:
                self.queue[k] = unanswered(
                    self.queue[k], now_ms, self.chance(), float(wait) if wait else None
                )
            return False
        for key, result in zip(keys, answer.json()["results"], strict=True):
            self.answers[key] = result
            self.queue[key] = answered(self.queue[key], result, now_ms, self.chance())
        return True

    def pull(self) -> int:
        """The status of the last answer."""
        while True:
            answer = self.http.post(
                "/sync/changes",
                json={
                    "device": self.device, "after": self.held.token,
                    "checklists": self.checklists.get("edition", ""),
                },
            )  # fmt: skip
            said = answer.json() if answer.status_code == 200 else {}
            self.held = after_answer(self.held, answer.status_code, said)
            for item in said.get("items", ()):
                self.items[f"{item['kind']}/{item['id']}"] = item
            self.checklists = said.get("checklists") or self.checklists
            self.items = {k: v for k, v in self.items.items() if k in self.held.things}
            if not said.get("more"):
                return answer.status_code

    @property
    def aside(self) -> dict[str, str]:
        """Codes of what was set aside, by id."""
        return {k: q.code for k, q in self.queue.items() if q.state == ASIDE}


def _iso(us: int) -> str:
    when = datetime.fromtimestamp(us / 1e6, UTC)
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")
