"""Details of an entry that can be read again with the key, and by nobody once it is destroyed."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from littoral.schema.logentry import SEALED, Details, EntryError

NONCE_BYTES = 12
KEY_BYTES = 32


def seal(plain: bytes, key_id: str, key: bytes) -> Details:
    """AES-256-GCM (NIST SP 800-38D) with a random nonce; the reference of the key is bound in.

    One key is good for 2**32 seals (SP 800-38D, 8.3): a key a case or subject is far below it.
    """
    if len(key) != KEY_BYTES:
        raise EntryError(f"details: AES-256 has a key of {KEY_BYTES} bytes")
    nonce = os.urandom(NONCE_BYTES)
    return Details(SEALED, key_id, nonce + AESGCM(key).encrypt(nonce, plain, key_id.encode()))


def unseal(details: Details, key: bytes) -> bytes:
    """EntryError when they are not sealed by this key."""
    if details.algorithm != SEALED:
        raise EntryError(f"details: {details.algorithm} cannot be read back")
    nonce, data = details.data[:NONCE_BYTES], details.data[NONCE_BYTES:]
    try:
        return AESGCM(key).decrypt(nonce, data, details.key_id.encode())
    except (InvalidTag, ValueError):
        raise EntryError("details: sealed under another key, or damaged") from None
