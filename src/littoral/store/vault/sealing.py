"""Sealing bytes: authenticated encryption and keyed hashes, by the name of the algorithm.

Every stored record carries the name it was sealed with, so that algorithms can be changed record
by record. A sealed value is nonce (12 bytes) + ciphertext + tag (16 bytes), as GCM in
NIST SP 800-38D; the nonce is random, which is safe for 2^32 values under one key (section 8.3), and
no key here seals more than the fields of one person or the keys of one master.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC

AES = "AES-256-GCM"
SM4 = "SM4-GCM"  # GB/T 32907 block cipher in GCM as RFC 8998
HMAC_SHA256 = "HMAC-SHA256"
HMAC_SM3 = "HMAC-SM3"  # GB/T 32905 hash

CIPHERS = {AES: 32, SM4: 16}  # name: bytes of key
MACS = {HMAC_SHA256: 32, HMAC_SM3: 32}

NONCE_BYTES = 12
TAG_BYTES = 16


class SealError(Exception):
    """The value was changed, moved from another record, or sealed under another key."""


def new_key(algorithm: str) -> bytes:
    """Raises SealError for an algorithm that is not known."""
    size = (CIPHERS | MACS).get(algorithm)
    if size is None:
        raise SealError(f"no algorithm is named {algorithm!r}")
    return os.urandom(size)


def context(*parts: str) -> bytes:
    """Says where a value belongs; unsealing it elsewhere fails. Parts cannot run together."""
    return b"".join(len(p.encode()).to_bytes(4, "big") + p.encode() for p in parts)


def commitment(sealed: Iterable[tuple[str, str, bytes]]) -> str:
    """SHA-256 in hexadecimal over (record, field, sealed value): who has the sealed bytes can show
    that these were meant; it tells nothing about the values."""
    digest = hashlib.sha256()
    for record, name, ciphertext in sealed:
        for part in (record.encode(), name.encode(), ciphertext):
            digest.update(len(part).to_bytes(4, "big") + part)
    return digest.hexdigest()


def seal(algorithm: str, key: bytes, value: bytes, where: bytes) -> bytes:
    """`where`: see `context`. Raises SealError for an algorithm or key that does not fit."""
    _check(algorithm, key)
    nonce = os.urandom(NONCE_BYTES)
    if algorithm == AES:
        return nonce + AESGCM(key).encrypt(nonce, value, where)
    sealing = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    sealing.authenticate_additional_data(where)
    return nonce + sealing.update(value) + sealing.finalize() + sealing.tag


def unseal(algorithm: str, key: bytes, sealed: bytes, where: bytes) -> bytes:
    """Raises SealError when key, place or bytes are not those of `seal`."""
    _check(algorithm, key)
    nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    if len(rest) < TAG_BYTES:
        raise SealError("the sealed value is too short")
    try:
        if algorithm == AES:
            return AESGCM(key).decrypt(nonce, rest, where)
        body, tag = rest[:-TAG_BYTES], rest[-TAG_BYTES:]
        opening = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
        opening.authenticate_additional_data(where)
        return opening.update(body) + opening.finalize()
    except InvalidTag:
        raise SealError("the sealed value does not belong here, or was changed") from None


def mac(algorithm: str, key: bytes, value: bytes) -> bytes:
    """32 bytes. Raises SealError for an algorithm that is not known."""
    if algorithm == HMAC_SHA256:
        return hmac.new(key, value, hashlib.sha256).digest()
    if algorithm == HMAC_SM3:
        made = HMAC(key, hashes.SM3())
        made.update(value)
        return made.finalize()
    raise SealError(f"no keyed hash is named {algorithm!r}")


def _check(algorithm: str, key: bytes) -> None:
    size = CIPHERS.get(algorithm)
    if size is None:
        raise SealError(f"no cipher is named {algorithm!r}")
    if len(key) != size:
        raise SealError(f"{algorithm} takes a key of {size} bytes, not {len(key)}")
