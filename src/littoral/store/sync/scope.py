"""What each phone holds, so that what leaves its scope can be told.

A token names an answer (`gen`) of one beginning (`epoch`). Whatever was sent with a later answer
than the token's is sent again: the phone may not have heard it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.database import Database
from littoral.store.sync.tables import devices, held

FORGET_US = 90 * 86_400_000_000  # of phones that were not heard for so long nothing is kept
SAME_US, HEARD_EVERY_US = 1_000_000, 60_000_000
MOST = 100  # things in one answer


@dataclass(frozen=True, slots=True)
class Phone:
    """`gen`: of the last answer; `asked`: which of them the phone says it has."""

    device: str
    account: str
    epoch: str
    gen: int
    asked: int
    seen: Mapping[str, Any]
    is_new: bool

    @property
    def token(self) -> str:
        return f"{self.epoch}.{self.gen}"


def phone(connection: Connection, device: str, account: str, token: str, now_us: int) -> Phone:
    """One whose token does not fit begins anew: what it held before is void. Locks its row."""
    d = devices.c
    mine = (d.device == device, d.account == account)
    row = connection.execute(sa.select(devices).where(*mine).with_for_update()).first()
    epoch, _, number = token.partition(".")
    asked = int(number) if number.isdecimal() and len(number) < 16 else -1
    if row is not None and row.epoch == epoch and 0 <= asked <= row.gen:
        if asked != row.heard:
            connection.execute(sa.update(devices).where(*mine).values(heard=asked))
        return Phone(device, account, epoch, row.gen, asked, row.seen, False)
    forget(connection, now_us)
    connection.execute(sa.delete(held).where(held.c.device == device, held.c.account == account))
    fresh = {"epoch": secrets.token_hex(16), "gen": 0, "seen": {}, "seen_us": now_us, "heard": 0}
    if row is None:
        values = {"device": device, "account": account, "ahead_us": 0, **fresh}
        connection.execute(sa.insert(devices).values(**values))
    else:
        connection.execute(sa.update(devices).where(*mine).values(**fresh))
    return Phone(device, account, str(fresh["epoch"]), 0, 0, {}, True)


@dataclass(frozen=True, slots=True)
class Changed:
    """Keys of what is to be sent (kind, id) and what has gone, with the word for why."""

    token: str
    send: Sequence[tuple[str, str]]
    gone: Sequence[tuple[str, str, str]]
    more: bool


def changed(
    connection: Connection,
    of: Phone,
    scope: Mapping[tuple[str, str], int],
    why_gone: Callable[[str, str, int], str],
    seen: Mapping[str, Any],
    now_us: int,
) -> Changed:
    """`scope`: version of whatever the phone may have now, in the order in which it is to come.
    `why_gone`: of kind, id and the version that it had."""
    h = held.c
    mine = (h.device == of.device, h.account == of.account)
    rows = connection.execute(sa.select(held).where(*mine)).all()
    there = {(r.kind, r.thing): r for r in rows}
    send = [
        key
        for key, version in scope.items()
        if key not in there
        or there[key].gone
        or there[key].version != version
        or there[key].gen > of.asked
    ]
    more = len(send) > MOST
    send = send[:MOST]
    gone = [
        (kind, thing, row.gone or why_gone(kind, thing, row.version))
        for (kind, thing), row in there.items()
        if (kind, thing) not in scope and not (row.gone and row.gen <= of.asked)
    ]
    heard = [k for k, r in there.items() if r.gone and r.gen <= of.asked and k not in scope]
    for kind, thing in heard:  # the phone knows; nothing of it is to be remembered
        connection.execute(sa.delete(held).where(*mine, h.kind == kind, h.thing == thing))
    gen = of.gen + 1 if send or gone else of.gen
    written = [(*key, scope[key], "") for key in send] + [
        (kind, thing, there[kind, thing].version, why) for kind, thing, why in gone
    ]
    for kind, thing, version, why in written:
        values = {"version": version, "gen": gen, "gone": why}
        if (kind, thing) in there:
            at = sa.update(held).where(*mine, h.kind == kind, h.thing == thing)
            connection.execute(at.values(**values))
        else:
            names = {"device": of.device, "account": of.account, "kind": kind, "thing": thing}
            connection.execute(sa.insert(held).values(**names, **values))
    d = devices.c
    connection.execute(
        sa.update(devices)
        .where(d.device == of.device, d.account == of.account)
        # While more waits, or one is gone unheard, the next question looks through it all again.
        .values(gen=gen, seen={} if more else dict(seen), seen_us=now_us)
    )
    return Changed(f"{of.epoch}.{gen}", send, gone, more)


def has_held(connection: Connection, account: str, thing: str) -> bool:
    """Whether a phone of the account holds it, or held it until it was told otherwise."""
    query = sa.select(held.c.thing).where(held.c.account == account, held.c.thing == thing)
    return connection.execute(query.limit(1)).first() is not None


def heard(connection: Connection, device: str, account: str, ahead_us: int, now_us: int) -> None:
    """Notes how far its clock is ahead."""
    d = devices.c
    connection.execute(
        sa.update(devices)
        .where(d.device == device, d.account == account)
        .values(ahead_us=ahead_us, seen_us=now_us)
    )


def hear(database: Database, device: str, account: str, ahead_us: int, now_us: int) -> None:
    """The same by itself, once in a while: a phone that is not known yet has nothing to be noted
    with, and of one that was just heard as it is now nothing is new."""
    d = devices.c
    query = sa.select(d.ahead_us, d.seen_us).where(d.device == device, d.account == account)
    with database.read() as connection:
        row = connection.execute(query).first()
    if row is None:
        return
    if abs(row.ahead_us - ahead_us) < SAME_US and now_us - row.seen_us < HEARD_EVERY_US:
        return
    with database.write() as connection:
        heard(connection, device, account, ahead_us, now_us)


def forget(connection: Connection, now_us: int) -> None:
    d, h = devices.c, held.c
    old = sa.select(d.device, d.account).where(d.seen_us < now_us - FORGET_US)
    for device, account in connection.execute(old).all():
        connection.execute(sa.delete(held).where(h.device == device, h.account == account))
        connection.execute(sa.delete(devices).where(d.device == device, d.account == account))
