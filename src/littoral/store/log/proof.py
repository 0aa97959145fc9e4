"""An offline proof that an entry is in a log, after C2SP tlog-proof.

The `extra` line carries the entry itself, so that who has the file and the public keys has all that
is needed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from littoral.store.log import merkle
from littoral.store.log.checkpoint import SignedCheckpoint, open_checkpoint, parse_size
from littoral.store.log.note import Note, NoteError, VerifierKey, decode64, encode64, parse_note

HEAD = "c2sp.org/tlog-proof@v1"
MAX_HASHES = 63


@dataclass(frozen=True, slots=True)
class LogProof:
    index: int
    hashes: tuple[bytes, ...]
    note: Note
    entry: bytes | None = None

    def __str__(self) -> str:
        lines = [HEAD]
        if self.entry is not None:
            lines.append(f"extra {encode64(self.entry)}")
        lines += [f"index {self.index}", *map(encode64, self.hashes), "", ""]
        return "\n".join(lines) + str(self.note)

    def verify(
        self, key: VerifierKey, witnesses: Iterable[VerifierKey] = (), entry: bytes | None = None
    ) -> SignedCheckpoint:
        """The checkpoint that this entry (else the one carried) is in; NoteError or ProofError."""
        proved = entry if entry is not None else self.entry
        if proved is None:
            raise merkle.ProofError("the proof carries no entry")
        signed = open_checkpoint(str(self.note).encode(), key, witnesses)
        leaf = merkle.leaf_hash(proved)
        merkle.verify_inclusion(self.index, signed.size, leaf, self.hashes, signed.root)
        return signed


def parse_proof(data: bytes) -> LogProof:
    """NoteError when it is no proof of this form."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise NoteError("a proof is UTF-8") from None
    head, blank, rest = text.partition("\n\n")
    first, *lines = head.split("\n")
    if first != HEAD or not blank or not lines:
        raise NoteError(f"a proof begins with {HEAD}")
    entry = None
    if lines[0].startswith("extra "):
        entry = decode64(lines.pop(0).removeprefix("extra "))
    if not lines or not lines[0].startswith("index "):
        raise NoteError("the proof has no index")
    index = parse_size(lines.pop(0).removeprefix("index "))
    if len(lines) > MAX_HASHES:
        raise NoteError(f"more than {MAX_HASHES} hashes")
    hashes = tuple(decode64(line) for line in lines)
    return LogProof(index, hashes, parse_note(rest.encode()), entry)
