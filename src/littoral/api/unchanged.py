"""What a page asks for again and again: shown, and logged, only where it is another than it was."""

from __future__ import annotations

import hmac
import secrets
from typing import Annotated, Any

from fastapi import Header, Response

from littoral.api.gate import Actor

# New at each start: then everything is shown, and logged, again.
_KEY = secrets.token_bytes(32)

Known = Annotated[
    str, Header(alias="if-none-match", max_length=200, description="`etag` of the last answer")
]


def tag_of(who: Actor, *shown: Any) -> str:
    """Of what one account is shown. Nobody else can make it, so none tries a guess out by it."""
    said = repr((who.ref, *shown)).encode()
    return f'"{hmac.digest(_KEY, said, "sha256").hex()}"'


def is_known(known: str, tag: str) -> bool:
    return secrets.compare_digest(known.encode(), tag.encode())


def unchanged(tag: str) -> Response:
    return Response(status_code=304, headers={"etag": tag})
