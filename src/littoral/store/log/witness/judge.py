"""What a witness answers to an add-checkpoint request, after C2SP tlog-witness. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from littoral.store.log import merkle
from littoral.store.log.checkpoint import Checkpoint, parse_size, parse_text
from littoral.store.log.note import Note, NoteError, VerifierKey, decode64, parse_note

MAX_HASHES = 63
MAX_BODY = 1 << 16

Keys = Mapping[str, Sequence[VerifierKey]]  # origin -> the keys that are trusted for it


class Refused(Exception):
    """The answer is this status, with this body."""

    def __init__(self, status: int, why: str, content_type: str = "text/plain") -> None:
        super().__init__(why)
        self.status = status
        self.content_type = content_type


@dataclass(frozen=True, slots=True)
class Request:
    old: int
    proof: tuple[bytes, ...]
    note: Note
    checkpoint: Checkpoint


def parse_request(body: bytes) -> Request:
    """Refused (400) when it is not of the form."""
    head, blank, rest = body.partition(b"\n\n")
    try:
        first, *lines = head.decode("ascii").split("\n")
        if not blank or not first.startswith("old "):
            raise NoteError("`old` and a size, hashes, an empty line, a checkpoint")
        old = parse_size(first.removeprefix("old "))
        if len(lines) > MAX_HASHES:
            raise NoteError(f"more than {MAX_HASHES} hashes")
        proof = tuple(decode64(line) for line in lines)
        if any(len(h) != merkle.HASH_BYTES for h in proof):
            raise NoteError(f"a hash has {merkle.HASH_BYTES} bytes")
        note = parse_note(rest)
        return Request(old, proof, note, parse_text(note.text))
    except (NoteError, UnicodeDecodeError) as error:
        raise Refused(400, f"malformed request: {error}") from None


def check_signature(request: Request, keys: Keys) -> Note:
    """The checkpoint with the log's signatures alone. Refused: 404 unknown log, 403 not signed."""
    trusted = keys.get(request.checkpoint.origin)
    if not trusted:
        raise Refused(404, f"no log {request.checkpoint.origin}")
    try:
        request.note.verified(trusted)
    except NoteError as error:
        raise Refused(403, str(error)) from None
    known = {(k.name, k.id) for k in trusted}
    kept = tuple(s for s in request.note.signatures if (s.name, s.id) in known)
    return Note(request.note.text, kept)


def check_consistency(request: Request, latest: Checkpoint | None) -> None:
    """Refused unless the tree is the one cosigned last with entries added: 400, 409 or 422."""
    new = request.checkpoint
    if request.old > new.size:
        raise Refused(400, f"old size {request.old} is beyond the checkpoint's {new.size}")
    known = latest.size if latest is not None else 0
    if request.old != known:
        raise Refused(409, f"{known}\n", "text/x.tlog.size")
    if new.size == 0 and new.root != merkle.EMPTY_ROOT:
        raise Refused(422, "not the root of the empty tree")
    if latest is None or latest.size == 0:
        if request.proof:
            raise Refused(422, "the empty tree is followed by any: the proof must be empty")
        return
    try:
        merkle.verify_consistency(known, new.size, request.proof, latest.root, new.root)
    except merkle.ProofError as error:
        raise Refused(422, str(error)) from None
