"""What is annunciated, what is told with its group, held or shelved, and the figures of it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator

import pytest

from littoral.store import alert_calls
from littoral.store.records import AlertFilter, Records
from tests.store.alert_rows import alert

MINUTE_US = 60_000_000
NOON_US = 1_795_521_600_000_000
EVENT_US = 100_000 * MINUTE_US


class Clock:
    us = NOON_US


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def records(new_url: Callable[[], str], clock: Clock) -> Iterator[Records]:
    with Records.open(new_url(), now_us=lambda: clock.us) as made:
        yield made


def row(key: str, minute: float = 0.0, number: int = 1, **changes: object) -> dict:
    at_us = EVENT_US + int(minute * MINUTE_US)
    things = [{"ref": f"vessel:{number}-x", "label": "", "mmsi": number}]
    times = {"start_us": at_us, "updated_us": at_us}
    return alert(key, things=things, **({"lon": None, "lat": None} | times | changes))


def calls(records: Records, clock: Clock) -> dict[str, int]:
    with records.database.read() as connection:
        found = alert_calls.counted(connection, 0, clock.us)
    return {how: n for how, n in found.items() if n}


def group(records: Records, key: str) -> tuple[str, bool]:
    found = records.alert(key).alert
    return found.group, found.grouped


def test_one_vessel_by_several_rules_calls_once(records: Records, clock: Clock) -> None:
    records.upsert_alerts([row("a")])
    records.upsert_alerts([row("b", 3, rule="gap", kind="silence")])
    records.upsert_alerts([row("c", 4, rule="collision", kind="collision", priority=4)])
    assert [group(records, k) for k in "abc"] == [("a", False), ("a", True), ("a", True)]
    assert calls(records, clock) == {"annunciated": 1, "grouped": 2}
    records.upsert_alerts([row("b", 3, rule="gap", kind="silence", priority=2)])
    assert group(records, "b") == ("a", False)  # more urgent than the group was told
    assert calls(records, clock) == {"annunciated": 2, "grouped": 2}
    records.upsert_alerts([row("d", 30)])  # half an hour later it is another matter
    assert group(records, "d") == ("d", False)


def test_in_one_batch_the_most_urgent_calls(records: Records, clock: Clock) -> None:
    records.upsert_alerts([row("a"), row("b", rule="gap", kind="silence", priority=1)])
    assert [group(records, k) for k in "ab"] == [("b", True), ("b", False)]
    assert calls(records, clock) == {"annunciated": 1, "grouped": 1}


def test_each_emergency_calls(records: Records, clock: Clock) -> None:
    records.upsert_alerts([row("a", priority=1), row("b", 1, priority=1, kind="other")])
    assert calls(records, clock) == {"annunciated": 2}


def test_warnings_of_one_group_rise_together_and_call_once(records: Records, clock: Clock) -> None:
    records.upsert_alerts([row("a"), row("b", rule="gap", kind="silence")])
    clock.us += 5 * MINUTE_US
    assert len(records.escalate(clock.us, 300.0)) == 2
    assert calls(records, clock) == {"annunciated": 2, "grouped": 2}


def test_what_was_dismissed_or_withdrawn_silences_nothing(records: Records, clock: Clock) -> None:
    records.upsert_alerts([row("a"), row("w", number=2)])
    act = {"id": str(uuid.uuid4()), "action": "dismiss", "by": "li", "reason": "known"}
    records.act("a", act)
    records.upsert_alerts([row("w", number=2, state="withdrawn", withdrawn_reason="no")])
    records.upsert_alerts([row("b", 2, rule="gap"), row("x", 2, 2, rule="gap")])
    assert [group(records, k) for k in "bx"] == [("a", False), ("w", False)]


def test_what_another_cause_explains_calls_once_it_no_longer_does(
    records: Records, clock: Clock
) -> None:
    records.upsert_alerts(
        [row("h", held_by="receiver:sanya"), row("i", number=2, held_by="alert:j")]
    )
    assert calls(records, clock) == {"held": 2}
    with records.database.read() as connection:
        assert alert_calls.held_now(connection) == {"alert:j": 1, "receiver:sanya": 1}
    records.upsert_alerts([row("h")])
    assert calls(records, clock) == {"held": 2, "annunciated": 1}


def test_news_that_changes_no_urgency_calls_nobody(records: Records, clock: Clock) -> None:
    records.upsert_alerts([row("a")])
    records.upsert_alerts([row("a", facts={"distance_m": 1})])
    records.upsert_alerts([row("a", priority=4)])
    records.upsert_alerts([row("a", priority=4, end_us=EVENT_US)])
    assert calls(records, clock) == {"annunciated": 1}
    records.upsert_alerts([row("n", number=3, priority=5)])
    assert calls(records, clock) == {"annunciated": 1}


def test_the_past_calls_nobody(records: Records, clock: Clock) -> None:
    old = row("old", -60, end_us=EVENT_US - 31 * MINUTE_US)
    fresh = row("fresh", -60, number=2, end_us=EVENT_US - 29 * MINUTE_US)
    since_us = EVENT_US - 30 * MINUTE_US
    records.upsert_alerts([old, fresh], calls_since_us=since_us)
    assert calls(records, clock) == {"annunciated": 1}
    records.upsert_alerts([row("history", number=3)], calls_since_us=None)
    assert calls(records, clock) == {"annunciated": 1}
    assert group(records, "history") == ("history", False)


def test_load_by_ten_minutes(records: Records, clock: Clock) -> None:
    """Placed by hand: 25 and 3 minutes before now, and one just at the edge of both."""
    for minutes, number in ((25, 1), (10, 2), (3, 3), (2, 4)):
        clock.us = NOON_US - minutes * MINUTE_US
        priority = {3: 2}.get(number, 4)
        records.upsert_alerts([row(f"a{number}", number=number, priority=priority)])
    clock.us = NOON_US
    with records.database.read() as connection:
        slots = alert_calls.history(connection, NOON_US, 3)
        ten = alert_calls.counted(connection, NOON_US - 10 * MINUTE_US, NOON_US)
    found = [(s.counts["annunciated"], s.most) for s in slots]
    assert found == [(1, 4), (1, 4), (2, 2)]
    assert [(NOON_US - s.from_us) // MINUTE_US for s in slots] == [30, 20, 10]
    assert ten["annunciated"] == 2


def test_what_is_aside_now(records: Records) -> None:
    records.upsert_alerts([row("a"), row("b", rule="gap"), row("c", number=2)])
    with records.database.read() as connection:
        assert alert_calls.aside_now(connection) == (0, 1)
    assert len(records.alerts(AlertFilter(shelved=False)).items) == 3
