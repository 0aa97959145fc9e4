"""Taking up a data folder again after a stop or a crash: from the last checkpoint and the journal
beyond it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import orjson

from littoral.engine.intake import CLOSED, OPENED
from littoral.engine.lake_out import ROW_TABLES
from littoral.engine.live_state import LiveState, SourceInfo
from littoral.engine.numbered import HEAD_BYTES, LINES, Sender, position_after
from littoral.engine.runtime import RawLine
from littoral.schema.ais import source_and_line
from littoral.store.journal import Entry, Journal
from littoral.store.lake import Lake


def drop_beyond(lake: Lake, position: int) -> None:
    """Remove from the lake what was written after the checkpoint at `position` of the journal; at 0
    there is none that fits, and the journal tells all once more."""
    for table in ROW_TABLES:
        if position == 0:
            lake.clear(table)
        lake.discard(table, {k for k in lake.keys(table) if int(k) >= position})


def close_broken(journal: Journal, state: LiveState, now_us: int) -> tuple[int, dict[str, Sender]]:
    """Connections that were open when the last process ended will not go on: that is journalled.
    Senders that number their bytes will: gives the next source and these senders by name."""
    seen = dict(state.sources)
    closed: set[int] = set()
    senders = {
        number: Sender(number, info.numbered, state.index.places(number))
        for number, info in seen.items()
        if info.kind == "http"
    }
    for entry in journal.read(state.position):
        if entry.kind == OPENED:
            seen[entry.source] = info = SourceInfo(**orjson.loads(entry.payload))
            if info.kind == "http":
                senders[entry.source] = Sender(entry.source)
        elif entry.kind == CLOSED:
            closed.add(entry.source)
        elif entry.kind == LINES and entry.source in senders:
            senders[entry.source].note(entry.position)
            senders[entry.source].held = position_after(entry)
    for number, info in seen.items():
        if number not in senders and not info.closed and number not in closed:
            journal.append(CLOSED, number, now_us, b"")
    journal.sync()
    named = {seen[number].feed: sender for number, sender in senders.items()}
    return max(seen, default=0) + 1, named


def raw_line(journal: Journal, state: LiveState, obs_id: int) -> RawLine | None:
    """The input line of an observation; None when the journal no longer has it."""

    def read(position: int) -> Iterable[Entry]:
        return journal.read(position) if position >= journal.start else ()

    raw = line_among(read, state, obs_id)
    if raw is None:
        return None
    source, line = source_and_line(obs_id)
    info = state.sources.get(source)
    return RawLine(info.connection if info else str(source), line, raw)


def line_among(
    read: Callable[[int], Iterable[Entry]], state: LiveState, obs_id: int
) -> bytes | None:
    """The input line of an observation among the entries that `read` gives from a position on."""
    source, line = source_and_line(obs_id)
    found = state.index.find(source, line)
    if found is None:
        return None
    position, first = found
    for entry in read(position):
        if entry.kind != LINES or entry.source != source:
            continue
        lines = entry.payload[HEAD_BYTES:].split(b"\n")
        if line - first < len(lines) - 1:
            return lines[line - first].rstrip(b"\r")
        first += len(lines) - 1
    return None
