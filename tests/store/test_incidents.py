"""Incidents in the records: a step is taken once, whoever sends it how often, and the row is what
the steps make of it."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.engine import Connection

from littoral.access.filter import ALL, NONE, And, Filter, Holds, In, Not, Or
from littoral.access.mask import mask
from littoral.respond.incident.flow import told
from littoral.respond.incident.step import Refused, Step
from littoral.store import incidents
from littoral.store.actions import NotFound
from littoral.store.geofences import Conflict
from littoral.store.incidents import Kept
from littoral.store.records import Records
from tests.respond.incident.steps import report, step

NOW = 1_795_900_000_000_000


@pytest.fixture
def records(url: str) -> Iterator[Records]:
    with Records.open(url, now_us=lambda: NOW) as opened:
        yield opened


@pytest.fixture
def connection(records: Records) -> Iterator[Connection]:
    with records.database.write() as opened:
        yield opened


def take(connection: Connection, given: Step, year: int = 2026) -> Kept:
    return incidents.take(connection, given, year, NOW)


def test_the_row_is_what_the_steps_make_of_it(connection: Connection) -> None:
    given = [
        report(),
        step("accept", 10),
        step("join", 20, agency="coast_guard"),
        step("dispatch", 30),
        step("add_source", 40, kind="hotline", ref="h-1"),
        step("link", 50, other="i-2"),
        step("edit", 60, title="两艘快艇", lon_deg=None, lat_deg=None),
    ]
    for one in given:
        kept = take(connection, one)
    assert kept.incident == told(given)
    assert incidents.one(connection, "i-1") == replace(kept, fresh=False)
    assert incidents.one(connection, "2026-000001").incident.id == "i-1"
    rows = incidents.steps(connection, "i-1")
    assert [r.step for r in rows] == given
    assert [(r.version, r.received_us) for r in rows] == [(n, NOW) for n in range(1, 8)]


def test_the_same_step_again_is_the_same_answer(connection: Connection) -> None:
    first = take(connection, report())
    again = take(connection, report())
    assert (again.incident, again.code, again.fresh) == (first.incident, first.code, False)
    take(connection, step("accept"))
    late = take(connection, report())  # from a phone that heard no answer
    assert (late.incident.state, late.incident.version, late.fresh) == ("accepted", 2, False)
    with pytest.raises(Conflict, match="of another step"):
        take(connection, replace(step("accept"), fields={"reason": "otherwise"}))
    assert len(incidents.steps(connection, "i-1")) == 2


def test_a_refused_step_leaves_nothing_behind(records: Records) -> None:
    with records.database.write() as connection:
        take(connection, report())
    for wrong, error in (
        (step("close", outcome="done"), Refused),
        (step("accept", incident="i-9"), NotFound),
        (step("merge", other="i-9", reason="the same"), Refused),
    ):
        with pytest.raises(error), records.database.write() as connection:
            take(connection, wrong)
    with records.database.read() as connection:
        assert incidents.one(connection, "i-1").incident.version == 1
        assert [r.step.kind for r in incidents.steps(connection, "i-1")] == ["report"]


def test_codes_count_by_year(connection: Connection) -> None:
    codes = [
        take(connection, report(f"i-{n}"), year).code
        for n, year in enumerate((2026, 2026, 2027, 2026))
    ]
    assert codes == ["2026-000001", "2026-000002", "2027-000001", "2026-000003"]


def test_from_an_alert_to_what_became_of_it(connection: Connection) -> None:
    take(connection, report("i-1"))
    take(connection, report("i-2", at_us=5))
    assert [k.incident.id for k in incidents.of_source(connection, "alert", "a-1")] == [
        "i-1",
        "i-2",
    ]
    take(connection, step("drop_source", incident="i-1", kind="alert", ref="a-1", reason="another"))
    assert [k.incident.id for k in incidents.of_source(connection, "alert", "a-1")] == ["i-2"]
    assert incidents.of_source(connection, "alert", "a-2") == []


def test_what_is_merged_leaves_the_board_and_comes_back(connection: Connection) -> None:
    for n in range(3):
        take(connection, report(f"i-{n}", at_us=n))
    take(connection, step("merge", 10, incident="i-0", other="i-1", reason="one boat"))
    take(connection, step("merge", 11, incident="i-1", other="i-2", reason="one boat"))

    def board() -> list[str]:
        return [k.incident.id for k in incidents.listed(connection, 10)]

    assert board() == ["i-2"]
    assert [k.incident.id for k in incidents.parts(connection, "i-2")] == ["i-0", "i-1"]
    with pytest.raises(Refused, match="merged into"):
        take(connection, step("merge", 12, incident="i-2", other="i-0", reason="a ring"))
    take(connection, step("unmerge", 13, incident="i-1", reason="two boats"))
    assert board() == ["i-2", "i-1"]
    assert [i.id for i in incidents.near_in_time(connection, 0, 100)] == ["i-1", "i-2"]


def test_pages_and_what_changed_since(connection: Connection) -> None:
    for n in range(5):
        take(connection, report(f"i-{n}", at_us=n // 2))
    pages: list[str] = []
    last: tuple[int, str] | None = None
    while page := incidents.listed(connection, 2, before=last):
        pages += [k.incident.id for k in page]
        last = page[-1].incident.opened_us, page[-1].incident.id
    assert pages == ["i-4", "i-3", "i-2", "i-1", "i-0"]
    seen = incidents.changed_since(connection, 0, 10)
    assert [k.incident.id for k in seen] == [f"i-{n}" for n in range(5)]
    take(connection, step("accept", incident="i-1"))
    (changed,) = incidents.changed_since(connection, seen[-1].seq, 10)
    assert (changed.incident.id, changed.incident.state) == ("i-1", "accepted")
    assert incidents.listed(connection, 9, states=["accepted"])[0].incident.id == "i-1"
    assert incidents.listed(connection, 9, types=["rescue"]) == []


def test_many_at_once_are_taken_one_after_another(records: Records) -> None:
    """Four desks write at the same time: no number twice, none lost."""
    errors: list[Any] = []

    def desk(n: int) -> None:
        try:
            for m in range(10):
                with records.database.write() as connection:
                    take(connection, report(f"i-{n}-{m}"))
                with records.database.write() as connection:
                    take(connection, step("note", n, f"i-{n}-{m}", reason="seen"))
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=desk, args=(n,)) for n in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with records.database.read() as connection:
        found = incidents.changed_since(connection, 0, 100)
    assert sorted(k.code for k in found) == [f"2026-{n:06d}" for n in range(1, 41)]
    assert len({k.seq for k in found}) == 40
    assert {k.incident.version for k in found} == {2}


AREAS = {"4601": ("4601", "46"), "4690": ("4690", "46"), "46": ("46",)}
WITHIN = {"46": frozenset({"46", "4601", "4690"})}


def within(codes: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(WITHIN.get(code, {code}) for code in codes))


CITY, SHARED = Holds("areas", frozenset({"4601"})), Holds("shared_with", frozenset({"police@46"}))


@pytest.mark.parametrize(
    "found",
    [
        ALL, NONE, Holds("areas", frozenset({"460000"})),
        CITY, SHARED, Not(CITY), Holds("areas", frozenset({"46"})),
        In("kind", frozenset({"rescue", "fire"})), In("unit", frozenset({"460000"})),
        In("owner", frozenset({"account:1"})), In("data_class", frozenset({"personal"})),
        Or(frozenset({CITY, SHARED})), And(frozenset({Not(CITY), Or(frozenset({SHARED, CITY}))})),
    ],
)  # fmt: skip
def test_a_board_shows_what_the_policies_let_one_see(connection: Connection, found: Filter) -> None:
    """As access/mask.py does over columns, which the policies' own tests hold."""
    places = ["4601", "4690", "46", "4601", ""]
    for n, area in enumerate(places):
        kind = "rescue" if n % 2 else "smuggling"
        given = report(f"i-{n}", area=area, type=kind, at_us=n)
        incidents.take(connection, given, 2026, NOW)
    for n in (1, 3):
        joined = step("join", incident=f"i-{n}", agency="police")
        incidents.take(connection, joined, 2026, NOW)
    moved = step("edit", incident="i-3", area="4690")
    incidents.take(connection, moved, 2026, NOW)
    columns = {
        "data_class": ["operational"] * 5,
        "unit": ["460000"] * 5,
        "owner": ["account:1"] * 5,
        "kind": ["smuggling", "rescue"] * 2 + ["smuggling"],
        "areas": [[*AREAS.get(a, ()), "460000"] for a in ["4601", "4690", "46", "4690", ""]],
        "shared_with": [["police@46"] if n in (1, 3) else [] for n in range(5)],
    }
    wanted = [f"i-{n}" for n, seen in enumerate(mask(found, columns)) if seen]
    shown = incidents.listed(connection, 9, where=incidents.visible(found, within))
    assert [k.incident.id for k in reversed(shown)] == wanted


