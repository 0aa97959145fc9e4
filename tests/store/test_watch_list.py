"""The watch-list in the records: who is on it, until when, and what of a change watches less."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy.engine import Connection

from littoral.store import watch_list
from littoral.store.database import NotFound, RecordsError
from littoral.store.geofences import Conflict
from littoral.store.records import Records
from littoral.store.watch_list import Entry

DAY_US = 86_400_000_000
NOW_US = 1_795_521_600_000_000


@pytest.fixture
def connection(new_url: Callable[[], str]) -> Iterator[Connection]:
    with Records.open(new_url()) as records, records.database.write() as opened:
        yield opened


def add(connection: Connection, days: float = 30.0, reason: str = "seen at night",
        key: str = "", **ways: object) -> Entry:  # fmt: skip
    which = {"mmsi": None, "imo": None, "name": None} | (ways or {"mmsi": 412_000_001})
    return watch_list.add(
        connection, key or str(uuid.uuid4()), which["mmsi"], which["imo"], which["name"],  # type: ignore[arg-type]
        reason, NOW_US + int(days * DAY_US), "li", "460000/police", NOW_US,
    )  # fmt: skip


def test_one_vessel_is_listed_once(connection: Connection) -> None:
    made = add(connection, mmsi=412_000_001, name="HAI 1")
    assert (made.revision, made.owner, made.desk) == (1, "li", "460000/police")
    assert add(connection, key=made.id, mmsi=412_000_001) == made
    for same in ({"mmsi": 412_000_001}, {"name": "HAI 1"}):
        with pytest.raises(Conflict, match="by li"):
            add(connection, **same)
    other = add(connection, imo=9_074_729)
    assert [e.id for e in watch_list.active(connection, NOW_US)] == [made.id, other.id] or [
        e.id for e in watch_list.active(connection, NOW_US)
    ] == [other.id, made.id]
    assert {w.id for w in watch_list.current(connection)} == {made.id, other.id}


@pytest.mark.parametrize(
    ("days", "reason", "ways", "why"),
    [
        (90.1, "x", {"mmsi": 412_000_001}, "90 days"),
        (0.0, "x", {"mmsi": 412_000_001}, "has passed"),
        (1.0, " ", {"mmsi": 412_000_001}, "say why"),
        (1.0, "x", {"mmsi": None}, "which vessel"),
    ],
)
def test_none_without_an_end_a_reason_and_a_vessel(
    connection: Connection, days: float, reason: str, ways: dict[str, object], why: str
) -> None:
    with pytest.raises(RecordsError, match=why):
        add(connection, days, reason, **ways)


def test_it_ends_by_its_day_and_may_then_be_listed_again(connection: Connection) -> None:
    made = add(connection, 1.0)
    later_us = NOW_US + DAY_US
    assert watch_list.active(connection, later_us) == []
    with pytest.raises(NotFound):
        watch_list.update(connection, made.id, later_us + DAY_US, "x", later_us)


def test_longer_is_no_loss_and_shorter_is(connection: Connection) -> None:
    made = add(connection, 10.0)
    losses = [watch_list.blinder(made, made.until_us + d) for d in (DAY_US, 0, -DAY_US)]
    assert losses == [(), (), ("shorter",)]
    assert watch_list.blinder(made, None) == ("unlisted",)
    longer = watch_list.update(connection, made.id, made.until_us + DAY_US, "y", NOW_US, 1)
    assert (longer.revision, longer.reason) == (2, "y")
    with pytest.raises(Conflict):
        watch_list.remove(connection, made.id, "li + wang", NOW_US, 1)
    gone = watch_list.remove(connection, made.id, "li + wang", NOW_US, 2)
    assert (gone.ended_by, gone.ended_us) == ("li + wang", NOW_US)
    assert watch_list.current(connection) == ()
    with pytest.raises(NotFound):
        watch_list.remove(connection, made.id, "li + wang", NOW_US)
