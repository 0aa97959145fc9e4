"""Signed notes and the keys that verify them, after C2SP signed-note and tlog-cosignature.

Ed25519 in both kinds that a checkpoint carries: a log's signature (type 1) and a witness's
cosignature with its time (type 4). Other kinds are passed over as signatures of unknown keys, as
the specification asks. Nothing here can sign.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519 = 0x01
COSIGNATURE = 0x04
DASH = "\u2014 "
MAX_BYTES = 1 << 20
MAX_SIGNATURES = 100  # at least 16 are to be accepted


class NoteError(ValueError):
    """No signed note, or not signed by whom it should be."""


def decode64(text: str) -> bytes:
    """Standard base64 in its one canonical spelling; NoteError otherwise."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteError(f"no base64: {text[:80]!r}") from None
    if encode64(data) != text:
        raise NoteError(f"base64 not in its canonical spelling: {text[:80]!r}")
    return data


def encode64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def check_name(name: str) -> str:
    if not name or "+" in name or any(c.isspace() or c < " " for c in name):
        raise NoteError(f"{name[:80]!r} is no name of a key: empty, or with a space or plus")
    return name


def key_id(name: str, kind: int, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A name and an Ed25519 public key for one kind of signature."""

    name: str
    kind: int
    public: bytes
    id: bytes
    _key: Ed25519PublicKey = field(repr=False, compare=False)

    @classmethod
    def of(cls, name: str, kind: int, public: bytes) -> VerifierKey:
        if kind not in (ED25519, COSIGNATURE) or len(public) != 32:
            raise NoteError(f"{name}: no Ed25519 key of a log (type 1) or witness (type 4)")
        loaded = Ed25519PublicKey.from_public_bytes(public)
        return cls(check_name(name), kind, public, key_id(name, kind, public), loaded)

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """From `name+hex id+base64`, the form of the specification."""
        fields = text.strip().split("+", 2)
        if len(fields) != 3:
            raise NoteError(f"{text[:80]!r} is no verifier key (`name+id+key`)")
        name, id_text, rest = fields
        data = decode64(rest)
        if not data:
            raise NoteError(f"{name}: an empty key")
        key = cls.of(name, data[0], data[1:])
        if key.id.hex() != id_text:
            raise NoteError(f"{name}: the id {id_text} belongs to another key")
        return key

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{encode64(bytes([self.kind]) + self.public)}"

    def verify(self, text: str, signature: bytes) -> int | None:
        """Time in seconds since 1970 for a cosignature, None for a log's. NoteError if wrong."""
        time_s = None
        message = text.encode()
        if self.kind == COSIGNATURE:
            time_s = int.from_bytes(signature[:8], "big")
            message, signature = cosigned_message(text, time_s), signature[8:]
        try:
            self._key.verify(signature, message)
        except InvalidSignature:
            raise NoteError(f"the signature of {self.name} is wrong") from None
        return time_s


def cosigned_message(text: str, time_s: int) -> bytes:
    """What a witness signs of a checkpoint's text (tlog-cosignature, Ed25519 signed message)."""
    if not 0 < time_s < 1 << 63:
        raise NoteError("a cosignature without a time")
    return f"cosignature/v1\ntime {time_s}\n{text}".encode()


@dataclass(frozen=True, slots=True)
class Signature:
    name: str
    id: bytes
    data: bytes

    @property
    def line(self) -> str:
        return f"{DASH}{self.name} {encode64(self.id + self.data)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """Text with its final newline, and the signatures under it."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return self.text + "\n" + "".join(s.line for s in self.signatures)

    def verified(self, keys: Iterable[VerifierKey]) -> list[tuple[VerifierKey, int | None]]:
        """Which of the keys signed, and the times of cosignatures.

        NoteError when a signature of one of them is wrong, or none is there.
        """
        known = {(k.name, k.id): k for k in keys}
        found = []
        for s in self.signatures:
            key = known.get((s.name, s.id))
            if key is not None:
                found.append((key, key.verify(self.text, s.data)))
        if not found:
            names = ", ".join(sorted({k.name for k in known.values()})) or "a known key"
            raise NoteError(f"not signed by {names}")
        return found

    def with_signatures(self, more: Iterable[Signature]) -> Note:
        """These signatures too; one of the same key is replaced."""
        new = {(s.name, s.id): s for s in more}
        kept = tuple(s for s in self.signatures if (s.name, s.id) not in new)
        return Note(self.text, kept + tuple(new.values()))


def parse_note(data: bytes) -> Note:
    if len(data) > MAX_BYTES:
        raise NoteError(f"a note of {len(data)} bytes; limit {MAX_BYTES}")
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError:
        raise NoteError("a note is UTF-8") from None
    if any(c < " " and c != "\n" for c in whole):
        raise NoteError("a note has no control characters")
    text, blank, rest = whole.rpartition("\n\n")
    if not blank:
        raise NoteError("no blank line between text and signatures")
    return Note(text + "\n", parse_signatures(rest))


def parse_signatures(text: str) -> tuple[Signature, ...]:
    """One or more signature lines, each with its newline."""
    if not text.endswith("\n"):
        raise NoteError("the last signature line is cut off")
    lines = text[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise NoteError(f"more than {MAX_SIGNATURES} signatures")
    return tuple(_signature(line) for line in lines)


def _signature(line: str) -> Signature:
    name, space, encoded = line.removeprefix(DASH).partition(" ")
    if not line.startswith(DASH) or not space:
        raise NoteError(f"no signature line: {line[:80]!r}")
    data = decode64(encoded)
    if len(data) < 5:
        raise NoteError("a signature without its bytes")
    return Signature(check_name(name), data[:4], data[4:])
