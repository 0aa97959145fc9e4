"""What phones wrote ends with its matter, and what belongs to none is not kept."""

from __future__ import annotations

from uuid import uuid4

import sqlalchemy as sa

from littoral.engine.reconciling import BARE
from littoral.store.sync import records
from littoral.store.sync.tables import sync_records, uploads
from littoral.store.sync.uploads import Staging
from littoral.store.vault import erasure, tables
from littoral.store.vault.entries import Ask

from .conftest import Watch
from .oversight import matter
from .test_forms import clerk, published, worker
from .test_forms_before import started
from .test_forms_pushes import erased
from .test_forms_rights import answers, dpo, told
from .test_sync import grid, report

NAME, NUMBER, HOLDER = "王伟", "13800138000", "460100199001011234"
PHOTO = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40
SERVER = Ask("system:server", "", "system_operation", "statutory_duty")


def kept(watch: Watch) -> str:
    with watch.shore.records.database.read() as connection:
        return str(connection.execute(sa.select(sync_records)).all())


def test_of_a_refused_record_nothing_is_kept_that_was_written(watch: Watch) -> None:
    sender = grid(watch)
    keys = [
        report(sender, title=f"{NAME}在码头", area="460200"),
        report(sender, title=f"{NAME}的家", type="nonsense"),
        report(sender, title="渔港", area=f"{NAME}家"),
        sender.note("incident.check", str(uuid4()), checklist="x", item="y", seen={NAME: 1}),
        sender.note("incident.add", str(uuid4()), text=f"{NAME} {NUMBER}"),
        sender.note("incident.edit", str(uuid4()), title=f"{NAME}的船"),
        sender.note("task.step", str(uuid4()), reason=f"{NAME} {NUMBER}"),
    ]
    sender.push(keys)
    assert {sender.answers[k]["status"] for k in keys} == {"refused"}
    assert NAME not in kept(watch)
    assert NUMBER not in kept(watch)
    first = {k: sender.answers[k] for k in keys}
    sender.push(keys)  # sent again it is the same
    for key in keys:
        again = sender.answers[key]
        assert (again["status"], again["first"]["code"]) == ("known", first[key]["code"])


def test_numbers_of_calls_go_with_the_text(watch: Watch) -> None:
    sender = grid(watch)
    sources = [{"kind": "hotline", "ref": NUMBER}]
    key = report(sender, sources=sources)
    sender.push([key])
    assert sender.answers[key]["status"] == "taken"
    assert NUMBER in kept(watch)
    with watch.shore.records.database.write() as connection:
        records.forget_text(connection, key)
    assert NUMBER not in kept(watch)
    sender.push([key])
    assert sender.answers[key]["status"] == "known"


def test_a_server_of_before_is_rid_of_what_it_kept(watch: Watch) -> None:
    sender = grid(watch)
    key = report(sender, title="x", type="nonsense")
    sender.push([key])
    database = watch.shore.records.database
    with database.write() as connection:
        connection.execute(sa.update(sync_records).values(fields={"title": NAME}))
    watch.shore.records.set_setting(BARE, False)
    started(watch)
    assert NAME not in kept(watch)


def test_a_photo_sent_twice_is_gone_with_its_evidence(watch: Watch) -> None:
    watch.sign_policies()
    sender = grid(watch)
    key = report(sender)
    sender.push([key])
    first = sender.attach(key, PHOTO, "image/jpeg", True)
    sender.sync()
    again = sender.attach(key, PHOTO, "image/jpeg", True)
    sender.sync()
    assert {sender.answers[k]["status"] for k in (first, again)} == {"taken"}
    with watch.gate.trust.vault.db.read() as connection:
        assert connection.execute(sa.select(uploads)).all() == []


def test_a_photo_that_shows_people_after_all_is_guarded_so(watch: Watch) -> None:
    watch.sign_policies()
    sender = grid(watch)
    key = report(sender)
    sender.push([key])
    sender.attach(key, PHOTO, "image/jpeg", False)
    sender.sync()
    later = sender.attach(key, PHOTO, "image/jpeg", True)
    sender.sync()
    assert sender.answers[later]["status"] == "taken"
    with watch.gate.trust.vault.db.read() as connection:
        classes = connection.execute(sa.select(tables.evidence.c.data_class)).scalars().all()
        assert classes == ["personal"]
        assert connection.execute(sa.select(uploads)).all() == []


def test_an_upload_that_a_crash_left_falls_with_its_evidence(watch: Watch) -> None:
    watch.sign_policies()
    sender = grid(watch)
    key = report(sender)
    sender.push([key])
    sender.attach(key, PHOTO, "image/jpeg", True)
    sender.sync()
    trust = watch.gate.trust
    with trust.vault.db.read() as connection:
        (row,) = connection.execute(sa.select(tables.evidence)).all()
    staging = Staging(watch.shore.settings.data_dir, trust.vault)
    left = staging.begin(worker_account(watch), row.sha256, len(PHOTO), trust.now_us())
    list(staging.write(left, 0, [PHOTO]))
    assert b"".join(staging.read(left)) == PHOTO
    erasure.erase_evidence(trust.vault, SERVER, row.id, "retention", trust.now_us(), trust.record)
    assert staging.of_file(left.account, row.sha256) is None
    assert not trust.vault.keys.files.pending()
    assert row.sha256 not in kept(watch)


def test_hashes_of_answers_go_with_them(watch: Watch) -> None:
    made = published(clerk(watch))
    phone = worker(watch)
    key = phone.hand_in(made["id"], answers(HOLDER), {"beach.jpg": PHOTO})
    phone.sync()
    assert "sha256" in kept(watch)
    officer = dpo(watch)
    (record,) = told(watch, officer, matter(officer))["records"]
    erased(watch, record, officer)
    assert "sha256" not in kept(watch)
    phone.push([key])
    assert phone.answers[key]["status"] == "known"


def worker_account(watch: Watch) -> str:
    with watch.shore.records.database.read() as connection:
        return str(connection.execute(sa.select(sync_records.c.account)).scalars().first())
