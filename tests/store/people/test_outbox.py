"""Entries on their way into the log: nothing is lost or doubled, wherever a process ends."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from littoral.schema.logentry import EntryError, LogEntry, from_bytes
from littoral.store import reason_keys
from littoral.store.database import Database
from littoral.store.log import writer
from littoral.store.log.reader import LogReader
from littoral.store.log.signing import Signer
from littoral.store.log.writer import Log, LogError
from littoral.store.people.accounts import AccountRefused, Membership
from littoral.store.people.base import Base
from littoral.store.people.directory import Directory
from littoral.store.people.outbox import LogEnd, Outbox, actor_ref
from littoral.store.people.packaged import hainan_units
from littoral.store.people.tables import log_outbox
from littoral.store.vault.entries import Entry
from littoral.store.vault.keyring import KeyRing
from littoral.store.vault.logged import facts_json, log_key, recorder
from littoral.store.vault.vault import Vault

NOW_US = 1_790_000_000_000_000


ACT = Entry(
    "account:li", "incident.act", "incident:1", "anti_smuggling", "c1", "statutory_duty",
    NOW_US, "allow", {"done": "accept", "rules": ["a.b"]},
)  # fmt: skip


class Died(Exception):
    """The process ends here."""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path / 'data' / 'records.sqlite'}")
    yield made
    made.close()


@pytest.fixture
def end(database: Database, tmp_path: Path) -> Iterator[LogEnd]:
    key = log_key(Vault(database, KeyRing.open(tmp_path / "data", NOW_US)), NOW_US)
    with Log(tmp_path / "data" / "log", Signer.generate("example.org/log")) as log:
        yield LogEnd(log, recorder(log.append, key), key)


def by_command(database: Database) -> Directory:
    """As a command beside a server works: it has no log."""
    return Directory(Base(database, keeper=Outbox(database)))


def logged(end: LogEnd) -> list[LogEntry]:
    signed = end.log.publish()
    if not signed.size:
        return []
    reader = LogReader(end.log.root, end.log.key.public)
    return [from_bytes(data) for data in reader.entries(0, signed.size)]


def test_what_a_command_did_waits_and_is_moved_once(database: Database, end: LogEnd) -> None:
    directory = by_command(database)
    directory.put_units(hainan_units(), "operator:li")
    made, _ = directory.invite("wang", "王伟", [Membership("analyst", "460100")], "operator:li")
    directory.suspend(made.id, "operator:li", "left")
    outbox = Outbox(database, end)
    assert outbox.waiting() == 3
    assert outbox.settle() == 3
    assert (outbox.waiting(), outbox.settle()) == (0, 0)
    found = logged(end)
    assert [(e.actor, e.action, e.thing) for e in found] == [
        ("operator:li", "unit.write", "unit:units"),
        ("operator:li", "account.invite", f"account:{made.id}"),
        ("operator:li", "account.suspend", f"account:{made.id}"),
    ]
    # The name and the reason are not in clear.
    files = [f.read_bytes() for f in end.log.root.rglob("*") if f.is_file()]
    assert not any(word.encode() in data for data in files for word in ("王伟", "left"))
    facts = json.loads(facts_json(found[2], end.key) or b"")
    with database.read() as connection:
        key = reason_keys.known(connection, made.id)
    assert facts["detail"] == f"hmac_sha256:{reason_keys.committed(key or '', 'left')}"


def test_a_change_that_is_refused_leaves_no_entry(database: Database) -> None:
    directory = by_command(database)
    directory.put_units(hainan_units(), "operator:li")
    with pytest.raises(AccountRefused):
        directory.invite("wang", "王伟", [Membership("emperor", "460100")], "operator:li")
    assert directory.accounts() == []
    assert Outbox(database).waiting() == 1


def test_a_crash_before_the_entry_is_durable_loses_nothing(database: Database, end: LogEnd) -> None:
    by_command(database).put_units(hainan_units(), "operator:li")

    def dies(entries: Sequence[Entry]) -> list[int]:
        raise Died

    with pytest.raises(Died):
        Outbox(database, replace(end, record=dies)).settle()
    assert logged(end) == []
    assert Outbox(database, end).settle() == 1
    assert [e.action for e in logged(end)] == ["unit.write"]


@pytest.mark.parametrize("others", [0, 300])
def test_a_crash_after_the_entry_is_durable_doubles_nothing(
    database: Database, end: LogEnd, others: int
) -> None:
    """`others`: entries of the log before it, more than one bundle of 256."""
    directory = by_command(database)
    for _ in range(others):
        end.record([Entry("system:test", "t", "thing:1", "", "", "", NOW_US, "done", {"n": 1})])
    directory.put_units(hainan_units(), "operator:li")
    made, _ = directory.invite("wang", "王伟", [Membership("analyst", "460100")], "operator:li")

    def dies(entries: Sequence[Entry]) -> list[int]:
        end.record(entries)
        raise Died

    with pytest.raises(Died):
        Outbox(database, replace(end, record=dies)).settle()
    assert end.log.size == others + 2
    directory.suspend(made.id, "operator:li", "left")  # another command, meanwhile
    outbox = Outbox(database, end)
    assert outbox.waiting() == 3
    assert outbox.settle() == 1
    assert (end.log.size, outbox.waiting()) == (others + 3, 0)


def test_what_was_durable_although_the_writer_gave_up_is_not_doubled(
    database: Database, end: LogEnd
) -> None:
    """As when the disk takes longer than the writer waits."""
    given_up: list[int] = []

    def late(entries: Sequence[Entry]) -> list[int]:
        end.record(entries)
        if not given_up:
            given_up.append(1)
            raise TimeoutError
        return []

    outbox = Outbox(database, replace(end, record=late))
    with database.write() as connection:
        outbox.keep_entries(connection, [ACT, replace(ACT, thing="incident:2")])
    with pytest.raises(TimeoutError):
        outbox.settle()
    with database.write() as connection:
        outbox.keep_entries(connection, [replace(ACT, thing="incident:3")])
    assert outbox.settle() == 1
    assert [e.thing for e in logged(end)] == ["incident:1", "incident:2", "incident:3"]


def test_rows_of_durable_entries_go_a_moment_later_and_are_not_told_again(
    database: Database, end: LogEnd
) -> None:
    outbox = Outbox(database, end)
    for n in range(3):
        with database.write() as connection:
            outbox.keep_entries(connection, [replace(ACT, thing=f"incident:{n}")])
        assert outbox.settle() == 1
    assert (outbox.waiting(), outbox.settle()) == (0, 0)
    # As a process leaves them that was killed before it deleted them: the next finds them there.
    again = Outbox(database, end)
    assert (again.waiting(), again.settle(), again.waiting()) == (3, 0, 0)
    again.tidy()
    with database.read() as connection:
        assert not list(connection.execute(sa.select(log_outbox)))
    assert len(logged(end)) == 3


def test_while_the_log_fails_the_entries_wait(database: Database, end: LogEnd) -> None:
    by_command(database).put_units(hainan_units(), "operator:li")

    def fails(entries: Sequence[Entry]) -> list[int]:
        raise LogError("the disk is full")

    outbox = Outbox(database, replace(end, record=fails))
    for _ in range(2):
        with pytest.raises(LogError):
            outbox.settle()
    assert outbox.waiting() == 1
    assert Outbox(database, end).settle() == 1


def test_who_acts_stands_in_the_log_as_a_reference() -> None:
    assert actor_ref("operator:li") == "operator:li"
    assert actor_ref("0198c0de") == "account:0198c0de"
    assert actor_ref("") == "account:unknown"
    assert actor_ref("x y") == "account:x_y"


def test_an_act_is_told_whole_with_its_transaction_or_not_at_all(
    database: Database, end: LogEnd
) -> None:
    outbox = Outbox(database, end)

    def kept_and_died() -> None:
        with database.write() as connection:
            outbox.keep_entries(connection, [ACT])
            raise Died

    with pytest.raises(Died):
        kept_and_died()
    assert outbox.waiting() == 0
    with database.write() as connection:
        outbox.keep_entries(connection, [])
        outbox.keep_entries(connection, [ACT, replace(ACT, thing="incident:2", verdict="deny")])

    def dies(entries: Sequence[Entry]) -> list[int]:
        end.record(entries)
        raise Died

    with pytest.raises(Died):
        Outbox(database, replace(end, record=dies)).settle()
    assert Outbox(database, end).settle() == 0  # both were there already
    first, second = logged(end)
    assert (first.actor, first.action, first.thing, first.verdict, first.time_us) == (
        "account:li", "incident.act", "incident:1", "allow", NOW_US,
    )  # fmt: skip
    assert (first.purpose, first.case, first.legal_basis) == (
        "anti_smuggling", "case:c1", "statutory_duty",
    )  # fmt: skip
    assert (second.thing, second.verdict) == ("incident:2", "deny")
    facts = json.loads(facts_json(first, end.key) or b"")
    assert (facts["done"], facts["rules"]) == ("accept", ["a.b"])


def test_ids_that_read_as_somebodys_number_stand_under_a_keyed_hash(
    database: Database, end: LogEnd
) -> None:
    """The code of a grid has fifteen places, as citizens' numbers once had."""
    outbox = Outbox(database, end)
    with database.write() as connection:
        things = ("unit:460106001001001", "unit:460106001001001", "track:13800138000")
        outbox.keep_entries(connection, [replace(ACT, thing=t, case="13800138001") for t in things])
    assert outbox.settle() == 3
    first, again, track = logged(end)
    assert first.thing == again.thing != track.thing
    assert [e.thing.partition("-")[0] for e in (first, track)] == [
        "unit:numbered",
        "track:numbered",
    ]
    files = [f.read_bytes() for f in end.log.root.rglob("*") if f.is_file()]
    numbers = (b"460106001001001", b"13800138000", b"13800138001")
    assert not any(number in data for data in files for number in numbers)
    facts = json.loads(facts_json(track, end.key) or b"")
    assert (facts["thing"], facts["case"]) == ("track:13800138000", "13800138001")


