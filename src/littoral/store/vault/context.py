"""What a policy decision needs to know of case and grant: the names of the decision's context."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from littoral.store.vault import grants, tables
from littoral.store.vault.rules import ACTIVE, BREAK_GLASS
from littoral.store.vault.vault import NotThere, Vault


def decision_context(
    vault: Vault, case_id: str, grant_id: str | None, now_us: int
) -> dict[str, Any]:
    """case, case_open, case_unit, grant_until_us (0 where no grant holds now), second_person
    (every approval that the grant needed is there, and it needed one), break_glass."""
    c = tables.cases.c
    with vault.db.read() as connection:
        row = connection.execute(sa.select(c.state, c.unit).where(c.id == case_id)).first()
    found: dict[str, Any] = {
        "case": case_id if row else "",
        "case_open": bool(row and row.state == "open"),
        "case_unit": row.unit if row else "",
        "grant_until_us": 0,
        "second_person": False,
        "break_glass": False,
    }
    if grant_id is None or row is None:
        return found
    try:
        grant = grants.grant(vault, grant_id)
    except NotThere:
        return found
    facts = grant.facts
    if facts.case == case_id and facts.state == ACTIVE and now_us < facts.until_us:
        found["grant_until_us"] = facts.until_us
        found["second_person"] = bool(grant.needs) and len(facts.approvers) >= grant.needs
        found["break_glass"] = facts.kind == BREAK_GLASS
    return found
