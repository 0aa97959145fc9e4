"""Contacts at sea in the records: live ones, all of them, what was known then, and nothing lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy.engine import Connection

from littoral.access.filter import ALL, Holds
from littoral.respond.contact.flow import Step
from littoral.respond.incident.step import Refused
from littoral.store import sea_contacts
from littoral.store.actions import NotFound
from littoral.store.geofences import Conflict
from littoral.store.people.packaged import PROVINCE
from littoral.store.records import Records
from littoral.store.sea_contacts import Kept, take
from littoral.store.vault import reasons
from tests.respond.contact.reports import MINUTE_US, NOW_US, end, report


@pytest.fixture
def connection(new_url: Callable[[], str]) -> Iterator[Connection]:
    with Records.open(new_url()) as records, records.database.write() as opened:
        yield opened


def of(step: Step, contact: str) -> Step:
    values = {n: getattr(step, n) for n in Step.__dataclass_fields__}
    return Step(**{**values, "contact": contact})


def live(connection: Connection, minutes: float) -> list[str]:
    found = sea_contacts.live(connection, NOW_US + round(minutes * MINUTE_US))
    return [k.contact.id for k in found]


def test_a_report_again_is_the_same_and_another_with_its_id_is_refused(
    connection: Connection,
) -> None:
    made = take(connection, report(words="engine trouble"))
    assert (made.number, made.seq, made.fresh, made.contact.last.words) == (
        1, 1, True, "engine trouble",
    )  # fmt: skip
    again = take(connection, report(words="engine trouble"))
    assert (again.fresh, again.contact) == (False, made.contact)
    with pytest.raises(Conflict):
        take(connection, report(lat_deg=21.0))
    with pytest.raises(NotFound):
        sea_contacts.one(connection, "b")


def test_all_steps_stay(connection: Connection) -> None:
    take(connection, report("a"))
    take(connection, report("b", 1, replaces="a", lat_deg=20.5, mmsi=412000001, cog_deg=90.0))
    kept = take(connection, end(at_min=2, why="other", words="towed in"))
    assert kept.contact == sea_contacts.one(connection, "a").contact
    assert [(s.id, s.kind, s.by) for s in sea_contacts.steps(connection, "a")] == [
        ("a", "report", "li"), ("b", "report", "li"), ("e", "end", "wang"),
    ]  # fmt: skip
    assert kept.contact.last.cog_deg == 90.0
    with pytest.raises(Refused):
        take(connection, end("f", 3, why="mistaken"))
    assert sea_contacts.one(connection, "a").contact.version == 3


def test_it_leaves_the_live_picture_by_itself_or_when_it_is_ended(connection: Connection) -> None:
    take(connection, report("a"))
    take(connection, of(report("b", 1, keep_s=43_200.0), "b"))
    assert live(connection, 1) == ["a", "b"]
    assert [live(connection, m) for m in (119.9, 120)] == [["a", "b"], ["b"]]
    take(connection, of(end("e", 5, why="mistaken"), "b"))
    assert live(connection, 6) == ["a"]
    take(connection, of(report("c", 7), "b"))
    assert live(connection, 8) == ["a", "b"]
    first, second = sea_contacts.listed(connection, 10)
    assert [k.contact.id for k in (first, second)] == ["b", "a"]
    assert [k.number for k in sea_contacts.listed(connection, 10, (NOW_US + MINUTE_US, "b"))] == [1]


def test_changes_are_read_in_their_order(connection: Connection) -> None:
    take(connection, report("a"))
    take(connection, of(report("b"), "b"))
    take(connection, report("c", 1))

    def after(seq: int, limit: int = 10) -> list[tuple[str, int]]:
        return [(k.contact.id, k.seq) for k in sea_contacts.changed_since(connection, seq, limit)]

    assert (after(0), after(2), after(3)) == ([("b", 2), ("a", 3)], [("a", 3)], [])
    assert after(0, 1) == [("b", 2)]


def test_the_sea_is_the_provinces(connection: Connection) -> None:
    take(connection, report())
    seen: list[list[Kept]] = [
        sea_contacts.changed_since(connection, 0, 10, sea_contacts.visible(found))
        for found in (
            ALL, Holds("areas", frozenset({PROVINCE})), Holds("areas", frozenset({"460100"})),
        )
    ]  # fmt: skip
    assert [len(s) for s in seen] == [1, 1, 0]


def test_what_was_there_between_two_times(connection: Connection) -> None:
    take(connection, report("a"))
    take(connection, of(report("b", 30), "b"))
    take(connection, of(end("e", 40, why="in_port"), "b"))

    def between(a: float, b: float) -> list[tuple[int, int]]:
        times = (NOW_US + round(m * MINUTE_US) for m in (a, b))
        return [(n, len(steps)) for n, steps in sea_contacts.told_between(connection, *times)]

    assert between(-20, 0) == []
    assert between(0, 10) == [
        (1, 1),
    ]
    assert between(35, 36) == between(0, 50) == [(1, 1), (2, 2)]
    assert between(41, 60) == [(1, 1)]
    assert between(121, 150) == []


def test_what_was_said_ends_and_the_rest_stays(connection: Connection) -> None:
    key = "0197b2a0-0000-7000-8000-000000000001"
    step = of(report(key, words="Lao Wang says he is fine", name="HAI 1"), key)
    take(connection, step)
    (item,) = reasons.kept(connection, key)
    assert (item.id, item.collected_us) == (key, NOW_US)
    reasons.forget(connection, key)
    last = sea_contacts.one(connection, key).contact.last
    assert (last.words, last.name) == ("", "HAI 1")
    assert reasons.kept(connection, key) == []
