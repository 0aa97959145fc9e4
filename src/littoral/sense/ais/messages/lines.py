"""Lines to messages in plain Python: the same rules as the compiled code, written a second time.

Reading a recording message by message needs every field of every type rather than speed; the tests
need an implementation that shares nothing with the compiled one but the written rules
(docs/decode.md, "Which lines are used").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from littoral.sense.ais.messages.fields import Bits, Value
from littoral.sense.ais.messages.message import decode_bits
from littoral.sense.ais.messages.stamps import any_s, epoch_s

MAX_LINE, MAX_PREFIX, MAX_CHARS = 1024, 128, 400
MAX_AGE_LINES, REORDER_LINES, MAX_GROUPS = 1000, 12, 256
MAX_AGE_S = 10.0
BLANKS = bytes(range(33))

TAG = re.compile(rb"\\([^\\]*)\*([0-9A-Fa-f]{2})\\")
TAG_FIELD = re.compile(rb"(?:[0-9]G[0-9]|.):[^,]*", re.DOTALL)
VDM = re.compile(
    rb"!..VD(?P<formatter>[MO]),(?P<parts>[1-9]),(?P<part>[1-9]),(?P<id>[0-9]?),"
    rb"(?P<channel>[^,]?),(?P<payload>.*),(?P<fill>[0-5])",
    re.DOTALL,
)
PAYLOAD = re.compile(rb"[0-W`-w]*\Z")


@dataclass(slots=True)
class Part:
    """One sentence that is sound, and what is known of where and when it was heard."""

    key: tuple[bytes, int, bytes]  # formatter, number of parts, sequential id
    part: int
    channel: bytes
    payload: bytes
    fill: int
    station: bytes | None
    group: bytes | None
    time_s: float | None


@dataclass(slots=True)
class Group:
    first_line: int
    first: Part
    parts: dict[int, Part] = field(default_factory=dict)

    def takes(self, new: Part, line: int) -> bool | None:
        """True: agrees in all; None: agrees where both sides say something; False: no."""
        age = line - self.first_line
        in_order = set(self.parts) == set(range(1, new.part))
        if self.first.key != new.key or new.part in self.parts or age > MAX_AGE_LINES:
            return False
        if not in_order and age > REORDER_LINES:
            return False
        if None not in (self.first.time_s, new.time_s):
            assert self.first.time_s is not None
            assert new.time_s is not None
            if abs(self.first.time_s - new.time_s) > MAX_AGE_S:
                return False
        pairs = (
            (self.first.channel or None, new.channel or None),
            (self.first.station, new.station),
            (self.first.group, new.group),
        )
        if any(a != b and None not in (a, b) for a, b in pairs):
            return False
        return True if all(a == b for a, b in pairs) else None


def _checksum(data: bytes) -> int:
    value = 0
    for byte in data:
        value ^= byte
    return value


def read_line(line: bytes) -> Part | None:
    """The sentence in `line`, or None when there is none to be used."""
    if len(line) > MAX_LINE:
        return None
    body = line.strip(BLANKS)
    prefix, time_s, station, group = b"", None, None, None
    if body[:1] not in (b"!", b"\\"):
        start = re.search(rb"[!$\\]", body[:MAX_PREFIX])
        if body[:1] == b"#" or start is None:
            return None
        prefix, body = body[: start.start()], body[start.start() :]
        time_s = any_s(prefix)
    while body[:1] == b"\\":
        tag = TAG.match(body)
        if tag is None or _checksum(tag.group(1)) != int(tag.group(2), 16):
            return None
        for item in tag.group(1).split(b","):
            if not TAG_FIELD.fullmatch(item):
                return None
            code, value = item.split(b":", 1)
            if code == b"c":
                time_s = epoch_s(value)
                if time_s is None:
                    return None
            elif code == b"s" and value:
                station = value[:32]
            elif code == b"g" or code[1:2] == b"G":
                group = value.rsplit(b"-", 1)[-1]
        body = body[tag.end() :]
    star = len(body) - 3 if body[-3:-2] == b"*" else body.find(b"*")
    if star < 0 or not re.fullmatch(rb"[0-9A-Fa-f]{2}", body[star + 1 : star + 3]):
        return None
    after = body[star + 3 :]
    if int(body[star + 1 : star + 3], 16) != _checksum(body[1:star]):
        return None
    sentence = VDM.fullmatch(body[:star])
    if sentence is None or (after and not _is_suffix(after)):
        return None
    parts, part = int(sentence["parts"]), int(sentence["part"])
    fill, payload = int(sentence["fill"]), sentence["payload"]
    if part > parts or not payload or len(payload) > MAX_CHARS or (part < parts and fill):
        return None
    after_s = None
    for item in after.split(b","):
        item = item.lstrip(BLANKS)
        if item[:1] in (b"r", b"b") and station is None:
            station = item[:32]
        elif item[:1].isdigit():
            when = any_s(item)
            after_s = after_s if when is None else when
    time_s = after_s if time_s is None else time_s
    return Part(
        (sentence["formatter"], parts, sentence["id"]), part, sentence["channel"], payload, fill,
        station, group, time_s,
    )  # fmt: skip


def _is_suffix(after: bytes) -> bool:
    """What follows the checksum does not go on with it, nor is it another sentence."""
    return not (after[:1].isalnum() or b"!" in after or b"$" in after)


class Reader:
    """One source: bytes cut anywhere to messages as gpsd's scaled AIS JSON has them.

    None stands for what is not available. Lines that are damaged, and parts of messages whose other
    parts are missing, give nothing. Memory stays that of `MAX_GROUPS` messages.
    """

    def __init__(self) -> None:
        self._rest = b""  # a line whose end has not come; what is over MAX_LINE decides nothing
        self._lines = 0
        self._waiting: list[Group] = []

    def feed(self, chunk: bytes | bytearray | memoryview) -> Iterator[dict[str, Value]]:
        """The messages that `chunk` completes. To be used up before the next chunk is fed."""
        *whole, rest = (self._rest + bytes(chunk)).split(b"\n")
        self._rest = rest[: MAX_LINE + 1]
        for line in whole:
            message = self._take(line)
            if message is not None:
                yield message

    def close(self) -> Iterator[dict[str, Value]]:
        """The input has ended: its last line may lack its newline."""
        message = self._take(self._rest)
        self._rest = b""
        if message is not None:
            yield message

    def _take(self, line: bytes) -> dict[str, Value] | None:
        self._lines += 1
        waiting = self._waiting
        if waiting and self._lines - waiting[0].first_line > MAX_AGE_LINES:
            waiting.pop(0)
        part = read_line(line)
        if part is None:
            return None
        payload, fill = part.payload, part.fill
        if part.key[1] > 1:
            group = _group_for(waiting, part, self._lines)
            if len(group.parts) < part.key[1]:
                return None
            waiting.remove(group)
            last = part.key[1]
            payload = b"".join(group.parts[n].payload for n in range(1, last + 1))
            fill = group.parts[last].fill
        if len(payload) > MAX_CHARS or not PAYLOAD.match(payload):
            return None
        return decode_bits(Bits.from_payload(payload, fill))


def decode_lines(
    chunks: Iterable[bytes | bytearray | memoryview],
) -> Iterator[dict[str, Value]]:
    """Every message in a recording; `chunks` are bytes cut anywhere (lines of a file do)."""
    reader = Reader()
    for chunk in chunks:
        yield from reader.feed(chunk)
    yield from reader.close()


def _group_for(waiting: list[Group], part: Part, line: int) -> Group:
    """The group that `part` continues, or a new one, with the part in it."""
    verdicts = [(g, g.takes(part, line)) for g in reversed(waiting)]
    same = [g for g, verdict in verdicts if verdict is True]
    like = [g for g, verdict in verdicts if verdict is None]
    if same:
        group = same[0]
    elif len(like) == 1:
        group = like[0]
    else:
        identity = (part.key, part.channel, part.station, part.group)
        for old in waiting:
            known = (old.first.key, old.first.channel, old.first.station, old.first.group)
            if known == identity and part.part in old.parts:
                waiting.remove(old)
                break
        else:
            if len(waiting) == MAX_GROUPS:
                waiting.pop(0)
        group = Group(line, part)
        waiting.append(group)
    group.parts[part.part] = part
    first = group.first
    first.station = part.station if first.station is None else first.station
    first.group = part.group if first.group is None else first.group
    first.time_s = part.time_s if first.time_s is None else first.time_s
    return group
