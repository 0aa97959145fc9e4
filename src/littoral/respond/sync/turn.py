"""What a phone asks of the server next: texts first, a small file together with its record, a large
one or one of a bad line in pieces, and what has changed with the last of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from littoral.respond.sync.pieces import PIECE_BYTES
from littoral.respond.sync.queue import SENT, WAITING, Queued, due

MOST_TRIES_WHOLE = 2  # then a file goes in pieces, of which a bad line loses one at most
PUSH, PUSH_FILE, UPLOAD, CHANGES = "push", "push_file", "upload", "changes"


@dataclass(frozen=True, slots=True)
class Turn:
    """One request. `push`: these records; `push_file`: one record and its bytes; `upload`: the
    bytes of one record, in pieces; `changes`: nothing but the question what has changed. `asks`:
    that question goes with the push."""

    kind: str
    ids: tuple[str, ...] = ()
    asks: bool = False


def next_turn(queue: Sequence[Queued], now_ms: int) -> Turn:
    if ids := due(queue, now_ms):
        return Turn(PUSH, tuple(ids), _is_last(queue, ids, now_ms))
    for record in sorted(queue, key=lambda q: q.n):
        if record.state != WAITING or record.bytes_ready or record.next_ms > now_ms:
            continue
        if not goes_whole(record):
            return Turn(UPLOAD, (record.id,))
        ready = [replace(q, bytes_ready=True) if q.id == record.id else q for q in queue]
        if record.id in due(ready, now_ms):  # else what it rests on waits
            ids = [record.id]
            return Turn(PUSH_FILE, (record.id,), _is_last(queue, ids, now_ms))
    return Turn(CHANGES)


def goes_whole(record: Queued) -> bool:
    """Whether its file goes with it, in one request."""
    return 0 < record.file_size <= PIECE_BYTES and record.tries < MOST_TRIES_WHOLE


def _is_last(queue: Sequence[Queued], ids: Sequence[str], now_ms: int) -> bool:
    """Whether nothing is left to be sent once these are."""
    after = [replace(q, state=SENT) if q.id in ids else q for q in queue]
    return next_turn(after, now_ms).kind == CHANGES
