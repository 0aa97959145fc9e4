"""Back-off after failed sign-ins, by account and by address.

An attempt is counted before the password is looked at, so that many at once gain nothing; success
clears the account's count. Counts are kept by the hash of the login whether or not it exists.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from littoral.store.database import RecordsError
from littoral.store.people.tables import lockouts

ACCOUNT = "account"
ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Backoff:
    """After `free` failures each further one doubles the wait, from `first_s` to `longest_s`.
    Forgotten after `forget_s` without an attempt."""

    free: int
    first_s: float
    longest_s: float
    forget_s: float

    def wait_s(self, failures: int) -> float:
        over = failures - self.free
        return 0.0 if over < 0 else min(self.longest_s, self.first_s * 2.0 ** min(over, 40))


# ASVS 5.0, 6.3.1. At most 15 minutes: a stranger must not be able to keep an officer out for good.
# Many phones may share one address of a mobile network, so addresses have more free failures.
BACKOFFS = {
    ACCOUNT: Backoff(free=5, first_s=15.0, longest_s=900.0, forget_s=86_400.0),
    ADDRESS: Backoff(free=50, first_s=5.0, longest_s=300.0, forget_s=3_600.0),
}


def subject(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class Ticket(NamedTuple):
    """What an attempt left behind: subjects by kind, and the lock that it set for each."""

    subjects: dict[str, str]
    locked_until_us: dict[str, int]


class TooManyAttempts(RecordsError):
    """Come again in `wait_s` seconds."""

    def __init__(self, wait_s: float) -> None:
        super().__init__("too many attempts; wait before the next")
        self.wait_s = wait_s


def attempt(connection: Connection, subjects: dict[str, str], now_us: int) -> Ticket:
    """Counts an attempt by each of `subjects` (kind to subject). Raises TooManyAttempts when it
    must not be made yet: then it is not counted either."""
    kinds = sorted(subjects)
    insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(lockouts)
    for kind in kinds:  # a row to lock, so that two first attempts at once count as two
        first = {"kind": kind, "subject": subjects[kind], "failures": 0}
        row = insert.values(**first, last_us=now_us, locked_until_us=0)
        connection.execute(row.on_conflict_do_nothing())
    found: dict[str, Any] = {}
    for kind in kinds:
        query = sa.select(lockouts).where(_is(kind, subjects[kind])).with_for_update()
        found[kind] = connection.execute(query).one()
    wait_us = max(row.locked_until_us - now_us for row in found.values())
    if wait_us > 0:
        raise TooManyAttempts(wait_us / 1e6)
    locks = {}
    for kind in kinds:
        rule, was = BACKOFFS[kind], found[kind]
        forgotten = was.last_us + int(rule.forget_s * 1e6) < now_us
        failures = 1 if forgotten else was.failures + 1
        locks[kind] = now_us + int(rule.wait_s(failures) * 1e6)
        values = {"failures": failures, "last_us": now_us, "locked_until_us": locks[kind]}
        connection.execute(sa.update(lockouts).where(_is(kind, subjects[kind])).values(values))
    return Ticket(subjects, locks)


def success(connection: Connection, ticket: Ticket) -> None:
    """Clears the account's count. From the address only this attempt is taken back: an attacker
    with one account of his own must not clear the rest."""
    for kind, name in ticket.subjects.items():
        if kind == ACCOUNT:
            connection.execute(sa.delete(lockouts).where(_is(kind, name)))
        else:
            _take_back(connection, kind, name, ticket.locked_until_us[kind])


def take_back(connection: Connection, ticket: Ticket) -> None:
    """The attempt was neither failure nor success (the second factor was not given yet)."""
    for kind, name in ticket.subjects.items():
        _take_back(connection, kind, name, ticket.locked_until_us[kind])


def _take_back(connection: Connection, kind: str, name: str, lock_us: int) -> None:
    # A lock that another attempt set meanwhile stays.
    own = sa.case((lockouts.c.locked_until_us == lock_us, 0), else_=lockouts.c.locked_until_us)
    connection.execute(
        sa.update(lockouts)
        .where(_is(kind, name), lockouts.c.failures > 0)
        .values(failures=lockouts.c.failures - 1, locked_until_us=own)
    )


def _is(kind: str, name: str) -> sa.ColumnElement[bool]:
    return sa.and_(lockouts.c.kind == kind, lockouts.c.subject == name)


def forget(connection: Connection, now_us: int) -> int:
    """Deletes counts whose time has passed; returns how many."""
    gone = 0
    for kind, rule in BACKOFFS.items():
        old = lockouts.c.last_us < now_us - int(rule.forget_s * 1e6)
        done = connection.execute(sa.delete(lockouts).where(lockouts.c.kind == kind, old))
        gone += done.rowcount
    return gone
