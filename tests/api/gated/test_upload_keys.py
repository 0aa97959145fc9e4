"""Files on their way: a backup of the folder yields none of them once the file has gone on."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from littoral.respond.sync.queue import SENT
from littoral.sim.phone import Phone
from littoral.store.sync.tables import uploads
from littoral.store.sync.uploads import KEEP_US, SHARED, Staging, Upload
from littoral.store.vault import tables
from littoral.store.vault.keyfiles import KeyDestroyed

from .conftest import Watch
from .oversight import matter, set_clock
from .test_forms import clerk, published, worker
from .test_forms_before import started
from .test_forms_pushes import erased
from .test_forms_rights import HOME, NUMBER, answers, dpo, told


def on_its_way(watch: Watch) -> tuple[Phone, str]:
    """A phone whose answers are whole in the folder, and its record."""
    made = published(clerk(watch))
    phone = worker(watch)
    key = phone.hand_in(made["id"], answers(f"{HOME} {NUMBER}"))
    phone.upload(phone.records[key]["fields"]["sha256"])
    return phone, key


def rows(watch: Watch) -> list[dict[str, Any]]:
    with watch.shore.records.database.read() as connection:
        return [dict(r._mapping) for r in connection.execute(sa.select(uploads))]


def put_back(watch: Watch, folder: Path, old: list[dict[str, Any]]) -> None:
    there = watch.shore.settings.data_dir / "uploads"
    shutil.rmtree(there)
    shutil.copytree(folder, there)
    with watch.shore.records.database.write() as connection:
        connection.execute(sa.delete(uploads))
        connection.execute(sa.insert(uploads), old)


def staging(watch: Watch) -> Staging:
    return Staging(watch.shore.settings.data_dir, watch.gate.trust.vault)


def test_a_backup_made_meanwhile_yields_nothing_after_the_erasure(
    watch: Watch, tmp_path: Path
) -> None:
    phone, key = on_its_way(watch)
    folder = watch.shore.settings.data_dir / "uploads"
    shutil.copytree(folder, tmp_path / "backup")
    old = rows(watch)
    before = b"".join(staging(watch).read(Upload(**old[0])))
    assert HOME.encode() in before  # as long as it is on its way
    phone.push([key])
    assert phone.queue[key].state == SENT
    officer = dpo(watch)
    (record,) = told(watch, officer, matter(officer))["records"]
    erased(watch, record, officer)
    put_back(watch, tmp_path / "backup", old)
    with pytest.raises(KeyDestroyed):
        list(staging(watch).read(Upload(**old[0])))
    assert staging(watch).of_file(old[0]["account"], old[0]["sha256"]) is None
    # Its phone may send it all the same: it begins anew, under another key.
    phone.upload(old[0]["sha256"])
    (anew,) = rows(watch)
    assert anew["key_id"] != old[0]["key_id"]
    assert b"".join(staging(watch).read(Upload(**anew))) == before


@pytest.mark.parametrize("how", ["filed", "given up", "lapsed", "refused"])
def test_the_key_of_one_ends_with_it(watch: Watch, how: str) -> None:
    phone, key = on_its_way(watch)
    (row,) = rows(watch)
    vault = watch.gate.trust.vault
    if how == "filed":
        phone.push([key])
    elif how == "given up":
        headers = {"tus-resumable": "1.0.0"}
        gone = phone.http.delete(f"/sync/uploads/{row['id']}", headers=headers)
        assert gone.status_code == 204
    elif how == "lapsed":
        set_clock(watch, KEEP_US + 1)
        started(watch)
    else:
        phone.records[key]["fields"]["form"] = published(clerk(watch), version="2")["id"]
        phone.push([key])
        assert phone.answers[key]["code"] == "form"
    assert rows(watch) == []
    with pytest.raises(KeyDestroyed):
        vault.keys.get(row["key_id"])
    # A key folder that comes back from a backup is held against the records.
    assert row["key_id"] in {t.id for t in vault.keys.files.tombstones()}
    with vault.db.read() as connection:
        x = tables.erasures.c
        query = sa.select(x.kind).where(x.key_id == row["key_id"])
        assert connection.execute(query).scalar_one() == "upload"


def test_the_key_that_all_had_before_ends_at_the_start_and_phones_send_anew(
    watch: Watch,
) -> None:
    phone, key = on_its_way(watch)
    (row,) = rows(watch)
    vault = watch.gate.trust.vault
    with vault.db.write() as connection:
        shared = {"name": SHARED, "key_id": row["key_id"], "made_us": 1}
        connection.execute(sa.insert(tables.named_keys), shared)
    started(watch)
    with pytest.raises(KeyDestroyed):
        vault.keys.get(row["key_id"])
    assert rows(watch) == []
    phone.push([key])
    assert phone.answers[key]["code"] == "no_bytes"
    phone.upload(row["sha256"])
    phone.push([key])
    assert phone.queue[key].state == SENT
    started(watch)
    with vault.db.read() as connection:
        names = connection.execute(sa.select(tables.named_keys.c.name)).scalars().all()
    assert SHARED not in names
