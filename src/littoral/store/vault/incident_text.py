"""The end of what was written of an incident. Its code, times, states and the kinds of its steps
are of no person and stay: they say how the watch did its work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.access.retention import Item
from littoral.respond.incident.lineage import head_of
from littoral.respond.incident.words import CLOSED
from littoral.store import incidents, reach, tasks
from littoral.store.sync import records as sync_records
from littoral.store.vault.entries import Ask, Record, deny, entry, places
from littoral.store.vault.erasure import Erasure
from littoral.store.vault.holds import Held, check_held
from littoral.store.vault.ids import ref
from littoral.store.vault.vault import Erased, NotThere, Vault

RUN = "retention.run"
# What an incident of a type is handled for.
PURPOSES: Mapping[str, str] = {
    "smuggling": "anti_smuggling", "landing": "border_control", "rescue": "search_and_rescue",
    "collision": "safety_at_sea", "fire": "emergency", "storm": "emergency",
    "pollution": "emergency", "epidemic": "epidemic_control",
    "neighbourhood": "neighbourhood_governance", "other": "neighbourhood_governance",
}  # fmt: skip

# When the purpose ended for what an agency collected at a time; None: it has not.
Ended = Callable[[str, str, int], int | None]


def kept(connection: Connection, ended: Ended) -> list[Item]:
    """What was written of each incident: one that is merged is closed with what it is merged into;
    what was written after an erasure was collected from then on."""
    c = incidents.incidents.c
    rows = connection.execute(
        sa.select(
            c.id, c.type, c.desk, c.lead_agency, c.state, c.opened_us, c.since_us, c.merged_into,
            c.text_key, c.erased_us,
        )
    ).all()  # fmt: skip
    up, known = {r.id: r.merged_into for r in rows}, {r.id: r for r in rows}

    def item(r: Any) -> Item:
        head, purpose = known[head_of(r.id, up)], PURPOSES[r.type]
        at_us = r.opened_us if r.erased_us is None else r.erased_us
        return Item(
            r.id, "incident", incidents.DATA_CLASS, purpose, at_us,
            head.since_us if head.state == CLOSED else None,
            ended(purpose, r.lead_agency, at_us), r.desk, r.lead_agency,
        )  # fmt: skip

    return [item(r) for r in rows if r.text_key]


def erase(
    vault: Vault, ask: Ask, incident: str, reason: str, now_us: int, record: Record
) -> Erasure:
    """The log says it, then it is done; a crash in between leaves it due. Raises NotThere, Erased,
    AccessDenied (a hold stands against it)."""
    thing = ref("incident", incident)
    with vault.ending:
        with vault.db.read() as connection:
            known = incidents.found(connection, incident)
            if known is None:
                raise NotThere(f"there is no incident {incident}")
            if not incidents.one(connection, incident).text_key:
                raise Erased(f"what was written of incident {incident} was erased")
            steps = len(incidents.steps(connection, incident))
            told = reach.about_incident(connection, incident)
            try:
                check_held(connection, {incident, *told})
                held = None
            except Held as found:
                held = found
        if held is not None:
            deny(record, ask, RUN, thing, now_us, held)
        facts: dict[str, Any] = {"change": "erase_text", "reason": reason, "steps": steps}
        at = places(record, [entry(ask, RUN, thing, now_us, **facts)])[0]
        with vault.db.write() as connection:
            incidents.forget_text(connection, incident, now_us)
            tasks.forget_text(connection, incident)
            sync_records.forget_text(connection, incident)
            for notice in reach.about_incident(connection, incident):
                reach.forget_text(connection, notice)
    return Erasure(thing, (), 0, (), {}, at)