def test_what_is_read_under_the_lock_is_what_the_step_finds(records: Records) -> None:
    """Two at once: the second reads what the first has made of it, not what was before."""
    with records.database.write() as connection:
        take(connection, report())
    begun, errors, seen = threading.Event(), [], []

    def second() -> None:
        try:
            with records.database.write() as connection:
                begun.set()
                incidents.lock(connection)
                seen.append(incidents.one(connection, "i-1").incident.asked)
        except Exception as error:
            errors.append(error)

    thread = threading.Thread(target=second)
    with records.database.write() as connection:
        incidents.lock(connection)
        assert incidents.one(connection, "i-1").incident.asked == ""
        thread.start()
        if connection.dialect.name == "postgresql":  # SQLite waits before it begins
            assert begun.wait(10)
        thread.join(0.3)
        assert seen == []
        take(connection, step("transfer", 5, to="460200", reason="it went south"))
    thread.join(10)
    assert (errors, seen) == ([], ["460200"])


def test_the_same_step_is_that_of_one_account(connection: Connection) -> None:
    take(connection, report())
    assert incidents.again(connection, step("accept")) is None
    take(connection, step("accept"))
    found = incidents.again(connection, step("accept"))
    assert found is not None
    assert (found.incident.state, found.fresh) == ("accepted", False)
    with pytest.raises(Conflict, match="of another step"):
        incidents.again(connection, replace(step("accept"), by="account:2"))
