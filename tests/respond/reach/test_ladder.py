"""The ladder: by hand for each rule, and by chance for what must hold whatever devices do."""

from __future__ import annotations

import heapq
import random
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from littoral.respond.reach.ladder import CHANNELS, Event, Notice, Person, Step, Waits, standing

S = 1_000_000
WAITS = Waits({"app": 30, "sms": 120, "voice": 300}, answer_s=180)
LI = Person("account:li", ("app", "sms"))
WANG = Person("account:wang", ("app", "sms", "voice"))
PAGE = Notice(0, (LI, WANG), True, WAITS)


def event(person: Person, channel: str | None, kind: str, at_s: float) -> Event:
    return Event(person.ref, channel, kind, int(at_s * S))  # type: ignore[arg-type]


def due(events: list[Event], at_s: float, notice: Notice = PAGE) -> list[tuple[str, str]]:
    return [(s.person, s.channel) for s in standing(notice, events, int(at_s * S)).due]


def test_the_first_person_is_told_at_once_by_the_first_channel() -> None:
    found = standing(PAGE, [], 0)
    assert found.due == (Step("account:li", "app", 0),)
    assert (found.state, found.next_us) == ("under_way", 30 * S)


def test_what_is_not_delivered_goes_on_by_the_next_channel() -> None:
    events = [event(LI, "app", "sent", 0)]
    assert due(events, 29.9) == []
    assert standing(PAGE, events, 0).next_us == 30 * S
    assert due(events, 30) == [("account:li", "sms")]


def test_sent_is_not_delivered_and_a_failure_does_not_wait() -> None:
    events = [event(LI, "app", "failed", 2)]
    assert due(events, 2) == [("account:li", "sms")]
    events += [event(LI, "sms", "sent", 2)]
    assert due(events, 100) == []
    assert due(events, 122) == [("account:wang", "app")]


def test_whoever_has_it_and_does_not_answer_is_passed_over() -> None:
    events = [event(LI, "app", "sent", 0), event(LI, "app", "delivered", 1)]
    found = standing(PAGE, events, 180 * S)
    assert (found.state, found.by, found.due, found.next_us) == (
        "delivered", "account:li", (), 181 * S,
    )  # fmt: skip
    assert due(events, 181) == [("account:wang", "app")]


def test_an_answer_ends_it_and_a_refusal_is_the_next_ones_turn() -> None:
    told = [event(LI, "app", "sent", 0), event(LI, "app", "delivered", 1)]
    found = standing(PAGE, [*told, event(LI, "app", "answered", 40)], 900 * S)
    assert (found.state, found.by, found.ended_us, found.due) == (
        "answered", "account:li", 40 * S, (),
    )  # fmt: skip
    assert due([*told, event(LI, "app", "declined", 40)], 40) == [("account:wang", "app")]


def test_nobody_off_duty_is_told() -> None:
    assert due([event(LI, None, "off_duty", 0)], 0) == [("account:wang", "app")]


def test_a_late_delivery_gives_its_person_the_time_to_answer() -> None:
    events = [
        event(LI, "app", "sent", 0), event(LI, "sms", "sent", 30),
        event(WANG, "app", "sent", 150), event(LI, "sms", "delivered", 160),
    ]  # fmt: skip
    assert due(events, 185) == []  # Wang's text waits: Li has it
    assert due(events, 340) == [("account:wang", "sms")]


def test_at_the_end_of_the_ladder_it_says_so() -> None:
    events = [
        event(LI, None, "off_duty", 0),
        event(WANG, "app", "failed", 1), event(WANG, "sms", "failed", 2),
    ]  # fmt: skip
    assert due(events, 2) == [("account:wang", "voice")]
    events.append(event(WANG, "voice", "failed", 60))
    found = standing(PAGE, events, 60 * S)
    assert (found.state, found.ended_us, found.due, found.next_us) == (
        "exhausted",
        60 * S,
        (),
        None,
    )
    assert standing(Notice(5, (), True, WAITS), [], 5).state == "exhausted"
    # An answer that comes after all counts.
    assert standing(PAGE, [*events, event(LI, "sms", "answered", 99)], 99 * S).state == "answered"


