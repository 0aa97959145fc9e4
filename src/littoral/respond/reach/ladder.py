"""The ladder of a notice: person after person, channel after channel. Pure: events in, steps out.

A notice is reached when a device says so, not when something was sent. What is not delivered in its
channel's time goes on by the next channel; who is not reached by any, or does not answer in time,
makes the next person's turn. Nobody is told twice by the same channel, and what was delivered late
counts from then on. Where the ladder ends without an answer, the desk itself is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Channel = Literal["app", "sms", "voice"]
# `app`: the page or phone that is open or polls, and confirms by itself. `voice`: radio, DSC or a
# call, made by the desk, whose officer writes down the answer.
CHANNELS: tuple[Channel, ...] = ("app", "sms", "voice")

EventKind = Literal[
    "sent", "delivered", "failed", "answered", "declined", "off_duty", "recalled"
]  # fmt: skip
EVENTS: tuple[EventKind, ...] = (
    "sent", "delivered", "failed", "answered", "declined", "off_duty", "recalled",
)  # fmt: skip
State = Literal["under_way", "delivered", "answered", "exhausted", "recalled"]


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds. `deliver_s` by channel: after these without delivery the next channel is used too;
    `answer_s`: after these since its delivery without an answer it is the next person's turn."""

    deliver_s: dict[Channel, int]
    answer_s: int


@dataclass(frozen=True, slots=True)
class Person:
    """`channels` in the order in which they are used; those that the person has."""

    ref: str
    channels: tuple[Channel, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """`wants_answer`: delivered is not enough (a task, a page); else it is (a bulletin)."""

    made_us: int
    people: tuple[Person, ...]
    wants_answer: bool
    waits: Waits


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to the attempt to tell `person` by `channel`. Two have no channel: `off_duty`,
    when it was their turn they were off duty, on leave or signed out; `recalled`, the notice is no
    longer meant, for anybody."""

    person: str
    channel: Channel | None
    kind: EventKind
    at_us: int


@dataclass(frozen=True, slots=True)
class Step:
    """To be done at `at_us`."""

    person: str
    channel: Channel
    at_us: int


@dataclass(frozen=True, slots=True)
class Standing:
    """`due`: what is to be sent now. `next_us`: when to look again if nothing happens until then.
    `by`: who answered, or has it. `ended_us`: when it was answered or the ladder ended."""

    state: State
    due: tuple[Step, ...]
    next_us: int | None
    by: str | None = None
    ended_us: int | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """To be made by the desk: its time began at `since_us` and ends at `until_us`."""

    person: str
    since_us: int
    until_us: int


def to_call(notice: Notice, events: Iterable[Event], now_us: int) -> list[Call]:
    """Who is to be called by radio or telephone at `now_us`, the longest waiting first: nobody has
    written down an answer, and nothing else has reached them."""
    told = [e for e in events if e.at_us <= now_us]
    if standing(notice, told, now_us).ended_us is not None:
        return []
    found = []
    for person in notice.people:
        own = [e for e in told if e.person == person.ref]
        begun = [e.at_us for e in own if e.channel == "voice" and e.kind == "sent"]
        is_told = any(e.channel == "voice" and e.kind != "sent" for e in own)
        if not begun or is_told or any(e.kind in ("delivered", "declined") for e in own):
            continue
        call = Call(person.ref, min(begun), min(begun) + _wait_us(notice, "voice"))
        if now_us < call.until_us:
            found.append(call)
    return sorted(found, key=lambda c: c.since_us)


def standing(notice: Notice, events: Iterable[Event], now_us: int) -> Standing:
    """Where a notice stands at `now_us`. The order of `events` does not matter."""
    told = sorted((e for e in events if e.at_us <= now_us), key=lambda e: e.at_us)
    answered = next((e for e in told if e.kind == "answered"), None)
    if answered is not None:
        return Standing("answered", (), None, answered.person, answered.at_us)
    recalled = next((e for e in told if e.kind == "recalled"), None)
    if recalled is not None:
        return Standing("recalled", (), None, None, recalled.at_us)
    delivered = next((e for e in told if e.kind == "delivered"), None)
    if delivered is not None and not notice.wants_answer:
        return Standing("delivered", (), None, delivered.person, delivered.at_us)
    due: list[Step] = []
    looks: list[int] = []
    turn_us: int | None = notice.made_us
    for person in notice.people:
        if turn_us is None or turn_us > now_us:
            break
        own = [e for e in told if e.person == person.ref]
        turn_us = _turn(notice, person, own, turn_us, now_us, due, looks)
    if turn_us is not None and turn_us > now_us:
        looks.append(turn_us)
    ended = turn_us is not None and turn_us <= now_us
    state: State = "under_way"
    if ended and not due:
        state = "exhausted"
    elif delivered is not None:
        state = "delivered"
    later = [at for at in looks if at > now_us]
    return Standing(
        state,
        tuple(due),
        min(later, default=None),
        delivered.person if delivered is not None else None,
        turn_us if state == "exhausted" else None,
    )


def _turn(
    notice: Notice,
    person: Person,
    own: Sequence[Event],
    turn_us: int,
    now_us: int,
    due: list[Step],
    looks: list[int],
) -> int | None:
    """When it is the next person's turn; None while this one's is not over. Fills what is due and
    when to look again."""
    refused = [e.at_us for e in own if e.kind in ("off_duty", "declined")]
    if refused:
        return min(refused)
    delivered = min((e.at_us for e in own if e.kind == "delivered"), default=None)
    at_us = turn_us
    for channel in person.channels:
        if delivered is not None and delivered <= at_us:
            break
        if at_us > now_us:
            looks.append(at_us)
            return None
        if not any(e.channel == channel for e in own):
            due.append(Step(person.ref, channel, at_us))
            # Its time begins when it is sent: a sender that was down does not use it up.
            looks.append(now_us + _wait_us(notice, channel))
            return None
        at_us = max(at_us, _given_up(notice, channel, own))
    if delivered is None:
        return at_us
    return delivered + notice.waits.answer_s * 1_000_000


def _given_up(notice: Notice, channel: Channel, own: Sequence[Event]) -> int:
    """When the next channel is used unless the person is reached before: the time of a failure, or
    of having waited long enough."""
    mine = [e for e in own if e.channel == channel]
    waited = min(e.at_us for e in mine) + _wait_us(notice, channel)
    return min([waited, *(e.at_us for e in mine if e.kind == "failed")])


def _wait_us(notice: Notice, channel: Channel) -> int:
    return notice.waits.deliver_s[channel] * 1_000_000
