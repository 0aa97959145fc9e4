"""One-time passwords by time: RFC 6238 over RFC 4226, SHA-1, 30 s, six digits.

SHA-1 with six digits is what authenticator apps agree on; HMAC does not suffer from its collisions.
"""

from __future__ import annotations

import base64
import hmac
import secrets
import struct
from urllib.parse import quote, urlencode

ALGORITHM = "totp-sha1-6-30"
STEP_S = 30
DIGITS = 6
SECRET_BYTES = 20  # RFC 4226, section 4, R6: 160 bits recommended


def new_secret() -> bytes:
    return secrets.token_bytes(SECRET_BYTES)


def code_at(secret: bytes, step: int, digits: int = DIGITS, digest: str = "sha1") -> str:
    """RFC 4226, section 5.3; `step` is the moving factor."""
    mac = hmac.digest(secret, struct.pack(">Q", step), digest)
    offset = mac[-1] & 0xF
    (number,) = struct.unpack(">I", mac[offset : offset + 4])
    return str((number & 0x7FFFFFFF) % 10**digits).zfill(digits)


def step_at(now_us: int) -> int:
    return now_us // 1_000_000 // STEP_S


def matching_step(secret: bytes, code: str, now_us: int, after: int) -> int | None:
    """The step of now, if this is its code and it is later than `after`, the last one used: a code
    works once (RFC 6238, section 5.2) and lives 30 s (OWASP ASVS 5.0, 6.5.5). The steps around it,
    which that RFC allows for clocks that differ, would make 90 s of that: clocks have to be right.
    """
    step = step_at(now_us)
    fits = hmac.compare_digest(code_at(secret, step).encode(), "".join(code.split()).encode())
    return step if fits and step > after else None


def provisioning_uri(secret: bytes, login: str, issuer: str) -> str:
    """`otpauth://` for the authenticator's camera (Key URI Format)."""
    words = {"secret": base32(secret), "issuer": issuer, "digits": DIGITS, "period": STEP_S}
    return f"otpauth://totp/{quote(f'{issuer}:{login}')}?{urlencode(words, quote_via=quote)}"


def base32(secret: bytes) -> str:
    return base64.b32encode(secret).decode().rstrip("=")
