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
from littoral.respond.sync.notices import Notices, after_told
from littoral.respond.sync.pieces import PIECE_BYTES, next_piece
from littoral.respond.sync.queue import ASIDE, Queued, answered, unanswered
from littoral.respond.sync.turn import CHANGES, PUSH, PUSH_FILE, UPLOAD, Turn, next_turn

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
    notices: Notices = field(default_factory=Notices)

    def note(
        self, kind: str, thing: str = "", /, was: Mapping[str, Any] | None = None, **fields: Any
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
        self._waits_for_bytes(key, len(data))
        return key

    def hand_in(self, form: str, answers: bytes, files: Mapping[str, bytes] | None = None) -> str:
        """A form that was filled in: its answers, and its photos (JPEG) by name."""
        sha256 = hashlib.sha256(answers).hexdigest()
        self.files[sha256] = answers
        key = self.note("form.submit", form=form, sha256=sha256, size=len(answers))
        self._waits_for_bytes(key, len(answers))
        for name, data in (files or {}).items():
            digest = hashlib.sha256(data).hexdigest()
            self.files[digest] = data
            file = self.note(
                "form.file", key, sha256=digest, size=len(data), media_type="image/jpeg", name=name
            )
            self._waits_for_bytes(file, len(data))
        return key

    def _waits_for_bytes(self, key: str, size: int) -> None:
        self.queue[key] = replace(self.queue[key], bytes_ready=False, file_size=size)

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

    def sync(self) -> bool:
        """All that is due, then what has changed; False where a push was not answered. Raises
        httpx.HTTPError where a file in pieces breaks off."""
        is_told = False
        while True:
            turn = next_turn(list(self.queue.values()), self.now_us() // 1000)
            if turn.kind == CHANGES:
                return is_told or self.pull() == 200
            if turn.kind == UPLOAD:
                self.upload_of(turn.ids[0])
            elif (answer := self._push(turn)) is None:
                self.pull()
                return False
            else:
                is_told = turn.asks and self._take_changes(200, answer.get("changes"))

    def upload_of(self, key: str) -> None:
        """The file of a record, in pieces. Raises as `upload`; the record is tried again later."""
        try:
            self.upload(self.records[key]["fields"]["sha256"])
        except httpx.HTTPError:
            now_ms = self.now_us() // 1000
            self.queue[key] = unanswered(self.queue[key], now_ms, self.chance())
            raise
        self.queue[key] = replace(self.queue[key], bytes_ready=True, tries=0, next_ms=0)

    def push(self, keys: list[str]) -> bool:
        """Whether it was answered."""
        return self._push(Turn(PUSH, tuple(keys))) is not None

    def _push(self, turn: Turn) -> Mapping[str, Any] | None:
        """The answer, None where there was none."""
        body: dict[str, Any] = {
            "device": self.device, "clock": _iso(self.now_us()),
            "records": [self.records[k] for k in turn.ids],
        }  # fmt: skip
        if turn.asks:
            body["changes"] = self._asked()
        now_ms = self.now_us() // 1000
        try:
            if turn.kind == PUSH_FILE:
                file = self.files[body["records"][0]["fields"]["sha256"]]
                answer = self.http.post(
                    "/sync/push-file", content=orjson.dumps(body) + b"\n" + file,
                    headers={"content-type": "application/octet-stream"},
                )  # fmt: skip
            else:
                answer = self.http.post("/sync/push", json=body)
        except httpx.HTTPError:
            answer = None
        if answer is None or answer.status_code != 200:
            wait = answer.headers.get("retry-after") if answer is not None else None
            for k in turn.ids:
                self.queue[k] = unanswered(
                    self.queue[k], now_ms, self.chance(), float(wait) if wait else None
                )
            return None
        said: Mapping[str, Any] = answer.json()
        for key, result in zip(turn.ids, said["results"], strict=True):
            self.answers[key] = result
            self.queue[key] = answered(self.queue[key], result, now_ms, self.chance())
        return said

    def pull(self) -> int:
        """The status of the last answer."""
        while True:
            answer = self.http.post(
                "/sync/changes", json={"device": self.device, **self._asked()}
            )  # fmt: skip
            said = answer.json() if answer.status_code == 200 else {}
            if self._take_changes(answer.status_code, said):
                return answer.status_code

    def _asked(self) -> dict[str, Any]:
        return {
            "after": self.held.token, "checklists": self.checklists.get("edition", ""),
            "notices": self.notices.edition,
        }  # fmt: skip

    def _take_changes(self, status: int, said: Mapping[str, Any] | None) -> bool:
        """Whether nothing more is to be asked for."""
        if said is None:
            return False
        self.held = after_answer(self.held, status, said)
        for item in said.get("items", ()):
            self.items[f"{item['kind']}/{item['id']}"] = item
        self.checklists = said.get("checklists") or self.checklists
        self.items = {k: v for k, v in self.items.items() if k in self.held.things}
        self.notices, is_new = after_told(self.notices, said.get("notices"))
        return not said.get("more") and not is_new

    @property
    def aside(self) -> dict[str, str]:
        """Codes of what was set aside, by id."""
        return {k: q.code for k, q in self.queue.items() if q.state == ASIDE}


def _iso(us: int) -> str:
    when = datetime.fromtimestamp(us / 1e6, UTC)
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")
