"""Alerts on shelves: what lies on them, that they end by themselves, and what comes back."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator

import pytest

from littoral.schema.finding import WITHDRAWN
from littoral.store import alert_calls, alerts, shelves
from littoral.store.database import NotFound, RecordsError
from littoral.store.records import AlertFilter, Records
from littoral.store.shelves import Shelf
from tests.store.alert_rows import alert

MINUTE_US = 60_000_000
HOUR_US = 60 * MINUTE_US
NOON_US = 1_795_521_600_000_000


class Clock:
    us = NOON_US


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def records(new_url: Callable[[], str], clock: Clock) -> Iterator[Records]:
    with Records.open(new_url(), now_us=lambda: clock.us) as made:
        yield made


def ship(number: int) -> list[dict[str, object]]:
    ref = f"vessel:{number}-20261123T010203.000Z"
    return [{"ref": ref, "label": f"SHIP {number}", "mmsi": number}]


def put(records: Records, key: str, number: int = 412000001, **changes: object) -> None:
    records.upsert_alerts([alert(key, things=ship(number), **changes)])


def shelve(records: Records, clock: Clock, hours: float, **where: object) -> Shelf:
    key = str(uuid.uuid4())
    until_us = clock.us + int(hours * HOUR_US)
    with records.database.write() as connection:
        made = shelves.create(connection, key, where, "known", until_us, "li", clock.us)
        found = alerts.of_class(connection, str(where.get("rule")))
        on_it = [str(where["alert_id"])] if "alert_id" in where else found
        alerts.restand(connection, on_it, clock.us)
    return made


def one(records: Records, clock: Clock, key: str, hours: float = 1.0, priority: int = 3) -> Shelf:
    return shelve(records, clock, hours, alert_id=key, priority=priority)


def on_shelf(records: Records) -> list[str]:
    return sorted(row.id for row in records.alerts(AlertFilter(shelved=True)).items)


def open_ones(records: Records) -> list[str]:
    return sorted(row.id for row in records.alerts(AlertFilter(open=True)).items)


def called(records: Records, clock: Clock) -> dict[str, int]:
    with records.database.read() as connection:
        found = alert_calls.counted(connection, clock.us - 1, clock.us)
    return {how: n for how, n in found.items() if n}


def test_one_alert_is_kept_and_comes_back_by_itself(records: Records, clock: Clock) -> None:
    put(records, "a")
    put(records, "b", 412000002)
    seq = records.last_seq()
    made = one(records, clock, "a")
    (row,) = records.alerts_after(seq)  # pages are told
    assert (row.id, row.shelf, row.shelved_until_us) == ("a", made.id, NOON_US + HOUR_US)
    assert (row.revision, row.handling) == (1, "new")  # nothing was said of it, nobody answered it
    assert (on_shelf(records), open_ones(records)) == (["a"], ["b"])
    clock.us += HOUR_US - 1
    assert records.end_shelves(clock.us) == []
    clock.us += 1
    (back,) = records.end_shelves(clock.us)
    assert (back.id, back.shelf) == ("a", None)
    assert called(records, clock) == {"annunciated": 1}
    assert open_ones(records) == ["a", "b"]
    assert records.end_shelves(clock.us) == []


def test_a_warning_on_a_shelf_does_not_rise_and_has_its_time_anew(
    records: Records, clock: Clock
) -> None:
    put(records, "a")
    one(records, clock, "a")
    clock.us += HOUR_US
    assert records.escalate(clock.us, 300.0) == []
    records.end_shelves(clock.us)
    assert records.escalate(clock.us + 299_000_000, 300.0) == []
    assert [r.id for r in records.escalate(clock.us + 300_000_000, 300.0)] == ["a"]


def test_what_is_over_comes_back_without_a_call(records: Records, clock: Clock) -> None:
    put(records, "a")
    one(records, clock, "a")
    put(records, "a", end_us=5_000)
    assert on_shelf(records) == ["a"]
    clock.us += HOUR_US
    assert [r.id for r in records.end_shelves(clock.us)] == ["a"]
    assert called(records, clock) == {}


def test_what_becomes_more_urgent_comes_off_its_shelf(records: Records, clock: Clock) -> None:
    put(records, "a")
    one(records, clock, "a")
    put(records, "a", priority=4)
    assert on_shelf(records) == ["a"]
    clock.us += 1
    put(records, "a", priority=2)
    assert on_shelf(records) == []
    assert called(records, clock) == {"annunciated": 1}


def test_a_class_holds_what_is_there_and_what_comes(records: Records, clock: Clock) -> None:
    put(records, "a")
    put(records, "other", 412000002, rule="gap", kind="silence")
    put(records, "ended", 412000003, end_us=3_000)
    records.act("ended", {"id": str(uuid.uuid4()), "action": "acknowledge", "by": "li"})
    shelve(records, clock, 1.0, rule="encounter", kind="encounter")
    assert on_shelf(records) == ["a"]
    clock.us += MINUTE_US
    put(records, "b", 412000004)
    put(records, "c", 412000005, kind="loitering")
    assert on_shelf(records) == ["a", "b"]
    assert called(records, clock) == {"annunciated": 1, "shelved": 1}  # c, b
    clock.us = NOON_US + HOUR_US
    assert sorted(r.id for r in records.end_shelves(clock.us)) == ["a", "b"]
    assert on_shelf(records) == []


@pytest.mark.parametrize(
    ("rule", "kind", "priority", "held"),
    [
        ("encounter", "encounter", 2, True),
        ("encounter", "encounter", 1, False),  # an emergency is never a class
        ("distress", "test", 4, True),
        ("distress", "text", 3, True),
        ("distress", "status", 2, False),
        ("receiver", "receiver_silent", 3, True),
        ("receiver", "feed_silent", 2, False),
    ],
)
def test_who_calls_for_help_lies_on_no_shelf_of_a_class(
    records: Records, clock: Clock, rule: str, kind: str, priority: int, held: bool
) -> None:
    shelve(records, clock, 1.0, rule=rule, kind=kind)
    put(records, "a", rule=rule, kind=kind, priority=priority)
    assert on_shelf(records) == (["a"] if held else [])


def test_a_class_of_one_vessel_or_in_one_geofence(records: Records, clock: Clock) -> None:
    square = [[110.0, 19.0], [110.2, 19.0], [110.2, 19.95], [110.0, 19.95], [110.0, 19.0]]
    fence = {
        "type": "Feature", "geometry": {"type": "Polygon", "coordinates": [square]},
        "properties": {"name": "bay", "rules": []},
    }  # fmt: skip
    records.create_geofence(fence, "li", "bay")
    shelve(records, clock, 1.0, rule="encounter", kind="encounter", thing="mmsi:412000009")
    shelve(records, clock, 1.0, rule="gap", kind="silence", fence="bay")
    put(records, "she", 412000009)
    put(records, "another", 412000010)
    gap = {"rule": "gap", "kind": "silence"}
    put(records, "within", 412000011, **gap, lon=110.1, lat=19.9)
    put(records, "outside", 412000012, **gap, lon=110.3, lat=19.9)
    put(records, "nowhere", 412000013, **gap, lon=None, lat=None)
    assert on_shelf(records) == ["she", "within"]
    records.delete_geofence("bay", "li")
    put(records, "later", 412000014, **gap, lon=110.1, lat=19.9)  # nobody knows where the bay is
    assert on_shelf(records) == ["she", "within"]


def test_a_shelf_ends_at_any_time_and_another_may_still_hold(
    records: Records, clock: Clock
) -> None:
    put(records, "a")
    put(records, "b", 412000002)
    mine = one(records, clock, "a")
    of_all = shelve(records, clock, 2.0, rule="encounter", kind="encounter")
    clock.us += MINUTE_US
    with records.database.write() as connection:
        shelves.end(connection, mine.id, "wang", clock.us)
        alerts.restand(connection, alerts.on_shelves(connection, [mine.id]), clock.us)
        assert on_shelf_of(connection, of_all.id) == ["a", "b"]
        with pytest.raises(NotFound):
            shelves.end(connection, mine.id, "wang", clock.us)
    assert called(records, clock) == {}
    with records.database.write() as connection:
        shelves.end(connection, of_all.id, "wang", clock.us)
        alerts.restand(connection, alerts.on_shelves(connection, [of_all.id]), clock.us)
        found = [(s.id, s.ended_by, s.ended_us) for s in shelves.listed(connection)]
    assert sorted(found) == sorted((s, "wang", clock.us) for s in (mine.id, of_all.id))
    assert on_shelf(records) == []


def on_shelf_of(connection, key: str) -> list[str]:
    return sorted(alerts.on_shelves(connection, [key]))


@pytest.mark.parametrize(
    ("is_class", "hours", "reason", "why"),
    [
        (True, 12.01, "x", "at most 12 hours"),
        (False, 7 * 24.01, "x", "at most 168 hours"),
        (False, 0.0, "x", "has passed"),
        (True, 1.0, "  ", "say why"),
    ],
)
def test_no_shelf_without_end_or_reason(
    records: Records, is_class: bool, hours: float, reason: str, why: str
) -> None:
    where = {"rule": "gap", "kind": "silence"} if is_class else {"alert_id": "a", "priority": 3}
    until_us = NOON_US + int(hours * HOUR_US)
    with records.database.write() as connection, pytest.raises(RecordsError, match=why):
        shelves.create(connection, str(uuid.uuid4()), where, reason, until_us, "li", NOON_US)


def test_the_same_creation_twice_is_one_and_the_longest_days_are_taken(records: Records) -> None:
    key = str(uuid.uuid4())
    with records.database.write() as connection:
        for until_us in (NOON_US + 168 * HOUR_US, NOON_US + HOUR_US):
            made = shelves.create(
                connection, key, {"alert_id": "a", "priority": 3}, "x", until_us, "li", NOON_US
            )
        assert made.until_us == NOON_US + 168 * HOUR_US
        assert len(shelves.listed(connection)) == 1


def test_withdrawn_and_dismissed_alerts_are_not_touched(records: Records, clock: Clock) -> None:
    put(records, "w", state=WITHDRAWN)
    put(records, "d", 412000002)
    records.act("d", {"id": str(uuid.uuid4()), "action": "dismiss", "by": "li", "reason": "known"})
    shelve(records, clock, 1.0, rule="encounter", kind="encounter")
    assert on_shelf(records) == []
