"""What the log says was ended, in records from before it was: ended again, by the server.

Keys, roles, suspensions, agreements, grants, cases and delays are named by their entries. Which
session was ended how is not told of all, so all sessions and links end. Holds are set and released
as the log has them. What gave somebody more since (a role, a key, a reinstatement) is not given
again: people do that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import orjson
import sqlalchemy as sa

from littoral.schema.logentry import LogEntry, Verdict
from littoral.store.oversight import delays
from littoral.store.oversight.tables import delays as delay_rows
from littoral.store.people import accounts, api_keys, lapsing, links, sessions, sharings
from littoral.store.people.accounts import AccountRefused
from littoral.store.people.base import Base, Change
from littoral.store.people.outbox import as_entry
from littoral.store.records import Records
from littoral.store.vault import cases, grants, holds, tables, things
from littoral.store.vault.entries import Record
from littoral.store.vault.keyring import DataKey
from littoral.store.vault.logged import facts_kept
from littoral.store.vault.sealing import SealError
from littoral.store.vault.vault import Erased, NotThere, Vault

SERVER = "system:server"
WHY = "as the log says; the records were put back from before"
TAKEN = (
    "key.revoke", "account.suspend", "account.reinstate", "account.end_role", "unit.unshare",
    "grant.request", "case.close", "hold.write", "retention.run",
)  # fmt: skip


def end_again(
    records: Records, vault: Vault, key: DataKey, said: Sequence[LogEntry], now_us: int,
    record: Record,
) -> Counter[str]:  # fmt: skip
    """`said`: entries of the actions in `TAKEN`, in their order. How many there were of what; the
    same again changes nothing."""
    done = [e for e in said if e.verdict in (Verdict.ALLOW, Verdict.DONE)]
    counts: Counter[str] = Counter()
    base = Base(records.database, lambda: now_us, lambda event: _tell(record, event))
    with base.change(SERVER) as change:
        _people(change, done, counts)
    for entry in done:
        take = _OF_THE_VAULT.get(entry.action)
        if take is not None:
            what = take(vault, entry, facts_of(vault, entry, key), now_us, record)
            counts.update([what] if what else [])
    return counts


def facts_of(vault: Vault, entry: LogEntry, key: DataKey) -> dict[str, Any]:
    """Empty where there are none, or they cannot be read."""
    try:
        facts = facts_kept(vault, entry, key)
    except SealError:
        return {}
    return {} if facts is None else dict(orjson.loads(facts))


def _tell(record: Record, event: Any) -> None:
    record([as_entry(event)])


def _people(change: Change, done: Sequence[LogEntry], counts: Counter[str]) -> None:
    connection, by, now_us = change.connection, change.by, change.now_us
    of = {action: [_id(e.thing) for e in done if e.action == action] for action in TAKEN}
    for key in api_keys.end_named(connection, of["key.revoke"], by, now_us):
        change.tell("key.revoke", key, WHY)
        counts["keys"] += 1
    last = {_id(e.thing): e.action for e in done if e.action.startswith("account.")}
    for account in dict.fromkeys(of["account.suspend"]):
        if last[account] == "account.suspend" and _suspend(change, account):
            counts["accounts"] += 1
    for membership in of["account.end_role"]:
        counts["roles"] += _end_role(change, membership)
    for sharing in of["unit.unshare"]:
        if sharings.end(connection, sharing, WHY, by, now_us):
            change.tell("unit.unshare", sharing, WHY)
            counts["agreements"] += 1
    counts["sessions"] += sessions.end_of_all(connection, by, now_us)
    links.cancel_all(connection, now_us)
    change.tell("account.sessions_ended", "", f"{counts['sessions']} sessions")


def _suspend(change: Change, account: str) -> bool:
    connection = change.connection
    try:
        if accounts.one(connection, account).status == accounts.SUSPENDED:
            return False
        with connection.begin_nested():
            accounts.set_status(
                connection, account, accounts.SUSPENDED, change.by, change.now_us, WHY
            )
    except AccountRefused:  # made since; or the last who administers, whom nobody could reinstate
        return False
    change.tell("account.suspend", account, WHY)
    lapsing.lapse(change, account)
    return True


def _end_role(change: Change, membership: str) -> bool:
    connection = change.connection
    holder = accounts.holder(connection, membership)
    try:
        with connection.begin_nested():
            if holder is None or not accounts.end_membership(
                connection, membership, change.by, change.now_us
            ):
                return False
    except AccountRefused:
        return False
    change.tell("account.end_role", membership, WHY)
    lapsing.lapse(change, holder)
    return True


def _grant(
    vault: Vault, entry: LogEntry, facts: dict[str, Any], now_us: int, record: Record
) -> str:
    if facts.get("change") != "end":
        return ""
    try:
        if grants.grant(vault, _id(entry.thing)).facts.state == grants.ENDED:
            return ""
        grants.end(vault, _id(entry.thing), SERVER, now_us, record)
    except NotThere:
        return ""
    return "grants"


def _case(vault: Vault, entry: LogEntry, facts: dict[str, Any], now_us: int, record: Record) -> str:
    case = _id(entry.thing)
    c = tables.cases.c
    with vault.db.read() as connection:
        state = connection.execute(sa.select(c.state).where(c.id == case)).scalar_one_or_none()
    if state != "open":
        return ""
    cases.close_case(vault, SERVER, case, now_us, record)
    return "cases"


def _hold(vault: Vault, entry: LogEntry, facts: dict[str, Any], now_us: int, record: Record) -> str:
    if entry.thing.startswith("delay:"):
        return _delay(vault, entry, facts, now_us, record)
    change, key = facts.get("change"), facts.get("hold")
    h = tables.holds.c
    with vault.db.read() as connection:
        found = connection.execute(sa.select(tables.holds).where(h.id == key)).first()
    if change == "set" and found is None:
        try:
            thing = things.kept(vault, _id(str(facts.get("thing", entry.thing)))).id
        except (NotThere, Erased):  # came after the backup, so there is nothing to keep
            return ""
        held = holds.Hold(
            str(key), thing, entry.legal_basis or "", facts["document"], entry.actor,
            entry.time_us, None, None,
        )  # fmt: skip
        with vault.db.write() as connection:
            connection.execute(sa.insert(tables.holds), vars(held))
        return "holds"
    if change == "release" and found is not None and found.released_us is None:
        released = {
            "released_by": entry.actor, "released_us": entry.time_us,
            "released_basis": entry.legal_basis, "released_document": facts["document"],
        }  # fmt: skip
        with vault.db.write() as connection:
            connection.execute(sa.update(tables.holds).where(h.id == key).values(released))
        return "releases"
    return ""


def _delay(
    vault: Vault, entry: LogEntry, facts: dict[str, Any], now_us: int, record: Record
) -> str:
    """Only an end: who delays what anew says so again."""
    if facts.get("change") != "end":
        return ""
    try:
        if delays.one(vault, _id(entry.thing)).ended_us is not None:
            return ""
    except NotThere:
        return ""
    ended = {
        "ended_by": entry.actor, "ended_us": entry.time_us, "ended_basis": entry.legal_basis,
        "ended_document": facts.get("document"),
    }  # fmt: skip
    with vault.db.write() as connection:
        of = delay_rows.c.id == _id(entry.thing)
        connection.execute(sa.update(delay_rows).where(of).values(ended))
    return "delays"


def _purpose(
    vault: Vault, entry: LogEntry, facts: dict[str, Any], now_us: int, record: Record
) -> str:
    """An end that was taken back since has not come."""
    if not entry.thing.startswith("purpose:") or facts.get("change") != "take_back":
        return ""
    p = tables.purpose_ends.c
    of = (p.purpose == _id(entry.thing), p.agency == facts.get("agency"))
    with vault.db.write() as connection:
        gone = connection.execute(
            sa.delete(tables.purpose_ends).where(*of, p.ended_us > entry.time_us)
        )
    return "purposes" if gone.rowcount else ""


_OF_THE_VAULT: dict[str, Callable[[Vault, LogEntry, dict[str, Any], int, Record], str]] = {
    "grant.request": _grant,
    "case.close": _case,
    "hold.write": _hold,
    "retention.run": _purpose,
}


def _id(reference: str) -> str:
    return reference.partition(":")[2]
