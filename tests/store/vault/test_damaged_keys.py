"""A byte of a key file changes, a small file is cut: what is whole elsewhere is used, and no
rotation takes away the last thing that opens a key."""

from __future__ import annotations

import json
import logging
import os
import shutil
from pathlib import Path

import pytest

from littoral.store.vault import master as masters
from littoral.store.vault.keyfiles import (
    KeyDamaged,
    KeyDestroyed,
    KeyFolderError,
    prepare,
)
from littoral.store.vault.keyring import DataKey, KeyRing
from tests.store.vault.conftest import NOW


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    folder = tmp_path / "mirror"
    prepare(folder)
    return folder


def file_of(place: Path, key_id: str) -> Path:
    return place / "keys" / key_id[-2:] / f"{key_id}.json"


def one_a_byte(ring: KeyRing, parent: str | None) -> list[DataKey]:
    """As many keys as a key file has bytes."""
    first = ring.create("case", NOW, parent=parent)
    size = file_of(ring.files.folder, first.id).stat().st_size
    return [first, *(ring.create("case", NOW, parent=parent) for _ in range(size - 1))]


def change_a_byte_each(place: Path, keys: list[DataKey], by: int) -> None:
    """The n-th byte of the n-th key's file."""
    for n, key in enumerate(keys):
        text = bytearray(file_of(place, key.id).read_bytes())
        text[n] ^= by
        file_of(place, key.id).write_bytes(text)


def read(ring: KeyRing, keys: list[DataKey]) -> list[DataKey]:
    return [ring.get(key.id) for key in keys]


