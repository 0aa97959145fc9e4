"""Evidence: byte for byte, once a case, shown only with the log, and only under a grant."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from pathlib import Path

import pytest

from littoral.store.evidence import custody, notes
from littoral.store.evidence.media import MediaRefused
from littoral.store.vault import erasure, grants, persons
from littoral.store.vault.entries import AccessDenied, Ask
from littoral.store.vault.vault import Erased, NotThere, Vault
from tests.store.evidence.test_media import JPEG
from tests.store.vault.conftest import HOUR, NOW, FakeLog, LogDown, Scene

PHOTO = JPEG + os.urandom(1 << 20)


def taken(
    vault: Vault, folder: Path, ask: Ask, log: FakeLog, data: bytes = PHOTO, **more: object
) -> custody.EvidenceRow:
    given = {"name": "现场.jpg", "declared_type": "image/jpeg", "data_class": "operational"} | more
    pieces = [data[i : i + 65_536] for i in range(0, len(data), 65_536)]
    return custody.add(vault, folder, ask, pieces, now_us=NOW, record=log, **given)


def files(folder: Path) -> list[Path]:
    return [p for p in folder.rglob("*") if p.is_file()]


def test_what_went_in_comes_out_and_every_step_is_a_link(
    vault: Vault, scene: Scene, log: FakeLog, folder: Path
) -> None:
    row = taken(vault, folder, scene.ask, log, note="东侧码头")
    assert row.sha256 == hashlib.sha256(PHOTO).hexdigest()
    assert (row.size, row.media_type) == (len(PHOTO), "image/jpeg")
    opened = custody.show(vault, folder, scene.ask, row.id, NOW + 1, log)
    assert b"".join(opened.read()) == PHOTO
    assert b"".join(opened.read(10, 20)) == PHOTO[10:20]
    assert (opened.about["name"], opened.about["note"]) == ("现场.jpg", "东侧码头")
    custody.show(vault, folder, scene.ask, row.id, NOW + 2, log, custody.COPY)
    links = custody.chain(vault, row.id)
    assert [x.document["step"] for x in links] == ["add", "view", "copy"]
    assert [x.document["previous"] for x in links] == ["", links[0].hash, links[1].hash]
    said = [e for e in log.entries if e.thing == f"evidence:{row.id}"]
    assert [e.action for e in said] == ["evidence.add", "evidence.read", "evidence.read"]
    assert [log.entries[x.log_index] for x in links if x.log_index is not None] == said
    # Nothing in clear on the disk.
    (stored,) = files(folder)
    assert PHOTO[5000:5050] not in stored.read_bytes()
    assert row.sha256 not in repr([e.facts for e in log.entries])


def test_the_same_again_is_the_one_that_is_there(
    vault: Vault, scene: Scene, log: FakeLog, folder: Path
) -> None:
    first = taken(vault, folder, scene.ask, log)
    keys = vault.keys.files.ids()
    assert taken(vault, folder, scene.ask, log, name="other.jpg") == first
    assert (len(files(folder)), vault.keys.files.ids()) == (1, keys)
    assert custody.evidence_of(vault, scene.ask.case) == [first]


def test_the_same_again_may_show_more_than_was_said_and_never_less(
    vault: Vault, scene: Scene, log: FakeLog, folder: Path
) -> None:
    first = taken(vault, folder, scene.ask, log)
    again = taken(vault, folder, scene.ask, log, data_class="personal")
    assert (again.id, again.data_class) == (first.id, "personal")
    assert log.entries[-1].facts == {"again": True, "was_class": "operational", "class": "personal"}
    assert taken(vault, folder, scene.ask, log).data_class == "personal"
    with pytest.raises(AccessDenied):
        custody.show(vault, folder, scene.ask, first.id, NOW + 1, log)


def test_no_log_no_evidence(vault: Vault, scene: Scene, log: FakeLog, folder: Path) -> None:
    row = taken(vault, folder, scene.ask, log)
    keys = vault.keys.files.ids()
    log.fails = True
    with pytest.raises(LogDown):
        taken(vault, folder, scene.ask, log, data=JPEG)
    with pytest.raises(LogDown):
        custody.show(vault, folder, scene.ask, row.id, NOW, log)
    assert (len(files(folder)), vault.keys.files.ids()) == (1, keys)
    assert len(custody.chain(vault, row.id)) == 1


def test_what_is_refused_leaves_nothing(
    vault: Vault, scene: Scene, log: FakeLog, folder: Path
) -> None:
    keys = vault.keys.files.ids()
    with pytest.raises(MediaRefused):
        taken(vault, folder, scene.ask, log, data=b"MZ" + bytes(9000), name="a.jpg")
    with pytest.raises(MediaRefused):
        taken(vault, folder, scene.ask, log, name="a.png", declared_type="")
    with pytest.raises(ConnectionError):
        custody.add(vault, folder, scene.ask, broken(), "a.jpg", "", "operational", NOW, log)
    assert (files(folder), vault.keys.files.ids()) == ([], keys)
    assert log.said("evidence.add") == []


def broken():
    yield JPEG
    raise ConnectionError


def test_personal_evidence_needs_a_grant(
    vault: Vault, scene: Scene, log: FakeLog, folder: Path
) -> None:
    row = taken(vault, folder, scene.ask, log, data_class="personal")
    with pytest.raises(AccessDenied) as caught:
        custody.show(vault, folder, scene.ask, row.id, NOW, log)
    assert caught.value.code == "no_grant"
    assert log.entries[-1].verdict == "deny"
    other = grants.ask_for(
        vault, scene.ask, "read", "personal", NOW + HOUR, "核对照片中的船员", NOW, log,
        things=[scene.subject],
    )  # fmt: skip
    with pytest.raises(AccessDenied) as caught:
        custody.show(vault, folder, scene.ask, row.id, NOW, log, grant_id=other.id)
    assert caught.value.code == "scope"
    grant = grants.ask_for(
        vault, scene.ask, "read", "personal", NOW + HOUR, "核对照片中的船员", NOW, log,
        things=[row.id],
    )  # fmt: skip
    opened = custody.show(vault, folder, scene.ask, row.id, NOW, log, grant_id=grant.id)
    assert b"".join(opened.read()) == PHOTO
    with pytest.raises(AccessDenied) as caught:
        custody.show(vault, folder, scene.ask, row.id, NOW + HOUR, log, grant_id=grant.id)
    assert caught.value.code == "expired"


def test_files_that_show_persons_are_read_and_copied_alone_up_to_what_persons_are(
    vault: Vault, scene: Scene, log: FakeLog, folder: Path
) -> None:
    narrow = replace(vault, limits=replace(vault.limits, read_alone=2))
    rows = [
        taken(vault, folder, scene.ask, log, data=JPEG + bytes([i]) * 99, data_class="personal")
        for i in range(2)
    ]
    asked = (vault, scene.ask, "read", "personal", NOW + HOUR, "核对照片中的船员", NOW, log)
    grant = grants.ask_for(*asked, whole_case=True)
    assert grant.needs == 0
    persons.reveal(narrow, scene.ask, grant.id, [scene.subject], NOW, log)
    openable = notes.openable(narrow, scene.ask, rows, NOW)
    assert list(openable) == [rows[0].id]
    for how in (custody.VIEW, custody.COPY, custody.BUNDLE, custody.COPY):  # one is one
        custody.show(narrow, folder, scene.ask, rows[0].id, NOW, log, how, grant.id)
    for how in (custody.VIEW, custody.COPY, custody.BUNDLE):
        with pytest.raises(AccessDenied) as caught:
            custody.show(narrow, folder, scene.ask, rows[1].id, NOW, log, how, grant.id)
        assert caught.value.code == "alone"
    again = grants.ask_for(narrow, *asked[1:], whole_case=True)
    assert again.needs == 1
    grants.approve(vault, again.id, "user:zhao", NOW, log)
    custody.show(narrow, folder, scene.ask, rows[1].id, NOW, log, custody.COPY, again.id)
    assert list(notes.openable(narrow, scene.ask, rows, NOW)) == [row.id for row in rows]


def test_erased_evidence_is_gone_and_its_chain_tells_nothing(
    vault: Vault, scene: Scene, log: FakeLog, folder: Path
) -> None:
    row = taken(vault, folder, scene.ask, log)
    (stored,) = files(folder)
    kept = stored.read_bytes()
    erasure.erase_evidence(vault, scene.ask, row.id, "request", NOW, log)
    assert custody.sweep(vault, folder) == [row.id]
    assert files(folder) == []
    stored.write_bytes(kept)  # a backup brings the file back
    with pytest.raises(Erased):
        custody.show(vault, folder, scene.ask, row.id, NOW, log)
    assert [x.document["step"] for x in custody.chain(vault, row.id)] == ["add"]
    assert row.sha256 not in repr(custody.chain(vault, row.id))


def test_an_id_is_never_a_path(folder: Path) -> None:
    for name in ("../../etc/passwd", "", "a/b", "0" * 32):
        with pytest.raises(NotThere):
            custody.path_of(folder, name)
