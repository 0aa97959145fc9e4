"""Opaque ids of the vault, and how the log refers to them."""

from __future__ import annotations

import uuid

from littoral.store.people.ids import uuid7

new_id = uuid7


def is_id(text: str) -> bool:
    """Whether it is an id in the one way of writing it (also safe as a file's name)."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def made_us(key_id: str) -> int:
    """When an id was made (RFC 9562, UUIDv7: the first 48 bits are milliseconds since 1970)."""
    return (uuid.UUID(key_id).int >> 80) * 1000


def ref(kind: str, thing: str) -> str:
    """`kind:id`, as entries of the log name things; empty for nothing."""
    return f"{kind}:{thing}" if thing else ""