@pytest.mark.parametrize("by", [1, 0x20])
@pytest.mark.parametrize("spoilt", ["folder", "mirror"])
@pytest.mark.parametrize("below", ["master", "case"])
def test_whichever_byte_of_one_copy_changes_the_other_is_read_and_outlives_a_rotation(
    data: Path, mirror: Path, by: int, spoilt: str, below: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", lambda fd: None)  # of some 3,000 files
    ring = KeyRing.open(data, NOW, mirrors=[mirror])
    keys = one_a_byte(ring, ring.create("case", NOW).id if below == "case" else None)
    change_a_byte_each(ring.files.folder if spoilt == "folder" else mirror, keys, by)
    assert read(ring, keys) == keys
    assert ring.rotate(NOW).finished
    assert read(KeyRing.open(data, NOW), keys) == keys  # whole again, without the mirror
    shutil.rmtree(ring.files.folder)
    assert read(KeyRing.open(data, NOW, mirrors=[mirror]), keys) == keys


def test_a_rotation_that_is_taken_up_again_brings_the_mirror_along(
    data: Path, mirror: Path
) -> None:
    """It ended after the folder's file and before the mirror's."""
    ring = KeyRing.open(data, NOW, mirrors=[mirror])
    key = ring.create("case", NOW)
    before = file_of(mirror, key.id).read_bytes()
    old = ring.master
    ring.rotate(NOW)
    file_of(mirror, key.id).write_bytes(before)
    masters.write_masters(ring.master_file, [ring.master, old])
    KeyRing.open(data, NOW, mirrors=[mirror])
    assert len(masters.read_masters(ring.master_file)) == 1
    shutil.rmtree(ring.files.folder)
    assert KeyRing.open(data, NOW, mirrors=[mirror]).get(key.id) == key


def test_what_the_folder_lost_meanwhile_is_wrapped_anew_too(data: Path, mirror: Path) -> None:
    ring = KeyRing.open(data, NOW, mirrors=[mirror])
    key = ring.create("case", NOW)
    file_of(ring.files.folder, key.id).unlink()
    ring.rotate(NOW)
    assert KeyRing.open(data, NOW).get(key.id) == key


def test_no_rotation_without_a_mirror_that_is_named(data: Path, mirror: Path) -> None:
    """Its keys would be under a master that is gone."""
    ring = KeyRing.open(data, NOW, mirrors=[mirror])
    key = ring.create("case", NOW)
    old = ring.master
    mirror.rename(mirror.with_name("away"))
    with pytest.raises(KeyFolderError, match="mirror"):
        ring.rotate(NOW)
    assert masters.read_masters(ring.master_file) == [old]
    mirror.with_name("away").rename(mirror)
    assert ring.rotate(NOW).finished
    shutil.rmtree(ring.files.folder)
    assert KeyRing.open(data, NOW, mirrors=[mirror]).get(key.id) == key


def test_the_old_master_is_kept_until_every_mirror_has_all(data: Path, mirror: Path) -> None:
    ring = KeyRing.open(data, NOW, mirrors=[mirror])
    key = ring.create("case", NOW)
    old = ring.master
    under = file_of(mirror, key.id).parent
    under.rename(under.with_name("away"))
    under.write_bytes(b"")  # a file where the folder was: nothing can be written below it
    assert not ring.rotate(NOW).finished
    assert [m.id for m in masters.read_masters(ring.master_file)] == [ring.master.id, old.id]
    under.unlink()
    under.with_name("away").rename(under)
    again = KeyRing.open(data, NOW, mirrors=[mirror])
    assert masters.read_masters(ring.master_file) == [again.master]
    shutil.rmtree(ring.files.folder)
    assert KeyRing.open(data, NOW, mirrors=[mirror]).get(key.id) == key


def test_a_key_that_wraps_itself_or_goes_round_is_damaged(data: Path) -> None:
    ring = KeyRing.open(data, NOW)
    one, two = ring.create("case", NOW), ring.create("case", NOW)
    for key, parent in ((one, one), (one, two), (two, one)):
        path = file_of(ring.files.folder, key.id)
        path.write_text(json.dumps(json.loads(path.read_text()) | {"parent": parent.id}))
        with pytest.raises(KeyDamaged):
            ring.get(key.id)
    assert ring.rotate(NOW).wrapped == 0


def test_a_file_of_another_key_is_damage(data: Path, mirror: Path) -> None:
    ring = KeyRing.open(data, NOW, mirrors=[mirror])
    one, two = ring.create("case", NOW), ring.create("case", NOW)
    folder = ring.files.folder
    file_of(folder, one.id).write_bytes(file_of(folder, two.id).read_bytes())
    assert ring.get(one.id) == one


def test_a_key_below_a_destroyed_one_stays_destroyed_whatever_its_file_says(
    data: Path, mirror: Path
) -> None:
    ring = KeyRing.open(data, NOW, mirrors=[mirror])
    case = ring.create("case", NOW)
    key = ring.create("subject", NOW, parent=case.id)
    path = file_of(ring.files.folder, key.id)
    path.write_bytes(path.read_bytes().replace(case.id.encode(), case.id[:-1].encode() + b"!"))
    ring.destroy(case.id, NOW, "request")
    with pytest.raises(KeyDestroyed):
        ring.get(key.id)


def test_a_key_whose_file_cannot_be_read_does_not_stop_a_mirror_from_being_filled(
    data: Path, mirror: Path
) -> None:
    ring = KeyRing.open(data, NOW)
    spoilt, good = ring.create("case", NOW), ring.create("case", NOW)
    path = file_of(ring.files.folder, spoilt.id)
    path.unlink()
    path.mkdir()  # reading it is an error, as a bad sector is
    again = KeyRing.open(data, NOW, mirrors=[mirror])
    assert again.get(good.id) == good
    assert file_of(mirror, good.id).exists()
    with pytest.raises(KeyDamaged):
        again.get(spoilt.id)


# -- tombstones


@pytest.mark.parametrize("left", [b"", b'{"destroyed_us": 17', b"\0" * 90, b"[]", b'{"id": "x"}'])
def test_a_tombstone_counts_by_its_name_and_is_written_again(
    data: Path, caplog: pytest.LogCaptureFixture, left: bytes
) -> None:
    ring = KeyRing.open(data, NOW)
    key = ring.create("case", NOW)
    ring.destroy(key.id, NOW, "request")
    (path,) = ring.files.folder.glob("tombstones/*/*.json")
    path.write_bytes(left)
    with caplog.at_level(logging.WARNING):
        again = KeyRing.open(data, NOW)
    assert str(path) in caplog.text
    (stone,) = again.files.tombstones()
    assert (stone.id, stone.destroyed_us, stone.reason) == (key.id, 0, "refused")
    with pytest.raises(KeyDestroyed):
        again.get(key.id)
    caplog.clear()
    KeyRing.open(data, NOW)
    assert caplog.text == ""


def test_a_tombstone_is_taken_from_the_mirror_where_that_has_it_whole(
    data: Path, mirror: Path
) -> None:
    ring = KeyRing.open(data, NOW, mirrors=[mirror])
    ring.destroy(ring.create("case", NOW).id, NOW, "request")
    (path,) = ring.files.folder.glob("tombstones/*/*.json")
    whole = path.read_bytes()
    path.write_bytes(b"")
    (stone,) = KeyRing.open(data, NOW, mirrors=[mirror]).files.tombstones()
    assert (stone.destroyed_us, stone.reason) == (NOW, "request")
    assert path.read_bytes() == whole
