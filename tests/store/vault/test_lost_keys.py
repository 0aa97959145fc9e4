"""A key that is lost, not destroyed, takes with it what it seals and nothing else: the index is
made anew without that, and with it once the key is there again."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa

from littoral.store.evidence import custody
from littoral.store.vault import answer_numbers, cases, erasure, erasure_requests, index, tables
from littoral.store.vault import persons as persons_of
from littoral.store.vault.entries import Ask, Entry
from littoral.store.vault.keyfiles import KeyDestroyed
from littoral.store.vault.master import new_master, write_masters
from littoral.store.vault.vault import Vault
from tests.store.evidence.test_media import JPEG
from tests.store.vault.conftest import NOW, FakeLog, LogDown, Scene

PURPOSE = "anti_smuggling"
OTHER = {"name": "李四", "phone": "13900139000", "id_number": "46010019851231001X"}


def key_of(vault: Vault, table: sa.Table, thing: str) -> str:
    with vault.db.read() as connection:
        query = sa.select(table.c.key_id).where(table.c.id == thing)
        return str(connection.execute(query).scalar_one())


def lose(vault: Vault, key_id: str) -> tuple[Path, bytes]:
    """The file and what was in it."""
    (path,) = vault.keys.files.folder.rglob(f"{key_id}.json")
    whole = path.read_bytes()
    path.unlink()
    return path, whole


def found(vault: Vault, of: sa.Column[str], name: str, value: str) -> list[str]:
    with vault.db.read() as connection:
        key = index.known_key(vault, connection, PURPOSE)
        assert key is not None
        return index.with_value(connection, of, key, PURPOSE, name, value)


PERSONS, ANSWERS = tables.tokens.c.subject_id, tables.answer_numbers.c.evidence_id


@pytest.mark.parametrize("how", ["lost", "cut", "changed"])
def test_an_index_is_made_anew_without_a_person_whose_key_is_lost(
    vault: Vault, scene: Scene, log: FakeLog, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    other = persons_of.add_subject(vault, scene.ask, "person", OTHER, NOW, log)
    lost = key_of(vault, tables.subjects, scene.subject)
    path, whole = lose(vault, lost)
    if how == "cut":
        path.write_bytes(whole[:40])
    elif how == "changed":
        path.write_bytes(whole.replace(b'"wrapped": "', b'"wrapped": "00'))
    with caplog.at_level(logging.WARNING):
        assert index.reindex(vault, "user:dpo", PURPOSE, NOW + 1, log) == 3
    assert lost in caplog.text
    assert found(vault, PERSONS, "phone", OTHER["phone"]) == [other]
    assert found(vault, PERSONS, "phone", "13812345678") == []
    assert index.unfinished(vault) == []  # nothing to be done while the key is lost
    path.write_bytes(whole)
    assert index.unfinished(vault) == [PURPOSE]
    assert index.reindex(vault, "user:dpo", PURPOSE, NOW + 2, log) == 6
    assert found(vault, PERSONS, "phone", "13812345678") == [scene.subject]
    assert index.unfinished(vault) == []


def test_and_without_answers_whose_key_is_lost(
    vault: Vault, scene: Scene, log: FakeLog, data: Path
) -> None:
    mine, others = (
        custody.add(
            vault, data / "evidence", scene.ask, [JPEG + bytes([n])], "", "", "personal", NOW, log
        ).id
        for n in range(2)
    )
    with vault.db.write() as connection:
        answer_numbers.put(vault, connection, mine, [("phone", "13800138000")], NOW)
        answer_numbers.put(vault, connection, others, [("phone", "13900139000")], NOW)
    path, whole = lose(vault, key_of(vault, tables.evidence, mine))
    assert index.reindex(vault, "user:dpo", PURPOSE, NOW + 1, log) == 4
    assert found(vault, ANSWERS, "phone", "13900139000") == [others]
    assert found(vault, ANSWERS, "phone", "13800138000") == []
    assert index.unfinished(vault) == []
    path.write_bytes(whole)
    assert index.unfinished(vault) == [PURPOSE]
    assert index.reindex(vault, "user:dpo", PURPOSE, NOW + 2, log) == 5
    assert found(vault, ANSWERS, "phone", "13800138000") == [mine]


def test_a_damaged_value_is_left_out_and_makes_no_index_anew(
    vault: Vault, scene: Scene, log: FakeLog
) -> None:
    f = tables.fields.c
    of = (f.subject_id == scene.subject, f.name == "phone")
    with vault.db.write() as connection:
        whole = connection.execute(sa.select(f.ciphertext).where(*of)).scalar_one()
        spoilt = whole[:-1] + bytes([whole[-1] ^ 1])
        connection.execute(sa.update(tables.fields).where(*of).values(ciphertext=spoilt))
    index.reindex(vault, "user:dpo", PURPOSE, NOW + 1, log)
    assert found(vault, PERSONS, "phone", "13812345678") == []
    assert index.unfinished(vault) == []
    with vault.db.write() as connection:
        connection.execute(sa.update(tables.fields).where(*of).values(ciphertext=whole))
    assert index.unfinished(vault) == [PURPOSE]


def test_a_lost_key_of_a_case_leaves_out_all_of_it(
    vault: Vault, scene: Scene, log: FakeLog
) -> None:
    other = cases.open_case(
        vault, "user:li", "走私案 13 号", PURPOSE, "statutory_duty", "460100", NOW, log, "customs"
    )
    ask = Ask("user:li", other.id, PURPOSE, "statutory_duty")
    person = persons_of.add_subject(vault, ask, "person", OTHER, NOW, log)
    lose(vault, key_of(vault, tables.cases, scene.ask.case))
    assert index.reindex(vault, "user:dpo", PURPOSE, NOW + 1, log) == 3
    assert found(vault, PERSONS, "phone", OTHER["phone"]) == [person]
    assert index.unfinished(vault) == []


def test_persons_are_erased_on_request_while_the_key_of_another_is_lost(
    vault: Vault, scene: Scene, log: FakeLog
) -> None:
    other = persons_of.add_subject(vault, scene.ask, "person", OTHER, NOW, log)
    with vault.db.read() as connection:
        before = index.known_key(vault, connection, PURPOSE)
    assert before is not None
    lose(vault, key_of(vault, tables.subjects, scene.subject))
    for n, person in enumerate((other, scene.subject), 1):  # the lost one too
        first, second = (Ask(a, scene.ask.case, "oversight", "statutory_duty") for a in ("a", "b"))
        asked = erasure_requests.propose(
            vault, first, person, "request", "", "本人书面申请", NOW + n, log
        )
        done = erasure_requests.agree(vault, second, asked.id, "已核对", NOW + n, log)
        assert (done.state, done.log_index is not None) == (erasure_requests.MADE, True)
        assert not vault.keys.alive(key_of(vault, tables.subjects, person))
    with pytest.raises(KeyDestroyed):
        vault.keys.get(before.id)
    assert index.unfinished(vault) == []


def test_an_index_that_was_not_made_anew_after_an_erasure_is_known(
    vault: Vault, scene: Scene, log: FakeLog
) -> None:
    def fails(entries: Sequence[Entry]) -> list[int]:
        raise LogDown

    erasure.erase_subject(vault, scene.ask, scene.subject, "request", NOW + 1, log)
    with pytest.raises(LogDown):
        index.reindex(vault, "user:dpo", PURPOSE, NOW + 1, fails)
    assert index.unfinished(vault) == [PURPOSE]
    index.reindex(vault, "user:dpo", PURPOSE, NOW + 2, log)
    assert index.unfinished(vault) == []


@pytest.mark.parametrize("how", ["cut", "changed"])
def test_an_index_whose_own_key_is_damaged_is_made_anew(
    vault: Vault, scene: Scene, log: FakeLog, how: str
) -> None:
    with vault.db.read() as connection:
        key = index.known_key(vault, connection, PURPOSE)
    assert key is not None
    (path,) = vault.keys.files.folder.rglob(f"{key.id}.json")
    whole = path.read_bytes()
    path.write_bytes(
        whole[:40] if how == "cut" else whole.replace(b'"wrapped": "', b'"wrapped": "00')
    )
    assert index.unfinished(vault) == [PURPOSE]
    assert index.reindex(vault, "user:dpo", PURPOSE, NOW + 1, log) > 0
    assert found(vault, PERSONS, "phone", "13812345678") == [scene.subject]
    assert index.unfinished(vault) == []


def test_an_index_whose_key_names_no_master_is_made_anew_unless_none_opens(
    vault: Vault, scene: Scene, log: FakeLog
) -> None:
    with vault.db.read() as connection:
        key = index.known_key(vault, connection, PURPOSE)
    assert key is not None
    (path,) = vault.keys.files.folder.rglob(f"{key.id}.json")
    text = path.read_text()
    path.write_text(text.replace('"parent": "', '"parent": "0'))
    assert index.unfinished(vault) == [PURPOSE]
    path.write_text(text)
    # Another master, from the wrong envelope: with that nothing is lost, and nothing to be made.
    mine = vault.keys.master_file.read_bytes()
    write_masters(vault.keys.master_file, [new_master(NOW)])
    assert index.unfinished(vault) == []
    vault.keys.master_file.write_bytes(mine)
    path.write_text(text.replace('"parent": "', '"parent": "0'))
    assert index.reindex(vault, "user:dpo", PURPOSE, NOW + 1, log) > 0
    assert found(vault, PERSONS, "phone", "13812345678") == [scene.subject]
