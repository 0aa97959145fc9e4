"""Keys of systems: `litt_<prefix>_<secret>`. Scoped to actions and a unit; every key expires.

Who holds a key renews it: the new one is of the same name, actions and place, and the old one goes
on for a while, so that all parts of a system can change over. What was renewed from one key is its
line. Once a new key was used, the old one renews no more: a second system that asks has a copy.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.access.words import ACTIONS
from littoral.store.database import RecordsError
from littoral.store.people.ids import TOKEN_HASH, new_token, storable, token_hash, uuid7
from littoral.store.people.tables import api_keys

MARK = "litt"  # lets scanners find a key that leaked into a file
LONGEST_S = 90 * 86_400.0
OVERLAP_S = 86_400.0  # that a renewed key goes on, if it does not end before
SEEN_EVERY_US = 60_000_000
_PREFIX_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


class KeyRefused(RecordsError):
    """It cannot be made; `field` names what of it is wrong."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class ApiKey:
    id: str
    prefix: str
    name: str
    actions: tuple[str, ...]
    unit: str
    agency: str | None
    created_us: int
    created_by: str
    expires_us: int
    last_used_us: int | None
    last_address: str | None
    ended_us: int | None
    renews: str | None
    line: str | None
    renewed_us: int | None

    @property
    def ends_us(self) -> int:
        """When it stops working by itself."""
        if self.renewed_us is None:
            return self.expires_us
        return min(self.expires_us, self.renewed_us + int(OVERLAP_S * 1e6))

    def works(self, now_us: int) -> bool:
        return self.ended_us is None and now_us < self.ends_us

    def renewed_until(self, now_us: int) -> int:
        """The end of a key that renews it now: as far ahead as its own was when it was made."""
        longest_us = int(LONGEST_S * 1e6)
        return now_us + min(self.expires_us - self.created_us, longest_us)


def create(
    connection: Connection,
    name: str,
    actions: Sequence[str],
    unit: str,
    agency: str | None,
    expires_us: int,
    by: str,
    now_us: int,
) -> tuple[str, ApiKey]:
    """The key, which is nowhere else, and what is kept. Raises KeyRefused."""
    shown = " ".join(name.split())
    if not 0 < len(shown) <= 200 or "\0" in shown:
        raise KeyRefused("must be text of 1 to 200 characters", "name")
    unknown = sorted(set(actions) - set(ACTIONS))
    if unknown or not actions:
        raise KeyRefused(
            f"unknown: {', '.join(unknown)}" if unknown else "name at least one", "actions"
        )
    if not now_us < expires_us <= now_us + int(LONGEST_S * 1e6):
        raise KeyRefused("must lie ahead, within 90 days", "expires")
    values = {
        "name": shown,
        "actions": sorted(set(actions)),
        "unit": unit,
        "agency": agency,
        "created_by": by,
        "expires_us": expires_us,
    }
    return _insert(connection, values, now_us)


def _insert(connection: Connection, values: dict[str, Any], now_us: int) -> tuple[str, ApiKey]:
    prefix = "".join(secrets.choice(_PREFIX_LETTERS) for _ in range(10))
    secret = new_token()
    key_id = uuid7(now_us)
    connection.execute(
        sa.insert(api_keys).values(
            id=key_id,
            prefix=prefix,
            secret_hash=token_hash(secret),
            algorithm=TOKEN_HASH,
            created_us=now_us,
            **values,
        )
    )
    (made,) = _read(connection, api_keys.c.id == key_id)
    return f"{MARK}_{prefix}_{secret}", made


def find(connection: Connection, written: str, now_us: int) -> ApiKey | None:
    """The key, unless it is wrong, expired or revoked."""
    mark, _, rest = written.partition("_")
    prefix, _, secret = rest.partition("_")
    if mark != MARK or not prefix or not secret or not storable(prefix):
        return None
    row = connection.execute(sa.select(api_keys).where(api_keys.c.prefix == prefix)).first()
    kept = token_hash("") if row is None else row.secret_hash
    fits = hmac.compare_digest(kept, token_hash(secret))
    if row is None or not fits:
        return None
    key = _key(row)
    return key if key.works(now_us) else None


