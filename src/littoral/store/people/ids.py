"""Identifiers and secret words: UUIDv7, tokens of 256 bits, and the hash that is kept of them."""

from __future__ import annotations

import base64
import hashlib
import secrets
import uuid

TOKEN_BYTES = 32
TOKEN_HASH = "sha256"  # enough without salt or stretching: a token has 256 random bits


def uuid7(now_us: int) -> str:
    """RFC 9562, section 5.7: 48 bits of Unix milliseconds, then 74 random bits."""
    ms = now_us // 1000 & (1 << 48) - 1
    chance = secrets.randbits(74)
    high, low = chance >> 62, chance & (1 << 62) - 1
    return str(uuid.UUID(int=ms << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low))


def new_token() -> str:
    """43 characters of URL-safe base64."""
    return base64.urlsafe_b64encode(secrets.token_bytes(TOKEN_BYTES)).decode().rstrip("=")


def storable(text: str) -> bool:
    """PostgreSQL takes no NUL in text, and half a surrogate pair is no UTF-8: what has one is in no
    table and need not be looked for."""
    return "\0" not in text and not any("\ud800" <= c <= "\udfff" for c in text)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
