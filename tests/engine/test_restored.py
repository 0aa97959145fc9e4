"""Records of before put back beside a log that went on: what was ended stays so, what was held is
kept, and nothing is erased until somebody says that it may be."""

from __future__ import annotations

import logging
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from littoral.cli import main
from littoral.cli.sign_in import gate_over
from littoral.engine import restored
from littoral.engine import trust as trusts
from littoral.engine.trust import Trust
from littoral.engine.upkeep import RetentionPaused, run_retention
from littoral.schema.logentry import LogEntry, from_bytes
from littoral.store.log.reader import LogReader
from littoral.store.people import accounts, api_keys
from littoral.store.people.accounts import Membership
from littoral.store.people.base import Base
from littoral.store.people.directory import Directory
from littoral.store.people.outbox import as_entry
from littoral.store.people.sessions import SessionRules, begin, find
from littoral.store.records import Records, RecordsError
from littoral.store.vault import cases, grants, holds, persons
from littoral.store.vault.entries import Ask, Entry
from littoral.store.vault.erasure import Reconciled
from littoral.store.vault.holds import current_holds, set_hold

NOW = 1_790_000_000_000_000
DAY = 86_400_000_000
MINUTE = 60_000_000
SECOND = 1_000_000


@pytest.fixture
def data(tmp_path: Path) -> Path:
    assert main(["units", "packaged", "--data", str(tmp_path / "data")]) == 0
    return tmp_path / "data"


@contextmanager
def running(data: Path, now_us: int) -> Iterator[Trust]:
    with Records.open(f"sqlite:///{data / 'records.sqlite'}", lambda: now_us) as records:
        trust = Trust.open(data, records, lambda: now_us)
        try:
            yield trust
        finally:
            trust.close()


def directory(trust: Trust) -> Directory:
    def tell(event) -> None:
        trust.record([as_entry(event)])

    return Directory(Base(trust.records.database, trust.now_us, tell))


def copy(data: Path, to: Path) -> None:
    """A backup of the records, as it is made beside a running server too."""
    with (
        closing(sqlite3.connect(data / "records.sqlite")) as source,
        closing(sqlite3.connect(to)) as target,
    ):
        source.backup(target)


def put_back(data: Path, kept: Path) -> None:
    for left in data.glob("records.sqlite*"):
        left.unlink()
    shutil.copy(kept, data / "records.sqlite")


def closed_case(trust: Trust) -> tuple[str, str]:
    """A case whose person is due after half a year, and the person."""
    found = cases.open_case(
        trust.vault, "account:li", "12", "search_and_rescue", "vital_interest", "460100", NOW,
        trust.record, "police",
    )  # fmt: skip
    ask = Ask("account:li", found.id, "search_and_rescue", "vital_interest")
    person = persons.add_subject(trust.vault, ask, "person", {"name": "张三"}, NOW, trust.record)
    cases.close_case(trust.vault, "account:li", found.id, NOW, trust.record)
    return found.id, person


