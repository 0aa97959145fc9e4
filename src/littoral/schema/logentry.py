"""What the log keeps of one act: who did what to which thing, why, when, and who allowed it.

An entry is hashed and signed for ever, so it holds nothing about a person in clear. Who and what
are *references* (`kind:id`, an id that means nothing without the records), reasons are *codes*, and
all else (the note of an officer, a field before and after) is *sealed* under a key that lives
elsewhere or *committed* to by a keyed hash, before the entry is hashed. Destroying that key erases
the details; the bytes of the log, and with them every proof, stay as they are.

The bytes are JSON (RFC 8259) with the keys in order and no spaces, ASCII, only text and whole
numbers: a reader with any JSON library sees the same, and the same entry has the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson

FORM = 1
MAX_BYTES = 65_535  # an entry bundle gives the length as uint16 (C2SP tlog-tiles, "Log entries")

SEALED = "AES-256-GCM"  # data: 12 bytes of nonce, ciphertext, 16 bytes of tag
COMMITTED = "HMAC-SHA256"  # data: the 32 bytes of RFC 2104
ALGORITHMS = (SEALED, COMMITTED)

# `kind:id`. ASCII without spaces: no name of a person is written so by mistake.
REFERENCE = re.compile(r"[a-z][a-z0-9_-]{0,31}:[A-Za-z0-9][A-Za-z0-9._~/-]{0,199}")
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,99}")
# Numbers by which a person is found directly: citizen identity (GB 11643: 18, formerly 15 places)
# and mobile telephone numbers of mainland China.
NUMBER_OF_A_PERSON = re.compile(r"\d{15}|\d{17}[\dXx]|1\d{10}")


class EntryError(ValueError):
    """The entry cannot be kept so; the message names the field."""


class Verdict(StrEnum):
    ALLOW = "allow"
    DENY = "deny"
    DONE = "done"  # carried out where no policy is asked: a sign-in, a rule that ran
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Details:
    """What is not in clear: `data` by `algorithm` under the key `key_id` (a reference, no key)."""

    algorithm: str
    key_id: str
    data: bytes


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One act. `policy_hash`: 32 bytes, SHA-256 of the policy set that decided, if one did."""

    time_us: int
    actor: str
    action: str
    thing: str
    verdict: Verdict
    purpose: str | None = None
    case: str | None = None
    legal_basis: str | None = None
    policy_hash: bytes | None = None
    details: Details | None = None

    def __post_init__(self) -> None:
        for name in ("actor", "thing", "case"):
            _reference(name, getattr(self, name), optional=name == "case")
        for name in ("action", "purpose", "legal_basis"):
            _code(name, getattr(self, name), optional=name != "action")
        if not 0 <= self.time_us < 1 << 63:
            raise EntryError(f"time_us: {self.time_us} is no time in microseconds since 1970")
        if self.policy_hash is not None and len(self.policy_hash) != 32:
            raise EntryError(f"policy_hash: {len(self.policy_hash)} bytes, SHA-256 has 32")
        if self.details is not None:
            if self.details.algorithm not in ALGORITHMS:
                raise EntryError(f"details: {self.details.algorithm} is none of {ALGORITHMS}")
            _reference("details", self.details.key_id, optional=False)


def _reference(name: str, value: str | None, optional: bool) -> None:
    if value is None and optional:
        return
    if value is None or not REFERENCE.fullmatch(value):
        raise EntryError(f"{name}: {value!r} is no reference (`kind:id`, ASCII, no spaces)")
    if NUMBER_OF_A_PERSON.fullmatch(value.split(":", 1)[1]):
        raise EntryError(f"{name}: an identity or telephone number; refer to the record of it")


def _code(name: str, value: str | None, optional: bool) -> None:
    if value is None and optional:
        return
    if value is None or not CODE.fullmatch(value):
        raise EntryError(f"{name}: {value!r} is no code (letters, digits and . _ / -)")
    if NUMBER_OF_A_PERSON.fullmatch(value):
        raise EntryError(f"{name}: an identity or telephone number")


def to_bytes(entry: LogEntry) -> bytes:
    """The bytes that are logged. EntryError when they are more than MAX_BYTES."""
    document: dict[str, Any] = {
        "action": entry.action,
        "actor": entry.actor,
        "form": FORM,
        "thing": entry.thing,
        "time_us": entry.time_us,
        "verdict": entry.verdict.value,
    }
    for name in ("case", "legal_basis", "purpose"):
        if getattr(entry, name) is not None:
            document[name] = getattr(entry, name)
    if entry.policy_hash is not None:
        document["policy"] = "sha256:" + entry.policy_hash.hex()
    if entry.details is not None:
        document["details"] = {
            "algorithm": entry.details.algorithm,
            "data": base64.b64encode(entry.details.data).decode(),
            "key": entry.details.key_id,
        }
    data = orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
    if len(data) > MAX_BYTES:
        raise EntryError(f"{len(data)} bytes; an entry has at most {MAX_BYTES}")
    return data


def from_bytes(data: bytes) -> LogEntry:
    """The entry of these bytes. EntryError when they are not exactly what `to_bytes` writes."""
    try:
        document = json.loads(data)
        if document["form"] != FORM:
            raise EntryError(f"form {document['form']!r} is not known")
        details = document.get("details")
        policy = document.get("policy")
        entry = LogEntry(
            time_us=document["time_us"],
            actor=document["actor"],
            action=document["action"],
            thing=document["thing"],
            verdict=Verdict(document["verdict"]),
            purpose=document.get("purpose"),
            case=document.get("case"),
            legal_basis=document.get("legal_basis"),
            policy_hash=None if policy is None else bytes.fromhex(policy.removeprefix("sha256:")),
            details=None
            if details is None
            else Details(details["algorithm"], details["key"], base64.b64decode(details["data"])),
        )
    except EntryError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise EntryError(f"no entry: {type(error).__name__}") from None
    if to_bytes(entry) != data:
        raise EntryError("not in the canonical form")
    return entry


def commit(plain: bytes, key_id: str, key: bytes) -> Details:
    """A commitment to `plain` that tells nothing without `key` (32 random bytes, one a record).

    Who holds plain text and key can show that they are the ones logged; once the key is destroyed
    not even trying out every likely text shows anything (a hash without a key would).
    """
    if len(key) < 32:
        raise EntryError("details: the key of a commitment has at least 32 bytes")
    return Details(COMMITTED, key_id, hmac.new(key, plain, hashlib.sha256).digest())


def is_committed(details: Details, plain: bytes, key: bytes) -> bool:
    """Is it `plain` that these details commit to?"""
    found = hmac.new(key, plain, hashlib.sha256).digest()
    return details.algorithm == COMMITTED and hmac.compare_digest(found, details.data)
