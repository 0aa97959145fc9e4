"""What was noted with evidence, such as its file's name: for whoever may open the original."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import orjson
import sqlalchemy as sa

from littoral.store.evidence.custody import EvidenceRow
from littoral.store.vault import grants, rules, tables
from littoral.store.vault.entries import AccessDenied, Ask
from littoral.store.vault.grants import Grant
from littoral.store.vault.keyfiles import KeyMissing
from littoral.store.vault.vault import Vault, readable_text, require_case


@dataclass(frozen=True)
class Noted:
    """As given when it was handed in; empty where nothing was."""

    name: str
    note: str


def openable(
    vault: Vault, ask: Ask, rows: Sequence[EvidenceRow], now_us: int
) -> dict[str, Grant | None]:
    """Of the case's `rows` those that would be shown to the actor now, by the rules of
    `custody.show`, each with the grant that it takes. Of one grant no more than it may show, and of
    those that nobody else approved no more than one reads alone."""
    try:
        with vault.db.read() as connection:
            require_case(connection, ask)
            alone = grants.shown_alone(vault, connection, ask.actor, now_us)
    except AccessDenied:
        return {}
    held = [g for g in grants.grants_of(vault, ask.case) if g.facts.who == ask.actor]
    left = {g.id: vault.limits.most_things(g.facts.kind) for g in held}
    found: dict[str, Grant | None] = {}
    for row in rows:
        if row.data_class == "operational":
            found[row.id] = None
            continue
        is_more = len(alone | {row.id}) > vault.limits.read_alone
        usable = (g for g in held if left[g.id] and not (g.is_alone and is_more))
        grant = next((g for g in usable if _reaches(g, ask, row, now_us)), None)
        if grant is not None:
            left[grant.id] -= 1
            found[row.id] = grant
            alone |= {row.id} if grant.is_alone else set()
    return found


def noted(vault: Vault, evidence_ids: Collection[str]) -> dict[str, Noted]:
    """By id, of those that are there and whole. To be called once it is decided that they are
    shown, and the log has it."""
    e = tables.evidence.c
    query = sa.select(e.id, e.key_id, e.about).where(e.id.in_(evidence_ids), e.erased_us.is_(None))
    with vault.db.read() as connection:
        rows = connection.execute(query).all()
    found = {}
    for row in rows:
        try:
            key = vault.keys.get(row.key_id)
        except KeyMissing:
            continue  # erased since the rows were read, or lost
        said = readable_text(key, row.about, "evidence", row.id, "about")
        if said is not None:
            about = orjson.loads(said)
            found[row.id] = Noted(about["name"], about["note"])
    return found


def _reaches(grant: Grant, ask: Ask, row: EvidenceRow, now_us: int) -> bool:
    try:
        kinds = (rules.READ, rules.BREAK_GLASS)
        rules.check_use(grant.facts, ask, now_us, row.data_class, kinds)
        rules.check_collected_for(row.purpose, ask)
    except AccessDenied:
        return False
    return grant.whole_case or row.id in grant.things
