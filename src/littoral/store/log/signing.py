"""Private keys of logs and witnesses, and what they sign.

A key file holds one line, `PRIVATE+KEY+name+id+base64(type || seed)`, the form that Go's
`golang.org/x/mod/sumdb/note` reads and writes too, and can be read by its owner alone.
"""

from __future__ import annotations

import stat
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from littoral.store.files import write_secret
from littoral.store.log.note import (
    COSIGNATURE,
    ED25519,
    Note,
    NoteError,
    Signature,
    VerifierKey,
    cosigned_message,
    decode64,
    encode64,
)

MARK = "PRIVATE+KEY+"


class Signer:
    """A private key with its name: of a log (kind ED25519) or a witness (kind COSIGNATURE)."""

    def __init__(self, name: str, kind: int, seed: bytes) -> None:
        self._seed = seed
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = VerifierKey.of(name, kind, self._key.public_key().public_bytes_raw())

    @classmethod
    def generate(cls, name: str, kind: int = ED25519) -> Signer:
        return cls(name, kind, Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def parse(cls, text: str) -> Signer:
        if not text.startswith(MARK):
            raise NoteError("no private key")
        name, _, rest = text.strip().removeprefix(MARK).partition("+")
        id_text, _, encoded = rest.partition("+")
        data = decode64(encoded)
        if len(data) != 33:
            raise NoteError(f"{name}: no Ed25519 key")
        signer = cls(name, data[0], data[1:])
        if signer.public.id.hex() != id_text:
            raise NoteError(f"{name}: the id {id_text} belongs to another key")
        return signer

    @property
    def private_text(self) -> str:
        key = self.public
        encoded = encode64(bytes([key.kind]) + self._seed)
        return f"{MARK}{key.name}+{key.id.hex()}+{encoded}"

    @property
    def name(self) -> str:
        return self.public.name

    def sign(self, text: str) -> Note:
        """The note of a log."""
        signature = self._key.sign(text.encode())
        return Note(text, (Signature(self.name, self.public.id, signature),))

    def cosign(self, text: str, time_s: int) -> Signature:
        """A witness's cosignature on a checkpoint's text."""
        if self.public.kind != COSIGNATURE:
            raise NoteError(f"{self.name} is no key of a witness")
        signature = self._key.sign(cosigned_message(text, time_s))
        return Signature(self.name, self.public.id, time_s.to_bytes(8, "big") + signature)


def load_key(path: Path) -> Signer:
    """NoteError when the file is no key or others may read it."""
    mode = path.stat().st_mode
    if stat.S_IMODE(mode) & 0o077:
        raise NoteError(f"{path}: others may read the private key; `chmod 600` it")
    return Signer.parse(path.read_text())


def make_key(path: Path, name: str, kind: int = ED25519) -> Signer:
    """A new key in a new file, durable before it is used. FileExistsError if there is one."""
    signer = Signer.generate(name, kind)
    write_secret(path, (signer.private_text + "\n").encode())
    return signer


def load_or_make_key(path: Path, name: str, kind: int = ED25519) -> Signer:
    if path.exists():
        return load_key(path)
    return make_key(path, name, kind)
