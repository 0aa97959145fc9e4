"""The phone's queue of outgoing records: what goes next, and what an answer makes of each.

A record stands alone. One that the server refuses is set aside with the reason and holds nothing
up, but for what rests on it: nothing can be added to a report or a form that was not taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

MOST_RECORDS = 20  # in one push
MOST_BYTES = 128 * 1024  # of their JSON
FIRST_S, LONGEST_S = 2.0, 300.0
MOST_LATER = 12  # answers "later" to one record before it is set aside

WAITING, SENT, ASIDE, CONFLICT, MOVED = "waiting", "sent", "aside", "conflict", "moved"
OPENING = (".report", ".submit")  # kinds of records on which others rest
ENDS = {"taken": SENT, "conflict": CONFLICT, "refused": ASIDE, "moved": MOVED}


@dataclass(frozen=True, slots=True)
class Queued:
    """`n`: place in the queue, counted by the device, since its clock may jump. `bytes_ready`:
    False while the file of the record is not whole at the server. `size`: bytes of its JSON;
    `file_size`: of its file, 0 for one that goes in pieces in any case, or for none."""

    n: int
    id: str
    kind: str
    thing: str
    state: str = WAITING
    tries: int = 0
    later: int = 0
    next_ms: int = 0
    bytes_ready: bool = True
    size: int = 0
    file_size: int = 0
    code: str = ""


def due(queue: Sequence[Queued], now_ms: int) -> list[str]:
    """Ids of the records of the next push, in their order. Records about one thing keep theirs."""
    found: list[str] = []
    held: set[str] = set()
    size = 0
    for record in sorted(queue, key=lambda q: q.n):
        if record.kind.endswith(OPENING) and (
            record.state == ASIDE or (record.state == WAITING and not record.bytes_ready)
        ):
            held.add(record.thing)
        if record.state != WAITING or record.thing in held or not record.bytes_ready:
            continue
        if record.next_ms > now_ms:
            held.add(record.thing)
            continue
        if found and (len(found) >= MOST_RECORDS or size + record.size > MOST_BYTES):
            break
        found.append(record.id)
        size += record.size
    return found


def backoff_ms(tries: int, chance: float, retry_after_s: float | None = None) -> int:
    """How long to wait after so many failures in a row. `chance`: 0 to 1, so that phones do not
    all come back at once. Never less than the server asks for."""
    wait_s = min(LONGEST_S, FIRST_S * 2.0 ** min(tries - 1, 20)) * (0.5 + chance / 2)
    return round(1000 * max(wait_s, retry_after_s or 0.0))


def unanswered(
    record: Queued, now_ms: int, chance: float, retry_after_s: float | None = None
) -> Queued:
    """The push was not answered, or not done: it is tried again for as long as it takes."""
    tries = record.tries + 1
    next_ms = now_ms + backoff_ms(tries, chance, retry_after_s)
    return replace(record, state=WAITING, tries=tries, next_ms=next_ms)


def answered(record: Queued, answer: Mapping[str, Any], now_ms: int, chance: float) -> Queued:
    """What the server's answer makes of the record. `known` is what it was the first time."""
    status = answer["status"]
    if status == "known":
        status = answer["first"]["status"]
        answer = answer["first"]
    code = str(answer.get("code", ""))
    if status in ENDS:
        return replace(record, state=ENDS[status], code=code, tries=0, next_ms=0)
    # "later": of this record alone; the others went on.
    if record.later + 1 >= MOST_LATER:
        return replace(record, state=ASIDE, code="gave_up", later=record.later + 1)
    waiting = unanswered(record, now_ms, chance)
    ready = record.bytes_ready and code != "no_bytes"
    return replace(waiting, later=record.later + 1, code=code, bytes_ready=ready)
