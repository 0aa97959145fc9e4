"""Duty in the records: written once, whoever sends it how often, and never rewritten."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.respond.duty.layers import Changes, Leave, Override, Swap
from littoral.respond.duty.paper import Paper, Refused, Step
from littoral.respond.duty.regulation import RegulationError
from littoral.respond.duty.shifts import shift_at
from littoral.store.actions import NotFound
from littoral.store.duty import entries, papers, regulations, rosters
from littoral.store.duty.entries import Entry
from littoral.store.geofences import Conflict
from littoral.store.records import Records
from littoral.store.tables import metadata
from tests.respond.duty.rosters import TEAMS, packaged, us

NOW = 1_795_900_000_000_000
PROVINCE = packaged("province")
UNIT, AGENCY = "460000", "police"


@pytest.fixture
def records(url: str) -> Iterator[Records]:
    with Records.open(url, now_us=lambda: NOW) as opened:
        yield opened


@pytest.fixture
def connection(records: Records) -> Iterator[Connection]:
    with records.database.write() as opened:
        yield opened


def step(kind: str, paper: str = "p", by: str = "ann", at_us: int = 10, **fields: Any) -> Step:
    return Step(f"{paper}.{kind}.{by}.{at_us}", paper, kind, at_us, by, fields)


def begin(connection: Connection, kind: str, paper: str, by: str = "lead", **fields: Any) -> Paper:
    return papers.begin(
        connection, kind, step("begin", paper, by, **fields), UNIT, AGENCY, NOW
    )  # fmt: skip


def test_a_roster_keeps_the_regulation_as_it_was_read_then(connection: Connection) -> None:
    given = (UNIT, AGENCY, date(2026, 1, 1), PROVINCE, TEAMS, "lead", NOW)
    made = rosters.put(connection, "r-1", *given)
    assert rosters.put(connection, "r-1", *given) == made
    with pytest.raises(Conflict):
        rosters.put(connection, "r-1", UNIT, "customs", date(2026, 1, 1), PROVINCE, TEAMS, "x", NOW)
    later = PROVINCE.replace("begins = 20:00:00", "begins = 19:00:00")
    rosters.put(connection, "r-2", UNIT, AGENCY, date(2026, 6, 1), later, TEAMS, "lead", NOW)
    plans = [row.plan for row in rosters.of_desk(connection, UNIT, AGENCY)]
    ends = []
    for at in ("2026-05-31 02:00", "2026-06-01 02:00"):
        shift = shift_at(plans, us(at))
        assert shift is not None
        ends.append(shift.end_us)
    assert ends == [us("2026-05-31 12:00"), us("2026-06-01 11:00")]
    assert rosters.desks(connection) == [(UNIT, AGENCY)]
    assert rosters.of_desk(connection, UNIT, "customs") == []


def test_only_what_is_in_force_lies_over_the_roster(connection: Connection) -> None:
    begin(connection, "leave", "l-1", account="ann", from_us=1, until_us=5)
    begin(connection, "leave", "l-2", by="bao", account="bao", from_us=1, until_us=5)
    begin(connection, "override", "o-1", account="ann", post="lead", from_us=2, until_us=3,
          reason="storm")  # fmt: skip
    swap = {"giver": "ann", "taker": "cai", "gives": "2026-03-20.day", "takes": ""}
    begin(connection, "swap", "s-1", by="ann", **swap)
    asked = papers.changes_of(connection, UNIT, AGENCY)
    assert asked == Changes((), (Leave("ann", 1, 5),), (Override("ann", 2, 3, "lead", ""),))
    papers.take(connection, step("agree", "s-1", "cai"), NOW)
    papers.take(connection, step("approve", "s-1", "lead"), NOW)
    papers.take(connection, step("revoke", "l-1", "lead", reason="needed"), NOW)
    now = papers.changes_of(connection, UNIT, AGENCY)
    assert now.swaps == (Swap("s-1", "ann", "cai", "2026-03-20.day"),)
    assert now.leaves == ()
    assert papers.changes_of(connection, UNIT, "customs") == Changes()


def test_the_same_step_again_is_the_same_answer(connection: Connection) -> None:
    first = begin(connection, "fault", "f-1", thing="feed", name="tcp", what="refused")
    assert begin(connection, "fault", "f-1", thing="feed", name="tcp", what="refused") == first
    taken = papers.take(connection, step("take", "f-1", who="the company"), NOW)
    assert papers.take(connection, step("take", "f-1", who="the company"), NOW) == taken
    with pytest.raises(Conflict, match="of another step"):
        papers.take(connection, step("take", "f-1", who="another"), NOW)
    assert [(r.step.kind, r.version, r.received_us) for r in papers.steps(connection, "f-1")] == [
        ("begin", 1, NOW), ("take", 2, NOW),
    ]  # fmt: skip
    with pytest.raises(NotFound):
        papers.take(connection, step("take", "f-9", who="x"), NOW)
    with pytest.raises(NotFound):
        papers.one(connection, "f\0")


def test_a_watch_has_one_handover_and_what_was_signed_stands(records: Records) -> None:
    shifts = {"outgoing": "2026-03-20.day", "incoming": "2026-03-20.night"}
    known = {"found": {"incidents": 3}, "required": ["promised"]}
    with records.database.write() as connection:
        begin(connection, "handover", "h-1", "ann", **shifts, says={"promised": "none"})
        with pytest.raises(Conflict, match="h-1"):
            begin(connection, "handover", "h-2", "bao", **shifts)
    with records.database.write() as connection:
        papers.take(connection, step("sign", "h-1"), NOW, known)
        papers.take(connection, step("read", "h-1", "cai"), NOW)
        done = papers.take(connection, step("take_over", "h-1", "cai"), NOW)
    for kind in ("write", "take_back", "sign", "read"):
        with pytest.raises(Refused), records.database.write() as connection:
            papers.take(connection, step(kind, "h-1", at_us=99, says={}), NOW, known)
    with records.database.read() as connection:
        assert papers.one(connection, "h-1") == done
        assert done.doc["found"] == {"incidents": 3}
        assert papers.of_subject(connection, "handover", UNIT, AGENCY, "2026-03-20.day") == done
        assert len(papers.steps(connection, "h-1")) == 4


def test_papers_by_kind_last_changed_first(connection: Connection) -> None:
    for n in range(3):
        begin(connection, "fault", f"f-{n}", thing="feed", name="tcp", what="refused")
    papers.take(connection, step("mend", "f-0", reason="restarted"), NOW)
    papers.take(connection, step("close", "f-0", "bao"), NOW)
    every = papers.listed(connection, UNIT, AGENCY, ["fault"], 10)
    assert [p.id for _, p in every] == ["f-0", "f-2", "f-1"]
    waiting = papers.listed(connection, UNIT, AGENCY, ["fault"], 10, waiting=True)
    assert [p.id for _, p in waiting] == ["f-2", "f-1"]
    after = papers.listed(connection, UNIT, AGENCY, [], 10, before_seq=every[1][0])
    assert [p.id for _, p in after] == ["f-1"]
    assert papers.listed(connection, UNIT, AGENCY, ["swap"], 10) == []


def entry(key: str, kind: str = "note", **more: Any) -> Entry:
    given = {"shift": "2026-03-20.day", "ref": "", "text": "x", "at_us": 5, "by": "ann", **more}
    return Entry(id=key, unit=UNIT, agency=AGENCY, kind=kind, received_us=NOW, **given)


def test_the_watch_log_grows_and_nothing_in_it_changes(connection: Connection) -> None:
    first = entries.add(connection, entry("e-1"))
    assert entries.add(connection, replace(entry("e-1"), received_us=NOW + 9)) == first
    with pytest.raises(Conflict):
        entries.add(connection, entry("e-1", text="otherwise"))
    corrected = entries.add(connection, entry("e-2", "correction", ref="e-1", text="y"))
    with pytest.raises(NotFound):
        entries.add(connection, entry("e-3", "correction", ref="e-9"))
    assert entries.listed(connection, UNIT, AGENCY, 10) == [corrected, first]
    assert entries.listed(connection, UNIT, AGENCY, 10, before_seq=corrected.seq) == [first]
    assert entries.listed(connection, UNIT, AGENCY, 10, shift="2026-03-20.night") == []


def test_who_signed_in_last_and_which_checks_were_done(connection: Connection) -> None:
    for n, (by, kind) in enumerate([("ann", "in"), ("bao", "in"), ("ann", "out")]):
        entries.add(connection, entry(f"s-{n}", kind, by=by, at_us=9 - n))
    entries.add(connection, entry("c-1", "check", ref="vhf", at_us=77))
    entries.add(connection, entry("s-9", "out", by="bao", shift="2026-03-20.night"))
    assert entries.signed(connection, UNIT, AGENCY, "2026-03-20.day") == {"ann": "out", "bao": "in"}
    assert entries.done(connection, UNIT, AGENCY, "2026-03-20.day") == [("vhf", 77)]


def test_many_at_once_are_written_one_after_another(records: Records) -> None:
    errors: list[Exception] = []

    def desk(n: int) -> None:
        try:
            for m in range(10):
                with records.database.write() as connection:
                    entries.add(connection, entry(f"e-{n}-{m}"))
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=desk, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with records.database.read() as connection:
        found = entries.listed(connection, UNIT, AGENCY, 100)
    assert len(found) == len({e.seq for e in found}) == 40


def test_the_tables_are_those_of_the_migration(connection: Connection) -> None:
    there = sa.inspect(connection)
    for name in ("duty_rosters", "duty_papers", "duty_steps", "duty_entries"):
        columns = {c["name"]: c["nullable"] for c in there.get_columns(name)}
        assert columns == {c.name: c.nullable for c in metadata.tables[name].c}, name
        indices = {i["name"] for i in there.get_indexes(name)}
        assert {i.name for i in metadata.tables[name].indexes} <= indices, name


def test_a_deployment_s_own_regulation_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    assert set(regulations.read(tmp_path / "none")) == {"province", "county"}
    own = PROVINCE.replace("begins = 20:00:00", "begins = 19:00:00")
    (tmp_path / "own.toml").write_text(own)
    found = regulations.read(tmp_path)
    assert [str(t.begins) for t in found["province"][0].turns] == ["08:00:00", "19:00:00"]
    assert found["province"][1] == own
    (tmp_path / "bad.toml").write_text("id = 3")
    with pytest.raises(RegulationError, match=r"bad\.toml: regulation: id"):
        regulations.read(tmp_path)
