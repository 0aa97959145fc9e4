"""A warning that nobody answers becomes an alarm (IMO MSC.302(87) 7.4: after a set time), if its
cause goes on. Times by hand."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator

import pytest

from littoral.store.records import Records
from tests.store.alert_rows import alert

MINUTE_US = 60_000_000
NOON_US = 1_795_521_600_000_000  # by the watch's clock
EVENT_US = 5_000 * MINUTE_US  # event time, another day


@pytest.fixture
def records(new_url: Callable[[], str]) -> Iterator[Records]:
    with Records.open(new_url(), now_us=lambda: NOON_US) as made:
        yield made


def put(records: Records, key: str, **changes: object) -> None:
    times = {"start_us": EVENT_US, "updated_us": EVENT_US}
    records.upsert_alerts([alert(key, **(times | changes))])


def act(records: Records, key: str, action: str, **more: str) -> None:
    records.act(key, {"id": str(uuid.uuid4()), "action": action, "by": "officer", **more})


def due(records: Records, minutes: float, since_us: int | None = None) -> list[str]:
    now_us = NOON_US + int(minutes * MINUTE_US)
    return [row.id for row in records.escalate(now_us, 300.0, since_us)]


def test_what_is_only_noted_never_rises(records: Records) -> None:
    put(records, "n", priority=5)
    assert due(records, 60.0) == []


def test_after_five_minutes_as_a_new_version_once(records: Records) -> None:
    put(records, "w")
    before = records.alert("w").alert
    assert due(records, 4.99) == []
    assert due(records, 5.0) == ["w"]
    assert due(records, 5.1) == []
    detail = records.alert("w")
    assert (detail.alert.priority, detail.alert.escalated) == (2, True)
    assert detail.alert.revision == before.revision + 1
    assert detail.alert.seq > before.seq
    told = [(v.revision, v.priority, v.escalated, v.at_us) for v in detail.versions]
    assert told == [(1, 3, False, NOON_US), (2, 2, True, NOON_US + 5 * MINUTE_US)]
    assert detail.versions[1].document == detail.versions[0].document
    assert [row.id for row in records.alerts_after(before.seq)] == ["w"]


@pytest.mark.parametrize("action", ["acknowledge", "dismiss", "hand_on"])
def test_not_what_somebody_has_answered(records: Records, action: str) -> None:
    put(records, "w")
    act(records, "w", action, reason="seen", to="harbour office")
    assert due(records, 60) == []
    act(records, "w", "undo")
    assert due(records, 60) == ["w"]


def test_a_comment_is_no_answer(records: Records) -> None:
    put(records, "w")
    act(records, "w", "comment", reason="looking into it")
    assert due(records, 5) == ["w"]


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "withdrawn", "withdrawn_reason": "no"},
        {"held_by": "receiver:SANYA"},
        {"priority": 4},
        {"priority": 2},
        {"end_us": EVENT_US + 1},
    ],
)
def test_not_what_is_over_or_explained_or_of_another_priority(
    records: Records, changes: dict[str, object]
) -> None:
    put(records, "w", **changes)
    assert due(records, 600) == []


def test_not_when_its_cause_ended_before_the_time_was_up(records: Records) -> None:
    put(records, "w")
    put(records, "w", end_us=EVENT_US + MINUTE_US)
    assert due(records, 600) == []
    assert records.alert("w").alert.phase == "ended_unanswered"


def test_what_ended_as_an_alarm_stays_said_and_is_over(records: Records) -> None:
    put(records, "w")
    assert due(records, 5) == ["w"]
    put(records, "w", end_us=EVENT_US + 10 * MINUTE_US)
    row = records.alert("w").alert
    assert (row.priority, row.escalated, row.phase) == (2, True, "ended_unanswered")
    act(records, "w", "acknowledge")
    assert records.alert("w").alert.phase == "ended_handled"


def test_an_event_of_one_moment_goes_by_its_moment(records: Records) -> None:
    """An entry is over as soon as it is told, and what entered is inside: it may not fall asleep.
    One of yesterday's, as history was filled, does."""
    put(records, "w", end_us=EVENT_US)
    assert due(records, 5, EVENT_US + 1) == []
    assert due(records, 5, EVENT_US) == ["w"]


def test_what_goes_on_for_long_without_news_is_not_forgotten(records: Records) -> None:
    put(records, "w")
    assert due(records, 5, EVENT_US + 600 * MINUTE_US) == ["w"]


def test_a_warning_again_after_an_alarm_keeps_what_was_said(records: Records) -> None:
    """New facts are no new alert: escalated it stays; an alarm by its rule is no escalation."""
    put(records, "w")
    due(records, 5)
    put(records, "w", lat=20.0)
    assert (records.alert("w").alert.priority, records.alert("w").alert.escalated) == (2, True)
    put(records, "w", priority=2)
    assert (records.alert("w").alert.priority, records.alert("w").alert.escalated) == (2, False)
