"""Sessions: a random token in the browser, its hash here; they end by idling, by age, by hand."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.people.ids import new_token, token_hash, uuid7
from littoral.store.people.tables import sessions

MAX_DEVICE = 200

_OPEN = (
    sessions.c.ended_us.is_(None),
    sessions.c.expires_us > sa.bindparam("now_us"),
    sessions.c.seen_us > sa.bindparam("idle_since_us"),
)
# Asked at every request, so built once: building a statement costs more than running it.
_OF_TOKEN = sa.select(sessions).where(sessions.c.token_hash == sa.bindparam("hash"), *_OPEN)


@dataclass(frozen=True, slots=True)
class SessionRules:
    """`absolute_s`: a shift. A page of the watch that is open asks all the time and never idles."""

    idle_s: float = 3_600.0
    absolute_s: float = 12 * 3_600.0
    seen_every_s: float = 60.0  # how exact `seen_us` is: not every request writes
    most: int = 20  # sessions an account; the one unseen for longest makes room


@dataclass(frozen=True, slots=True)
class Session:
    id: str
    account: str
    assurance: str
    device: str
    address: str
    created_us: int
    proved_us: int
    seen_us: int
    expires_us: int


def begin(
    connection: Connection,
    account: str,
    assurance: str,
    device: str,
    address: str,
    now_us: int,
    rules: SessionRules,
    proved_us: int | None = None,
) -> tuple[str, Session]:
    """The token, which is nowhere else, and the session. `proved_us`: when a credential was shown,
    if not now."""
    open_now = current(connection, account, now_us, rules)
    for old in open_now[max(0, rules.most - 1) :]:
        end(connection, old.id, "system", now_us)
    token = new_token()
    made = Session(
        uuid7(now_us),
        account,
        assurance,
        device.replace("\0", "")[:MAX_DEVICE],
        address,
        now_us,
        now_us if proved_us is None else proved_us,
        now_us,
        now_us + int(rules.absolute_s * 1e6),
    )
    values = {name: getattr(made, name) for name in made.__slots__}
    connection.execute(sa.insert(sessions).values(**values, token_hash=token_hash(token)))
    return token, made


def find(connection: Connection, token: str, now_us: int, rules: SessionRules) -> Session | None:
    """The session of the token, unless it has ended in one of its ways."""
    times = _times(now_us, rules)
    row = connection.execute(_OF_TOKEN, {"hash": token_hash(token), **times}).first()
    return None if row is None else _session(row)


def open_of(
    connection: Connection, ids: Collection[str], now_us: int, rules: SessionRules
) -> list[Session]:
    """Those that have not ended, some hundreds at most."""
    query = sa.select(sessions).where(sessions.c.id.in_(ids), *_OPEN)
    return [_session(row) for row in connection.execute(query, _times(now_us, rules))]


def seen(connection: Connection, session: Session, address: str, now_us: int) -> None:
    connection.execute(
        sa.update(sessions)
        .where(sessions.c.id == session.id, sessions.c.ended_us.is_(None))
        .values(seen_us=now_us, address=address)
    )


def proved(connection: Connection, session: str, assurance: str, now_us: int) -> None:
    """A credential was shown once more in it."""
    connection.execute(
        sa.update(sessions)
        .where(sessions.c.id == session)
        .values(proved_us=now_us, assurance=assurance)
    )


def assurance(connection: Connection, session: str) -> str | None:
    """How it was proved last; None when it is not there."""
    query = sa.select(sessions.c.assurance).where(sessions.c.id == session)
    return connection.execute(query).scalar_one_or_none()


def current(
    connection: Connection, account: str, now_us: int, rules: SessionRules
) -> list[Session]:
    """Open ones, the last seen first."""
    query = sa.select(sessions).where(sessions.c.account == account, *_OPEN)
    query = query.order_by(sessions.c.seen_us.desc(), sessions.c.id.desc())
    return [_session(r) for r in connection.execute(query, _times(now_us, rules))]


def end(
    connection: Connection, session: str, by: str, now_us: int, account: str | None = None
) -> bool:
    """False when it is not there, has ended, or is not of `account`."""
    mine = [] if account is None else [sessions.c.account == account]
    done = connection.execute(
        sa.update(sessions)
        .where(sessions.c.id == session, sessions.c.ended_us.is_(None), *mine)
        .values(ended_us=now_us, ended_by=by)
    )
    return bool(done.rowcount)


def end_all(
    connection: Connection, account: str, by: str, now_us: int, but: str | None = None
) -> int:
    """How many of the account were ended; `but` is the session that stays."""
    done = connection.execute(
        sa.update(sessions)
        .where(
            sessions.c.account == account,
            sessions.c.ended_us.is_(None),
            sessions.c.id != (but or ""),
        )
        .values(ended_us=now_us, ended_by=by)
    )
    return int(done.rowcount)


def end_of_all(connection: Connection, by: str, now_us: int) -> int:
    """Those of every account; how many were ended."""
    c = sessions.c
    done = connection.execute(
        sa.update(sessions)
        .where(c.ended_us.is_(None), c.expires_us > now_us)
        .values(ended_us=now_us, ended_by=by)
    )
    return int(done.rowcount)


def forget(connection: Connection, before_us: int) -> int:
    """Deletes those that ended or expired before; returns how many."""
    c = sessions.c
    done = connection.execute(
        sa.delete(sessions).where(sa.or_(c.ended_us < before_us, c.expires_us < before_us))
    )
    return int(done.rowcount)


def _times(now_us: int, rules: SessionRules) -> dict[str, int]:
    """What `_OPEN` asks for."""
    return {"now_us": now_us, "idle_since_us": now_us - int(rules.idle_s * 1e6)}


def _session(row: Any) -> Session:
    return Session(*(getattr(row, name) for name in Session.__slots__))
