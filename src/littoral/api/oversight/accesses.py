"""`/oversight/accesses`, `/oversight/log/{index}`: who did what for which purpose; its proof."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Path, Query
from pydantic import StringConstraints

from littoral.api.fields import Page
from littoral.api.gate import Acting, Gate, described
from littoral.api.oversight.models import AccessModel, LogEntryModel
from littoral.api.oversight.sight import (
    LOG,
    READ,
    Door,
    Indexed,
    act_of,
    circumstances,
    require,
    seen_actors,
)
from littoral.api.oversight.who import Cast
from littoral.api.params import (
    CursorQuery,
    FromQuery,
    LimitQuery,
    ToQuery,
    decode_cursor,
    encode_cursor,
)
from littoral.api.problems import not_found
from littoral.api.wire import Json, iso
from littoral.schema.logentry import LogEntry, from_bytes
from littoral.store.log.merkle import ProofError
from littoral.store.oversight.listing import Access, Wanted, page
from littoral.store.vault import logged
from littoral.store.vault.sealing import SealError

router = APIRouter(tags=["oversight"])

HREF = "/api/v1/oversight/log/"
LAST = 2**62  # no log grows so far, and databases take it
# What an entry may have, or a login; a NUL is in neither and no database takes it.
Word = Annotated[str, StringConstraints(max_length=240, pattern=r"^[^\x00]*$")]
Words = Annotated[list[Word] | None, Query(max_length=50, description="may be given several times")]
Verdicts = Annotated[list[Literal["allow", "deny", "done", "failed"]] | None, Query()]


@router.get(
    "/oversight/accesses",
    response_model=Page[AccessModel],
    summary="Who did what to which thing for which purpose, newest first",
    **described(READ),
)
def list_accesses(
    gate: Door,
    who: Acting,
    index: Indexed,
    actor: Words = None,
    action: Words = None,
    thing: Words = None,
    case: Words = None,
    purpose: Words = None,
    legal_basis: Words = None,
    verdict: Verdicts = None,
    from_us: FromQuery = None,
    to_us: ToQuery = None,
    cursor: CursorQuery = None,
    limit: LimitQuery = 100,
) -> Json:
    """From the log's published entries. `actor` is `account:<id>` or a login, `thing` `kind:<id>`,
    `case` the id of a case. Who oversees one agency gets its entries alone, its own left out."""
    require(gate, who, READ)
    before = min(decode_cursor(cursor, int)[0], LAST) if cursor is not None else None
    wanted = Wanted(
        actor=_refs(gate, actor),
        action=tuple(action or ()),
        thing=tuple(thing or ()),
        case=tuple(c if c.startswith("case:") else f"case:{c}" for c in case or ()),
        purpose=tuple(purpose or ()),
        legal_basis=tuple(legal_basis or ()),
        verdict=tuple(verdict or ()),
        from_us=from_us,
        to_us=to_us,
        actors=seen_actors(gate, who, READ, index),
    )
    with index.database.read() as connection:
        rows = page(connection, wanted, before, limit + 1)
    shown = rows[:limit]
    cast = Cast(gate, refs=[ref for r in shown for ref in (r.actor, r.thing)])
    more = encode_cursor(shown[-1].index) if len(rows) > limit else None
    return Json({"items": [access_json(cast, r) for r in shown], "next_cursor": more})


@router.get(
    "/oversight/log/{index}",
    response_model=LogEntryModel,
    summary="An entry of the log, its sealed details, and the proof that it is there",
    **described(LOG),
)
def get_entry(
    gate: Door, who: Acting, index: Annotated[int, Path(ge=0, le=LAST)], known: Indexed
) -> Json:
    """The proof is verified before it is given, and anybody can verify it with the log's public
    key alone (`littoral log check`)."""
    trust = gate.trust
    with known.database.read() as connection:
        rows = page(connection, Wanted(), index + 1, 1)
    if not rows or rows[0].index != index:
        require(gate, who, LOG)
        raise not_found("entry of the log", index)
    row = rows[0]
    resource = act_of(gate, "log", row.actor, row.place, str(index))
    gate.require(who, LOG, resource, circumstances(gate, who))
    try:
        proof = trust.log.proof(index)
    except ProofError as error:
        raise not_found("entry of the log", index) from error
    raw = proof.entry or b""
    entry = from_bytes(raw)
    return Json(
        {
            **access_json(Cast(gate, refs=[row.actor, row.thing]), row),
            "policy": None if entry.policy_hash is None else "sha256:" + entry.policy_hash.hex(),
            "details": _details(gate, entry),
            "details_algorithm": None if entry.details is None else entry.details.algorithm,
            "raw": raw.decode("ascii"),
            "proof": str(proof),
            "tree_size": int(proof.note.text.split("\n")[1]),
            "log_key": str(trust.log.key.public),
        }
    )


def access_json(cast: Cast, row: Access) -> dict[str, Any]:
    return {
        "index": row.index,
        "time": iso(row.time_us),
        "actor": cast.at(row.actor, row.place),
        "action": row.action,
        "thing": row.thing,
        "thing_name": cast.thing(row.thing),
        "verdict": row.verdict,
        "purpose": row.purpose,
        "case": None if row.case is None else row.case.removeprefix("case:"),
        "legal_basis": row.legal_basis,
        "manner": row.manner,
        "href": f"{HREF}{row.index}",
    }


def _refs(gate: Gate, written: list[str] | None) -> tuple[str, ...]:
    """A login stands for its account."""
    refs = []
    for text in written or ():
        found = None if ":" in text else gate.people.directory.account_of(text)
        refs.append(text if found is None else f"account:{found.id}")
    return tuple(refs)


def _details(gate: Gate, entry: LogEntry) -> dict[str, Any] | None:
    try:
        facts = logged.facts_kept(gate.trust.vault, entry, gate.trust.facts_key)
    except SealError:
        return None
    return None if facts is None else orjson.loads(facts)
