"""The bundle, unpacked and checked by its own program in another process, with a real log; then
with each thing in it changed. Ed25519 against RFC 8032, section 7.1, and the `cryptography`
package; inclusion proofs against the log's own reader."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from littoral.store.evidence import bundle, custody, verify
from littoral.store.log.signing import Signer
from littoral.store.log.writer import Log
from littoral.store.vault.logged import log_key, recorder
from littoral.store.vault.vault import Vault
from tests.store.evidence.test_media import JPEG
from tests.store.vault.conftest import NOW, FakeLog, Scene

PHOTO = JPEG + os.urandom(300_000)


@pytest.fixture
def real_log(tmp_path: Path) -> Iterator[Log]:
    with Log(tmp_path / "log", Signer.generate("littoral.example/log")) as log:
        yield log


@pytest.fixture
def unpacked(vault: Vault, scene: Scene, real_log: Log, folder: Path, tmp_path: Path) -> Path:
    record = recorder(real_log.append, log_key(vault, NOW))
    row = custody.add(
        vault, folder, scene.ask, [PHOTO], "东 码头/现场.jpg", "image/jpeg", "operational", NOW,
        record,
    )  # fmt: skip
    custody.show(vault, folder, scene.ask, row.id, NOW + 1, record)
    out = io.BytesIO()
    parts = bundle.LogParts(
        lambda i: str(real_log.proof(i)).encode(), str(real_log.key.public), (),
        str(real_log.publish().note).encode(),
    )  # fmt: skip
    bundle.write_bundle(vault, folder, scene.ask, row.id, out, NOW + 2, record, log=parts)
    at = tmp_path / "bundle"
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None
        archive.extractall(at)
    return at


def run(at: Path, *words: str) -> tuple[int, str]:
    """As an expert would: alone, isolated from anything installed."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(at / "verify.py"), *words],
        capture_output=True, text=True, check=False, cwd="/",
    )  # fmt: skip
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_an_expert_can_check_it_offline(unpacked: Path, real_log: Log) -> None:
    assert (unpacked / "original" / "现场.jpg").read_bytes() == PHOTO
    code, said = run(unpacked, "--key", str(real_log.key.public))
    assert code == 2
    assert said.count("NOT PROVED") == 1  # no witnesses
    for step in ("add", "view", "bundle"):
        assert f"({step}) is entry" in said
    code, said = run(unpacked)
    assert (code, said.count("NOT PROVED")) == (2, 2)
    code, said = run(unpacked, "--key", str(Signer.generate("littoral.example/log").public))
    assert code == 1


def repack_sums(at: Path) -> None:
    """What a forger does too."""
    lines = [
        f"{verify.sha256_of(str(path))}  {path.relative_to(at)}\n"
        for path in sorted(at.rglob("*"))
        if path.is_file() and path.name != "SHA256SUMS"
    ]
    (at / "SHA256SUMS").write_text("".join(lines))


def edit(name: str, change: Callable[[object], None]) -> Callable[[Path], None]:
    def changed(at: Path) -> None:
        document = json.loads((at / name).read_text())
        change(document)
        (at / name).write_text(json.dumps(document, ensure_ascii=False))

    return changed


def flip_original(at: Path) -> None:
    path = at / "original" / "现场.jpg"
    data = bytearray(path.read_bytes())
    data[1000] ^= 1
    path.write_bytes(data)


def flip_original_and_its_hash(at: Path) -> None:
    flip_original(at)
    evidence = json.loads((at / "evidence.json").read_text())
    evidence["sha256"] = verify.sha256_of(str(at / "original" / "现场.jpg"))
    (at / "evidence.json").write_text(json.dumps(evidence))


def drop_a_step(at: Path) -> None:
    edit("custody.json", lambda links: links.pop(1))(at)


def retell_a_step(at: Path) -> None:
    """Another actor, and all the hashes after it made to fit."""
    links = json.loads((at / "custody.json").read_text())
    links[1]["document"]["actor"] = "user:other"
    for i, link in enumerate(links):
        link["document"]["previous"] = links[i - 1]["hash"] if i else ""
        link["hash"] = verify.hashlib.sha256(verify.canonical(link["document"])).hexdigest()
    (at / "custody.json").write_text(json.dumps(links))


