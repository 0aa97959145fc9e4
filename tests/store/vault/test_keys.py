"""Keys: wrapped, apart from the data, destroyed for good; master keys and their sealed copies.

AES-GCM and SM4-GCM against published vectors: NIST's GCM specification, test case 14 (256-bit key
of zeros), and RFC 8998, appendix A.1 (SM4-GCM).
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from littoral.store.vault import master as masters
from littoral.store.vault import sealing
from littoral.store.vault.keyfiles import (
    KeyDamaged,
    KeyDestroyed,
    KeyFiles,
    KeyFolderError,
    KeyMissing,
    Tombstone,
    check_apart,
    prepare,
)
from littoral.store.vault.keyring import KeyRing
from littoral.store.vault.master import MasterError
from littoral.store.vault.sealing import SealError
from tests.store.vault.conftest import NOW


def everything(folder: Path) -> bytes:
    return b"".join(p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file())


# -- sealing


def test_published_vectors() -> None:
    # Sealed values are nonce, ciphertext, tag; unsealing takes published ones as they are.
    zero = bytes(12)
    nist = zero + bytes.fromhex("cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919")
    assert sealing.unseal(sealing.AES, bytes(32), nist, b"") == bytes(16)
    rfc = bytes.fromhex(
        "00001234567800000000abcd"
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec"
    )
    plain = bytes.fromhex(
        "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
        "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa"
    )
    aad = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    assert sealing.unseal(sealing.SM4, key, rfc, aad) == plain


@settings(deadline=None)
@given(value=st.binary(max_size=200), where=st.text(max_size=20), at=st.integers(0, 10_000))
def test_any_changed_byte_is_noticed(value: bytes, where: str, at: int) -> None:
    for algorithm in sealing.CIPHERS:
        key = sealing.new_key(algorithm)
        place = sealing.context(where)
        sealed = sealing.seal(algorithm, key, value, place)
        assert sealing.unseal(algorithm, key, sealed, place) == value
        changed = bytearray(sealed)
        changed[at % len(sealed)] ^= 1
        with pytest.raises(SealError):
            sealing.unseal(algorithm, key, bytes(changed), place)
        with pytest.raises(SealError):
            sealing.unseal(algorithm, key, sealed, sealing.context(where, ""))


@settings(deadline=None)
@given(st.lists(st.text(max_size=5), max_size=4), st.lists(st.text(max_size=5), max_size=4))
def test_contexts_do_not_run_together(one: list[str], two: list[str]) -> None:
    assert (sealing.context(*one) == sealing.context(*two)) == (one == two)


def test_what_has_no_name_is_refused() -> None:
    with pytest.raises(SealError):
        sealing.new_key("ROT13")
    with pytest.raises(SealError):
        sealing.seal("DES", bytes(32), b"", b"")
    with pytest.raises(SealError):
        sealing.seal(sealing.AES, bytes(16), b"", b"")
    with pytest.raises(SealError):
        sealing.unseal(sealing.AES, bytes(32), b"short", b"")
    one, two = (sealing.mac(m, bytes(32), b"x") for m in sealing.MACS)
    assert (len(one), len(two), one == two) == (32, 32, False)


# -- the key folder


def test_no_key_is_in_clear_nor_in_the_data_folder(data: Path) -> None:
    ring = KeyRing.open(data, NOW)
    case = ring.create("case", NOW)
    keys = [
        case,
        ring.create("subject", NOW, parent=case.id),
        ring.create("index", NOW, "HMAC-SM3"),
    ]
    beside = everything(data.with_name("data-keys"))
    for key in keys:
        assert ring.get(key.id) == key
        assert key.key not in beside
        assert key.key.hex().encode() not in beside
        assert key.key.hex() not in repr(key)
    assert ring.master.key.hex().encode() not in beside
    assert everything(data) == b""
    for path in data.parent.glob("data-*/**/*"):
        assert path.stat().st_mode & 0o077 == 0, path


def test_keys_may_not_lie_where_a_backup_takes_them_along(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (tmp_path / "link").symlink_to(data)
    for other in (data, data / "keys", tmp_path, tmp_path / "link" / "keys"):
        with pytest.raises(KeyFolderError):
            check_apart(data, other)
    check_apart(data, tmp_path / "data-keys")


def test_a_destroyed_key_is_gone_for_every_process(data: Path) -> None:
    ring, other = KeyRing.open(data, NOW), KeyRing.open(data, NOW)
    key = ring.create("case", NOW)
    child = ring.create("subject", NOW, parent=key.id)
    assert other.get(child.id) == child
    ring.destroy(key.id, NOW, "request")
    for r in (ring, other, KeyRing.open(data, NOW)):
        for lost in (key, child):
            with pytest.raises(KeyDestroyed):
                r.get(lost.id)
    with pytest.raises(KeyMissing):
        ring.get("0190c27f-0000-7000-8000-000000000000")
    with pytest.raises(KeyMissing):
        ring.get("../../etc/passwd")


def test_a_restored_key_folder_is_refused(data: Path, tmp_path: Path) -> None:
    ring = KeyRing.open(data, NOW)
    key, kept = ring.create("case", NOW), ring.create("case", NOW)
    folder = data.with_name("data-keys")
    shutil.copytree(folder, tmp_path / "backup")
    ring.destroy(key.id, NOW, "request")
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "backup", folder)
    back = KeyRing.open(data, NOW)
    assert back.get(key.id) == key  # that is why the log's list is needed
    assert back.refuse([key.id], NOW) == [key.id]
    with pytest.raises(KeyDestroyed):
        back.get(key.id)
    assert back.get(kept.id) == kept
    assert back.refuse([key.id], NOW) == []
    # Only the tombstone was kept elsewhere, and the key comes back: refused when opened.
    shutil.copytree(tmp_path / "backup" / "keys", folder / "keys", dirs_exist_ok=True)
    again = KeyRing.open(data, NOW)
    with pytest.raises(KeyDestroyed):
        again.get(key.id)
    assert key.id not in again.files.ids()


def test_a_mirror_follows_and_brings_a_lost_folder_back(data: Path, tmp_path: Path) -> None:
    mirror = tmp_path / "usb" / "keys"
    prepare(mirror)
    ring = KeyRing.open(data, NOW, mirrors=[mirror])
    kept, gone = ring.create("case", NOW), ring.create("case", NOW)
    mirror.rename(tmp_path / "away")  # taken out
    late = ring.create("case", NOW)
    ring.destroy(gone.id, NOW, "request")
    assert ring.files.pending() == {str(mirror): -1}
    assert not mirror.exists()
    (tmp_path / "away").rename(mirror)
    assert ring.files.pending() == {str(mirror): 2}
    assert KeyFiles(ring.files.folder, [mirror]).pending() == {}
    shutil.rmtree(ring.files.folder)
    back = KeyRing.open(data, NOW, mirrors=[mirror])
    assert [back.get(k.id) for k in (kept, late)] == [kept, late]
    with pytest.raises(KeyDestroyed):
        back.get(gone.id)


def test_a_changed_key_file_is_noticed(data: Path) -> None:
    ring = KeyRing.open(data, NOW)
    key = ring.create("case", NOW)
    (path,) = (data.with_name("data-keys") / "keys").rglob("*.json")
    good = json.loads(path.read_text())
    for field, value in (("kind", "index"), ("algorithm", "SM4-GCM"), ("made_us", 1)):
        path.write_text(json.dumps(good | {field: value}))
        with pytest.raises(KeyDamaged):
            ring.get(key.id)
    path.write_text("{")
    with pytest.raises(KeyDamaged):
        ring.get(key.id)


# -- the master key


def test_rotation_makes_old_backups_of_the_keys_worthless(data: Path, tmp_path: Path) -> None:
    ring, other = KeyRing.open(data, NOW), KeyRing.open(data, NOW)
    case = ring.create("case", NOW)
    child = ring.create("subject", NOW, parent=case.id)
    folder = data.with_name("data-keys")
    shutil.copytree(folder, tmp_path / "backup")
    old = ring.master
    report = ring.rotate(NOW, sealing.SM4)
    assert (report.old, report.wrapped, ring.master.algorithm) == (old.id, 1, sealing.SM4)
    assert [r.get(child.id) for r in (ring, other, KeyRing.open(data, NOW))] == [child] * 3
    later = other.create("case", NOW)  # by a process that has not heard of it
    assert ring.get(later.id) == later
    assert old.key.hex().encode() not in everything(data.with_name("data-master"))
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "backup", folder)
    with pytest.raises(KeyMissing):
        KeyRing.open(data, NOW).get(child.id)


def test_an_interrupted_rotation_is_finished(data: Path) -> None:
    ring = KeyRing.open(data, NOW)
    key = ring.create("case", NOW)
    file = data.with_name("data-master") / "master.json"
    masters.write_masters(file, [masters.new_master(NOW), ring.master])
    again = KeyRing.open(data, NOW)
    assert again.get(key.id) == key
    assert len(masters.read_masters(file)) == 1
    assert again.master.id != ring.master.id
    assert ring.get(key.id) == key


def test_keys_without_their_master_are_no_reason_to_make_a_new_one(data: Path) -> None:
    KeyRing.open(data, NOW).create("case", NOW)
    file = data.with_name("data-master") / "master.json"
    kept = file.read_bytes()
    file.unlink()
    with pytest.raises(MasterError, match="sealed copy"):
        KeyRing.open(data, NOW)
    assert not file.exists()
    file.write_bytes(kept)
    file.chmod(0o644)
    with pytest.raises(MasterError, match="others may read"):
        KeyRing.open(data, NOW)


def test_a_sealed_copy_brings_the_master_back(data: Path) -> None:
    ring = KeyRing.open(data, NOW)
    key = ring.create("case", NOW)
    passphrase = "correct horse battery staple"
    text = masters.seal_copy(ring.master, "海南省公证处", passphrase)
    assert ring.master.key.hex() not in text
    file = data.with_name("data-master") / "master.json"
    file.unlink()
    back = masters.open_copy(text.replace("\n", "\r\n"), passphrase)
    assert back == ring.master
    masters.write_masters(file, [back])
    assert KeyRing.open(data, NOW).get(key.id) == key
    with pytest.raises(MasterError, match="passphrase"):
        masters.open_copy(text, passphrase + "x")
    lines = text.splitlines()
    with pytest.raises(MasterError):
        masters.open_copy("\n".join([lines[0], *lines[2:]]), passphrase)
    with pytest.raises(MasterError):
        masters.seal_copy(ring.master, "x", "short")


def test_a_tombstone_is_enough(data: Path) -> None:
    """Also where the key itself could not be removed: it is refused from then on."""
    ring = KeyRing.open(data, NOW)
    key = ring.create("case", NOW)
    (path,) = ring.files.folder.glob("keys/*/*.json")
    text = path.read_bytes()
    ring.files.destroy(Tombstone(key.id, NOW, "request"))
    path.write_bytes(text)
    with pytest.raises(KeyDestroyed):
        ring.get(key.id)


@pytest.mark.parametrize("how", ["cut", "changed"])
def test_a_damaged_key_holds_up_no_rotation(data: Path, how: str) -> None:
    ring = KeyRing.open(data, NOW)
    spoilt, good = ring.create("case", NOW), ring.create("case", NOW)
    (path,) = (data.with_name("data-keys") / "keys").rglob(f"{spoilt.id}.json")
    _damage(path, how)
    old = ring.master.id
    assert ring.rotate(NOW).wrapped == 1
    again = KeyRing.open(data, NOW)
    assert again.master.id != old
    assert again.get(good.id) == good
    with pytest.raises(KeyMissing):
        again.get(spoilt.id)


@pytest.mark.parametrize("how", ["cut", "changed"])
def test_a_damaged_key_is_read_from_the_mirror(data: Path, tmp_path: Path, how: str) -> None:
    mirror = tmp_path / "mirror"
    prepare(mirror)
    ring = KeyRing.open(data, NOW, mirrors=[mirror])
    key = ring.create("case", NOW)
    (path,) = (data.with_name("data-keys") / "keys").rglob("*.json")
    _damage(path, how)
    assert ring.get(key.id) == key
    assert ring.rotate(NOW).wrapped == 1  # and the folder has it whole again
    assert KeyRing.open(data, NOW).get(key.id) == key
    ring.destroy(key.id, NOW, "request")
    with pytest.raises(KeyDestroyed):
        ring.get(key.id)


def _damage(path: Path, how: str) -> None:
    text = path.read_text()
    path.write_text(text[:40] if how == "cut" else text.replace('"wrapped": "', '"wrapped": "00'))
