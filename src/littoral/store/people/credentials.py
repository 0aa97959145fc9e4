"""Passwords and the other secrets of accounts: how they are judged, hashed, sealed.

Every record names its algorithm, so that another can take over at the next sign-in.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from littoral.store.database import RecordsError
from littoral.store.files import write_secret
from littoral.store.people.password_rules import MAX_PASSWORD, normal

ARGON2ID = "argon2id"
AES_GCM = "aes-256-gcm"
HMAC_SHA256 = "hmac-sha256"
RECOVERY_CODES = 10
_RECOVERY_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # none that are mixed up when written down
_RECOVERY_GROUPS, _RECOVERY_GROUP = 5, 5  # 25 of 31 letters: 123 bits; ASVS 5.0, 6.5.2 asks for 112
_NONCE_BYTES = 12


def _argon2(passes: int, memory_kib: int, lanes: int) -> PasswordHasher:
    return PasswordHasher(passes, memory_kib, lanes, 32, 16, type=Type.ID)


@cache
def _decoy(passes: int, memory_kib: int, lanes: int) -> str:
    """Of a password that nobody knows, to be as slow for accounts that are not there."""
    return _argon2(passes, memory_kib, lanes).hash(secrets.token_hex(16))


@dataclass(frozen=True)
class Passwords:
    """argon2id with memory and passes of the second choice of RFC 9106 (section 4), but one lane in
    place of four: several sign-ins at once use the cores, and an attacker's work is the same.

    Some 0.16 s of a processor: run it off the event loop, and few at a time.
    """

    memory_kib: int = 65_536
    passes: int = 3
    lanes: int = 1
    _hasher: PasswordHasher = field(init=False, repr=False, compare=False)
    _decoy: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        made = _argon2(self.passes, self.memory_kib, self.lanes)
        object.__setattr__(self, "_hasher", made)
        object.__setattr__(self, "_decoy", _decoy(self.passes, self.memory_kib, self.lanes))

    def hash(self, password: str) -> str:
        """PHC string; it names algorithm, version and parameters."""
        return self._hasher.hash(normal(password))

    def verify(self, stored: str | None, password: str) -> bool:
        """None for an account that is not there or has no password: as much work, then false."""
        wanted = self._decoy if stored is None else stored
        try:
            fits = self._hasher.verify(wanted, normal(password)[: MAX_PASSWORD + 1])
        except (VerificationError, InvalidHashError):
            return False
        return fits and stored is not None

    def outdated(self, stored: str) -> bool:
        """Was it made with other parameters? Then hash it anew at the next sign-in."""
        return self._hasher.check_needs_rehash(stored)


def new_recovery_codes() -> list[str]:
    """Ten of 123 bits, as `abcde-fghjk-mnpqr-stuvw-xyz23`."""

    def group() -> str:
        return "".join(secrets.choice(_RECOVERY_ALPHABET) for _ in range(_RECOVERY_GROUP))

    return ["-".join(group() for _ in range(_RECOVERY_GROUPS)) for _ in range(RECOVERY_CODES)]


def plain_recovery_code(written: str) -> str:
    """As it is hashed: small letters without hyphens and blanks."""
    return "".join(c for c in written.casefold() if c.isalnum())


class Sealer:
    """Seals what must be read again (TOTP secrets) by AES-256-GCM under a key that is no part of
    the records; a sealed value is bound to `about`, such as the id of its row."""

    algorithm = AES_GCM

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)
        self._mac_key = hmac.digest(key, b"littoral recovery codes", "sha256")

    def seal(self, value: bytes, about: str) -> str:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return (nonce + self._cipher.encrypt(nonce, value, about.encode())).hex()

    def open(self, sealed: str, about: str) -> bytes:
        """Raises RecordsError when it was sealed with another key or for something else."""
        data = bytes.fromhex(sealed)
        try:
            return self._cipher.decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], about.encode())
        except InvalidTag as error:
            raise RecordsError(
                "a secret cannot be opened: the key of sign-in is another"
            ) from error

    def digest(self, value: str, about: str) -> str:
        """HMAC-SHA-256 under a key of its own, for random secrets that are only compared: without
        the key nobody can try them out."""
        return hmac.digest(self._mac_key, f"{about}\0{value}".encode(), "sha256").hex()


def signin_key(path: Path) -> bytes:
    """The 32 bytes of the file, made (mode 0600) when it is absent. Keep it outside what the
    records' backups hold. RecordsError when it holds something else or others may read it."""
    if not path.exists():
        write_secret(path, secrets.token_bytes(32))
    key = path.read_bytes()
    if len(key) != 32:
        raise RecordsError(f"{path}: must hold 32 bytes")
    if path.stat().st_mode & 0o077:
        raise RecordsError(f"{path}: others may read it; chmod 600 it")
    return key
