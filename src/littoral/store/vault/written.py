"""What people wrote beside incidents and cases, and how it ends: the text of notices, of watch logs
and of a desk's papers, the reasons that they gave (`reasons`), and where staff who have left were
reached. Who did what, and when, stays: it says how the watch did its work.

Where a text is about an incident or one of its tasks, a hold on the incident keeps it too, and it
ends with the incident's at the latest (`incident_text`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from littoral.access.retention import Item
from littoral.store import reach
from littoral.store.duty import entries, papers
from littoral.store.vault import reasons
from littoral.store.vault.entries import Ask, Record, deny, entry, places
from littoral.store.vault.erasure import Erasure
from littoral.store.vault.holds import Held, check_held
from littoral.store.vault.ids import ref
from littoral.store.vault.things import CONTACT, NOTICE, PAPER, WATCH_LOG
from littoral.store.vault.vault import Erased, Vault

RUN = "retention.run"
DATA_CLASS, PURPOSE = "operational", "system_operation"


@dataclass(frozen=True, slots=True)
class Kind:
    """`kept`: of each in which there is text, or of one; `forget`: empties one."""

    kept: Callable[[Connection, str | None], list[Item]]
    forget: Callable[[Connection, str], None]


def kept(connection: Connection) -> list[Item]:
    return [item for kind in KINDS.values() for item in kind.kept(connection, None)]


def erase(
    vault: Vault, kind: str, ask: Ask, key: str, reason: str, now_us: int, record: Record
) -> Erasure:
    """The log says it, then it is done; a crash in between leaves it due. Raises Erased where there
    is nothing (any more), AccessDenied (a hold stands against it)."""
    thing = ref(kind, key)
    with vault.ending:
        with vault.db.read() as connection:
            if not KINDS[kind].kept(connection, key):
                raise Erased(f"nothing is written of {kind} {key}")
            about = reach.incident_of(connection, key) if kind == NOTICE else None
            held = None
            try:
                check_held(connection, {key} if about is None else {key, about})
            except Held as found:
                held = found
        if held is not None:
            deny(record, ask, RUN, thing, now_us, held)
        facts = {"change": "erase_text", "reason": reason}
        at = places(record, [entry(ask, RUN, thing, now_us, **facts)])[0]
        with vault.db.write() as connection:
            KINDS[kind].forget(connection, key)
    return Erasure(thing, (), 0, (), {}, at)


def _notices(connection: Connection, key: str | None) -> list[Item]:
    return [
        Item(
            r.id, NOTICE, DATA_CLASS, PURPOSE, r.made_us, r.ended_us, None, r.unit, r.agency
        )
        for r in reach.with_text(connection, key)
    ]  # fmt: skip


def _watch_logs(connection: Connection, key: str | None) -> list[Item]:
    return [
        Item(
            w.id, WATCH_LOG, DATA_CLASS, PURPOSE, w.first_us, w.last_us, None, w.unit, w.agency
        )
        for w in entries.with_text(connection, key)
    ]  # fmt: skip


def _papers(connection: Connection, key: str | None) -> list[Item]:
    return [
        Item(p.id, PAPER, DATA_CLASS, PURPOSE, p.text_us, p.over_us, None, p.unit, p.agency)
        for p in papers.with_text(connection, key)
    ]


def _contacts(connection: Connection, key: str | None) -> list[Item]:
    return [
        Item(account, CONTACT, "personal", PURPOSE, changed_us, left_us)
        for account, changed_us, left_us in reach.contacts_kept(connection, key)
    ]


KINDS: Mapping[str, Kind] = {
    NOTICE: Kind(_notices, reach.forget_text),
    WATCH_LOG: Kind(_watch_logs, entries.forget_text),
    PAPER: Kind(_papers, papers.forget_text),
    reasons.KIND: Kind(reasons.kept, reasons.forget),
    CONTACT: Kind(_contacts, reach.forget_contacts),
}