@dataclass(frozen=True, slots=True)
class Renewed:
    written: str  # the new key, which is nowhere else
    made: ApiKey
    previous: ApiKey
    dropped: tuple[str, ...]  # ids of keys that nobody has used, of an answer that was lost


def renew(connection: Connection, key_id: str, by: str, now_us: int) -> Renewed | None:
    """A new key in the place of one that works; None where the one before was used already. Raises
    KeyRefused."""
    c = api_keys.c
    first = _locked_line(connection, key_id)
    (old,) = _read(connection, c.id == key_id) if first is not None else (None,)
    if first is None or old is None or not old.works(now_us):
        raise KeyRefused("has ended", "key")
    after = _read(connection, sa.and_(c.renews == key_id, c.ended_us.is_(None)))
    if any(k.last_used_us is not None for k in after):
        return None
    dropped = tuple(k.id for k in after)
    _end(connection, c.id.in_(dropped), by, now_us)
    first_us = now_us if old.renewed_us is None else old.renewed_us
    connection.execute(sa.update(api_keys).where(c.id == key_id).values(renewed_us=first_us))
    values = {
        "name": old.name,
        "actions": list(old.actions),
        "unit": old.unit,
        "agency": old.agency,
        "created_by": by,
        "expires_us": old.renewed_until(now_us),
        "renews": old.id,
        "line": first,
    }
    written, made = _insert(connection, values, now_us)
    (previous,) = _read(connection, c.id == key_id)
    return Renewed(written, made, previous, dropped)


def seen(connection: Connection, key: ApiKey, address: str, now_us: int) -> None:
    connection.execute(
        sa.update(api_keys)
        .where(api_keys.c.id == key.id)
        .values(last_used_us=now_us, last_address=address)
    )


def listed(connection: Connection) -> list[ApiKey]:
    """All, the newest first, also those that ended."""
    return _read(connection, sa.true())


def end(connection: Connection, key_id: str, by: str, now_us: int) -> list[str]:
    """Ends the key and all of its line; their ids, none when it is not there or was ended before.
    A line ends as a whole: who holds a copy of one key may have renewed it."""
    first, c = _locked_line(connection, key_id), api_keys.c
    of_line = sa.and_(sa.or_(c.id == first, c.line == first), c.ended_us.is_(None))
    ended = list(connection.execute(sa.select(c.id).where(of_line)).scalars())
    if first is None or key_id not in ended:
        return []
    _end(connection, c.id.in_(ended), by, now_us)
    return ended


def end_named(connection: Connection, ids: Sequence[str], by: str, now_us: int) -> list[str]:
    """Ends these alone; ids of those that were there and had not ended."""
    c = api_keys.c
    query = sa.select(c.id).where(c.id.in_(ids), c.ended_us.is_(None)).order_by(c.id)
    found = list(connection.execute(query).scalars())
    _end(connection, c.id.in_(found), by, now_us)
    return found


def _locked_line(connection: Connection, key_id: str) -> str | None:
    """The first key of its line; until the transaction ends nobody else renews or ends one of the
    line. None when there is no such key."""
    c = api_keys.c
    found = connection.execute(sa.select(c.id, c.line).where(c.id == key_id)).first()
    if found is None:
        return None
    first: str = found.line or found.id
    connection.execute(sa.select(c.id).where(c.id == first).with_for_update())
    return first


def _end(connection: Connection, which: sa.ColumnElement[bool], by: str, now_us: int) -> None:
    connection.execute(sa.update(api_keys).where(which).values(ended_us=now_us, ended_by=by))


def _read(connection: Connection, where: sa.ColumnElement[bool]) -> list[ApiKey]:
    query = sa.select(api_keys).where(where).order_by(api_keys.c.id.desc())
    return [_key(r) for r in connection.execute(query)]


def _key(row: Any) -> ApiKey:
    values = {name: getattr(row, name) for name in ApiKey.__slots__}
    return ApiKey(**{**values, "actions": tuple(row.actions)})
