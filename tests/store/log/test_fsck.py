"""The verifier: what was changed is found, and what cannot be shown is not called fine."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench import _tampering as tampering
from bench._tampering import KEY, WITNESS, Scene, make_scene
from littoral.store.log.checkpoint import Checkpoint
from littoral.store.log.fsck import FOUND, NONE, NOT_PROVABLE, LogReport, Unreadable, fsck_log
from littoral.store.log.fsck_tiles import MOST_DAMAGE
from littoral.store.log.signing import Signer
from littoral.store.log.writer import Log


@pytest.fixture(scope="module", params=[(7, False), (257, False), (600, True)], ids=str)
def scene(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return make_scene(tmp_path_factory.mktemp("scene"), *request.param)


def verify(root: Path, *earlier: bytes) -> LogReport:
    return fsck_log(root, KEY.public, earlier, [WITNESS.public])


def test_an_untouched_log_is_fine(scene: Scene) -> None:
    report = verify(scene.root, scene.earlier, scene.last)
    assert (report.damage, report.fork, report.rollback) == ([], NONE, NONE)
    assert report.size + report.tail == len(scene.entries)
    assert report.cosigned == {WITNESS.name: tampering.TIME_S}
    assert (report.ok, report.unverified, report.unfinished) == (True, [], [])


def test_what_cannot_be_proven_is_said(scene: Scene) -> None:
    alone = fsck_log(scene.root, KEY.public)
    assert (alone.ok, alone.fork, alone.rollback) == (True, NOT_PROVABLE, NOT_PROVABLE)
    assert alone.unverified == [WITNESS.name]
    cosigned = verify(scene.root)
    assert (cosigned.ok, cosigned.fork, cosigned.rollback) == (True, NONE, NOT_PROVABLE)
    at = datetime.fromtimestamp(tampering.TIME_S, UTC)
    assert at.strftime("%Y-%m-%dT%H:%M:%SZ") in cosigned.told[0]
    unsigned = verify(scene.before)
    assert (unsigned.fork, unsigned.told) == (
        NOT_PROVABLE, ["none of the witnesses has signed this checkpoint"],
    )  # fmt: skip


def test_every_byte_counts(scene: Scene, tmp_path: Path) -> None:
    """One bit in each file at its start, its end and between."""
    for path in tampering.files_of(scene.root):
        data = path.read_bytes()
        for at in sorted({0, 1, len(data) // 3, len(data) // 2, len(data) - 2, len(data) - 1}):
            path.write_bytes(data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :])
            report = verify(scene.root)
            assert report.damage, f"{path.relative_to(scene.root)} byte {at}"
            assert not report.ok
        path.write_bytes(data)
    assert verify(scene.root).ok


@pytest.mark.parametrize("way", ["change_a_byte", "drop"])
def test_random_damage(scene: Scene, tmp_path: Path, way: str) -> None:
    chance = random.Random(5)
    for number in range(40):
        root = shutil.copytree(scene.root, tmp_path / f"{number}")
        what = getattr(tampering, way)(scene, root, chance)
        assert verify(root).damage, what


@pytest.mark.parametrize(("way", "shown"), [("fork", "fork"), ("rollback", "rollback")])
def test_a_deed_of_who_has_the_key(scene: Scene, tmp_path: Path, way: str, shown: str) -> None:
    """Every signature is right: found by a checkpoint from elsewhere, and by nothing else."""
    chance = random.Random(6)
    for number in range(10):
        root = shutil.copytree(scene.root, tmp_path / f"{number}")
        what = getattr(tampering, way)(scene, root, chance)
        alone = verify(root)
        assert (alone.damage, alone.fork, alone.rollback) == (
            [], NOT_PROVABLE, NOT_PROVABLE,
        ), what  # fmt: skip
        report = verify(root, scene.earlier, scene.last)
        assert getattr(report, shown) == FOUND, what
        assert not report.ok


def test_files_that_belong_to_no_entry(tmp_path: Path) -> None:
    root = make_scene(tmp_path, 300, running=False).root
    for name in ("tile/0/002", "tile/7/000", "tile/entries/001.p/045", "tile/note", "tail/extra"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
        assert [d.split(":")[0] for d in verify(root).damage] == [name]
        path.unlink()
    assert verify(root).ok


def test_what_a_stopped_publisher_leaves_is_no_damage(tmp_path: Path) -> None:
    """Tiles beyond the checkpoint, whole or cut off, whose entries are in the tail."""
    root = tmp_path / "log"
    with Log(root, KEY) as log:
        log.append(tampering.entries(0, 200)).result()
    with Log(root, KEY, publish_s=600) as log:
        log.append(tampering.entries(200, 100)).result()
        shutil.copytree(root, tmp_path / "stopped")
    stopped = tmp_path / "stopped"
    for name in ("tile/entries/000", "tile/0/000", "tile/0/001.p/44"):
        data = (root / name).read_bytes()
        for there in (data, data[:100], b"", data[:50] + bytes(len(data) - 50)):
            (stopped / name).parent.mkdir(exist_ok=True)
            (stopped / name).write_bytes(there)
            report = verify(stopped)
            assert (report.damage, report.size, report.tail) == ([], 200, 100)
            assert len(report.unfinished) == (there != data)
        (stopped / name).write_bytes(bytes([data[0] ^ 1]) + data[1:])
        assert verify(stopped).damage
        (stopped / name).write_bytes(data)
    with Log(stopped, KEY) as again:
        assert again.size == 300
    assert verify(stopped).ok


@pytest.mark.parametrize("claimed", [2**62, 10**18, 300 + 256 * 2_000])
def test_a_size_that_no_file_holds_is_a_lie_and_costs_nothing(tmp_path: Path, claimed: int) -> None:
    """Signed by the log's own key: what is here bounds the work, not what is claimed."""
    root = make_scene(tmp_path, 300, running=False).root
    text = Checkpoint(KEY.name, claimed, bytes(32)).text
    (root / "checkpoint").write_bytes(str(KEY.sign(text)).encode())
    (root / "tile" / "7").mkdir(exist_ok=True)  # hashes that would carry so large a tree
    for level in range(1, 8):
        (root / "tile" / str(level)).mkdir(exist_ok=True)
        (root / "tile" / str(level) / "000").write_bytes(bytes(32 * 256))
    began_s = time.monotonic()
    report = verify(root)
    assert time.monotonic() - began_s < 20
    assert not report.ok
    assert report.size == claimed
    assert any(d.startswith(f"checkpoint: claims {claimed} entries") for d in report.damage)
    assert len(report.damage) <= MOST_DAMAGE + 3


def test_what_cannot_be_verified(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="holds no log"):
        fsck_log(tmp_path, KEY.public)
    root = make_scene(tmp_path, 7, running=False).root
    other = Signer.generate(KEY.name).public
    assert "not signed by" in " ".join(fsck_log(root, other).damage)
    with pytest.raises(Unreadable, match="earlier"):
        fsck_log(root, KEY.public, [b"a stranger's note\n"])
    (root / "vkey").unlink()
    with pytest.raises(Unreadable, match="give the key"):
        fsck_log(root)


@pytest.mark.parametrize(
    ("module", "forbidden"),
    [
        ("littoral.store.log.fsck", ["writer", "recover", "edge", "tail", "files", "signing"]),
        ("littoral.store.log.witness.server", ["writer", "recover", "edge", "tail", "fsck"]),
    ],
)
def test_it_is_loaded_without_the_writer(module: str, forbidden: list[str]) -> None:
    code = f"import sys, {module}; print(*(m for m in sys.modules if m.startswith('littoral')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert module in loaded
    assert {f"littoral.store.log.{name}" for name in forbidden} & set(loaded) == set()
