"""What stands at the start of a server and goes on by itself: erasures that a backup cannot undo,
witnesses that are asked again, work that is done now and then."""

from __future__ import annotations

import logging
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from littoral.access.retention import RetentionError
from littoral.api.signin.context import People
from littoral.cli.sign_in import upkeep_jobs
from littoral.engine import trust as trusts
from littoral.engine.trust import Trust
from littoral.engine.upkeep import Job, Upkeep, forget_phones, run_retention
from littoral.schema.logentry import from_bytes
from littoral.store.evidence import custody
from littoral.store.log.cosign import Witness, Witnesses
from littoral.store.log.reader import LogReader
from littoral.store.log.writer import Log
from littoral.store.people.outbox import LogEnd, Outbox
from littoral.store.people.tables import lockouts
from littoral.store.records import Records
from littoral.store.sync import scope
from littoral.store.sync.tables import devices
from littoral.store.sync.uploads import SHARED, Staging
from littoral.store.vault import (
    cases,
    erasure,
    erasure_requests,
    mirrors,
    persons,
    retention,
    tables,
)
from littoral.store.vault.entries import Ask
from littoral.store.vault.keyfiles import KeyDestroyed
from littoral.store.vault.logged import facts_json, facts_kept
from littoral.store.vault.master import MasterError, new_master, write_masters
from littoral.store.vault.sealing import SealError
from littoral.store.vault.vault import Erased
from tests.store.evidence.test_media import JPEG
from tests.store.log.logs import KEY, WITNESS_KEY
from tests.store.log.test_witness import running

NOW = 1_790_000_000_000_000
DAY = 86_400_000_000
DEADLINE_S = 30.0


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def records(data: Path) -> Iterator[Records]:
    made = Records.open(f"sqlite:///{data / 'records.sqlite'}")
    yield made
    made.close()


def until(true: Callable[[], bool]) -> bool:
    """Whether it became so in time."""
    end = time.monotonic() + DEADLINE_S
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    return true()


def collected(trust: Trust) -> tuple[Ask, str, str]:
    """A case of the platform with a person and a photo in it."""
    vault, record = trust.vault, trust.record
    case = cases.open_case(
        vault, "account:li", "12", "anti_smuggling", "statutory_duty", "460100", NOW, record,
        "customs",
    )  # fmt: skip
    ask = Ask("account:li", case.id, "anti_smuggling", "statutory_duty")
    person = persons.add_subject(vault, ask, "person", {"name": "张三"}, NOW, record)
    photo = custody.add(
        vault, trust.evidence, ask, [JPEG + bytes(9000)], "", "", "operational", NOW, record
    )
    return ask, person, photo.id


def test_an_erasure_that_a_crash_broke_off_is_finished_at_the_next_start(data: Path) -> None:
    """All was done but the last line in the records: who agreed, when, and where the proof is."""
    url = f"sqlite:///{data / 'records.sqlite'}"
    records = Records.open(url)
    trust = Trust.open(data, records, lambda: NOW)
    ask, person, _ = collected(trust)
    first, second = (replace(ask, actor=a, purpose="oversight") for a in ("account:a", "account:b"))
    asked = erasure_requests.propose(
        trust.vault, first, person, "request", "", "asks in writing", NOW, trust.record
    )
    done = erasure_requests.agree(trust.vault, second, asked.id, "seen", NOW, trust.record)
    assert done.log_index is not None
    with trust.vault.db.write() as connection:
        made = {"state": erasure_requests.AGREED, "log_index": None}
        connection.execute(sa.update(tables.erasure_requests).values(made))
    trust.close()
    records.close()
    records = Records.open(url)
    trust = Trust.open(data, records, lambda: NOW + 1)
    assert erasure_requests.one(trust.vault, asked.id, NOW + 1) == done
    trust.close()
    records.close()


