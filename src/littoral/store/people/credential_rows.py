"""Rows of credentials: the password, the TOTP secret, recovery codes and passkeys of an account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.people import totp
from littoral.store.people.credentials import (
    ARGON2ID,
    HMAC_SHA256,
    Sealer,
    new_recovery_codes,
    plain_recovery_code,
)
from littoral.store.people.ids import storable, uuid7
from littoral.store.people.tables import credentials

PASSWORD, TOTP, RECOVERY, PASSKEY = "password", "totp", "recovery", "passkey"


@dataclass(frozen=True, slots=True)
class Credential:
    id: str
    account: str
    kind: str
    name: str
    algorithm: str
    secret: str
    identifier: str | None
    counter: int
    confirmed_us: int | None
    created_us: int
    last_used_us: int | None


def of_account(connection: Connection, account: str, kind: str | None = None) -> list[Credential]:
    """Those that are confirmed, oldest first."""
    c = credentials.c
    of_kind = [] if kind is None else [c.kind == kind]
    query = sa.select(credentials).where(
        c.account == account, c.confirmed_us.is_not(None), *of_kind
    )
    return [_credential(r) for r in connection.execute(query.order_by(c.id))]


def set_password(connection: Connection, account: str, hashed: str, now_us: int) -> None:
    remove(connection, account, PASSWORD)
    _add(connection, account, PASSWORD, "", ARGON2ID, hashed, now_us, confirmed_us=now_us)


def start_totp(
    connection: Connection, account: str, secret: bytes, sealer: Sealer, now_us: int
) -> None:
    """An enrolment that a code must confirm; one that was not finished is thrown away."""
    c = credentials.c
    connection.execute(
        sa.delete(credentials).where(c.account == account, c.kind == TOTP, c.confirmed_us.is_(None))
    )
    sealed = sealer.seal(secret, account)
    algorithm = f"{totp.ALGORITHM}/{sealer.algorithm}"
    _add(connection, account, TOTP, "", algorithm, sealed, now_us)


def confirm_totp(
    connection: Connection, account: str, code: str, sealer: Sealer, now_us: int
) -> list[str] | None:
    """Recovery codes, shown once, when the code is that of the enrolment; None when it is not. A
    TOTP secret and codes of before no longer work."""
    c = credentials.c
    row = connection.execute(
        sa.select(credentials).where(c.account == account, c.kind == TOTP, c.confirmed_us.is_(None))
    ).first()
    if row is None:
        return None
    step = totp.matching_step(sealer.open(row.secret, account), code, now_us, 0)
    if step is None:
        return None
    connection.execute(
        sa.delete(credentials).where(c.account == account, c.kind == TOTP, c.id != row.id)
    )
    connection.execute(
        sa.update(credentials).where(c.id == row.id).values(confirmed_us=now_us, counter=step)
    )
    return renew_recovery_codes(connection, account, sealer, now_us)


def renew_recovery_codes(
    connection: Connection, account: str, sealer: Sealer, now_us: int
) -> list[str]:
    remove(connection, account, RECOVERY)
    codes = new_recovery_codes()
    for code in codes:
        digest = sealer.digest(plain_recovery_code(code), account)
        _add(connection, account, RECOVERY, "", HMAC_SHA256, digest, now_us, confirmed_us=now_us)
    return codes


def use_second_factor(
    connection: Connection, account: str, code: str, sealer: Sealer, now_us: int
) -> bool:
    """Is it the code of now, or a recovery code? Either works once."""
    c = credentials.c
    for held in of_account(connection, account, TOTP):
        secret = sealer.open(held.secret, account)
        step = totp.matching_step(secret, code, now_us, held.counter)
        if step is not None:
            done = connection.execute(
                sa.update(credentials)
                .where(c.id == held.id, c.counter < step)
                .values(counter=step, last_used_us=now_us)
            )
            return bool(done.rowcount)
    digest = sealer.digest(plain_recovery_code(code), account)
    done = connection.execute(
        sa.delete(credentials).where(c.account == account, c.kind == RECOVERY, c.secret == digest)
    )
    return bool(done.rowcount)


def add_passkey(
    connection: Connection,
    account: str,
    name: str,
    identifier: str,
    public_key: str,
    algorithm: str,
    counter: int,
    now_us: int,
) -> str:
    return _add(
        connection, account, PASSKEY, name, algorithm, public_key, now_us, now_us, identifier,
        counter,
    )  # fmt: skip


def passkey(connection: Connection, identifier: str) -> Credential | None:
    c = credentials.c
    query = sa.select(credentials).where(c.kind == PASSKEY, c.identifier == identifier)
    row = connection.execute(query).first() if storable(identifier) else None
    return None if row is None else _credential(row)


def used(connection: Connection, credential: str, now_us: int, counter: int | None = None) -> None:
    values: dict[str, Any] = {"last_used_us": now_us}
    if counter is not None:
        values["counter"] = counter
    connection.execute(sa.update(credentials).where(credentials.c.id == credential).values(values))


def remove(connection: Connection, account: str, kind: str, credential: str | None = None) -> int:
    """All of the kind, or one of them; returns how many there were."""
    c = credentials.c
    one = [] if credential is None else [c.id == credential]
    done = connection.execute(
        sa.delete(credentials).where(c.account == account, c.kind == kind, *one)
    )
    return int(done.rowcount)


def _add(
    connection: Connection,
    account: str,
    kind: str,
    name: str,
    algorithm: str,
    secret: str,
    now_us: int,
    confirmed_us: int | None = None,
    identifier: str | None = None,
    counter: int = 0,
) -> str:
    key = uuid7(now_us)
    connection.execute(
        sa.insert(credentials).values(
            id=key,
            account=account,
            kind=kind,
            name=name,
            algorithm=algorithm,
            secret=secret,
            identifier=identifier,
            counter=counter,
            confirmed_us=confirmed_us,
            created_us=now_us,
        )
    )
    return key


def _credential(row: Any) -> Credential:
    return Credential(*(getattr(row, name) for name in Credential.__slots__))
