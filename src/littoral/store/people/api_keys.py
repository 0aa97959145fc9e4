"""Keys of systems: `litt_<prefix>_<secret>`. Scoped to actions and a unit; every key expires."""

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
LONGEST_S = 366 * 86_400.0
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
        raise KeyRefused("must lie ahead, within a year", "expires")
    prefix = "".join(secrets.choice(_PREFIX_LETTERS) for _ in range(10))
    secret = new_token()
    key_id = uuid7(now_us)
    connection.execute(
        sa.insert(api_keys).values(
            id=key_id,
            prefix=prefix,
            secret_hash=token_hash(secret),
            algorithm=TOKEN_HASH,
            name=shown,
            actions=sorted(set(actions)),
            unit=unit,
            agency=agency,
            created_us=now_us,
            created_by=by,
            expires_us=expires_us,
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
    if row is None or not fits or row.ended_us is not None or row.expires_us <= now_us:
        return None
    return _key(row)


def seen(connection: Connection, key: ApiKey, address: str, now_us: int) -> None:
    connection.execute(
        sa.update(api_keys)
        .where(api_keys.c.id == key.id)
        .values(last_used_us=now_us, last_address=address)
    )


def listed(connection: Connection) -> list[ApiKey]:
    """All, the newest first, also those that ended."""
    return _read(connection, sa.true())


def end(connection: Connection, key_id: str, by: str, now_us: int) -> bool:
    done = connection.execute(
        sa.update(api_keys)
        .where(api_keys.c.id == key_id, api_keys.c.ended_us.is_(None))
        .values(ended_us=now_us, ended_by=by)
    )
    return bool(done.rowcount)


def _read(connection: Connection, where: sa.ColumnElement[bool]) -> list[ApiKey]:
    query = sa.select(api_keys).where(where).order_by(api_keys.c.id.desc())
    return [_key(r) for r in connection.execute(query)]


def _key(row: Any) -> ApiKey:
    values = {name: getattr(row, name) for name in ApiKey.__slots__}
    return ApiKey(**{**values, "actions": tuple(row.actions)})