def swap_proofs(at: Path) -> None:
    one, two = sorted((at / "log").glob("*.tlog-proof"))[:2]
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)


def forge_checkpoint(at: Path) -> None:
    path = sorted((at / "log").glob("*.tlog-proof"))[0]
    text = path.read_text()
    origin = text.index("\n\n") + 2
    size_at = text.index("\n", origin) + 1
    end = text.index("\n", size_at)
    path.write_text(text[:size_at] + str(int(text[size_at:end]) + 1) + text[end:])


FORGERIES = {
    "original": flip_original,
    "original and hash": flip_original_and_its_hash,
    "size": edit("evidence.json", lambda e: e.update(size=1)),
    "salt": edit("evidence.json", lambda e: e.update(salt="00" * 32)),
    "step dropped": drop_a_step,
    "step retold": retell_a_step,
    "step's time": edit("custody.json", lambda x: x[0]["document"].update(time_us=1)),
    "proofs swapped": swap_proofs,
    "checkpoint": forge_checkpoint,
    "file added": lambda at: (at / "extra.txt").write_text("x"),
}


def test_each_forgery_is_found(unpacked: Path, tmp_path: Path) -> None:
    for what, forge in FORGERIES.items():
        at = tmp_path / "forged" / what.replace(" ", "_")
        shutil.copytree(unpacked, at)
        forge(at)
        code, said = run(at)
        assert (code, "WRONG" in said) == (1, True), what
        if what != "file added":
            repack_sums(at)
            assert run(at)[0] == 1, f"{what}, with the sums made to fit"


def test_without_a_log_the_bundle_says_what_is_not_proved(
    vault: Vault, scene: Scene, log: FakeLog, folder: Path, tmp_path: Path
) -> None:
    row = custody.add(vault, folder, scene.ask, [PHOTO], "", "", "operational", NOW, log)
    out = io.BytesIO()
    bundle.write_bundle(vault, folder, scene.ask, row.id, out, NOW, log)
    with zipfile.ZipFile(out) as archive:
        archive.extractall(tmp_path / "b")
    code, said = run(tmp_path / "b")
    assert (code, said.count("is in the log: there is no proof")) == (2, 2)
    assert (tmp_path / "b" / "original" / "original.jpg").exists()


def test_a_damaged_original_is_not_given_out(
    vault: Vault, scene: Scene, log: FakeLog, folder: Path
) -> None:
    row = custody.add(vault, folder, scene.ask, [PHOTO], "", "", "operational", NOW, log)
    path = custody.path_of(folder, row.id)
    data = bytearray(path.read_bytes())
    data[9000] ^= 1
    path.write_bytes(data)
    with pytest.raises(custody.sealing.SealError):
        bundle.write_bundle(vault, folder, scene.ask, row.id, io.BytesIO(), NOW, log)


# RFC 8032, section 7.1, tests 1 to 3: public key, message, signature.
RFC8032 = (
    ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e3970"
     "1cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613"
     "d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760"
     "984dc6594a7c15e9716ed28dc027beceea1ec40a"),
)  # fmt: skip


def test_ed25519_of_the_standard() -> None:
    for public, message, signature in (tuple(map(bytes.fromhex, row)) for row in RFC8032):
        assert verify.ed25519(public, message, signature)
        assert not verify.ed25519(public, message + b"x", signature)
        bad = bytearray(signature)
        bad[5] ^= 1
        assert not verify.ed25519(public, message, bytes(bad))
        high = int.from_bytes(signature[32:], "little") + verify.L  # RFC 8032, 8.4: malleability
        assert not verify.ed25519(public, message, signature[:32] + high.to_bytes(32, "little"))


def test_ed25519_agrees_with_another_implementation() -> None:
    for i in range(5):
        private = Ed25519PrivateKey.generate()
        message = os.urandom(i * 50)
        public = private.public_key().public_bytes_raw()
        assert verify.ed25519(public, message, private.sign(message))
        assert not verify.ed25519(public, message + b"0", private.sign(message))
