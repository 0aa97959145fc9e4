"""Erasing a person, a case; holds; and that neither backup of data nor of keys undoes it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from littoral.store.database import Database
from littoral.store.vault import cases, erasure, grants, holds, index, persons, tables
from littoral.store.vault.entries import AccessDenied, Ask, Entry
from littoral.store.vault.keyring import KeyRing
from littoral.store.vault.vault import Erased, NotThere, Vault
from tests.store.vault.conftest import HOUR, NOW, PERSON, FakeLog, LogDown, Scene


def test_erasing_a_person(vault: Vault, scene: Scene, log: FakeLog) -> None:
    other = persons.add_subject(vault, scene.ask, "person", PERSON, NOW, log)
    done = erasure.erase_subject(vault, scene.ask, scene.subject, "request", NOW + 1, log)
    assert (len(done.keys), done.pending) == (1, {})
    said = [e for e in log.said("person.erase") if e.verdict == "allow"]
    assert [e.thing for e in said] == [f"subject:{scene.subject}", f"key:{done.keys[0]}"]
    assert len(said[0].facts["commitment"]) == 64
    assert erasure.destroyed_keys(log.entries) == list(done.keys)
    with pytest.raises(Erased):
        persons.show_masked(vault, scene.ask, [scene.subject], NOW + 2, log)
    with pytest.raises(Erased):
        erasure.erase_subject(vault, scene.ask, scene.subject, "request", NOW + 2, log)
    assert persons.subjects_of(vault, scene.ask.case) == [other]
    assert persons.show_masked(vault, scene.ask, [other], NOW + 2, log)
    with vault.db.read() as connection:
        for table in (tables.fields, tables.tokens):
            left = connection.execute(sa.select(table.c.subject_id).distinct()).scalars().all()
            assert left == [other]


def test_erasing_a_case_takes_all_that_was_collected_under_it(
    vault: Vault, scene: Scene, log: FakeLog
) -> None:
    second = persons.add_subject(vault, scene.ask, "person", {"name": "李四"}, NOW, log)
    with pytest.raises(AccessDenied) as caught:
        erasure.erase_case(vault, scene.ask, scene.ask.case, "case_end", NOW, log)
    assert caught.value.code == "case_open"
    cases.close_case(vault, "user:li", scene.ask.case, NOW, log)
    done = erasure.erase_case(vault, scene.ask, scene.ask.case, "case_end", NOW, log)
    assert (len(done.keys), done.subjects) == (3, 2)
    for i in (scene.subject, second):
        with pytest.raises(Erased):
            erasure.erase_subject(vault, scene.ask, i, "request", NOW, log)
    case = cases.read_case(vault, scene.ask, NOW, log)
    assert (case.title, case.state) == (None, "erased")
    assert vault.keys.files.ids() & set(done.keys) == set()


def test_a_hold_stands_against_erasure_and_another_releases_it(
    vault: Vault, scene: Scene, log: FakeLog
) -> None:
    for thing in (scene.subject, scene.ask.case):
        held = holds.set_hold(
            vault, "user:fa", thing, "court_order", "(2026)琼01刑初12号", NOW, log
        )
        with pytest.raises(AccessDenied) as caught:
            erasure.erase_subject(vault, scene.ask, scene.subject, "request", NOW, log)
        assert caught.value.code == "held"
        assert log.entries[-1].verdict == "deny"
        with pytest.raises(AccessDenied) as caught:
            holds.release(vault, "user:fa", held.id, "court_order", "13", NOW, log)
        assert caught.value.code == "same_person"
        for basis, document, code in (
            ("court_order", " ", "document"),
            ("habit", "13", "legal_basis"),
            ("statutory_duty", "13", "legal_basis"),  # a court ordered it
        ):
            with pytest.raises(AccessDenied) as caught:
                holds.release(vault, "user:gao", held.id, basis, document, NOW, log)
            assert caught.value.code == code
            assert log.entries[-1].verdict == "deny"
        assert holds.current_holds(vault) == [held]
        holds.release(vault, "user:gao", held.id, "court_order", " (2026)琼01刑初13号 ", NOW, log)
        assert holds.current_holds(vault) == []
        lifted = holds.hold(vault, held.id)
        assert (lifted.released_basis, lifted.released_document) == (
            "court_order", "(2026)琼01刑初13号",
        )  # fmt: skip
        assert log.entries[-1].facts["document"] == "(2026)琼01刑初13号"
        assert log.entries[-1].legal_basis == "court_order"
    cases.close_case(vault, "user:li", scene.ask.case, NOW, log)
    held = holds.set_hold(vault, "user:fa", scene.subject, "court_order", "12", NOW, log)
    with pytest.raises(AccessDenied):
        erasure.erase_case(vault, scene.ask, scene.ask.case, "case_end", NOW, log)
    holds.release(vault, "user:gao", held.id, "court_order", " (2026)琼01刑初13号 ", NOW, log)
    erasure.erase_subject(vault, scene.ask, scene.subject, "request", NOW, log)


def test_a_hold_is_never_acknowledged_while_its_thing_is_erased(
    vault: Vault, scene: Scene, log: FakeLog
) -> None:
    """A court's order that comes in after the look at the holds waits, and is told that it came too
    late."""
    outcome: list[object] = []

    def order() -> None:
        try:
            outcome.append(
                holds.set_hold(vault, "user:fa", scene.subject, "court_order", "12", NOW, log)
            )
        except Erased as erased:
            outcome.append(erased)

    court = threading.Thread(target=order)

    def meanwhile(entries: Sequence[Entry]) -> list[int]:
        court.start()
        court.join(0.3)  # as long as it likes: with the keys still there it must not get through
        return log(entries)

    erasure.erase_subject(vault, scene.ask, scene.subject, "request", NOW, meanwhile)
    court.join()
    assert [type(o) for o in outcome] == [Erased]
    assert holds.current_holds(vault) == []
    assert log.said("hold.write") == []
    with pytest.raises(NotThere):
        holds.set_hold(vault, "user:fa", "nothing", "court_order", "12", NOW, log)


def test_without_the_log_nothing_is_erased(vault: Vault, scene: Scene, log: FakeLog) -> None:
    log.fails = True
    with pytest.raises(LogDown):
        erasure.erase_subject(vault, scene.ask, scene.subject, "request", NOW, log)
    with pytest.raises(LogDown):
        index.reindex(vault, "user:dpo", "anti_smuggling", NOW, log)
    log.fails = False
    assert persons.show_masked(vault, scene.ask, [scene.subject], NOW, log)
    with pytest.raises(AccessDenied) as caught:
        erasure.erase_subject(vault, scene.ask, scene.subject, "because", NOW, log)
    assert caught.value.code == "reason"
    with pytest.raises(NotThere):
        erasure.erase_subject(vault, scene.ask, scene.ask.case, "request", NOW, log)


def test_search_still_finds_the_others_after_the_index_was_made_anew(
    vault: Vault, scene: Scene, log: FakeLog
) -> None:
    other = persons.add_subject(vault, scene.ask, "person", PERSON, NOW, log)
    with vault.db.read() as connection:
        old = index.known_key(vault, connection, "anti_smuggling")
    assert old is not None
    erasure.erase_subject(vault, scene.ask, scene.subject, "request", NOW, log)
    assert index.reindex(vault, "user:dpo", "anti_smuggling", NOW, log) == 3
    assert not vault.keys.alive(old.id)
    assert erasure.destroyed_keys(log.entries)[-1] == old.id
    grant = grants.ask_for(
        vault, scene.ask, "read", "personal", NOW + HOUR, "查找报告人的电话", NOW, log,
        search_fields=["phone"],
    )  # fmt: skip
    grants.approve(vault, grant.id, "user:zhao", NOW, log)
    found = persons.search(vault, scene.ask, grant.id, "phone", "13812345678", NOW, log)
    assert list(found) == [other]


def test_a_person_sealed_with_sm4_and_found_by_sm3(vault: Vault, log: FakeLog) -> None:
    """Algorithms are exchangeable record by record: old ones stay readable."""
    chinese = replace(vault, algorithm="SM4-GCM", mac="HMAC-SM3")
    case = cases.open_case(
        chinese, "user:li", "国密", "border_control", "statutory_duty", "46", NOW, log, "customs"
    )
    ask = Ask("user:li", case.id, "border_control", "statutory_duty")
    one = persons.add_subject(chinese, ask, "person", PERSON, NOW, log)
    two = persons.add_subject(vault, ask, "person", PERSON, NOW, log)
    with vault.db.read() as connection:
        names = dict(
            connection.execute(
                sa.select(tables.fields.c.subject_id, tables.fields.c.algorithm).distinct()
            ).all()
        )
    assert names == {one: "SM4-GCM", two: "AES-256-GCM"}
    shown = persons.show_masked(vault, ask, [one, two], NOW, log)
    assert shown[one] == shown[two]
    grant = grants.ask_for(
        vault, ask, "read", "personal", NOW + HOUR, "查找报告人的电话", NOW, log,
        search_fields=["phone"],
    )  # fmt: skip
    grants.approve(vault, grant.id, "user:zhao", NOW, log)
    found = persons.search(vault, ask, grant.id, "phone", "13812345678", NOW, log)
    assert set(found) == {one, two}


def test_a_restored_database_is_cleared_at_the_next_start(
    data: Path, log: FakeLog, tmp_path: Path
) -> None:
    url = f"sqlite:///{data / 'records.sqlite'}"
    database = Database(url)
    vault = Vault(database, KeyRing.open(data, NOW))
    case = cases.open_case(
        vault, "user:li", "案", "anti_smuggling", "statutory_duty", "46", NOW, log, "customs"
    )
    ask = Ask("user:li", case.id, "anti_smuggling", "statutory_duty")
    gone = persons.add_subject(vault, ask, "person", PERSON, NOW, log)
    kept = persons.add_subject(vault, ask, "person", {"name": "李四"}, NOW, log)
    database.close()
    shutil.copytree(data, tmp_path / "backup")
    shutil.copytree(data.with_name("data-keys"), tmp_path / "keys-backup")

    def reopen() -> Vault:
        return Vault(Database(url), KeyRing.open(data, NOW))

    vault = reopen()
    erasure.erase_subject(vault, ask, gone, "request", NOW, log)
    vault.db.close()
    logged = erasure.destroyed_keys(log.entries)

    def restore(what: Callable[[], None]) -> erasure.Reconciled:
        what()
        nonlocal vault
        vault = reopen()
        report = erasure.reconcile(vault, logged, NOW)
        with pytest.raises(Erased):
            persons.show_masked(vault, ask, [gone], NOW, log)
        assert persons.show_masked(vault, ask, [kept], NOW, log)[kept] == {"name": "李*"}
        assert erasure.reconcile(vault, logged, NOW) == erasure.Reconciled()
        vault.db.close()
        return report

    def data_back() -> None:
        shutil.rmtree(data)
        shutil.copytree(tmp_path / "backup", data)

    def keys_back() -> None:
        shutil.rmtree(data.with_name("data-keys"))
        shutil.copytree(tmp_path / "keys-backup", data.with_name("data-keys"))

    assert restore(data_back) == erasure.Reconciled(finished=[gone])
    assert restore(keys_back) == erasure.Reconciled(came_back=logged)

    def both() -> None:
        data_back()
        keys_back()

    assert restore(both) == erasure.Reconciled(came_back=logged, finished=[gone])


def test_a_case_half_erased_is_finished_at_the_next_start(
    vault: Vault, scene: Scene, log: FakeLog
) -> None:
    """Killed after the case's key and before the persons'."""
    c, s = tables.cases.c, tables.subjects.c
    with vault.db.read() as connection:
        over = connection.execute(sa.select(c.key_id).where(c.id == scene.ask.case)).scalar_one()
        key = connection.execute(sa.select(s.key_id).where(s.id == scene.subject)).scalar_one()
    vault.keys.destroy(over, NOW, "case_end")
    with pytest.raises(Erased):
        persons.show_masked(vault, scene.ask, [scene.subject], NOW, log)
    report = erasure.reconcile(vault, [over], NOW)
    assert sorted(report.finished) == sorted([scene.ask.case, scene.subject])
    assert not vault.keys.files.ids() & {over, key}
    assert erasure.reconcile(vault, [over], NOW) == erasure.Reconciled()


def test_a_lost_key_is_told_apart_from_a_destroyed_one(
    vault: Vault, scene: Scene, log: FakeLog
) -> None:
    with vault.db.read() as connection:
        query = sa.select(tables.subjects.c.key_id).where(tables.subjects.c.id == scene.subject)
        key_id = connection.execute(query).scalar_one()
    vault.keys.files.discard(key_id)
    report = erasure.reconcile(vault, [], NOW)
    assert (report.lost, report.finished) == ([scene.subject], [])