def test_what_was_destroyed_stays_so_when_backups_come_back(data: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{data / 'records.sqlite'}"
    records = Records.open(url)
    trust = Trust.open(data, records, lambda: NOW)
    ask, person, photo = collected(trust)
    trust.close()
    records.close()
    keys = trusts.keys_folder(data)
    shutil.copytree(keys, tmp_path / "kept-keys")
    shutil.copytree(data, tmp_path / "kept-data")
    records = Records.open(url)
    trust = Trust.open(data, records, lambda: NOW + 1)
    assert trust.reconciled.came_back == []
    destroyed = [
        key
        for erase, thing in ((erasure.erase_subject, person), (erasure.erase_evidence, photo))
        for key in erase(trust.vault, ask, thing, "request", NOW + 1, trust.record).keys
    ]
    assert len(destroyed) == 2
    trust.close()
    records.close()
    shutil.rmtree(keys)
    shutil.copytree(tmp_path / "kept-keys", keys)
    for name in ("records.sqlite", "evidence"):  # not the log: it is what remembers
        kept, at = tmp_path / "kept-data" / name, data / name
        shutil.copytree(kept, at, dirs_exist_ok=True) if kept.is_dir() else shutil.copy(kept, at)
    for left in ("records.sqlite-wal", "records.sqlite-shm"):
        (data / left).unlink(missing_ok=True)
    records = Records.open(url)
    trust = Trust.open(data, records, lambda: NOW + 2)
    assert set(trust.reconciled.came_back) == set(destroyed)
    assert set(trust.reconciled.finished) == {person, photo}
    for key in destroyed:
        with pytest.raises(KeyDestroyed):
            trust.vault.keys.get(key)
    with pytest.raises(Erased):
        custody.found(trust.vault, photo)
    assert list(trust.evidence.rglob("*.sealed")) == []
    assert persons.subjects_of(trust.vault, ask.case) == []
    trust.close()
    trust = Trust.open(data, records, lambda: NOW + 3)  # and that is settled
    assert (trust.reconciled.came_back, trust.reconciled.finished) == ([], [])
    trust.close()
    records.close()


def test_retention_runs_by_itself_and_says_so(data: Path, records: Records) -> None:
    now = [NOW]
    trust = Trust.open(data, records, lambda: now[0])
    ask, person, photo = collected(trust)
    cases.close_case(trust.vault, "account:li", ask.case, NOW, trust.record)
    run_retention(trust)
    assert retention.last(trust.vault) is None  # nothing was due: nothing is said
    size = trust.log.size
    now[0] += 731 * DAY
    upkeep = Upkeep([Job("retention", 3600, lambda: run_retention(trust))], first_s=0)
    assert until(lambda: retention.last(trust.vault) is not None)
    upkeep.close()
    said = retention.last(trust.vault)
    assert said is not None
    assert (said["erased"], said["refused"], said["at_us"]) == (2, 0, now[0])
    assert trust.log.size > size
    for thing, found in ((person, tables.subjects), (photo, tables.evidence)):
        with trust.vault.db.read() as connection:
            query = sa.select(found.c.erased_us).where(found.c.id == thing)
            assert connection.execute(query).scalar_one() == now[0]
    trust.close()


def test_a_job_that_fails_is_tried_again_and_stops_no_other() -> None:
    done = threading.Event()
    tried: list[int] = []

    def fails() -> None:
        tried.append(len(tried))
        raise OSError("the disk is full")

    def works() -> None:
        if len(tried) > 2:
            done.set()

    upkeep = Upkeep([Job("fails", 0.01, fails), Job("works", 0.01, works)], first_s=0)
    assert done.wait(DEADLINE_S)
    upkeep.close()
    assert tried[:3] == [0, 1, 2]


def test_old_sign_ins_are_forgotten(data: Path, records: Records) -> None:
    now = [NOW]
    trust = Trust.open(data, records, lambda: now[0])
    people = People.open(
        records.database, trusts.keys_folder(data) / "signin.key", now_us=lambda: now[0]
    )
    with records.database.write() as connection:
        row = {"subject": "x", "failures": 3, "locked_until_us": 0}
        connection.execute(
            sa.insert(lockouts),
            [
                {**row, "kind": "account", "last_us": NOW},
                {**row, "kind": "account", "subject": "y", "last_us": NOW + 2 * DAY},
            ],
        )
    now[0] = NOW + 2 * DAY
    jobs = {job.name: job for job in upkeep_jobs(people, trust)}
    assert set(jobs) == {
        "closing cases of the server", "retention", "forgetting old sign-ins", "forgetting phones",
    }  # fmt: skip
    jobs["forgetting old sign-ins"].do()
    with records.database.read() as connection:
        assert connection.execute(sa.select(lockouts.c.subject)).scalars().all() == ["y"]
    people.close()
    trust.close()


def test_phones_and_files_that_nobody_goes_on_with_are_forgotten(
    data: Path, records: Records
) -> None:
    now = [NOW]
    trust = Trust.open(data, records, lambda: now[0])
    staging = Staging(data, trust.vault)
    old = staging.begin("li", "ab" * 32, 3, NOW)
    assert list(staging.write(old, 0, [b"abc"]))[-1] == 3
    with records.database.write() as connection:
        scope.phone(connection, "d-1", "li", "", NOW)
        scope.phone(connection, "d-2", "li", "", NOW + 80 * DAY)
    now[0] = NOW + 91 * DAY
    fresh = staging.begin("li", "cd" * 32, 3, now[0])
    forget_phones(trust)
    with records.database.read() as connection:
        assert connection.execute(sa.select(devices.c.device)).scalars().all() == ["d-2"]
    assert staging.of("li", old.id) is None
    assert not (data / "uploads" / old.id).exists()
    assert not trust.vault.keys.alive(old.key_id)
    assert staging.of("li", fresh.id) is not None
    trust.close()


def test_what_lay_under_the_key_that_all_uploads_had_is_gone_after_the_next_start(
    data: Path, records: Records
) -> None:
    trust = Trust.open(data, records, lambda: NOW)
    staging = Staging(data, trust.vault)
    old = staging.begin("li", "ab" * 32, 3, NOW)
    assert list(staging.write(old, 0, [b"abc"]))[-1] == 3
    with records.database.write() as connection:
        row = {"name": SHARED, "key_id": old.key_id, "made_us": NOW}
        connection.execute(sa.insert(tables.named_keys), row)
    trust.close()
    trust = Trust.open(data, records, lambda: NOW + 1)
    assert not trust.vault.keys.alive(old.key_id)
    assert list((data / "uploads").iterdir()) == []
    assert staging.of("li", old.id) is None
    trust.close()


def quick(witness: Witness) -> Witness:
    """Asked again at once when it was down."""
    return Witness(witness.url, witness.key, rest_s=0.1)


def test_a_witness_that_was_down_catches_up(data: Path, records: Records, tmp_path: Path) -> None:
    key = trusts.log_signer(data, records).public
    with (
        running(tmp_path / "a", "harbour.example/w", log_key=key) as (a, process),
        running(tmp_path / "b", "court.example/w", log_key=key) as (b, _),
    ):
        trust = Trust.open(data, records, lambda: NOW, witnesses=(quick(a), quick(b)))
        assert until(lambda: trust.witnesses_standing().state == "ok")
        standing = trust.witnesses_standing()
        assert standing.size == 1
        assert [(w.name, w.size, w.behind) for w in standing.witnesses] == [
            ("harbour.example/w", 1, False), ("court.example/w", 1, False),
        ]  # fmt: skip
        process.kill()
        process.wait()
        trust.tell("system:server", "test.entry", "thing:1", "done")
        assert until(lambda: trust.witnesses_standing().size == 2)
        standing = trust.witnesses_standing()
        assert standing.state == "behind"
        down, up = standing.witnesses
        assert (down.behind, down.size, up.behind, up.size) == (True, 1, False, 2)
        assert down.error
        port = urlsplit(a.url).port
        with running(tmp_path / "a", "harbour.example/w", port or 0, key) as (again, _):
            assert again.key == a.key
            # Nothing new is appended: it is asked again for what it missed.
            assert until(lambda: trust.witnesses_standing().state == "ok")
            assert trust.witnesses_standing().witnesses[0].size == 2
            both = {"harbour.example/w", "court.example/w"}  # written once all have answered
            assert until(lambda: {k.name for k, _ in trust.log.checkpoint().seen} == both)
            written = (trust.log.root / "checkpoint").read_bytes()
            assert written == str(trust.log.checkpoint().note).encode()
            trust.close()


def test_appends_do_not_wait_for_a_witness(tmp_path: Path) -> None:
    """One that takes the connection and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(DEADLINE_S)
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        asked = Witnesses([Witness(url, WITNESS_KEY.public)])
        with Log(tmp_path / "log", KEY, asked, publish_s=0.01) as log:
            log.append([b"first"]).result(DEADLINE_S)
            connection, _ = silent.accept()  # the publisher waits for it from here on
            with connection:
                for n in range(50):
                    log.append([b"entry %d" % n]).result(DEADLINE_S)
                assert log.size == 51
                assert log.checkpoint().size == 0  # it still waits
            assert log.publish().size == 51
            assert "Error" in (asked.all[0].error or "")


def test_none_is_said(data: Path, records: Records) -> None:
    trust = Trust.open(data, records, lambda: NOW)
    assert (trust.witnesses_standing().state, trust.witnesses_standing().witnesses) == ("none", ())
    trust.close()


def sealed_key(data: Path, trust: Trust) -> Path:
    (path,) = (trusts.keys_folder(data) / "keys").rglob(f"{trust.facts_key.id}.json")
    return path


@pytest.mark.parametrize("how", ["gone", "empty", "changed", "buried"])
def test_a_server_starts_without_the_key_of_the_logs_facts_and_says_so(
    data: Path, records: Records, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    trust = Trust.open(data, records, lambda: NOW)
    collected(trust)
    old = trust.facts_key
    path = sealed_key(data, trust)
    trust.close()
    text = path.read_bytes()
    path.write_bytes(b"" if how == "empty" else text.replace(b'"parent": "', b'"parent": "f'))
    if how == "gone":
        path.unlink()
    elif how == "buried":
        grave = trusts.keys_folder(data) / "tombstones" / old.id[-2:]
        grave.mkdir()
        (grave / path.name).touch()
    with caplog.at_level(logging.WARNING):
        trust = Trust.open(data, records, lambda: NOW + 1)
    assert old.id in caplog.text
    assert trust.facts_key != old
    Outbox(
        records.database, LogEnd(trust.log, trust.record, trust.facts_key)
    ).settle()  # as the server does
    trust.log.publish()
    reader = LogReader(trust.log.root, trust.log.key.public)
    entries = [from_bytes(e) for e in reader.entries(0, trust.log.size)]
    (said,) = [e for e in entries if e.action == "vault.log_key_lost"]
    assert said.thing == f"key:{old.id}"
    assert facts_json(said, trust.facts_key) is not None
    first = next(e for e in entries if e.details is not None)
    with pytest.raises(SealError):
        facts_json(first, trust.facts_key)
    assert facts_kept(trust.vault, first, trust.facts_key) is None
    if how == "gone":
        path.write_bytes(text)  # it was found again
        assert facts_kept(trust.vault, first, trust.facts_key) == facts_json(first, old)
    trust.close()
    again = Trust.open(data, records, lambda: NOW + 2)
    assert again.facts_key == trust.facts_key
    again.close()


def test_the_key_of_the_logs_facts_comes_back_from_the_mirror(
    data: Path, records: Records, tmp_path: Path
) -> None:
    trust = Trust.open(data, records, lambda: NOW)
    path, old = sealed_key(data, trust), trust.facts_key
    trust.close()
    mirrors.add(trusts.keys_folder(data), tmp_path / "mirror")
    Trust.open(data, records, lambda: NOW).close()
    path.write_bytes(b"")
    trust = Trust.open(data, records, lambda: NOW + 1)
    assert trust.facts_key == old
    trust.close()


def test_another_master_key_stops_the_start_before_anything_is_lost(
    data: Path, records: Records
) -> None:
    trust = Trust.open(data, records, lambda: NOW)
    collected(trust)
    old, file = trust.facts_key, trust.vault.keys.master_file
    trust.close()
    mine = file.read_bytes()
    write_masters(file, [new_master(NOW)])
    with pytest.raises(MasterError, match="opens none of the keys"):
        Trust.open(data, records, lambda: NOW + 1)
    file.write_bytes(mine)
    trust = Trust.open(data, records, lambda: NOW + 2)
    assert trust.facts_key == old


def test_a_deployment_hands_in_its_own_rules_of_retention(data: Path, records: Records) -> None:
    text = retention.packaged_text()
    own = data / "retention.toml"
    own.write_text(text.replace("keep_days = 730", "keep_days = 10", 1), encoding="utf-8")
    trust = Trust.open(data, records, lambda: NOW)
    ask, person, _ = collected(trust)
    cases.close_case(trust.vault, "account:li", ask.case, NOW, trust.record)
    trust.now_us = lambda: NOW + 11 * DAY
    assert run_retention(trust).erased == (person,)  # a photo is kept thirty days at least
    trust.close()
    own.write_text(text.replace("keep_days = 730", 'keep_days = "two years"', 1), encoding="utf-8")
    with pytest.raises(RetentionError, match=r"retention\.toml: line \d+: rule smuggling-case"):
        Trust.open(data, records, lambda: NOW)
    own.unlink()
    trust = Trust.open(data, records, lambda: NOW + 12 * DAY)
    assert trust.rules == retention.packaged_rules()
    assert run_retention(trust).erased == ()
    trust.close()
