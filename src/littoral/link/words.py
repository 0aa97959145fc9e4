"""What the system says of a failure, for people."""

from __future__ import annotations

import os
import ssl
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx


def why(error: Exception) -> str:
    """What is wrong, without the system's numbers and without the file's name, which whoever tells
    it knows: `No such file or directory`."""
    if not isinstance(error, OSError):
        return str(error)
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate is not good: {error.verify_message}"
    if isinstance(error, ssl.SSLError):  # its number is one of OpenSSL's
        return f"TLS: {(error.reason or str(error)).replace('_', ' ').lower()}"
    if isinstance(error, TimeoutError) and error.strerror is None:
        return "no answer in time"
    # Arrow puts its own sentence, with the number, where the system's words belong.
    return os.strerror(error.errno) if error.errno else error.strerror or str(error)


def detail_of(answer: httpx.Response) -> str:
    """What the server says is wrong, in one line; "" where it says nothing of ours."""
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return ""