def test_what_the_log_would_not_take_is_not_done(database: Database, end: LogEnd) -> None:
    outbox = Outbox(database, end)
    for wrong in (replace(ACT, action="two words"), replace(ACT, facts={"all": "x" * 70_000})):
        with pytest.raises(EntryError), database.write() as connection:
            outbox.keep_entries(connection, [ACT, wrong])
    assert (outbox.waiting(), outbox.settle()) == (0, 0)


def test_a_row_that_the_log_does_not_take_is_told_sealed_and_stops_no_other(
    database: Database, end: LogEnd
) -> None:
    """A command that has no log, or a version before, kept it."""
    wrong = (replace(ACT, action="two words"), replace(ACT, facts={"all": "x" * 70_000}))
    with database.write() as connection:
        Outbox(database).keep_entries(connection, [wrong[0], ACT, wrong[1]])
    outbox = Outbox(database, end)
    assert (outbox.settle(), outbox.waiting()) == (3, 0)
    first, second, third = logged(end)
    assert [e.action for e in (first, second, third)] == ["log.sealed", ACT.action, "log.sealed"]
    assert json.loads(json.loads(facts_json(first, end.key) or b"")["row"])["action"] == "two words"
    assert "sha256" in json.loads(facts_json(third, end.key) or b"")