def said(data: Path, trust: Trust) -> list[LogEntry]:
    reader = LogReader(data / "log", trust.log.key.public)
    size = trust.log.publish().size
    return [from_bytes(e) for b in range(-(-size // 256)) for e in reader.entries(b, size)]


def test_holds_set_since_are_set_again_and_nothing_is_erased_until_resumed(
    data: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    with running(data, NOW) as trust:
        _, held_person = closed_case(trust)
        _, free_person = closed_case(trust)
        _, lifted_person = closed_case(trust)
        order = "court_order", "(2026) 3"
        first = set_hold(trust.vault, "account:a", lifted_person, *order, NOW, trust.record)
    copy(data, tmp_path / "kept")
    with running(data, NOW + DAY) as trust:
        made = set_hold(trust.vault, "account:a", held_person, *order, NOW + DAY, trust.record)
        holds.release(trust.vault, "account:b", first.id, *order, NOW + DAY, trust.record)
        released = holds.hold(trust.vault, first.id)
    put_back(data, tmp_path / "kept")
    late = NOW + 200 * DAY
    with running(data, late) as trust:
        assert trust.restored.unknown > 0
        assert current_holds(trust.vault) == [made]
        assert holds.hold(trust.vault, first.id) == released
        with caplog.at_level(logging.WARNING):
            assert run_retention(trust).erased == ()
        assert "littoral retention resume" in caplog.text
        with pytest.raises(RetentionPaused):
            run_retention(trust, "account:dpo")
    with running(data, late + MINUTE) as trust:  # another start resumes nothing
        assert trust.restored.unknown == 0
        assert run_retention(trust).erased == ()
    capsys.readouterr()
    assert main(["retention", "status", "--data", str(data)]) == 0
    assert capsys.readouterr().out.startswith("paused since 2027-")
    assert main(["retention", "resume", "--data", str(data)]) == 0
    assert main(["retention", "resume", "--data", str(data)]) == 2
    with running(data, late + 2 * MINUTE) as trust:
        assert set(run_retention(trust).erased) == {free_person, lifted_person}
        acts = [(e.action, e.thing) for e in said(data, trust)]
        assert acts.count(("retention.pause", "list:retention")) == 1
        assert acts.count(("retention.resume", "list:retention")) == 1


def test_keys_roles_accounts_sessions_and_grants_that_were_ended_stay_ended(
    data: Path, tmp_path: Path
) -> None:
    rules = SessionRules()
    with running(data, NOW) as trust:
        people = directory(trust)
        lead = Membership("administrator", "460000")
        watch = Membership("watch_officer", "460100")
        ids = {
            login: people.account_of(login).id  # type: ignore[union-attr]
            for login, role in (("a.chief", lead), ("b.gone", watch), ("c.moved", watch),
                                ("d.back", watch))
            if people.invite(login, login, [role], "operator:x")
        }  # fmt: skip
        with trust.vault.db.write() as connection:
            for account in ids.values():
                accounts.set_status(connection, account, accounts.ACTIVE, "system", NOW)
            token, _ = begin(connection, ids["a.chief"], "totp", "", "", NOW, rules)
        role = people.account(ids["c.moved"]).memberships[0].id
        actions = ["intake.write"]
        revoked, key = people.create_key("x", actions, "460100", None, NOW + 9 * DAY, "operator:x")
        working, _ = people.create_key("y", actions, "460100", None, NOW + 9 * DAY, "operator:x")
        case = cases.open_case(
            trust.vault, "account:li", "12", "search_and_rescue", "vital_interest", "460100", NOW,
            trust.record, "police",
        ).id  # fmt: skip
        ask = Ask("account:li", case, "search_and_rescue", "vital_interest")
        asked = grants.ask_for(
            trust.vault, ask, "read", "personal", NOW + DAY // 2, "a reason", NOW, trust.record,
            whole_case=True,
        )  # fmt: skip
    copy(data, tmp_path / "kept")
    with running(data, NOW + MINUTE) as trust:
        people = directory(trust)
        people.end_key(key.id, "operator:x")
        people.suspend(ids["b.gone"], "operator:x", "left")
        people.suspend(ids["d.back"], "operator:x", "by mistake")
        people.reinstate(ids["d.back"], "operator:x")
        people.end_membership(role, "operator:x")
        grants.end(trust.vault, asked.id, "account:li", NOW + MINUTE, trust.record)
    put_back(data, tmp_path / "kept")
    with running(data, NOW + 2 * MINUTE) as trust:
        people = directory(trust)
        with trust.vault.db.read() as connection:
            assert api_keys.find(connection, revoked, NOW + 2 * MINUTE) is None
            assert api_keys.find(connection, working, NOW + 2 * MINUTE) is not None
            assert find(connection, token, NOW + 2 * MINUTE, rules) is None
        states = {login: people.account(i).status for login, i in ids.items()}
        assert states == {
            "a.chief": "active", "b.gone": "suspended", "c.moved": "active", "d.back": "active",
        }  # fmt: skip
        assert not people.account(ids["c.moved"]).roles(NOW + 3 * MINUTE)
        assert grants.grant(trust.vault, asked.id).facts.state == grants.ENDED
        again = dict(trust.restored.again)
        assert (again["keys"], again["accounts"], again["roles"], again["grants"]) == (1, 1, 1, 1)
        by_server = {e.action for e in said(data, trust) if e.actor == "system:server"}
        assert {"key.revoke", "account.suspend", "account.end_role", "grant.request"} <= by_server


def test_records_put_back_from_within_the_same_run_are_told_by_the_time(
    data: Path, tmp_path: Path
) -> None:
    with running(data, NOW) as trust:
        _, person = closed_case(trust)
        trust.mark()
        copy(data, tmp_path / "kept")
        set_hold(trust.vault, "account:a", person, "court_order", "3", NOW + DAY, trust.record)
    put_back(data, tmp_path / "kept")
    with running(data, NOW + DAY) as trust:
        assert trust.restored.unknown > 0
        assert [h.thing for h in current_holds(trust.vault)] == [person]


def test_neither_a_clean_start_nor_a_crash_nor_a_command_is_a_restore(
    data: Path, tmp_path: Path
) -> None:
    with running(data, NOW) as trust:
        closed_case(trust)
        copy(data, tmp_path / "crashed")
    put_back(data, tmp_path / "crashed")  # as the records are where the mark was not written
    with running(data, NOW + DAY) as trust:
        assert trust.restored.unknown == 0
    role = ["--role", "watch_officer:460100", "--data", str(data)]
    assert main(["users", "invite", "e.new", "--name", "e", *role]) == 0
    with running(data, NOW + 2 * DAY) as trust:
        assert trust.restored.unknown == 0


def test_a_kill_after_quiet_minutes_is_no_restore(data: Path, tmp_path: Path) -> None:
    with running(data, NOW) as trust:
        for minute in range(1, 16):
            later = NOW + minute * MINUTE
            trust.now_us = lambda later=later: later  # type: ignore[misc]
            trust.mark()
        killed = later + 5 * SECOND
        trust.record([Entry("account:li", "person.read", "person:1", "", "", "", killed, "allow")])
        copy(data, tmp_path / "killed")
    put_back(data, tmp_path / "killed")
    with running(data, killed + MINUTE) as trust:
        assert trust.restored.unknown == 0


def test_a_kill_after_a_start_that_took_long_is_no_restore(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [NOW]
    reconcile = trusts.reconcile

    def slowly(*args: Any) -> Reconciled:
        now[0] += 15 * MINUTE
        return reconcile(*args)

    with Records.open(f"sqlite:///{data / 'records.sqlite'}") as records:
        monkeypatch.setattr(trusts, "reconcile", slowly)
        trust = Trust.open(data, records, lambda: now[0])
        monkeypatch.undo()
        trust.tell("account:li", "person.read", "person:1", "allow")
        copy(data, tmp_path / "killed")
        trust.close()
    put_back(data, tmp_path / "killed")
    with running(data, NOW + DAY) as trust:
        assert trust.restored.unknown == 0


@contextmanager
def dying(data: Path, kept: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A start within ends when its load is in the log and its mark is not in the records."""
    mark = restored.mark

    def dies(records: Records, size: int, now_us: int) -> None:
        if not kept.exists():
            copy(data, kept)
        mark(records, size, now_us)

    with monkeypatch.context() as patch:
        patch.setattr(restored, "mark", dies)
        yield
    put_back(data, kept)


def test_starts_that_die_before_their_mark_are_no_restore(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(data, NOW):
        pass
    for n in (1, 2):
        with dying(data, tmp_path / f"died{n}", monkeypatch), running(data, NOW + n * DAY) as trust:
            assert trust.restored.unknown == 0
    with running(data, NOW + 3 * DAY) as trust:
        assert trust.restored.unknown == 0
    put_back(data, tmp_path / "died2")  # the start after the one that died, it does not know
    with running(data, NOW + 4 * DAY) as trust:
        assert trust.restored.unknown > 0


def test_a_restore_is_still_found_after_a_start_that_died_over_it(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(data, NOW) as trust:
        _, person = closed_case(trust)
    copy(data, tmp_path / "kept")
    with running(data, NOW + MINUTE) as trust:
        set_hold(trust.vault, "account:a", person, "court_order", "3", NOW, trust.record)
    put_back(data, tmp_path / "kept")

    with dying(data, tmp_path / "died", monkeypatch), running(data, NOW + 2 * MINUTE):
        pass
    with running(data, NOW + 3 * MINUTE) as trust:
        assert trust.restored.unknown > 0
        assert [h.thing for h in current_holds(trust.vault)] == [person]


def test_records_without_a_mark_are_marked_and_not_judged(data: Path, tmp_path: Path) -> None:
    with running(data, NOW) as trust:
        trust.records.set_setting("vault.reconciled_entries", 0)
    with closing(sqlite3.connect(data / "records.sqlite")) as before, before:
        before.execute("delete from settings where key = ?", (restored.KNOWN,))
    with running(data, NOW + DAY) as trust:
        assert trust.restored.unknown == 0
        assert trust.records.setting(restored.KNOWN)["size"] == trust.log.size


@pytest.mark.parametrize(
    ("actor", "action"), [("system:server", "vault.log_key_lost"), ("system:log", "log.sealed")]
)
def test_what_a_command_leaves_while_no_server_runs_is_no_restore(
    data: Path, tmp_path: Path, actor: str, action: str
) -> None:
    with running(data, NOW) as trust:
        copy(data, tmp_path / "kept")
        trust.record([Entry(actor, action, "key:1", "", "", "", NOW + DAY, "done", {"n": 1})])
    put_back(data, tmp_path / "kept")
    with running(data, NOW + 2 * DAY) as trust:
        assert trust.restored.unknown == 0


@pytest.mark.parametrize("late", [None, 300])
def test_of_many_entries_few_are_parsed(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, late: int | None
) -> None:
    """Also one that is late between others that are not, as what an outbox tells afterwards."""
    with running(data, NOW) as trust:
        _, person = closed_case(trust)
        trust.mark()
        copy(data, tmp_path / "kept")
        set_hold(trust.vault, "account:a", person, "court_order", "3", NOW, trust.record)
        trust.record([
            Entry("account:li", "person.read", f"person:{n}", "", "", "",
                  NOW + DAY if n == late else NOW, "allow", {"action": "policy.load"})
            for n in range(600)
        ])  # fmt: skip
    put_back(data, tmp_path / "kept")
    parsed: list[bytes] = []

    def counted(entry: bytes) -> LogEntry:
        parsed.append(entry)
        return from_bytes(entry)

    monkeypatch.setattr(restored, "from_bytes", counted)
    with running(data, NOW + 2 * DAY) as trust:
        assert (trust.restored.unknown > 600) == (late is not None)
        assert len(current_holds(trust.vault)) == (late is not None)
    assert len(parsed) == (1 if late is None else 2)


def test_a_server_says_so_at_its_start_and_on_the_page(data: Path, tmp_path: Path) -> None:
    def server() -> None:
        with (
            Records.open(f"sqlite:///{data / 'records.sqlite'}") as records,
            gate_over(data, records) as gate,
        ):
            found.append(gate.trust.restored.unknown)

    found: list[int] = []
    server()
    copy(data, tmp_path / "kept")
    server()
    put_back(data, tmp_path / "kept")
    server()
    assert found[:2] == [0, 0]
    assert found[2] > 0


def test_the_log_is_closed_also_where_the_records_cannot_be_written(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise RecordsError("disk full")

    with Records.open(f"sqlite:///{data / 'records.sqlite'}") as records:
        trust = Trust.open(data, records, lambda: NOW)
        trust.tell("system:server", "alert.act", "alert:1", "done")
        monkeypatch.setattr(records, "set_setting", full)
        with pytest.raises(RecordsError):
            trust.close()
        monkeypatch.undo()
        Trust.open(data, records, lambda: NOW).close()  # nobody holds the log any more
