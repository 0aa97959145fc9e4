"""The own notices on a phone: told with whatever has changed, had by its next question, answered by
a record."""

from __future__ import annotations

import hashlib
from collections.abc import Set
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import orjson
from fastapi import Request

from littoral.api.gate import Actor, gate_of
from littoral.api.names import ACCOUNT
from littoral.api.reach.sight import names, running
from littoral.api.sync import answers
from littoral.api.sync.call import Call
from littoral.api.sync.models import AnswerInput
from littoral.api.wire import iso
from littoral.engine.runtime import Runtime
from littoral.respond.reach.ladder import EventKind
from littoral.respond.sync.notices import OPEN
from littoral.store import reach
from littoral.store.reach import NoticeRow
from littoral.store.sync.records import SyncRecord

DAY_US = 86_400_000_000
MOST = 50  # the newest
EDITION_SIGNS = 40


def told(request: Request, engine: Runtime, who: Actor, has: str | None) -> dict[str, Any] | None:
    """Those of a day, where the phone asks for them and has another edition. One that has that of
    now has all of them on it, and that is noted of each that is under way."""
    there, ref = running(request), _ref(request, who)
    if has is None or there is None or ref is None:
        return None
    with engine.records.database.read() as connection:
        rows = reach.for_person(connection, ref, there.now_us() - DAY_US)
        # One whose words were erased says nothing.
        rows = [row for row in rows if row.zh or row.en][:MOST]
        said = reach.said_by(connection, ref, [row.id for row in rows])
    called = names(request, rows, [row.by for row in rows if row.by is not None])
    items = [_item(row, said.get(row.id, frozenset()), called) for row in rows]
    edition = hashlib.sha256(orjson.dumps(items)).hexdigest()[:EDITION_SIGNS]
    if edition != has:
        return {"edition": edition, "items": items}
    for row in rows:
        if row.ended_us is None and not said.get(row.id, frozenset()) - {"sent", "failed"}:
            # By any of the own phones, which may ask at once: it is had once.
            key = uuid5(NAMESPACE_OID, f"{row.id} {ref} phone")
            there.tell(row.id, ref, "app", "delivered", ref, key=key)
    return None


def answer(call: Call, record: SyncRecord) -> dict[str, Any]:
    """What became of an answer. It counts from now on, as the ladder may have gone on while the
    phone had no network; where it is too late, its user is told so and need not go."""
    given = AnswerInput.model_validate(record.fields)
    there, ref = running(call.request), _ref(call.request, call.who)
    if there is None or ref is None:
        return answers.unknown()
    with call.engine.records.database.read() as connection:
        rows = reach.for_person(connection, ref, 0)
    row = next((row for row in rows if row.id == record.thing), None)
    if row is None:
        return answers.unknown()
    if given.kind == "answered" and row.notice.wants_answer:
        if row.state == "recalled":
            return answers.refused("state", "该通知已撤回，无须前往。", "It is no longer meant.")
        if row.state == "answered" and row.by != ref:
            name = names(call.request, [row], [row.by or ""]).get(row.by or "", "")
            return answers.refused(
                "state", f"{name or '他人'}已接，你无须前往。",
                f"{name or 'Somebody else'} takes it already.",
            )  # fmt: skip
    there.tell(row.id, ref, "app", given.kind, ref, given.text, UUID(record.id))
    return answers.taken()


def _ref(request: Request, who: Actor) -> str | None:
    """None for a key, which is nobody, and where nobody signs in."""
    if gate_of(request) is None or who.identity is None or who.identity.kind != "account":
        return None
    return ACCOUNT + who.id


def _item(row: NoticeRow, said: Set[EventKind], called: dict[str, str]) -> dict[str, Any]:
    """What a phone shows. That it was delivered is no news to it, and makes no other edition."""
    answered = row.state == "answered" and row.by is not None
    return {
        "id": row.id, "thing": row.thing, "zh": row.zh, "en": row.en,
        "made": iso(row.notice.made_us), "made_by": called.get(row.made_by, row.made_by),
        "wants_answer": row.notice.wants_answer,
        "state": OPEN if row.ended_us is None else row.state,
        "by": called.get(row.by or "") if answered else None,
        "mine": next((kind for kind in ("answered", "declined") if kind in said), None),
    }  # fmt: skip