def test_an_entry_that_is_still_on_its_way_is_not_told_again(
    database: Database, end: LogEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that takes longer over a sync than the writer waits."""
    slow, synced = threading.Event(), os.fdatasync

    def sync(file: int) -> None:
        assert slow.wait(60)
        synced(file)

    monkeypatch.setattr(writer.os, "fdatasync", sync)
    soon = replace(end, record=recorder(end.log.append, end.key, wait_s=0.05))
    outbox = Outbox(database, soon)
    with database.write() as connection:
        outbox.keep_entries(connection, [ACT])
    with pytest.raises(TimeoutError):
        outbox.settle()
    again: list[int] = []
    waits = threading.Thread(target=lambda: again.append(outbox.settle()))
    waits.start()
    slow.set()
    waits.join(60)
    assert (again, outbox.waiting(), len(logged(end))) == ([0], 0, 1)


def test_an_entry_names_the_policies_that_decided_whoever_moves_it(
    database: Database, end: LogEnd
) -> None:
    old, new = b"\1" * 32, b"\2" * 32
    with database.write() as connection:
        Outbox(database, replace(end, policy_hash=old)).keep_entries(connection, [ACT])
    after = replace(end, record=recorder(end.log.append, end.key, new), policy_hash=new)
    outbox = Outbox(database, after)
    with database.write() as connection:
        outbox.keep_entries(connection, [ACT])
    assert outbox.settle() == 2
    assert [e.policy_hash for e in logged(end)] == [old, new]


def test_who_settles_does_not_wait_for_rows_to_be_deleted(database: Database, end: LogEnd) -> None:
    outbox = Outbox(database, end)
    with database.write() as connection:
        outbox.keep_entries(connection, [ACT])
    assert outbox.settle() == 1
    settled: list[int] = []
    tidying = threading.Thread(target=outbox.tidy)
    settling = threading.Thread(target=lambda: settled.append(outbox.settle()))
    with database.write():  # the deletion waits for this
        tidying.start()
        tidying.join(0.2)
        assert tidying.is_alive()
        settling.start()
        settling.join(30)
        assert settled == [0]
    tidying.join(30)
    with database.read() as connection:
        assert not connection.execute(sa.select(log_outbox.c.id)).all()
    assert (outbox.settle(), len(logged(end))) == (0, 1)