def test_what_is_recalled_ends_unless_it_was_answered() -> None:
    told = [event(LI, "app", "sent", 0), event(LI, None, "recalled", 20)]
    found = standing(PAGE, told, 900 * S)
    assert (found.state, found.ended_us, found.due, found.next_us) == ("recalled", 20 * S, (), None)
    assert standing(PAGE, told, 19 * S).state == "under_way"
    assert standing(PAGE, [*told, event(LI, "app", "answered", 10)], 30 * S).state == "answered"


def test_a_bulletin_wants_no_answer() -> None:
    bulletin = Notice(0, (LI, WANG), False, WAITS)
    found = standing(bulletin, [event(LI, "app", "delivered", 3)], 900 * S)
    assert (found.state, found.by, found.due) == ("delivered", "account:li", ())


@dataclass
class World:
    """Devices that behave by chance, on a clock of their own."""

    notice: Notice
    seed: int
    off_duty: frozenset[str]
    extra: tuple[int, ...] = ()
    sent: list[tuple[str, str, int]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def run(self) -> str:
        queue: list[tuple[int, int, Event | None]] = [
            (at, number, None) for number, at in enumerate((self.notice.made_us, *self.extra))
        ]
        heapq.heapify(queue)
        number = len(queue)
        while queue:
            now, _, came = heapq.heappop(queue)
            if came is not None:
                self.events.append(came)
            while True:
                found = standing(self.notice, self.events, now)
                if not found.due:
                    break
                for step in found.due:
                    if step.person in self.off_duty:
                        self.events.append(Event(step.person, None, "off_duty", now))
                        continue
                    self.sent.append((step.person, step.channel, now))
                    self.events.append(Event(step.person, step.channel, "sent", now))
                    for later in self.behaviour(step, now):
                        heapq.heappush(queue, (later.at_us, number, later))
                        number += 1
            if found.next_us is not None:
                heapq.heappush(queue, (found.next_us, number, None))
                number += 1
            assert number < 10_000
        return standing(self.notice, self.events, 1 << 62).state

    def behaviour(self, step: Step, now: int) -> list[Event]:
        chance = random.Random(f"{self.seed}{step.person}{step.channel}")
        first = now + chance.randrange(0, 400) * S
        kind = chance.choice(("delivered", "failed", "silent"))
        if kind == "silent":
            return []
        found = [Event(step.person, step.channel, kind, first)]  # type: ignore[arg-type]
        answer = chance.choice(("answered", "declined", None, None))
        if kind == "delivered" and answer is not None:
            at = first + chance.randrange(0, 400) * S
            found.append(Event(step.person, step.channel, answer, at))  # type: ignore[arg-type]
        return found


@st.composite
def notices(draw: st.DrawFn) -> Notice:
    channels = st.permutations(CHANNELS).flatmap(
        lambda all_: st.integers(1, 3).map(lambda n: tuple(all_[:n]))
    )
    people = tuple(Person(f"account:{n}", draw(channels)) for n in range(draw(st.integers(0, 4))))
    return Notice(draw(st.integers(0, 9)) * S, people, draw(st.booleans()), WAITS)


@given(
    notices(),
    st.integers(0, 1000),
    st.sets(st.integers(0, 3), max_size=3),
    st.lists(st.integers(0, 2000), max_size=20),
)
@settings(max_examples=300, deadline=None)
def test_whatever_devices_do(notice: Notice, seed: int, off: set[int], extra: list[int]) -> None:
    away = frozenset(f"account:{n}" for n in off)
    world = World(notice, seed, away)
    state = world.run()
    assert state in ("answered", "delivered", "exhausted")
    told = [(person, channel) for person, channel, _ in world.sent]
    assert len(set(told)) == len(told), "told twice by the same channel"
    assert not away & {person for person, _ in told}, "somebody off duty was told"
    for person in notice.people:
        used = [channel for ref, channel in told if ref == person.ref]
        assert used == list(person.channels[: len(used)])
    order = [person.ref for person in notice.people]
    firsts = list(dict.fromkeys(person for person, _ in told))
    assert firsts == sorted(firsts, key=order.index)
    answers = [e.at_us for e in world.events if e.kind == "answered"]
    if answers:
        assert state == "answered"
        assert all(at <= min(answers) for _, _, at in world.sent)
    if state == "exhausted":
        tried = {ref for ref, _ in told} | away
        assert tried >= set(order)
    # Looking more often changes nothing.
    more = World(notice, seed, away, tuple(at * S for at in extra))
    assert (more.run(), more.sent) == (state, world.sent)
