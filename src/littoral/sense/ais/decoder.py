"""AIVDM bytes to columns: the decoder that a source feeds with whatever it reads."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from littoral.schema.ais import Observations, Positions, Statics, Texts
from littoral.sense.ais import scan as compiled
from littoral.sense.ais.around import make_seen
from littoral.sense.ais.codes import IGNORED, IGNORED_KINDS, MAX_LINE, REASONS
from littoral.sense.ais.columns import Room
from littoral.sense.ais.meta import META_SIZE, NAME_AT, NAME_LEN
from littoral.sense.ais.receivers import MAX_NAME, Receivers
from littoral.sense.ais.sixbit import BIT_BYTES, MAX_CHARS
from littoral.sense.ais.waiting import make_waiting
from littoral.sense.ais.wide import PAD
from littoral.sense.decoded import Counts, Decoded, Rejects, StationList

DEFAULT_MAX_PENDING = 256


class AisDecoder:
    """One source: a file or a connection. No I/O, no clock; any bytes, cut anywhere.

    `source` is its number in `obs_id`, `default_station` the receiver of lines that name none.
    A message's time is the tag block's `c:`, else the time before the sentence, else the one
    after it. Where a line has none of these, FLAG_NO_TIME is set and `t_us` is the receive time,
    else the last time that this source gave, else `base_us` (0 if not given) and a microsecond
    a line. At most `max_pending` multi-sentence messages wait for their other parts.

    A line is in the account of the chunk in which its fate became known: parts that wait are
    counted once their message is complete or given up, so `counts` always add up.
    """

    def __init__(
        self,
        source: int,
        *,
        stations: StationList,
        default_station: str,
        base_us: int | None = None,
        max_pending: int = DEFAULT_MAX_PENDING,
    ) -> None:
        if max_pending < 1:
            raise ValueError("max_pending must be at least 1")
        self._stations = stations
        self._state = state = np.zeros(compiled.STATE_SIZE, np.int64)
        self._meta = np.zeros(META_SIZE, np.int64)
        self._bits = np.zeros(BIT_BYTES, np.uint8)
        self._chars = np.zeros(MAX_CHARS + PAD, np.uint8)
        self._scratch = np.zeros(MAX_CHARS + PAD, np.uint8)
        self._seen = make_seen()
        self._receivers = Receivers()
        self._waiting = make_waiting(max_pending)
        state[compiled.SOURCE] = source
        state[compiled.DEFAULT_STATION] = stations.index(default_station)
        state[compiled.BASE] = base_us or 0
        self._tail = bytearray()  # a line whose end has not come, at most MAX_LINE + 1 bytes

    @property
    def lines(self) -> int:
        """Lines whose end has been seen so far."""
        return int(self._state[compiled.LINE])

    def feed(self, chunk: bytes | bytearray | memoryview, received_us: int = 0) -> Decoded:
        """Take some bytes; `received_us` is when they came, 0 in history."""
        self._state[compiled.RECEIVED] = received_us
        text = np.frombuffer(chunk, np.uint8)
        text.flags.writeable = False
        return self._decode(self._pieces(bytes(chunk), text), len(chunk) + len(self._tail))

    def close(self) -> Decoded:
        """The input has ended: take the last line if it lacks its end, give up waiting parts."""
        last = bytes(self._tail)
        self._tail.clear()
        pieces = iter([_padded(last + b"\n")]) if last else iter(())
        return self._decode(pieces, len(last), last=True)

    def snapshot(self) -> dict:
        """Where this decoder stands, for `restore`: a copy that packs (`schema.state`)."""
        order, groups, parts, lines = self._waiting
        used = order[: self._state[compiled.GROUPS]]
        return {
            "state": self._state.copy(),
            "receivers": dict(self._receivers.known),
            "tail": bytes(self._tail),
            "groups": groups[used],
            "parts": parts[used],
            "lines": lines[used],
        }

    def restore(self, snapshot: dict) -> None:
        """Go on where another decoder of the same source stood; the stations must be the same."""
        self._state[:] = snapshot["state"]
        self._receivers = Receivers()
        for name, station in snapshot["receivers"].items():
            self._receivers.add(name, station)
        self._tail = bytearray(snapshot["tail"])
        used = len(snapshot["groups"])
        self._waiting = make_waiting(max(used, len(self._waiting[0])))
        for mine, theirs in zip(self._waiting[1:], ("groups", "parts", "lines"), strict=True):
            mine[:used] = snapshot[theirs]

    def _pieces(self, chunk: bytes, text: np.ndarray) -> Iterator[tuple[np.ndarray, int, int]]:
        """Whole lines as (bytes, start, stop) with PAD bytes after `stop`; the rest is kept."""
        first = 0
        if self._tail:
            first = chunk.find(b"\n") + 1
            self._keep(chunk[:first] if first else chunk)
            if not first:
                return
            line = bytes(self._tail)
            self._tail.clear()
            yield _padded(line if line.endswith(b"\n") else line + b"\n")
        body = chunk.rfind(b"\n", first, max(first, len(chunk) - PAD)) + 1
        if body:
            yield text, first, body
            first = body
        last = chunk.rfind(b"\n", first) + 1
        if last:
            yield _padded(chunk[first:last])
            first = last
        self._keep(chunk[first:])

    def _keep(self, rest: bytes) -> None:
        """Add to the unfinished line; what is over MAX_LINE decides nothing and is dropped."""
        room = MAX_LINE + 1 - len(self._tail)
        self._tail += rest[:room] if room > 0 else b""

    def _decode(
        self, pieces: Iterator[tuple[np.ndarray, int, int]], size: int, last: bool = False
    ) -> Decoded:
        state = self._state
        given: list[tuple[Observations, Rejects]] = []
        room: Room | None = None
        state[compiled.MESSAGES :] = 0
        for text, start, stop in pieces:
            while start < stop:
                if room is None:
                    room = self._room(size)
                start, why = self._scan(text, start, stop, room)
                if why == compiled.FULL:
                    given.append(self._take(room))
                    room = None
                elif why == compiled.NAME:
                    self._add_station(text)
        while last and state[compiled.GROUPS] > 0:
            room = room or self._room(size)
            if not compiled.give_up(state, room.rejects, room.raw, *self._waiting):
                given.append(self._take(room))
                room = None
        if room is not None:
            given.append(self._take(room))
        counts = self._counts()
        counts.check()
        return Decoded(
            Observations.concat([o for o, _ in given]),
            Rejects.concat([r for _, r in given]),
            counts,
        )

    def _scan(self, text: np.ndarray, start: int, stop: int, room: Room) -> tuple[int, int]:
        return compiled.scan(
            text, start, stop, self._state, self._meta, self._bits, self._chars, self._scratch,
            *self._seen, self._receivers.names, self._receivers.places, *self._waiting,
            *room.arrays(),
        )  # fmt: skip

    def _room(self, size: int) -> Room:
        """Memory for what `size` bytes usually give; untouched pages cost nothing."""
        state = self._state
        state[compiled.POSITIONS : compiled.RAW + 1] = 0
        return Room(
            positions=size // 44 + 16,
            statics=size // 60 + 16,
            texts=size // 400 + 16,
            rejects=size // 200 + 4 * compiled.MOST_REJECTS,
            raw=size // 8 + 4 * compiled.MOST_REJECTS * compiled.MAX_RAW,
        )

    def _take(self, room: Room) -> tuple[Observations, Rejects]:
        """The rows written so far, with the columns that are the same for all of them."""
        state = self._state
        received_us = state[compiled.RECEIVED]
        positions: Positions = room.positions.take(int(state[compiled.POSITIONS]))
        statics: Statics = room.statics.take(int(state[compiled.STATICS]))
        texts: Texts = room.texts.take(int(state[compiled.TEXTS]))
        for rows in (positions, statics, texts):
            rows.received_us[:] = received_us
            rows.track[:] = -1
        positions.ring[:] = -1
        n = int(state[compiled.REJECTS])
        line, reason, end = room.rejects[:n].T
        raw = room.raw[: state[compiled.RAW]].tobytes()
        ends = end.tolist()
        rejects = Rejects(
            line.copy(),
            [REASONS[r] for r in reason.tolist()],
            [raw[a:b] for a, b in pairwise([0, *ends])],
        )
        return Observations(positions, statics, texts), rejects

    def _counts(self) -> Counts:
        state = self._state
        fates = state[compiled.FATES : compiled.BY_TYPE].tolist()
        types = state[compiled.BY_TYPE :].tolist()
        return Counts(
            lines=int(state[compiled.SETTLED]),
            messages=int(state[compiled.MESSAGES]),
            used=int(state[compiled.USED_LINES]),
            rejected={name: n for name, n in zip(REASONS, fates, strict=False) if n},
            ignored={name: n for name, n in zip(IGNORED_KINDS, fates[IGNORED:], strict=False) if n},
            by_type={t: n for t, n in enumerate(types) if n},
        )

    def _add_station(self, text: np.ndarray) -> None:
        """Put the receiver that the compiled code met for the first time into its table."""
        at, length = self._meta[NAME_AT], min(self._meta[NAME_LEN], MAX_NAME)
        name = text[at : at + length].tobytes()
        self._receivers.add(name, self._stations.index(name.decode("ascii", "replace")))


def _padded(data: bytes) -> tuple[np.ndarray, int, int]:
    """`data` followed by PAD zero bytes, as a piece."""
    return np.frombuffer(data + bytes(PAD), np.uint8), 0, len(data)
