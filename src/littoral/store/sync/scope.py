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


# Built once: building a statement costs more than running it.
_d, _h = devices.c, held.c
_DEVICE: sa.BindParameter[str] = sa.bindparam("of_device")
_ACCOUNT: sa.BindParameter[str] = sa.bindparam("of_account")
_MINE = sa.and_(_d.device == _DEVICE, _d.account == _ACCOUNT)
_HELD_MINE = sa.and_(_h.device == _DEVICE, _h.account == _ACCOUNT)
_LOOK = sa.select(devices).where(_MINE)
_LOCK = _LOOK.with_for_update()
_INSERT, _UPDATE = sa.insert(devices), sa.update(devices).where(_MINE)
_TOLD = _UPDATE.values(
    gen=sa.bindparam("to_gen"), seen=sa.bindparam("to_seen", type_=_d.seen.type),
    seen_us=sa.bindparam("to_seen_us"),
)  # fmt: skip
_HELD, _RELEASE = sa.select(held).where(_HELD_MINE), sa.delete(held).where(_HELD_MINE)
_HOLD = sa.insert(held)


@dataclass(frozen=True, slots=True)
class Phone:
    """`gen`: of the last answer; `asked`: which of them the phone says it has; `heard`: which it
    said the time before. `ahead_us`: how far its clock was ahead when it was heard at `seen_us`."""

    device: str
    account: str
    epoch: str
    gen: int
    asked: int
    seen: Mapping[str, Any]
    is_new: bool
    heard: int = 0
    ahead_us: int = 0
    seen_us: int = 0

    @property
    def token(self) -> str:
        return f"{self.epoch}.{self.gen}"

    def has_all(self, seen: Mapping[str, Any]) -> bool:
        """Whether it says that it has the last answer, and nothing can have changed since."""
        return not self.is_new and self.asked == self.gen and self.seen == seen


def look(connection: Connection, device: str, account: str, token: str) -> Phone | None:
    """The phone as it is; None where the token does not fit, and it has to begin anew."""
    row = connection.execute(_LOOK, {"of_device": device, "of_account": account}).first()
    return _going_on(row, device, account, token)


def phone(
    connection: Connection, device: str, account: str, token: str, now_us: int,
    ahead_us: int | None = None,
) -> Phone:  # fmt: skip
    """One whose token does not fit begins anew: what it held before is void. Locks its row.
    `ahead_us`: of its clock, where it is known here."""
    of = {"of_device": device, "of_account": account}
    row = connection.execute(_LOCK, of).first()
    clock = {} if ahead_us is None else {"ahead_us": ahead_us, "seen_us": now_us}
    if (known := _going_on(row, device, account, token)) is not None:
        told = {**clock, **({"heard": known.asked} if known.asked != known.heard else {})}
        if told:
            connection.execute(_UPDATE.values(told), of)
        return known
    fresh = {"epoch": secrets.token_hex(16), "gen": 0, "seen": {}, "seen_us": now_us, "heard": 0}
    if row is None:
        values = {"device": device, "account": account, "ahead_us": ahead_us or 0, **fresh}
        connection.execute(_INSERT, values)
    else:
        connection.execute(_RELEASE, of)
        connection.execute(_UPDATE.values({**fresh, **clock}), of)
    return Phone(device, account, str(fresh["epoch"]), 0, 0, {}, True)


def _going_on(row: Any, device: str, account: str, token: str) -> Phone | None:
    epoch, _, number = token.partition(".")
    asked = int(number) if number.isdecimal() and len(number) < 16 else -1
    if row is None or row.epoch != epoch or not 0 <= asked <= row.gen:
        return None
    return Phone(
        device, account, epoch, row.gen, asked, row.seen, False, row.heard, row.ahead_us,
        row.seen_us,
    )  # fmt: skip


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
    mine = {"of_device": of.device, "of_account": of.account}
    rows = [] if of.is_new else connection.execute(_HELD, mine).all()
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
        this = _RELEASE.where(_h.kind == kind, _h.thing == thing)
        connection.execute(this, mine)
    gen = of.gen + 1 if send or gone else of.gen
    written = [(*key, scope[key], "") for key in send] + [
        (kind, thing, there[kind, thing].version, why) for kind, thing, why in gone
    ]
    new = []
    for kind, thing, version, why in written:
        values = {"version": version, "gen": gen, "gone": why}
        if (kind, thing) in there:
            at = sa.update(held).where(_HELD_MINE, _h.kind == kind, _h.thing == thing)
            connection.execute(at.values(**values), mine)
        else:
            names = {"device": of.device, "account": of.account, "kind": kind, "thing": thing}
            new.append({**names, **values})
    if new:
        connection.execute(_HOLD, new)
    # While more waits, or one is gone unheard, the next question looks through it all again.
    told = {"to_gen": gen, "to_seen": {} if more else dict(seen), "to_seen_us": now_us}
    connection.execute(_TOLD, {**mine, **told})
    return Changed(f"{of.epoch}.{gen}", send, gone, more)


def has_held(connection: Connection, account: str, thing: str) -> bool:
    """Whether a phone of the account holds it, or held it until it was told otherwise."""
    query = sa.select(held.c.thing).where(held.c.account == account, held.c.thing == thing)
    return connection.execute(query.limit(1)).first() is not None


def hear(database: Database, device: str, account: str, ahead_us: int, now_us: int) -> None:
    """Notes how far its clock is ahead, once in a while: a phone that is not known yet has nothing
    to be noted with, and of one that was just heard as it is now nothing is new."""
    of = {"of_device": device, "of_account": account}
    with database.read() as connection:
        row = connection.execute(_LOOK, of).first()
    if row is not None and _is_news(row, ahead_us, now_us):
        with database.write() as connection:
            connection.execute(_UPDATE.values(ahead_us=ahead_us, seen_us=now_us), of)


def hear_all(database: Database, found: Phone, ahead_us: int | None, now_us: int) -> None:
    """The same of one that has all, and which answer it says it has."""
    told: dict[str, int] = {}
    if ahead_us is not None and _is_news(found, ahead_us, now_us):
        told = {"ahead_us": ahead_us, "seen_us": now_us}
    if found.heard != found.asked:
        told["heard"] = found.asked
    if told:
        of = {"of_device": found.device, "of_account": found.account}
        with database.write() as connection:
            connection.execute(_UPDATE.where(_d.epoch == found.epoch).values(told), of)


def _is_news(known: Any, ahead_us: int, now_us: int) -> bool:
    is_same = abs(known.ahead_us - ahead_us) < SAME_US
    return not is_same or now_us - known.seen_us >= HEARD_EVERY_US


def forget(connection: Connection, now_us: int) -> None:
    d, h = devices.c, held.c
    old = sa.select(d.device, d.account).where(d.seen_us < now_us - FORGET_US)
    for device, account in connection.execute(old).all():
        connection.execute(sa.delete(held).where(h.device == device, h.account == account))
        connection.execute(sa.delete(devices).where(d.device == device, d.account == account))
